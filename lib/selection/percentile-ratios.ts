import type { Metric, Statistic } from "../measurement/latency";
import type { LoadKind } from "../measurement/measurement";

/** Percentiles that may be estimated, low ones first. */
export const ESTIMATED_STATISTICS = ["p90", "p95", "p99"] as const satisfies readonly Statistic[];
export type EstimatedStatistic = (typeof ESTIMATED_STATISTICS)[number];

/** What a percentile is estimated from, the better first. */
export const ESTIMATE_SOURCES = ["mean", "p50"] as const satisfies readonly Statistic[];
export type EstimateSource = (typeof ESTIMATE_SOURCES)[number];

export const ESTIMATE_LOAD_KINDS = ["concurrency", "request_rate"] as const satisfies readonly LoadKind[];

/** How a percentile relates to the mean or median of the same point. */
export interface KnownRatio {
  metric: Metric;
  statistic: EstimatedStatistic;
  from: EstimateSource;
  loadKind: (typeof ESTIMATE_LOAD_KINDS)[number];
  /** Interval of percentile ÷ mean (or median) that 90% of such points lie in, and its median. */
  low: number;
  median: number;
  high: number;
}

/** The same with what it was made of: points that have both. */
export interface PercentileRatio extends KnownRatio {
  points: number;
  sources: number;
  /** Share of the points of a source that the interval made of all other sources covers, 0…1. */
  coverage: number;
}

/** The stated share of an interval. */
export const ESTIMATE_SHARE = 0.9;

type RatioRow = readonly [
  metric: Metric,
  statistic: EstimatedStatistic,
  from: EstimateSource,
  loadKind: KnownRatio["loadKind"],
  low: number,
  median: number,
  high: number,
];

// biome-ignore format: one row a ratio
const ROWS: readonly RatioRow[] = [
  ["ttft", "p90", "mean", "concurrency", 0.908, 1.44, 3.83],
  ["ttft", "p90", "mean", "request_rate", 1.08, 1.5, 2.19],
  ["ttft", "p90", "p50", "concurrency", 1.02, 2.21, 14.5],
  ["ttft", "p90", "p50", "request_rate", 1.21, 1.62, 2.5],
  ["ttft", "p95", "mean", "request_rate", 1.24, 1.7, 2.8],
  ["ttft", "p95", "p50", "request_rate", 1.28, 1.82, 3.92],
  ["ttft", "p99", "mean", "concurrency", 0.896, 3.45, 13],
  ["ttft", "p99", "mean", "request_rate", 1.47, 2.16, 4.71],
  ["ttft", "p99", "p50", "concurrency", 0.663, 3.63, 77.9],
  ["ttft", "p99", "p50", "request_rate", 1.47, 2.29, 7.23],
  ["tpot", "p90", "mean", "concurrency", 1, 1.07, 1.26],
  ["tpot", "p90", "mean", "request_rate", 1.02, 1.09, 1.24],
  ["tpot", "p90", "p50", "concurrency", 1, 1.06, 1.28],
  ["tpot", "p90", "p50", "request_rate", 1.01, 1.06, 1.25],
  ["tpot", "p95", "mean", "request_rate", 1.02, 1.1, 1.31],
  ["tpot", "p95", "p50", "request_rate", 1.02, 1.08, 1.29],
  ["tpot", "p99", "mean", "concurrency", 1, 1.12, 1.98],
  ["tpot", "p99", "mean", "request_rate", 1.03, 1.14, 1.52],
  ["tpot", "p99", "p50", "concurrency", 1, 1.1, 1.84],
  ["tpot", "p99", "p50", "request_rate", 1.02, 1.12, 1.51],
  ["itl", "p90", "mean", "concurrency", 0.57, 1.03, 3.75],
  ["itl", "p90", "p50", "concurrency", 1.01, 1.25, 4.28],
  ["itl", "p95", "p50", "concurrency", 1.03, 1.55, 6.26],
  ["itl", "p99", "mean", "concurrency", 1.02, 1.46, 8.39],
  ["itl", "p99", "p50", "concurrency", 0.989, 2.24, 15.3],
  ["e2e", "p90", "mean", "concurrency", 0.861, 1.18, 7.11],
  ["e2e", "p90", "mean", "request_rate", 1.08, 1.8, 2.49],
  ["e2e", "p90", "p50", "concurrency", 0.952, 1.16, 9.09],
  ["e2e", "p90", "p50", "request_rate", 1.04, 2.06, 4.57],
  ["e2e", "p95", "mean", "request_rate", 1.07, 2.21, 3.58],
  ["e2e", "p95", "p50", "request_rate", 1.05, 2.54, 6.42],
  ["e2e", "p99", "mean", "concurrency", 0.982, 1.38, 2.71],
  ["e2e", "p99", "mean", "request_rate", 1.08, 3.26, 5.39],
  ["e2e", "p99", "p50", "concurrency", 1.08, 1.37, 2.44],
  ["e2e", "p99", "p50", "request_rate", 1.07, 3.74, 9.73],
];

/**
 * How percentiles relate to the mean or median of the same point, as `calibratedRatios` finds it on the figures that come with the
 * program, to three digits. A test holds each interval to its promise: it covers at least 90% of the points of a source it was
 * not made of, on the figures as they are. The page on the method shows the same from the data at hand.
 */
export const PERCENTILE_RATIOS: readonly KnownRatio[] = ROWS.map(
  ([metric, statistic, from, loadKind, low, median, high]) => ({
    metric,
    statistic,
    from,
    loadKind,
    low,
    median,
    high,
  }),
);
