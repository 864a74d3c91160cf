import { type LatencyCarrier, latencyOf } from "../frontier/derive";
import type { Metric, Statistic } from "../measurement/latency";
import type { LoadKind } from "../measurement/measurement";
import {
  ESTIMATE_SOURCES,
  ESTIMATED_STATISTICS,
  type EstimateSource,
  type KnownRatio,
  PERCENTILE_RATIOS,
} from "./percentile-ratios";

/** A percentile that nobody measured, from the point's own mean or median. Milliseconds. */
export interface Estimate {
  from: EstimateSource;
  lowMs: number;
  /** The end it is judged at: 90% of such cases lie between the two. */
  highMs: number;
}

function ratioFor(metric: Metric, statistic: Statistic, from: EstimateSource, loadKind: LoadKind): KnownRatio | null {
  const index = (ESTIMATED_STATISTICS as readonly Statistic[]).indexOf(statistic);
  if (index < 0) return null;
  // A higher percentile bounds a lower one from above: of the asked one and those above it the one that says most holds.
  const atLeast = ESTIMATED_STATISTICS.slice(index);
  let best: KnownRatio | null = null;
  for (const ratio of PERCENTILE_RATIOS) {
    if (ratio.metric !== metric || ratio.from !== from || ratio.loadKind !== loadKind) continue;
    if (atLeast.includes(ratio.statistic) && (best === null || ratio.high < best.high)) best = ratio;
  }
  return best;
}

/**
 * Estimates a percentile of a point from its own mean, else its median, by the calibrated interval of such ratios; never below a
 * lower percentile that was measured. `null` where neither is known or nothing is calibrated.
 */
export function estimateOf(
  point: LatencyCarrier & { readonly loadKind?: LoadKind | null },
  metric: Metric,
  statistic: Statistic,
): Estimate | null {
  const { loadKind } = point;
  if (loadKind === null || loadKind === undefined) return null;
  for (const from of ESTIMATE_SOURCES) {
    const base = latencyOf(point, metric, from).value;
    const ratio = base === null ? null : ratioFor(metric, statistic, from, loadKind);
    if (base === null || ratio === null) continue;
    const lower = ESTIMATED_STATISTICS.filter((known) => known < statistic);
    const floor = lower.reduce((most, known) => Math.max(most, latencyOf(point, metric, known).value ?? 0), 0);
    return { from, lowMs: Math.max(floor, base * ratio.low), highMs: Math.max(floor, base * ratio.high) };
  }
  return null;
}
