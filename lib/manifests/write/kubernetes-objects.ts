import type { KubernetesObject } from "@kubernetes/client-node";
import { deployment } from "../objects/deployment";
import { computeDomains, dynamoGraphDeployment } from "../objects/dynamo-graph-deployment";
import { leaderWorkerSet } from "../objects/leader-worker-set";
import { podDisruptionBudget } from "../objects/pdb";
import { podTemplate } from "../objects/pod";
import { service } from "../objects/service";
import type { BundleContext } from "../plan/bundle-context";
import type { DecidedBundle } from "../plan/decide-add-ons";
import { settingsStanding } from "../plan/settings-standing";
import { provenance } from "./provenance-annotations";

/** Objects in a namespace of their own, where one was asked for. */
export function inNamespace(objects: readonly KubernetesObject[], namespace: string | null): KubernetesObject[] {
  if (namespace === null) return [...objects];
  return objects.map((object) => {
    const { metadata, kind } = object;
    if (metadata === undefined || CLUSTER_SCOPED.has(kind ?? "")) return object;
    return { ...object, metadata: { ...metadata, namespace } };
  });
}

const CLUSTER_SCOPED = new Set([
  "StorageClass",
  "GatewayClass",
  "PersistentVolume",
  "ComputeClass",
  "NodePool",
  "EC2NodeClass",
  "ClusterRole",
  "ClusterRoleBinding",
]);

/** What runs the server's pods. */
function workloads(context: BundleContext, labels: Record<string, string>): KubernetesObject[] {
  const { choice, layout, server, prefill } = context;
  const standing = settingsStanding(context);
  const annotations = provenance(choice, layout, standing);
  if (server.operator !== undefined) {
    const all = prefill === null ? layout : { ...layout, measuredReplicas: 1 };
    return [...computeDomains(context), dynamoGraphDeployment(context, labels, provenance(choice, all, standing))];
  }
  if (server.group !== undefined) {
    const { leader, worker } = server.group;
    const leaders = podTemplate(context, labels, { plan: leader, serves: true });
    return [
      leaderWorkerSet(context, leaders, podTemplate(context, labels, { plan: worker, serves: false }), annotations),
    ];
  }
  if (prefill === null) return [deployment(context, podTemplate(context, labels), annotations)];
  const together = provenance(choice, { ...layout, measuredReplicas: 1 }, standing);
  return [prefill, context].map((part) => deployment(part, podTemplate(part, labels), together));
}

/** The server itself: what runs it, reaches it and keeps it up. */
export function serverObjects(context: BundleContext, labels: Record<string, string>): KubernetesObject[] {
  const { identity, server, prefill } = context;
  return [
    ...(prefill === null ? [] : prefill.server.objects),
    ...server.objects,
    ...(prefill === null ? [] : prefill.devices.addOn.objects),
    ...workloads(context, labels),
    // An operator makes these itself.
    ...(server.operator === undefined ? [service(context), podDisruptionBudget(identity)] : []),
  ];
}

/** Every object of a planned bundle, in its namespace. */
export function bundleObjects({ context, nodes, added, labels }: DecidedBundle): KubernetesObject[] {
  const { storage, devices, options } = context;
  const objects = [
    ...nodes.objects,
    ...storage.addOn.objects,
    ...devices.addOn.objects,
    ...serverObjects(context, labels),
    ...added.flatMap((addOn) => addOn.objects),
  ];
  return inNamespace(objects, options.namespace);
}
