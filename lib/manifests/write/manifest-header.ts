import { formatExactLatency, formatNumber, formatUsd, plural } from "../../format";
import { METRIC_LABELS, STATISTIC_LABELS } from "../../measurement/latency";
import type { Prerequisite } from "../plan/add-on";
import type { BundleContext } from "../plan/bundle-context";
import type { Choice } from "../plan/choice";
import { replicaText } from "../plan/machines-per-replica";
import { settingsStanding, standingSentence } from "../plan/settings-standing";
import { type Guide, patience } from "./command-guide";
import { operatingPointText } from "./provenance-annotations";

function targets(choice: Choice): string {
  if (choice.slos.length === 0) return "no latency targets";
  return choice.slos
    .map(
      (slo) => `${METRIC_LABELS[slo.metric]} ${STATISTIC_LABELS[slo.statistic]} ≤ ${formatExactLatency(slo.limitMs)}`,
    )
    .join(", ");
}

/** A prerequisite as lines: what, how to check it, how to bring it there. */
function prerequisiteLines({ what, check, install }: Prerequisite): string[] {
  return [`- ${what}`, ...install.map((line) => `  ${line}`), ...(check === null ? [] : [`  ${check}`])];
}

/** A prediction where the server is started as measured; else what was measured, and why another figure is to be expected. */
function figureLines(context: BundleContext, figure: string): string[] {
  const standing = settingsStanding(context);
  if (standing.kind === "measured") return [`Predicted: ${figure}.`];
  return [standingSentence(standing), `The figure of the source: ${figure}.`];
}

/** What a bundle is and what is expected of it, one sentence a line. */
export function summaryLines(context: BundleContext): string[] {
  const { choice, layout, server, prefill, target } = context;
  const { configuration, operatingPoint: point, workload, cost } = choice;
  const { name } = choice.accelerator;
  const together =
    prefill !== null
      ? " by all of them together"
      : layout.measuredReplicas === 1
        ? ""
        : ` by ${layout.measuredReplicas} replicas together`;
  const what =
    prefill === null
      ? `${replicaText(layout)} × ${name}`
      : `${plural(prefill.layout.measuredReplicas, "prefill server")} of ${prefill.layout.accelerators} and ${plural(layout.measuredReplicas, "decode server")} of ${layout.accelerators} × ${name}`;
  const basis = point.throughputBasis === "derived" ? "derived by Little's law" : "measured";
  const atLeast = point.kind === "atLeast" ? "at least " : "";
  const figure = `${formatNumber(point.outputTokensPerSecond)} output tokens/s${together} (${point.kind === "interpolated" ? "interpolated" : basis}) for workload ${workload.workloadId}, ${targets(choice)}`;
  return [
    `${configuration.model} on ${what} with ${server.label}, made by Inference Quickstart.`,
    ...figureLines(context, `${atLeast}${figure}`),
    `Operating point: ${operatingPointText(point)}.`,
    cost.kind === "known"
      ? `Cost: ${formatUsd(cost.usdPerMillionOutputTokens)} per million output tokens.`
      : `Cost: unknown (${cost.reason}).`,
    choice.shareUrl === null
      ? `Dataset revision ${choice.revision}; where each number comes from stands in the annotations of the ${target.kind}.`
      : `The figures behind it: ${choice.shareUrl}`,
  ];
}

/**
 * The comment on top of a bundle: what it is, what it needs, and the commands to apply, watch and test it. Lines that
 * begin with a blank are commands.
 */
export function header(context: BundleContext, guide: Guide, notes: readonly string[]): string {
  const before = guide.steps.filter((step) => step.before);
  const after = guide.steps.filter((step) => !step.before);
  return [
    ...summaryLines(context),
    ...(notes.length === 0 ? [] : ["", "Please note", ...notes.map((note) => `- ${note}`)]),
    "",
    "Before",
    ...guide.prerequisites.flatMap(prerequisiteLines),
    ...before.flatMap((step) => [`- ${step.why}`, ...step.lines.map((line) => `  ${line}`)]),
    "",
    `Apply, watch (${patience(context)}), test`,
    ...after.flatMap((step) => step.lines.map((line) => `  ${line}`)),
  ].join("\n");
}
