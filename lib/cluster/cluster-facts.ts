import { textAt } from "../ingest/parse/fields";
import { acceleratorsOfNode, type NodeAccelerator } from "../selection/stock-from-nodes";
import type { NameAccelerator } from "../selection/stock-text";
import { type ClusterObject, itemsOf, type KubectlText, membersOf, nameOf, namespaceOf } from "./kubectl-text";
import { quantityOf } from "./quantity";

/** A taint of a node. */
export interface Taint {
  key: string;
  value: string;
  effect: string;
}

/** A node as the scheduler sees it. */
export interface ClusterNode {
  name: string;
  /** Why it takes no pods now; `null` where it does. */
  closed: string | null;
  labels: Readonly<Record<string, string>>;
  taints: readonly Taint[];
  /** Allocatable amounts by resource, in cores and bytes. */
  allocatable: Readonly<Record<string, number>>;
  /** The same, less what running pods ask for; `null` where no pods were given. */
  free: Readonly<Record<string, number>> | null;
  accelerators: readonly NodeAccelerator[];
}

/** A custom resource the cluster knows. */
export interface ClusterResource {
  group: string;
  kind: string;
  /** Versions it serves. */
  versions: readonly string[];
}

/** Kinds the facts are made from. */
export const INSPECTED_KINDS = [
  "Node",
  "Pod",
  "Namespace",
  "CustomResourceDefinition",
  "StorageClass",
  "DeviceClass",
  "ResourceSlice",
  "GatewayClass",
  "Gateway",
  "PriorityClass",
  "ResourceQuota",
  "APIService",
] as const;
export type InspectedKind = (typeof INSPECTED_KINDS)[number];

/** What a cluster is, as far as it was told. */
export interface ClusterFacts {
  /** `v1.34.2`; of the API server, else of the oldest kubelet. */
  version: string | null;
  /** Kinds that were looked at: of others nothing is known, rather than that there are none. */
  known: ReadonlySet<InspectedKind>;
  nodes: readonly ClusterNode[];
  resources: readonly ClusterResource[];
  storageClasses: readonly { name: string; provisioner: string; isDefault: boolean }[];
  deviceClasses: readonly string[];
  /** Devices that DRA drivers offer, by driver. */
  devices: readonly { driver: string; nodeName: string | null; count: number; products: readonly string[] }[];
  gatewayClasses: readonly { name: string; controller: string }[];
  gateways: readonly { namespace: string | null; name: string; className: string }[];
  priorityClasses: readonly string[];
  quotas: readonly { namespace: string; name: string; hard: Readonly<Record<string, string>> }[];
  /** Pod Security enforced by namespace. */
  podSecurity: readonly { namespace: string; enforce: string }[];
  /** API groups that another server answers, `custom.metrics.k8s.io`. */
  apiServices: readonly string[];
  /** Whole sentences on what could not be made out. */
  problems: readonly string[];
}

/**
 * What a cluster is, from what kubectl printed of it.
 * @param asked kinds that were asked for, even where there are none; without it, those of which there is one
 */
export function clusterFacts(
  { objects, serverVersion }: KubectlText,
  nameAccelerator: NameAccelerator,
  asked: readonly InspectedKind[] = [],
): ClusterFacts {
  const of = (kind: InspectedKind) => objects.filter((object) => object.kind === kind);
  const known = new Set<InspectedKind>([...asked, ...INSPECTED_KINDS.filter((kind) => of(kind).length > 0)]);
  const problems = new Set<string>();
  const used = known.has("Pod") ? usedByNode(of("Pod")) : null;
  const nodes = of("Node").map((node) => nodeOf(node, used, nameAccelerator, problems));
  return {
    version: serverVersion ?? oldest(of("Node").map(kubeletVersion)),
    known,
    nodes,
    resources: of("CustomResourceDefinition").map(resourceOf),
    storageClasses: of("StorageClass").map((object) => ({
      name: nameOf(object),
      provisioner: textAt(object, "provisioner") ?? "",
      isDefault: annotationsOf(object)["storageclass.kubernetes.io/is-default-class"] === "true",
    })),
    deviceClasses: of("DeviceClass").map(nameOf),
    devices: of("ResourceSlice").map(devicesOf),
    gatewayClasses: of("GatewayClass").map((object) => ({
      name: nameOf(object),
      controller: textAt(membersOf(object.spec), "controllerName") ?? "",
    })),
    gateways: of("Gateway").map((object) => ({
      namespace: namespaceOf(object),
      name: nameOf(object),
      className: textAt(membersOf(object.spec), "gatewayClassName") ?? "",
    })),
    priorityClasses: of("PriorityClass").map(nameOf),
    quotas: of("ResourceQuota").map((object) => ({
      namespace: namespaceOf(object) ?? "",
      name: nameOf(object),
      hard: textsOf(membersOf(object.spec).hard),
    })),
    podSecurity: of("Namespace").flatMap((object) => {
      const enforce = labelsOf(object)["pod-security.kubernetes.io/enforce"];
      return enforce === undefined ? [] : [{ namespace: nameOf(object), enforce }];
    }),
    apiServices: of("APIService").flatMap((object) => textAt(membersOf(object.spec), "group") ?? []),
    problems: [...problems],
  };
}

/** Values of an object that are texts, or numbers written as such. */
function textsOf(value: unknown): Record<string, string> {
  return Object.fromEntries(
    Object.entries(membersOf(value)).flatMap(([key, item]): [string, string][] =>
      typeof item === "string" || typeof item === "number" ? [[key, String(item)]] : [],
    ),
  );
}

function labelsOf(object: ClusterObject): Record<string, string> {
  return textsOf(membersOf(object.metadata).labels);
}

function annotationsOf(object: ClusterObject): Record<string, string> {
  return textsOf(membersOf(object.metadata).annotations);
}

function kubeletVersion(node: ClusterObject): string | null {
  return textAt(membersOf(membersOf(node.status).nodeInfo), "kubeletVersion");
}

/** The lowest of Kubernetes versions: a node may be one minor version behind its API server. */
function oldest(versions: readonly (string | null)[]): string | null {
  const order = (version: string) => (/^v?(\d+)\.(\d+)/.exec(version) ?? []).slice(1).map(Number);
  return versions.reduce<string | null>((low, version) => {
    if (version === null) return low;
    if (low === null) return version;
    const [[major = 0, minor = 0], [lowMajor = 0, lowMinor = 0]] = [order(version), order(low)];
    return major < lowMajor || (major === lowMajor && minor < lowMinor) ? version : low;
  }, null);
}

function nodeOf(
  node: ClusterObject,
  used: ReadonlyMap<string, Readonly<Record<string, number>>> | null,
  nameAccelerator: NameAccelerator,
  problems: Set<string>,
): ClusterNode {
  const name = nameOf(node);
  const labels = labelsOf(node);
  const allocatable = amountsOf(membersOf(node.status).allocatable);
  const taken = used?.get(name) ?? {};
  const free = Object.fromEntries(
    Object.entries(allocatable).map(([resource, amount]) => [resource, Math.max(0, amount - (taken[resource] ?? 0))]),
  );
  const found = acceleratorsOfNode(labels, allocatable, nameAccelerator);
  for (const problem of found.problems) problems.add(problem);
  return {
    name,
    closed: closedReason(node),
    labels,
    taints: itemsOf(membersOf(node.spec).taints).map((item) => {
      const { key, value, effect } = textsOf(item);
      return { key: key ?? "", value: value ?? "", effect: effect ?? "" };
    }),
    allocatable,
    free: used === null ? null : free,
    accelerators: found.accelerators,
  };
}

function closedReason(node: ClusterObject): string | null {
  if (membersOf(node.spec).unschedulable === true) return "it is cordoned";
  const ready = itemsOf(membersOf(node.status).conditions)
    .map(membersOf)
    .find((condition) => condition.type === "Ready");
  return ready === undefined || ready.status === "True" ? null : "it is not ready";
}

function amountsOf(value: unknown): Record<string, number> {
  return Object.fromEntries(
    Object.entries(membersOf(value)).flatMap(([resource, text]): [string, number][] => {
      const amount = quantityOf(text);
      return amount === null ? [] : [[resource, amount]];
    }),
  );
}

/**
 * What pods ask for, by node: containers together, or the largest init container where that is more.
 * @see https://kubernetes.io/docs/concepts/workloads/pods/init-containers/#resource-sharing-within-containers
 */
function usedByNode(pods: readonly ClusterObject[]): Map<string, Record<string, number>> {
  const used = new Map<string, Record<string, number>>();
  for (const pod of pods) {
    const node = textAt(membersOf(pod.spec), "nodeName");
    const phase = textAt(membersOf(pod.status), "phase");
    if (node === null || phase === "Succeeded" || phase === "Failed") continue;
    const sums = used.get(node) ?? { pods: 0 };
    for (const [resource, amount] of Object.entries(podRequests(membersOf(pod.spec)))) {
      sums[resource] = (sums[resource] ?? 0) + amount;
    }
    sums.pods = (sums.pods ?? 0) + 1;
    used.set(node, sums);
  }
  return used;
}

/** What a pod's scheduler reserves: its containers and sidecars together, or the largest init container where that is more. */
export function podRequests(spec: ClusterObject): Record<string, number> {
  const requests = (container: unknown) => {
    const { requests: asked, limits } = membersOf(membersOf(container).resources);
    return { ...amountsOf(limits), ...amountsOf(asked) };
  };
  const sums: Record<string, number> = {};
  const add = (amounts: Record<string, number>) => {
    for (const [resource, amount] of Object.entries(amounts)) sums[resource] = (sums[resource] ?? 0) + amount;
  };
  const inits = itemsOf(spec.initContainers).map(membersOf);
  for (const container of itemsOf(spec.containers)) add(requests(container));
  for (const sidecar of inits.filter(({ restartPolicy }) => restartPolicy === "Always")) add(requests(sidecar));
  for (const init of inits.filter(({ restartPolicy }) => restartPolicy !== "Always")) {
    for (const [resource, amount] of Object.entries(requests(init))) {
      sums[resource] = Math.max(sums[resource] ?? 0, amount);
    }
  }
  add(amountsOf(spec.overhead));
  return sums;
}

function resourceOf(definition: ClusterObject): ClusterResource {
  const spec = membersOf(definition.spec);
  return {
    group: textAt(spec, "group") ?? "",
    kind: textAt(membersOf(spec.names), "kind") ?? "",
    versions: itemsOf(spec.versions)
      .map(membersOf)
      .filter(({ served }) => served === true)
      .flatMap((version) => textAt(version, "name") ?? []),
  };
}

function devicesOf(slice: ClusterObject): ClusterFacts["devices"][number] {
  const spec = membersOf(slice.spec);
  const devices = itemsOf(spec.devices).map(membersOf);
  const products = devices.flatMap((device) => {
    // Before resource.k8s.io/v1 the attributes stood under `basic`.
    const attributes = membersOf(device.attributes ?? membersOf(device.basic).attributes);
    return textAt(membersOf(attributes.productName), "string") ?? [];
  });
  return {
    driver: textAt(spec, "driver") ?? "",
    nodeName: textAt(spec, "nodeName"),
    count: devices.length,
    products: [...new Set(products)],
  };
}
