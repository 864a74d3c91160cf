import type { StockItem } from "./stock";
import { type NameAccelerator, type ReadStock, together } from "./stock-text";

/** Extended resources of accelerators, and the node labels that name their product, the surest first. */
const RESOURCES: readonly { resource: string; labels: readonly string[] }[] = [
  {
    resource: "nvidia.com/gpu",
    labels: ["nvidia.com/gpu.product", "cloud.google.com/gke-accelerator", "karpenter.k8s.aws/instance-gpu-name"],
  },
  {
    resource: "amd.com/gpu",
    labels: ["amd.com/gpu.product-name", "beta.amd.com/gpu.product-name", "amd.com/gpu.device-id"],
  },
  { resource: "google.com/tpu", labels: ["cloud.google.com/gke-tpu-accelerator"] },
  { resource: "aws.amazon.com/neuron", labels: ["karpenter.k8s.aws/instance-accelerator-name"] },
  { resource: "habana.ai/gaudi", labels: ["karpenter.k8s.aws/instance-accelerator-name"] },
];

/** Endings NVIDIA's labeller adds for sharing: `NVIDIA-H100-80GB-HBM3-SHARED`. */
const SHARED = /-(SHARED|MIG-.*)$/;

/** Accelerators of one kind that a node gives to pods. */
export interface NodeAccelerator {
  /** The extended resource they are asked for by. */
  resource: string;
  count: number;
  /** As the node's label says it; `null` where none does. */
  product: string | null;
  /** Catalogue id; `null` where the product is not known. */
  accelerator: string | null;
}

/** The accelerators of a node by its labels and allocatable resources, and what of them is not clear, as sentences. */
export function acceleratorsOfNode(
  said: Readonly<Record<string, unknown>>,
  allocatable: Readonly<Record<string, unknown>>,
  nameAccelerator: NameAccelerator,
): { accelerators: NodeAccelerator[]; problems: string[] } {
  const accelerators: NodeAccelerator[] = [];
  const problems: string[] = [];
  for (const { resource, labels } of RESOURCES) {
    const count = Number(allocatable[resource] ?? 0);
    if (!Number.isSafeInteger(count) || count < 1) continue;
    const product = labels.map((label) => said[label]).find((value) => typeof value === "string");
    if (typeof product !== "string") {
      problems.push(`A node with ${resource} says by no label which it is (${labels.join(", ")}): write it by hand.`);
      accelerators.push({ resource, count, product: null, accelerator: null });
      continue;
    }
    const named = nameAccelerator(product.replace(SHARED, ""));
    if ("problem" in named) problems.push(named.problem);
    const whole = wholeAccelerators(product, count, said);
    if (whole === null) {
      problems.push(
        `A node shares each ${product.replace(SHARED, "")} between several pods: how many it has is not known.`,
      );
    }
    const accelerator = "problem" in named || whole === null ? null : named.id;
    accelerators.push({ resource, count: whole ?? count, product, accelerator });
  }
  return { accelerators, problems };
}

/**
 * Where pods share accelerators by time, a node offers each several times: the labeller says how many there are, and a slice of
 * one (MIG) is none; `null` = not known.
 */
function wholeAccelerators(product: string, offered: number, said: Readonly<Record<string, unknown>>): number | null {
  if (!SHARED.test(product)) return offered;
  const count = Number(said["nvidia.com/gpu.count"]);
  return product.endsWith("-SHARED") && Number.isSafeInteger(count) && count > 0 ? Math.min(count, offered) : null;
}

/**
 * The stock of a cluster, from what `kubectl get nodes -o json` prints: each node's accelerators as a machine of its own size.
 * Nodes without accelerators, and those that take no pods, are passed over.
 */
export function readStockFromNodes(text: string, nameAccelerator: NameAccelerator): ReadStock {
  const nodes = nodesOf(text);
  if (nodes === null) {
    return { items: [], problems: ["This is no list of nodes: paste what kubectl get nodes -o json prints."] };
  }
  const read: ReadStock = { items: [], problems: [] };
  const problems = new Set<string>();
  for (const { labels, allocatable } of nodes) {
    const found = acceleratorsOfNode(labels, allocatable, nameAccelerator);
    for (const problem of found.problems) problems.add(problem);
    read.items.push(...stockOf(found.accelerators));
  }
  if (read.items.length === 0 && problems.size === 0) problems.add("None of these nodes has an accelerator to give.");
  return { items: together(read.items), problems: [...problems] };
}

/** Accelerators of one node as a stock: a machine of their number; those nobody can name are left out. */
export function stockOf(accelerators: readonly NodeAccelerator[]): StockItem[] {
  return accelerators.flatMap(({ accelerator, count }) =>
    accelerator === null ? [] : [{ accelerator, count, perMachine: count }],
  );
}

type Fields = Record<string, unknown>;

function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

/** Labels and allocatable resources of the nodes that take pods; `null` where the text is no list of nodes. */
function nodesOf(text: string): { labels: Fields; allocatable: Fields }[] | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return null;
  }
  const { items, kind } = fieldsOf(parsed);
  const list = Array.isArray(items) ? items : kind === "Node" ? [parsed] : null;
  if (list === null) return null;
  return list
    .map(fieldsOf)
    .filter(({ spec }) => fieldsOf(spec).unschedulable !== true)
    .map(({ metadata, status }) => ({
      labels: fieldsOf(fieldsOf(metadata).labels),
      allocatable: fieldsOf(fieldsOf(status).allocatable),
    }));
}
