import { compareText } from "../compare-text";
import type { Configuration } from "../domain";
import type { PointFilter } from "../frontier/axes";
import { newestCurveFirst } from "../frontier/curve";
import type { LoadCurve } from "../frontier/load-curve";
import { groupBy } from "../group-by";
import { configurationDifferences } from "../measurement/differences";
import { SETTING_GROUPS } from "../measurement/settings";
import { precisionLabel, serverLabel, speculativeLabel } from "../words";
import { sharedLoads } from "./shared-loads";

/** Two configurations that differ in one thing, and what that was worth. */
export interface ChangedPair {
  before: LoadCurve;
  after: LoadCurve;
  /** Throughput of the second ÷ the first at the loads both were measured at, geometric mean. */
  ratio: number;
  /** How many loads that is. */
  loads: number;
  /** Settings that differ besides, by name, or groups that one of them does not know: the change is not alone. */
  besides: string[];
}

/** One change, with every pair it was measured in. */
export interface OneChange {
  /** `precision`, `version` … */
  what: string;
  from: string;
  to: string;
  /** Median over the pairs, and their least and greatest. */
  medianRatio: number;
  leastRatio: number;
  greatestRatio: number;
  pairs: ChangedPair[];
}

interface Dimension {
  what: string;
  textOf: (of: Configuration) => string;
  /** The facts that are this thing: everything else must be the same. */
  facts: readonly (keyof Configuration)[];
}

const DIMENSIONS: readonly Dimension[] = [
  { what: "precision", textOf: (of) => precisionLabel(of.precision), facts: ["precision", "checkpoint"] },
  { what: "version", textOf: (of) => of.serverVersion ?? "version unknown", facts: ["serverVersion"] },
  { what: "server", textOf: (of) => serverLabel(of.server), facts: ["server", "serverVersion"] },
  {
    what: "speculative decoding",
    textOf: (of) => (of.speculative === null ? "none" : speculativeLabel(of.speculative, of.speculativeTokens)),
    facts: ["speculative", "speculativeTokens"],
  },
  {
    what: "parallel layout",
    textOf: (of) => of.parallelism.label?.toUpperCase() ?? `TP${of.parallelism.tensor ?? "?"}`,
    facts: ["parallelism"],
  },
  {
    what: "prefill and decode",
    textOf: (of) => of.servingMode,
    facts: ["servingMode", "prefillAccelerators", "decodeAccelerators", "parallelism", "nodes"],
  },
  {
    what: "KV cache type",
    textOf: (of) => String(of.settings.serverArguments?.["kv-cache-dtype"] ?? "default"),
    facts: [],
  },
];

/** Pairs shown of one change; a sweep of many versions has more than anybody reads. */
const MAX_PAIRS = 40;

function restKey(of: Configuration, { facts }: Dimension): string {
  const left = new Set<string>(["configurationId", "settings", ...facts]);
  return JSON.stringify(Object.entries(of).filter(([name]) => !left.has(name)));
}

/** Settings that differ between two, and groups of them that only one knows. */
function besides(a: Configuration, b: Configuration, what: string): string[] {
  return configurationDifferences([a, b])
    .filter(({ fact }) => fact === "image" || SETTING_GROUPS.some((group) => group === fact))
    .filter(
      ({ fact, setting }) =>
        !(what === "version" && fact === "image") && !(what === "KV cache type" && setting === "kv-cache-dtype"),
    )
    .map(({ fact, setting }) => setting ?? fact);
}

function median(sorted: readonly number[]): number {
  const middle = sorted.length >> 1;
  const high = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? high : ((sorted[middle - 1] ?? high) + high) / 2;
}

/** The fullest curve of each configuration; of equally full ones the newest. */
function fullestCurves(curves: readonly LoadCurve[]): LoadCurve[] {
  const fullest = new Map<string, LoadCurve>();
  for (const curve of curves) {
    const { configurationId } = curve.configuration;
    const known = fullest.get(configurationId);
    const isFuller =
      known === undefined ||
      curve.points.length > known.points.length ||
      (curve.points.length === known.points.length && newestCurveFirst(curve, known) < 0);
    if (isFuller) fullest.set(configurationId, curve);
  }
  return [...fullest.values()];
}

/**
 * What each single change was worth where it was measured: pairs of configurations on the same accelerators that differ in one
 * thing, at the loads both were measured at. Settings may differ with it and are then named. Work grows with the number of curves
 * and of pairs shown.
 */
export function oneChanges(curves: readonly LoadCurve[], filter: PointFilter): OneChange[] {
  const all = fullestCurves(curves);
  const changes = DIMENSIONS.flatMap((dimension) => {
    const alike = groupBy(all, ({ configuration }) => restKey(configuration, dimension));
    const found = new Map<string, OneChange>();
    for (const group of alike.values()) {
      const byValue = groupBy(group, ({ configuration }) => dimension.textOf(configuration));
      if (byValue.size < 2) continue;
      // The fullest of each value, so that a group of many settings gives one pair a change.
      const fullest = [...byValue]
        .map(([text, [first, ...others]]) => ({
          text,
          curve: others.reduce(
            (most, curve) => (most !== undefined && curve.points.length <= most.points.length ? most : curve),
            first,
          ),
        }))
        .flatMap(({ text, curve }) => (curve === undefined ? [] : [{ text, curve }]))
        .sort((a, b) => compareText(a.curve.measuredOn ?? "", b.curve.measuredOn ?? "") || compareText(a.text, b.text));
      for (const [index, after] of fullest.entries()) {
        const before = fullest[index - 1];
        if (before !== undefined) note(found, dimension.what, before, after, filter);
      }
    }
    return [...found.values()].filter(({ pairs }) => pairs.length > 0);
  });
  return changes
    .map((change) => {
      const ratios = change.pairs.map(({ ratio }) => ratio).sort((a, b) => a - b);
      return {
        ...change,
        medianRatio: median(ratios),
        leastRatio: ratios[0] ?? Number.NaN,
        greatestRatio: ratios.at(-1) ?? Number.NaN,
      };
    })
    .sort((a, b) => compareText(a.what, b.what) || b.pairs.length - a.pairs.length || compareText(a.from, b.from));
}

function note(
  found: Map<string, OneChange>,
  what: string,
  before: { text: string; curve: LoadCurve },
  after: { text: string; curve: LoadCurve },
  filter: PointFilter,
): void {
  const key = JSON.stringify([before.text, after.text]);
  const change = found.get(key) ?? {
    what,
    from: before.text,
    to: after.text,
    medianRatio: Number.NaN,
    leastRatio: Number.NaN,
    greatestRatio: Number.NaN,
    pairs: [],
  };
  found.set(key, change);
  const shared = change.pairs.length >= MAX_PAIRS ? null : sharedLoads(before.curve, after.curve, filter);
  if (shared === null) return;
  change.pairs.push({
    before: before.curve,
    after: after.curve,
    ratio: shared.ratio,
    loads: shared.loads,
    besides: besides(before.curve.configuration, after.curve.configuration, what),
  });
}
