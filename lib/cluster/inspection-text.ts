import { plural } from "../format";
import { clusterVersionText } from "../manifests/options/manifest-options";
import { OPTION_NAMES } from "../manifests/options/option-names";
import { formatStockItem } from "../selection/stock";
import { fitSentence } from "./fit-pods";
import type { BundleCheck, ClusterInspection } from "./inspection";
import type { ProposedOption } from "./proposed-options";

/** A paragraph of an inspection: a heading and its lines. */
export interface InspectionPart {
  title: string;
  lines: string[];
}

/** An option's value as an address has it. */
export function optionValueText({ value }: ProposedOption): string {
  if (typeof value === "object" && value !== null) return clusterVersionText(value);
  return typeof value === "boolean" ? (value ? "1" : "0") : String(value);
}

/** Options as an address has them, without `?`. */
export function proposedParams(options: readonly ProposedOption[]): URLSearchParams {
  return new URLSearchParams(options.map((option) => [OPTION_NAMES[option.option], optionValueText(option)]));
}

/** What was found of a cluster, in words; what was not looked at is said as such. */
export function inspectionParts({ facts, stock, options }: ClusterInspection): InspectionPart[] {
  const parts: InspectionPart[] = [];
  const closed = facts.nodes.filter((node) => node.closed !== null);
  const nodes = facts.known.has("Node")
    ? [
        `${plural(facts.nodes.length, "node")}${closed.length === 0 ? "" : `, ${closed.length} of them closed (${[...new Set(closed.map((node) => node.closed))].join(", ")})`}.`,
        stock.length === 0
          ? "No accelerator that the catalogue knows is offered to pods."
          : `Accelerators by machine: ${stock.map(formatStockItem).join(", ")}.`,
        ...freeLines(facts.nodes),
      ]
    : ["Not looked at: kubectl get nodes -o json."];
  parts.push({ title: "Nodes", lines: [...nodes, ...facts.problems] });
  const claims = facts.devices.map(
    ({ driver, nodeName, count, products }) =>
      `${driver}${nodeName === null ? "" : ` on ${nodeName}`}: ${plural(count, "device")}${products.length === 0 ? "" : ` (${products.join(", ")})`}.`,
  );
  if (claims.length > 0) parts.push({ title: "Devices by claims", lines: summed(claims) });
  parts.push({
    title: "Answers",
    lines: options.map((option) => `${OPTION_NAMES[option.option]}=${optionValueText(option)}: ${option.because}.`),
  });
  const limits = [
    ...facts.quotas.map(
      ({ namespace, name, hard }) =>
        `Namespace ${namespace} has the quota ${name}: ${Object.entries(hard)
          .map(([resource, amount]) => `${resource} ${amount}`)
          .join(", ")}.`,
    ),
    ...facts.podSecurity.map(({ namespace, enforce }) => `Namespace ${namespace} enforces Pod Security "${enforce}".`),
  ];
  if (limits.length > 0) parts.push({ title: "Limits", lines: summed(limits) });
  return parts;
}

function freeLines(nodes: ClusterInspection["facts"]["nodes"]): string[] {
  const taken = new Map<string, { free: number; all: number }>();
  for (const { accelerators, free } of nodes) {
    for (const { resource, count } of accelerators) {
      if (free === null) return ["What running pods leave free is not known: add kubectl get pods -A -o json."];
      const sum = taken.get(resource) ?? { free: 0, all: 0 };
      taken.set(resource, { free: sum.free + (free[resource] ?? 0), all: sum.all + count });
    }
  }
  return [...taken].map(([resource, { free, all }]) => `Of ${all} ${resource}, ${free} are free.`);
}

const MOST_LINES = 40;

function summed(lines: readonly string[]): string[] {
  return lines.length <= MOST_LINES
    ? [...lines]
    : [...lines.slice(0, MOST_LINES), `And ${lines.length - MOST_LINES} more like these.`];
}

const STATE_WORDS = { there: "there", missing: "MISSING", unknown: "not known" } as const;

/** What a manifest would meet in a cluster, in words. */
export function bundleCheckParts({ needs, fits }: BundleCheck, nodes: number): InspectionPart[] {
  const order = ["missing", "unknown", "there"] as const;
  const sorted = order.flatMap((state) => needs.filter((need) => need.state === state));
  return [
    {
      title: "What the manifest needs",
      lines:
        sorted.length === 0
          ? ["Nothing beside Kubernetes itself."]
          : sorted.map(
              ({ what, neededBy, state, found }) => `${STATE_WORDS[state]}: ${what}, for ${neededBy}. ${found}`,
            ),
    },
    {
      title: "Whether its pods find nodes",
      lines:
        fits.length === 0
          ? ["Not known without the nodes: kubectl get nodes -o json."]
          : fits.map((fit) => fitSentence(fit, nodes)),
    },
  ];
}
