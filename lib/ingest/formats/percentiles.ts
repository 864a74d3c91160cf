import type { LatencyStatistics } from "../../measurement/latency";
import { MS_PER_SECOND } from "../../units";

/**
 * Mean and percentiles of values in seconds, as milliseconds; `null` where there are none or all are 0. Percentiles by linear
 * interpolation between neighbours, as the tools themselves compute them (numpy).
 */
export function distributionMs(valuesS: ArrayLike<number>, msPerUnit = MS_PER_SECOND): LatencyStatistics | null {
  const ordered = Float64Array.from(valuesS).sort();
  const sum = ordered.reduce((total, value) => total + value, 0);
  if (ordered.length === 0 || sum === 0) return null;
  const percentileMs = (share: number) => percentile(ordered, share) * msPerUnit;
  return {
    mean: (sum / ordered.length) * msPerUnit,
    p50: percentileMs(0.5),
    p90: percentileMs(0.9),
    p95: percentileMs(0.95),
    p99: percentileMs(0.99),
  };
}

/** Percentile of ascending values by linear interpolation between neighbours (numpy's default). */
export function percentile(ordered: ArrayLike<number>, share: number): number {
  const position = (ordered.length - 1) * share;
  const lower = Math.floor(position);
  const low = ordered[lower] ?? Number.NaN;
  const high = ordered[Math.min(lower + 1, ordered.length - 1)] ?? Number.NaN;
  return low + (high - low) * (position - lower);
}
