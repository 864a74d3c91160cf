import { plural } from "../format";
import { textAt } from "../ingest/parse/fields";
import { type ClusterNode, podRequests, type Taint } from "./cluster-facts";
import { type ClusterObject, itemsOf, membersOf, nameOf } from "./kubectl-text";

/** Pods of one kind that a manifest asks for. */
export interface PodGroup {
  /** `Deployment llama`. */
  name: string;
  /** Pods at the start. */
  pods: number;
  spec: ClusterObject;
}

/** How pods of one kind find nodes. */
export interface PodFit {
  group: PodGroup;
  /** Pods that find a place, on the nodes as they are. */
  placed: number;
  /** Why nodes are out of the question, each with the number of nodes; the most frequent first. */
  reasons: readonly { reason: string; nodes: number }[];
}

/** The pods of the objects of a manifest: Deployments, StatefulSets, Jobs, and LeaderWorkerSets by leader and workers. */
export function podGroupsOf(objects: readonly ClusterObject[]): PodGroup[] {
  return objects.flatMap((object): PodGroup[] => {
    const kind = String(object.kind);
    const spec = membersOf(object.spec);
    const name = `${kind} ${nameOf(object)}`;
    const replicas = typeof spec.replicas === "number" ? spec.replicas : 1;
    if (kind === "Deployment" || kind === "StatefulSet") {
      return [{ name, pods: replicas, spec: membersOf(membersOf(spec.template).spec) }];
    }
    if (kind === "Job") return [{ name, pods: 1, spec: membersOf(membersOf(spec.template).spec) }];
    if (kind !== "LeaderWorkerSet") return [];
    const template = membersOf(spec.leaderWorkerTemplate);
    const size = typeof template.size === "number" ? template.size : 1;
    const worker = membersOf(membersOf(template.workerTemplate).spec);
    const leader = membersOf(membersOf(template.leaderTemplate).spec);
    const leaders = {
      name: `${name}, leaders`,
      pods: replicas,
      spec: Object.keys(leader).length > 0 ? leader : worker,
    };
    return size < 2 ? [leaders] : [leaders, { name: `${name}, workers`, pods: replicas * (size - 1), spec: worker }];
  });
}

/**
 * Places pods on nodes one after another, as the scheduler filters nodes: cordons, node selectors and required affinity, taints,
 * resources. Priorities, spreading and what is not on the node object (volumes by zone, devices by claim) are not looked at.
 * @see https://kubernetes.io/docs/concepts/scheduling-eviction/kube-scheduler/
 */
export function fitPods(groups: readonly PodGroup[], nodes: readonly ClusterNode[]): PodFit[] {
  const left = new Map(nodes.map((node) => [node.name, { ...(node.free ?? node.allocatable) }]));
  // The ones that ask for most of a node first: a small pod finds a gap, a large one does not.
  const order = [...groups].sort((a, b) => devicesAsked(b) - devicesAsked(a));
  const fits = new Map(order.map((group): [PodGroup, PodFit] => [group, placeGroup(group, nodes, left)]));
  return groups.flatMap((group) => fits.get(group) ?? []);
}

function placeGroup(
  group: PodGroup,
  nodes: readonly ClusterNode[],
  left: ReadonlyMap<string, Record<string, number>>,
): PodFit {
  const asked: Record<string, number> = { ...podRequests(group.spec), pods: 1 };
  let placed = 0;
  const reasons = new Map<string, number>();
  for (const node of nodes) {
    const reason = filterReason(group.spec, node);
    const free = left.get(node.name);
    if (reason !== null || free === undefined) {
      if (reason !== null) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
      continue;
    }
    const room = roomFor(asked, free);
    const here = Math.min(room.pods, group.pods - placed);
    placed += here;
    for (const [resource, amount] of Object.entries(asked)) {
      if (free[resource] !== undefined) free[resource] -= here * amount;
    }
    if (placed < group.pods && room.lacks !== null) {
      const lack = `has not enough ${room.lacks} left (a pod asks for ${amountText(room.lacks, asked[room.lacks] ?? 0)})`;
      reasons.set(lack, (reasons.get(lack) ?? 0) + 1);
    }
  }
  return {
    group,
    placed,
    reasons: [...reasons].map(([reason, count]) => ({ reason, nodes: count })).sort((a, b) => b.nodes - a.nodes),
  };
}

/** Pods that fit on what a node has left, and the resource that ends it. */
function roomFor(
  asked: Readonly<Record<string, number>>,
  free: Readonly<Record<string, number>>,
): { pods: number; lacks: string | null } {
  let pods = Number.MAX_SAFE_INTEGER;
  let lacks: string | null = null;
  for (const [resource, amount] of Object.entries(asked)) {
    if (amount <= 0) continue;
    // A node that does not say how many pods it takes takes 110, the kubelet's default.
    const available = free[resource] ?? (resource === "pods" ? 110 : 0);
    // Binary fractions of cores add up to almost a whole one.
    const fitting = Math.floor(available / amount + 1e-9);
    if (fitting < pods) {
      pods = fitting;
      lacks = resource;
    }
  }
  return { pods: Math.max(0, pods), lacks };
}

function devicesAsked(group: PodGroup): number {
  return Object.entries(podRequests(group.spec)).reduce(
    (sum, [resource, amount]) => (resource.includes("/") ? sum + amount : sum),
    0,
  );
}

function amountText(resource: string, amount: number): string {
  if (resource === "memory" || resource === "ephemeral-storage") return `${(amount / 2 ** 30).toFixed(1)} GiB`;
  return String(Math.round(amount * 1000) / 1000);
}

/** Why a node is out of the question for a pod, whatever is free on it; `null` where it is not. */
function filterReason(spec: ClusterObject, node: ClusterNode): string | null {
  if (node.closed !== null) return `takes no pods (${node.closed})`;
  for (const [label, value] of Object.entries(membersOf(spec.nodeSelector))) {
    if (node.labels[label] !== value) return `has not the label ${label}=${String(value)}`;
  }
  const required = membersOf(
    membersOf(membersOf(spec.affinity).nodeAffinity).requiredDuringSchedulingIgnoredDuringExecution,
  );
  const terms = itemsOf(required.nodeSelectorTerms).map(membersOf);
  if (terms.length > 0 && !terms.some((term) => termHolds(term, node))) {
    return `has not the labels its node affinity requires (${terms.map(termText).join(" or ").slice(0, 200)})`;
  }
  const tolerations = itemsOf(spec.tolerations).map(membersOf);
  const taint = node.taints.find(
    (item) => item.effect !== "PreferNoSchedule" && !tolerations.some((toleration) => tolerates(toleration, item)),
  );
  return taint === undefined
    ? null
    : `has the taint ${taint.key}${taint.value === "" ? "" : `=${taint.value}`}:${taint.effect}, which the pod does not tolerate`;
}

function termHolds(term: ClusterObject, node: ClusterNode): boolean {
  const labels = itemsOf(term.matchExpressions).map(membersOf);
  const fields = itemsOf(term.matchFields).map(membersOf);
  return (
    labels.every((item) => expressionHolds(item, node.labels[String(item.key)])) &&
    fields.every((item) => expressionHolds(item, item.key === "metadata.name" ? node.name : undefined))
  );
}

function expressionHolds(expression: ClusterObject, value: string | undefined): boolean {
  const values = itemsOf(expression.values).map(String);
  switch (expression.operator) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    case "Gt":
      return value !== undefined && Number(value) > Number(values[0]);
    case "Lt":
      return value !== undefined && Number(value) < Number(values[0]);
    default:
      return false;
  }
}

function termText(term: ClusterObject): string {
  return itemsOf(term.matchExpressions)
    .map(membersOf)
    .map(({ key, operator, values }) =>
      [key, operator, itemsOf(values).join(",")].filter((part) => part !== "").join(" "),
    )
    .join(" and ");
}

/** @see https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/ */
function tolerates(toleration: ClusterObject, taint: Taint): boolean {
  const effect = textAt(toleration, "effect");
  if (effect !== null && effect !== taint.effect) return false;
  const key = textAt(toleration, "key");
  if (toleration.operator === "Exists") return key === null || key === taint.key;
  return key === taint.key && (textAt(toleration, "value") ?? "") === taint.value;
}

/** What becomes of pods of one kind, as a sentence. */
export function fitSentence({ group, placed, reasons }: PodFit, nodes: number): string {
  const pods = plural(group.pods, "pod");
  if (placed >= group.pods) return `${group.name}: ${pods} can be scheduled on the nodes as they are.`;
  const why = reasons
    .slice(0, 3)
    .map(({ reason, nodes: count }) => `${count === nodes ? "every node" : plural(count, "node")} ${reason}`)
    .join("; ");
  const none = nodes === 0 ? "there is no node" : why;
  return `${group.name}: ${placed} of ${pods} can be scheduled on the nodes as they are${none === "" ? "" : `: ${none}`}.`;
}
