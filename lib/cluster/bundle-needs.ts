import { textAt } from "../ingest/parse/fields";
import type { ClusterFacts, InspectedKind } from "./cluster-facts";
import { type ClusterObject, itemsOf, membersOf, nameOf } from "./kubectl-text";

/** Something a manifest needs of the cluster, and whether it is there. */
export interface BundleNeed {
  /** `PodMonitor (monitoring.coreos.com/v1)`. */
  what: string;
  /** What in the manifest needs it. */
  neededBy: string;
  state: "there" | "missing" | "unknown";
  /** A whole sentence: what was found, or what would show it. */
  found: string;
}

/** API groups of Kubernetes itself. */
const OWN_GROUPS: ReadonlySet<string> = new Set([
  "",
  "apps",
  "batch",
  "autoscaling",
  "policy",
  "networking.k8s.io",
  "rbac.authorization.k8s.io",
  "storage.k8s.io",
  "scheduling.k8s.io",
  "resource.k8s.io",
  "apiextensions.k8s.io",
  "admissionregistration.k8s.io",
]);

/** What the objects of a manifest need of a cluster that is no part of Kubernetes itself, each once. */
export function bundleNeeds(objects: readonly ClusterObject[], facts: ClusterFacts): BundleNeed[] {
  const needs = new Map<string, BundleNeed>();
  const add = (need: BundleNeed) => {
    if (!needs.has(need.what)) needs.set(need.what, need);
  };
  const own = new Set(objects.map((object) => `${String(object.kind)} ${nameOf(object)}`));
  for (const object of objects) {
    const neededBy = `${String(object.kind)} ${nameOf(object)}`;
    const resource = resourceNeed(object, neededBy, facts);
    if (resource !== null) add(resource);
    for (const { kind, name } of classesNamed(object)) {
      if (!own.has(`${kind} ${name}`)) add(classNeed(kind, name, neededBy, facts));
    }
    for (const claim of claimsWithoutClass(object)) add(defaultClassNeed(claim, facts));
    for (const group of metricsGroups(object)) add(metricsNeed(group, neededBy, facts));
  }
  return [...needs.values()];
}

function unknown(what: string, neededBy: string, kind: string): BundleNeed {
  return { what, neededBy, state: "unknown", found: `Not looked at: \`kubectl get ${kind} -o json\` shows it.` };
}

function resourceNeed(object: ClusterObject, neededBy: string, facts: ClusterFacts): BundleNeed | null {
  const [version = "", group = ""] = (textAt(object, "apiVersion") ?? "").split("/").reverse();
  if (OWN_GROUPS.has(group)) return null;
  const kind = String(object.kind);
  const what = `${kind} (${group}/${version})`;
  if (!facts.known.has("CustomResourceDefinition")) return unknown(what, neededBy, "crd");
  const known = facts.resources.find((item) => item.group === group && item.kind === kind);
  if (known === undefined) {
    return { what, neededBy, state: "missing", found: "The cluster has no such custom resource." };
  }
  return known.versions.includes(version)
    ? { what, neededBy, state: "there", found: `The cluster serves ${known.versions.join(", ")}.` }
    : { what, neededBy, state: "missing", found: `The cluster serves ${known.versions.join(", ")} of it only.` };
}

const CLASS_KINDS = {
  StorageClass: { asked: "storageclass", names: (facts: ClusterFacts) => facts.storageClasses.map(({ name }) => name) },
  GatewayClass: { asked: "gatewayclass", names: (facts: ClusterFacts) => facts.gatewayClasses.map(({ name }) => name) },
  DeviceClass: { asked: "deviceclass", names: (facts: ClusterFacts) => facts.deviceClasses },
  PriorityClass: { asked: "priorityclass", names: (facts: ClusterFacts) => facts.priorityClasses },
} as const satisfies Partial<
  Record<InspectedKind, { asked: string; names: (facts: ClusterFacts) => readonly string[] }>
>;
type ClassKind = keyof typeof CLASS_KINDS;

function classNeed(kind: ClassKind, name: string, neededBy: string, facts: ClusterFacts): BundleNeed {
  const what = `${kind} ${name}`;
  const { asked, names } = CLASS_KINDS[kind];
  if (!facts.known.has(kind)) return unknown(what, neededBy, asked);
  const there = names(facts);
  if (there.includes(name)) return { what, neededBy, state: "there", found: "It is there." };
  const others = there.length === 0 ? "The cluster has none." : `The cluster has ${there.slice(0, 8).join(", ")}.`;
  return { what, neededBy, state: "missing", found: others };
}

/** Classes an object names. */
function classesNamed(object: ClusterObject): { kind: ClassKind; name: string }[] {
  const spec = membersOf(object.spec);
  const found: { kind: ClassKind; name: string | null }[] = [];
  if (object.kind === "Gateway") found.push({ kind: "GatewayClass", name: textAt(spec, "gatewayClassName") });
  for (const claim of volumeClaims(object))
    found.push({ kind: "StorageClass", name: textAt(claim, "storageClassName") });
  for (const request of deviceRequests(object)) {
    found.push({ kind: "DeviceClass", name: textAt(request, "deviceClassName") });
  }
  for (const pod of podSpecs(object)) found.push({ kind: "PriorityClass", name: textAt(pod, "priorityClassName") });
  return found.flatMap(({ kind, name }) => (name === null ? [] : [{ kind, name }]));
}

function podSpecs(object: ClusterObject): ClusterObject[] {
  const spec = membersOf(object.spec);
  const group = membersOf(spec.leaderWorkerTemplate);
  return [spec.template, group.leaderTemplate, group.workerTemplate]
    .map((template) => membersOf(membersOf(template).spec))
    .filter((pod) => Object.keys(pod).length > 0);
}

/** Specifications of the volume claims an object makes. */
function volumeClaims(object: ClusterObject): ClusterObject[] {
  const spec = membersOf(object.spec);
  const own = object.kind === "PersistentVolumeClaim" ? [spec] : [];
  const templates = itemsOf(spec.volumeClaimTemplates).map((template) => membersOf(membersOf(template).spec));
  const ephemeral = podSpecs(object).flatMap((pod) =>
    itemsOf(pod.volumes).flatMap((volume) => {
      const template = membersOf(membersOf(membersOf(volume).ephemeral).volumeClaimTemplate);
      return template.spec === undefined ? [] : [membersOf(template.spec)];
    }),
  );
  return [...own, ...templates, ...ephemeral];
}

/** Names of what claims a volume and names no class, nor a volume that is there. */
function claimsWithoutClass(object: ClusterObject): string[] {
  return volumeClaims(object).some((claim) => claim.storageClassName === undefined && claim.volumeName === undefined)
    ? [`${String(object.kind)} ${nameOf(object)}`]
    : [];
}

function defaultClassNeed(neededBy: string, facts: ClusterFacts): BundleNeed {
  const what = "A default StorageClass";
  if (!facts.known.has("StorageClass")) return unknown(what, neededBy, "storageclass");
  const there = facts.storageClasses.find(({ isDefault }) => isDefault);
  return there === undefined
    ? { what, neededBy, state: "missing", found: "No class is the default: the claim stays pending." }
    : { what, neededBy, state: "there", found: `${there.name} is the default.` };
}

/** Requests for devices of a claim, in the forms of `resource.k8s.io/v1` and before. */
function deviceRequests(object: ClusterObject): ClusterObject[] {
  const spec = membersOf(object.spec);
  const claim = object.kind === "ResourceClaimTemplate" ? membersOf(spec.spec) : spec;
  return itemsOf(membersOf(claim.devices).requests).flatMap((item) => {
    const request = membersOf(item);
    const first = itemsOf(request.firstAvailable).map(membersOf);
    return first.length > 0 ? first : [request.exactly === undefined ? request : membersOf(request.exactly)];
  });
}

/** Metrics APIs a HorizontalPodAutoscaler reads. */
function metricsGroups(object: ClusterObject): string[] {
  if (object.kind !== "HorizontalPodAutoscaler") return [];
  const groups: Readonly<Record<string, string>> = {
    Pods: "custom.metrics.k8s.io",
    Object: "custom.metrics.k8s.io",
    External: "external.metrics.k8s.io",
    Resource: "metrics.k8s.io",
    ContainerResource: "metrics.k8s.io",
  };
  return itemsOf(membersOf(object.spec).metrics).flatMap((metric) => groups[String(membersOf(metric).type)] ?? []);
}

function metricsNeed(group: string, neededBy: string, facts: ClusterFacts): BundleNeed {
  const what = `The metrics API ${group}`;
  if (!facts.known.has("APIService")) return unknown(what, neededBy, "apiservice");
  return facts.apiServices.includes(group)
    ? { what, neededBy, state: "there", found: "A server answers it." }
    : { what, neededBy, state: "missing", found: "No server answers it: the autoscaler would see no metric." };
}
