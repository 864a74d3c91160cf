import type { Metric, Statistic } from "../measurement/latency";
import type { LoadKind } from "../measurement/measurement";

/** Percentiles that may be estimated, low ones first. */
export const ESTIMATED_STATISTICS = ["p90", "p95", "p99"] as const satisfies readonly Statistic[];
export type EstimatedStatistic = (typeof ESTIMATED_STATISTICS)[number];

/** What a percentile is estimated from, the better first. */
export const ESTIMATE_SOURCES = ["mean", "p50"] as const satisfies readonly Statistic[];
export type EstimateSource = (typeof ESTIMATE_SOURCES)[number];

export const ESTIMATE_LOAD_KINDS = ["concurrency", "request_rate"] as const satisfies readonly LoadKind[];

/** How a percentile relates to the mean or median of the same point, over points that have both. */
export interface PercentileRatio {
  metric: Metric;
  statistic: EstimatedStatistic;
  from: EstimateSource;
  loadKind: (typeof ESTIMATE_LOAD_KINDS)[number];
  /** Interval of percentile ÷ mean (or median) that 90% of such points lie in, and its median. */
  low: number;
  median: number;
  high: number;
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
  loadKind: PercentileRatio["loadKind"],
  low: number,
  median: number,
  high: number,
  points: number,
  sources: number,
  coverage: number,
];

// biome-ignore format: one row a ratio
const ROWS: readonly RatioRow[] = [
  ["ttft", "p90", "mean", "concurrency", 0.908, 1.44, 3.83, 163, 2, 1],
  ["ttft", "p90", "mean", "request_rate", 1.08, 1.5, 2.19, 525, 6, 0.901],
  ["ttft", "p90", "p50", "concurrency", 1.02, 2.21, 14.5, 230, 2, 1],
  ["ttft", "p90", "p50", "request_rate", 1.21, 1.62, 2.5, 429, 5, 0.909],
  ["ttft", "p95", "mean", "request_rate", 1.24, 1.7, 2.8, 429, 5, 0.904],
  ["ttft", "p95", "p50", "request_rate", 1.28, 1.82, 3.92, 429, 5, 0.907],
  ["ttft", "p99", "mean", "concurrency", 0.896, 3.45, 13, 788, 8, 0.906],
  ["ttft", "p99", "mean", "request_rate", 1.47, 2.16, 4.71, 441, 6, 0.9],
  ["ttft", "p99", "p50", "concurrency", 0.663, 3.63, 77.9, 1302, 10, 0.906],
  ["ttft", "p99", "p50", "request_rate", 1.47, 2.29, 7.23, 441, 6, 0.909],
  ["tpot", "p90", "mean", "concurrency", 1, 1.07, 1.26, 163, 2, 1],
  ["tpot", "p90", "mean", "request_rate", 1.02, 1.09, 1.24, 429, 5, 0.921],
  ["tpot", "p90", "p50", "concurrency", 1, 1.06, 1.28, 230, 2, 1],
  ["tpot", "p90", "p50", "request_rate", 1.01, 1.06, 1.25, 429, 5, 0.918],
  ["tpot", "p95", "mean", "request_rate", 1.02, 1.1, 1.31, 429, 5, 0.911],
  ["tpot", "p95", "p50", "request_rate", 1.02, 1.08, 1.29, 429, 5, 0.904],
  ["tpot", "p99", "mean", "concurrency", 1, 1.12, 1.98, 788, 8, 0.929],
  ["tpot", "p99", "mean", "request_rate", 1.03, 1.14, 1.52, 441, 6, 0.902],
  ["tpot", "p99", "p50", "concurrency", 1, 1.1, 1.84, 1116, 9, 0.912],
  ["tpot", "p99", "p50", "request_rate", 1.02, 1.12, 1.51, 441, 6, 0.902],
  ["itl", "p90", "mean", "concurrency", 0.57, 1.03, 3.75, 163, 2, 1],
  ["itl", "p90", "p50", "concurrency", 1.01, 1.25, 4.28, 1068, 3, 0.916],
  ["itl", "p95", "p50", "concurrency", 1.03, 1.55, 6.26, 983, 2, 0.928],
  ["itl", "p99", "mean", "concurrency", 1.02, 1.46, 8.39, 788, 8, 0.91],
  ["itl", "p99", "p50", "concurrency", 0.989, 2.24, 15.3, 1869, 8, 0.945],
  ["e2e", "p90", "mean", "concurrency", 0.861, 1.18, 7.11, 234, 3, 0.927],
  ["e2e", "p90", "mean", "request_rate", 1.08, 1.8, 2.49, 429, 5, 0.902],
  ["e2e", "p90", "p50", "concurrency", 0.952, 1.16, 9.09, 301, 3, 0.904],
  ["e2e", "p90", "p50", "request_rate", 1.04, 2.06, 4.57, 429, 5, 0.984],
  ["e2e", "p95", "mean", "request_rate", 1.07, 2.21, 3.58, 429, 5, 0.981],
  ["e2e", "p95", "p50", "request_rate", 1.05, 2.54, 6.42, 429, 5, 0.981],
  ["e2e", "p99", "mean", "concurrency", 0.982, 1.38, 2.71, 579, 5, 0.914],
  ["e2e", "p99", "mean", "request_rate", 1.08, 3.26, 5.39, 429, 5, 0.946],
  ["e2e", "p99", "p50", "concurrency", 1.08, 1.37, 2.44, 830, 5, 0.9],
  ["e2e", "p99", "p50", "request_rate", 1.07, 3.74, 9.73, 429, 5, 0.958],
];

/**
 * How percentiles relate to the mean or median of the same point, as `calibratedRatios` finds it on the figures that come with the
 * program, to three digits. A test holds each interval to its promise: it covers at least 90% of the points of a source it was
 * not made of, on the figures as they are. The page on the method shows the same from the data at hand.
 */
export const PERCENTILE_RATIOS: readonly PercentileRatio[] = ROWS.map(
  ([metric, statistic, from, loadKind, low, median, high, points, sources, coverage]) => ({
    ...{ metric, statistic, from, loadKind, low, median, high, points, sources, coverage },
  }),
);
