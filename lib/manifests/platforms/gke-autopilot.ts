import type { Accelerator } from "../../catalogue/catalogue";
import { isTpu } from "../../catalogue/hosts";
import { machinesFor, noMachine, notSold, podShape } from "../../catalogue/machines";
import { ok, refused } from "../../result";
import type { ComputeClass, ComputePriority } from "../objects/compute-class";
import { nodesName } from "../objects/kubernetes-names";
import { type AddOn, NOTHING } from "../plan/add-on";
import { podsPerReplica, type ReplicaLayout } from "../plan/replica-layout";
import { tpuTopology } from "../servers/vllm-tpu";
import { commented } from "../write/commented";
import { gke, gkeLacks } from "./gke";
import { GOOGLE_CLOUD, GOOGLE_GATEWAYS, GOOGLE_RDMA, googleNetworkPolicyCheck, MANAGED_LUSTRE } from "./google-cloud";
import { spareNotes } from "./instance-types";
import type { NodesRequest, Platform } from "./platform";

const COMPUTE_CLASS_LABEL = "cloud.google.com/compute-class";
/** GKE's boot disks hold system and image; model images and node caches come on top. */
const BOOT_DISK_GIB = 100;

/** The machine of each node: the smallest that holds the pod and what runs beside it. */
function machine({ choice, layout, storage }: NodesRequest): ComputePriority {
  const { accelerator } = choice;
  const type = accelerator.gkeAcceleratorLabel ?? "";
  const disk =
    storage.nodeDiskGib === 0
      ? {}
      : {
          storage: commented(
            { bootDiskSize: BOOT_DISK_GIB + storage.nodeDiskGib },
            {
              bootDiskSize: `${BOOT_DISK_GIB} GiB for system and image, ${storage.nodeDiskGib} for what the pod keeps there`,
            },
          ),
        };
  if (isTpu(accelerator)) {
    const topology = tpuTopology(accelerator, layout.accelerators);
    return {
      tpu: { type, count: layout.accelerators, topology: topology.ok ? topology.value : "" },
      ...disk,
      spot: false,
    };
  }
  const pod = podShape(accelerator, layout.accelerators, storage.sidecarMemoryGib);
  const [smallest] = machinesFor(GOOGLE_CLOUD, accelerator, pod);
  return {
    ...(smallest === undefined ? {} : { machineType: smallest.type }),
    gpu: commented(
      { type, count: smallest?.accelerators ?? layout.accelerators, driverVersion: "latest" },
      { driverVersion: "images are built for recent CUDA versions" },
    ),
    ...disk,
    spot: false,
  };
}

function computeClass(context: NodesRequest): ComputeClass {
  const { identity, choice, options } = context;
  const onDemand = machine(context);
  const spotPrice = choice.cost.kind === "known" && choice.cost.price?.kind === "spot";
  const priorities = [onDemand, { ...onDemand, spot: true }];
  if (spotPrice) priorities.reverse();
  return {
    apiVersion: "cloud.google.com/v1",
    kind: "ComputeClass",
    metadata: { name: nodesName(identity.name, options.namespace), labels: identity.labels },
    spec: commented(
      {
        nodePoolAutoCreation: { enabled: true },
        activeMigration: { optimizeRulePriority: false },
        whenUnsatisfiable: "DoNotScaleUp",
        priorities,
      },
      {
        activeMigration: "moving a running server to a better node costs a model load",
        whenUnsatisfiable: "a node without the accelerator is of no use",
        priorities: spotPrice
          ? "spot first, as the price of this choice is; on demand where there is none"
          : "on demand first, spot where there is none: spot machines are taken back with 30 s notice",
      },
    ),
  };
}

/** Autopilot makes machines that are known, TPU slices by their topology. */
function lacks(accelerator: Accelerator): string | null {
  return gkeLacks(accelerator) ?? (isTpu(accelerator) ? null : notSold(GOOGLE_CLOUD, accelerator));
}

/** On Autopilot a sidecar has a limit; the default (a quarter CPU) would be the bottleneck. */
const FUSE_SIDECAR_CPU = "4";

/** GKE Autopilot: nodes come from a ComputeClass of the bundle's own, not from node pools somebody keeps. */
export const gkeAutopilot: Platform<"gke-autopilot"> = {
  id: "gke-autopilot",
  label: "GKE Autopilot",
  help: "Nodes come from a ComputeClass in the manifest, on demand first; GKE 1.30.3 or later",
  service: "GKE",
  mode: "Autopilot",
  seller: GOOGLE_CLOUD,
  makesNodes: true,
  lacks,
  placement(accelerator: Accelerator, layout: ReplicaLayout, name: string) {
    const lacking = lacks(accelerator);
    if (lacking !== null) return refused(lacking);
    if (podsPerReplica(layout) > 1) {
      return refused(
        `One replica takes ${podsPerReplica(layout)} machines side by side, which need a node pool of their own; Autopilot makes its nodes one by one: choose the platform gke.`,
      );
    }
    const standard = gke.placement(accelerator, layout, name);
    if (!standard.ok) return standard;
    let notes: string[] = [];
    if (!isTpu(accelerator)) {
      const pod = podShape(accelerator, layout.accelerators);
      const [smallest] = machinesFor(GOOGLE_CLOUD, accelerator, pod);
      if (smallest === undefined) return refused(noMachine(GOOGLE_CLOUD, accelerator, pod));
      notes = spareNotes(accelerator, layout, smallest);
    }
    return ok({
      nodeSelector: { [COMPUTE_CLASS_LABEL]: name },
      tolerations: standard.value.tolerations,
      comment: "the ComputeClass of this bundle; it names the accelerator, so the pod does not do it again",
      notes,
    });
  },
  podAnnotations: gke.podAnnotations,
  environment: gke.environment,
  storageClass: gke.storageClass,
  prerequisites: () => [
    {
      what: "GKE Autopilot 1.30.3 or later (ComputeClasses), with quota for the accelerator in the cluster's region.",
      check: "kubectl get crd computeclasses.cloud.google.com",
      install: [],
    },
  ],
  addOn: (request): AddOn => ({ ...NOTHING, objects: [computeClass(request)] }),
  defaults: gke.defaults,
  claimsProblem: "GKE Autopilot installs its own device plugin; DRA needs node pools of your own.",
  unwrittenRdma: GOOGLE_RDMA,
  gateways: {
    ...GOOGLE_GATEWAYS,
    others: "GKE Autopilot has its own Inference Gateway: choose gke, or a Standard cluster.",
  },
  hasManagedPrometheus: true,
  networkPolicyCheck: googleNetworkPolicyCheck,
  cloudStorageFuse: {
    driver: () => ({ what: "The Cloud Storage FUSE driver, part of every Autopilot cluster.", install: [] }),
    sidecarLimits: (gib) => ({
      "gke-gcsfuse/cpu-limit": FUSE_SIDECAR_CPU,
      "gke-gcsfuse/memory-limit": `${gib}Gi`,
    }),
  },
  lustre: MANAGED_LUSTRE,
};
