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
  for (const { labels: said, allocatable } of nodes) {
    for (const { resource, labels } of RESOURCES) {
      const count = Number(allocatable[resource] ?? 0);
      if (!Number.isSafeInteger(count) || count < 1) continue;
      const product = labels.map((label) => said[label]).find((value) => typeof value === "string");
      if (product === undefined) {
        problems.add(`A node with ${resource} says by no label which it is (${labels.join(", ")}): write it by hand.`);
        continue;
      }
      const named = nameAccelerator(product.replace(SHARED, ""));
      if ("problem" in named) problems.add(named.problem);
      else read.items.push({ accelerator: named.id, count, perMachine: count });
    }
  }
  if (read.items.length === 0 && problems.size === 0) problems.add("None of these nodes has an accelerator to give.");
  return { items: together(read.items), problems: [...problems] };
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
