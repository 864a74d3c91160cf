import type { Accelerator } from "../catalogue/catalogue";
import type { Configuration, ConfigurationFacts } from "../domain";
import { factName } from "../explorer/fact-words";
import { hardwareLabel, operatingPointBasis } from "../explorer/row-words";
import { formatNumber, plural } from "../format";
import { type ConfigurationDifference, configurationDifferences, factStateText } from "../measurement/differences";
import type { RankedConfiguration, Ranking } from "../selection/types";
import { configurationSubtitle } from "../words";
import type { RunningServer } from "./running-servers";

/** A running server held against what was measured. */
export interface RunningComparison {
  /** The measured configuration that is most like it, with what differs; `null` where none of its accelerators was measured. */
  nearest: { entry: RankedConfiguration; differences: ConfigurationDifference[] } | null;
  /** The best one on the same accelerators within the targets; `null` where none meets them. */
  best: { entry: RankedConfiguration; differences: ConfigurationDifference[] } | null;
  /** Throughput of the best by accelerator ÷ that of the nearest; `null` where one of them is not known. */
  gain: number | null;
}

/** Facts that decide what a server does, the more telling the higher. */
const WEIGHTS: Readonly<Record<string, number>> = {
  server: 16,
  precision: 12,
  servingMode: 12,
  acceleratorCount: 8,
  tensor: 6,
  data: 6,
  expert: 4,
  speculative: 8,
  checkpoint: 3,
  serverVersion: 2,
};

/**
 * Holds a running server against a ranking of its model: the measured configuration most like it, and the best on the same
 * accelerators. Both are measured figures; what the running server does itself is not known from how it was started.
 */
export function compareRunning(running: ConfigurationFacts, ranking: Ranking): RunningComparison {
  const same = ranking.ranked.filter(({ curve }) => curve.configuration.accelerator === running.accelerator);
  const nearest = least(same, ({ curve }) => distance(running, curve.configuration));
  const best = least(same, (entry) => -throughputByAccelerator(entry));
  const against = (entry: RankedConfiguration | null) =>
    entry === null ? null : { entry, differences: configurationDifferences([running, entry.curve.configuration]) };
  return {
    nearest: against(nearest),
    best: against(best),
    gain: nearest === null || best === null ? null : throughputByAccelerator(best) / throughputByAccelerator(nearest),
  };
}

function least<T>(items: readonly T[], of: (item: T) => number): T | null {
  return items.reduce<T | null>((low, item) => (low === null || of(item) < of(low) ? item : low), null);
}

function throughputByAccelerator({ curve, operatingPoint }: RankedConfiguration): number {
  return operatingPoint.outputTokensPerSecond / curve.configuration.acceleratorCount;
}

function distance(running: ConfigurationFacts, measured: Configuration): number {
  return configurationDifferences([running, measured]).reduce((sum, { fact }) => sum + (WEIGHTS[fact] ?? 1), 0);
}

/** Differences named in a sentence; the rest is counted. */
const MAX_NAMED = 6;

/** The comparison as lines for a person. */
export function runningLines(
  server: RunningServer,
  comparison: RunningComparison | null,
  accelerators: readonly Accelerator[],
): string[] {
  const { configuration, name, replicas } = server;
  if (!configuration.ok) return [configuration.error];
  const running: Configuration = { ...configuration.value, configurationId: "" };
  const told = `${name}: ${plural(replicas, "replica")} of ${running.model} on ${hardwareLabel(accelerators, running)}, ${configurationSubtitle(running)}.`;
  if (comparison === null) return [told, `Nothing was measured of ${running.model}.`];
  const { nearest, best, gain } = comparison;
  if (nearest === null || best === null) {
    return [
      told,
      "Within these targets nothing was measured on the same accelerator: leave targets out, or measure it.",
    ];
  }
  const lines = [
    told,
    `Most like it was measured: ${measuredText(nearest.entry, accelerators)}${differencesText(nearest.differences)}`,
  ];
  if (best.entry === nearest.entry)
    return [...lines, "Nothing measured on the same accelerator does more within these targets."];
  return [
    ...lines,
    `Best measured on the same accelerator: ${measuredText(best.entry, accelerators)}${gain === null ? "" : `, ${gainText(gain, nearest.entry)}`}${differencesText(best.differences)}`,
  ];
}

/** Where the other one was not measured up to its limit, the factor is that of what was measured. */
function gainText(gain: number, nearest: RankedConfiguration): string {
  const so = nearest.operatingPoint.kind === "atLeast" ? ", as far as they were measured" : "";
  return `${formatNumber(gain)} × the throughput of each accelerator${so}`;
}

function measuredText(entry: RankedConfiguration, accelerators: readonly Accelerator[]): string {
  const { curve, operatingPoint } = entry;
  const { configuration, source, measuredOn } = curve;
  const when = measuredOn === null ? "undated" : measuredOn.slice(0, 10);
  return `${hardwareLabel(accelerators, configuration)}, ${configurationSubtitle(configuration)}: ${formatNumber(operatingPoint.outputTokensPerSecond)} output tokens/s (${operatingPointBasis(operatingPoint)}; ${source.name}, ${when}; ${configuration.configurationId})`;
}

function differencesText(differences: readonly ConfigurationDifference[]): string {
  if (differences.length === 0) return "; it is started the same way.";
  // What one side does not say tells a person little; it is counted.
  const [known, unknown] = [true, false].map((isKnown) =>
    differences.filter(({ states }) => states.every(({ kind }) => kind !== "unknown") === isKnown),
  );
  const named = (known ?? []).slice(0, MAX_NAMED).map(({ fact, setting, states: [here, there] }) => {
    const text = (state: typeof here) =>
      state === undefined || state.kind !== "stated" ? "default" : shortText(factStateText(state));
    return `${setting ?? factName(fact)} ${text(there)} (here ${text(here)})`;
  });
  const more = (known ?? []).length - named.length;
  const silent = (unknown ?? []).length;
  const parts = [
    named.length === 0 ? null : `different in ${named.join(", ")}${more > 0 ? ` and ${more} more` : ""}`,
    silent === 0 ? null : `${plural(silent, "fact")} not known of one of them`,
  ];
  return `; ${parts.filter((part) => part !== null).join("; ")}.`;
}

function shortText(text: string): string {
  return text.length > 48 ? `${text.slice(0, 47)}…` : text;
}
