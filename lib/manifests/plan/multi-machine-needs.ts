import { isTpu } from "../../catalogue/hosts";
import { type AddOn, NOTHING } from "./add-on";
import type { BundleContext } from "./bundle-context";
import { podsPerReplica } from "./replica-layout";

const RELEASE = "v0.10.0";

function networkNote({ options, platform }: BundleContext, machines: number): string {
  const { rdmaResource } = options;
  const unknown = "Which network the measurement had is not recorded";
  if (rdmaResource !== null) {
    return `The ${machines} machines of a replica talk over RDMA (${rdmaResource}). ${unknown}: a slower one gives less than predicted.`;
  }
  const instead =
    platform.unwrittenRdma !== undefined
      ? `the machines' faster one (${platform.unwrittenRdma.network}) needs settings that are not written here`
      : "where the cluster has RDMA, name its resource (--rdma-resource)";
  return `The ${machines} machines of a replica talk over the pods' ordinary network here; ${instead}. ${unknown}: expect less than predicted over a slow one.`;
}

/** What a replica over several machines needs of the cluster, and what a reader must know about it. */
export function groupAddOn(context: BundleContext): AddOn {
  const { target, layout, choice, platform, scaling, server } = context;
  if (target.kind !== "LeaderWorkerSet") return NOTHING;
  const machines = podsPerReplica(layout);
  const replicas = scaling.minimum === 1 ? "" : ` for each of the ${scaling.minimum} replicas`;
  return {
    objects: [],
    prerequisites: [
      {
        what: "The LeaderWorkerSet controller, 0.6 or later (each pod learns its place in the group from it):",
        check: "kubectl get crd leaderworkersets.leaderworkerset.x-k8s.io",
        install: [
          `kubectl apply --server-side -f https://github.com/kubernetes-sigs/lws/releases/download/${RELEASE}/manifests.yaml`,
        ],
      },
      ...(platform.groupTopology === undefined
        ? [
            {
              what: `${machines} machines${replicas}, close to each other in one zone: the pods do not ask for that themselves.`,
              check: "kubectl get nodes -L topology.kubernetes.io/zone,node.kubernetes.io/instance-type",
              install: [],
            },
          ]
        : [
            {
              what: platform.groupTopology.prerequisite(
                machines,
                scaling.minimum,
                context.options.autoscaler !== "none",
              ),
              check: `kubectl get nodes -L ${platform.groupTopology.label}`,
              install: [],
            },
          ]),
    ],
    notes: [...(isTpu(choice.accelerator) ? [] : [networkNote(context, machines)]), ...(server.group?.notes ?? [])],
  };
}
