import { latencyOf } from "../frontier/derive";
import type { LoadCurve } from "../frontier/load-curve";
import { isOutlier } from "../frontier/outliers";
import { METRICS } from "../measurement/latency";
import {
  ESTIMATE_LOAD_KINDS,
  ESTIMATE_SHARE,
  ESTIMATE_SOURCES,
  ESTIMATED_STATISTICS,
  type PercentileRatio,
} from "./percentile-ratios";
import { quantile } from "./quantile";

const TAIL = (1 - ESTIMATE_SHARE) / 2;
/** Fewer points, or fewer sources, calibrate nothing. */
const MIN_POINTS = 30;
const MIN_SOURCES = 2;
/** Steps in which an interval is widened around its median, in the logarithm, and how far at most. */
const WIDENING_STEP = 1.05;
const WIDEST = 8;

interface Interval {
  low: number;
  median: number;
  high: number;
}

function intervalOf(logRatios: readonly number[], widening: number): Interval {
  const ascending = [...logRatios].sort((a, b) => a - b);
  const at = (share: number): number => quantile(ascending, share) ?? Number.NaN;
  const median = at(1 / 2);
  return {
    low: median + (at(TAIL) - median) * widening,
    median,
    high: median + (at(1 - TAIL) - median) * widening,
  };
}

/** Share of points covered by the interval made of the other sources, each source left out once. */
function coverageOf(bySource: readonly (readonly number[])[], widening: number): number {
  let covered = 0;
  let all = 0;
  for (const [index, left] of bySource.entries()) {
    const others = bySource.filter((_, other) => other !== index).flat();
    if (others.length < MIN_POINTS) continue;
    const { low, high } = intervalOf(others, widening);
    covered += left.filter((ratio) => ratio >= low && ratio <= high).length;
    all += left.length;
  }
  return all === 0 ? 0 : covered / all;
}

/**
 * How percentiles relate to means and medians on curves: for each metric, percentile and kind of load the interval of the ratio,
 * widened until it covers at least 90% of a source it was not made of. What too few points or sources have, or no widening covers,
 * is left out. Outliers take no part.
 */
export function calibratedRatios(curves: readonly LoadCurve[]): PercentileRatio[] {
  const found: PercentileRatio[] = [];
  for (const metric of METRICS) {
    for (const statistic of ESTIMATED_STATISTICS) {
      for (const from of ESTIMATE_SOURCES) {
        for (const loadKind of ESTIMATE_LOAD_KINDS) {
          const ratios = ratiosBySource(curves, { metric, statistic, from, loadKind });
          const ratio = calibrated(ratios);
          if (ratio !== null) found.push({ metric, statistic, from, loadKind, ...ratio });
        }
      }
    }
  }
  return found;
}

function ratiosBySource(
  curves: readonly LoadCurve[],
  { metric, statistic, from, loadKind }: Pick<PercentileRatio, "metric" | "statistic" | "from" | "loadKind">,
): number[][] {
  const bySource = new Map<string, number[]>();
  for (const { points, source } of curves) {
    for (const point of points) {
      if (point.loadKind !== loadKind || isOutlier(point)) continue;
      const percentile = latencyOf(point, metric, statistic).value;
      const base = latencyOf(point, metric, from).value;
      if (percentile === null || base === null || percentile <= 0 || base <= 0) continue;
      const list = bySource.get(source.name) ?? [];
      list.push(Math.log(percentile / base));
      bySource.set(source.name, list);
    }
  }
  return [...bySource.values()];
}

function calibrated(
  bySource: readonly number[][],
): Omit<PercentileRatio, "metric" | "statistic" | "from" | "loadKind"> | null {
  const all = bySource.flat();
  if (all.length < MIN_POINTS || bySource.length < MIN_SOURCES) return null;
  for (let widening = 1; widening <= WIDEST; widening *= WIDENING_STEP) {
    const coverage = coverageOf(bySource, widening);
    if (coverage < ESTIMATE_SHARE) continue;
    const { low, median, high } = intervalOf(all, widening);
    return {
      ...{ low: Math.exp(low), median: Math.exp(median), high: Math.exp(high) },
      ...{ points: all.length, sources: bySource.length, coverage },
    };
  }
  return null;
}
