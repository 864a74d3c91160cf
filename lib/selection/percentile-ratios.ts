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
  ["ttft", "p90", "mean", "request_rate", 1.21, 1.53, 1.92, 328, 3, 0.902],
  ["ttft", "p90", "p50", "concurrency", 1.02, 2.21, 14.5, 230, 2, 1],
  ["ttft", "p90", "p50", "request_rate", 1.23, 1.64, 2.39, 328, 3, 0.902],
  ["ttft", "p95", "mean", "request_rate", 1.35, 1.73, 2.7, 328, 3, 0.902],
  ["ttft", "p95", "p50", "request_rate", 1.36, 1.87, 3.79, 328, 3, 0.902],
  ["ttft", "p99", "mean", "concurrency", 0.877, 3.62, 13.3, 711, 7, 0.906],
  ["ttft", "p99", "mean", "request_rate", 1.58, 2.2, 4.63, 340, 4, 0.906],
  ["ttft", "p99", "p50", "concurrency", 0.705, 4.16, 78.3, 1148, 8, 0.905],
  ["ttft", "p99", "p50", "request_rate", 1.54, 2.36, 8.02, 340, 4, 0.918],
  ["tpot", "p90", "mean", "concurrency", 1, 1.07, 1.26, 163, 2, 1],
  ["tpot", "p90", "mean", "request_rate", 0.975, 1.09, 1.4, 193, 2, 0.912],
  ["tpot", "p90", "p50", "concurrency", 1, 1.06, 1.28, 230, 2, 1],
  ["tpot", "p90", "p50", "request_rate", 1.01, 1.06, 1.26, 328, 3, 0.912],
  ["tpot", "p95", "mean", "request_rate", 0.984, 1.12, 1.51, 193, 2, 0.912],
  ["tpot", "p95", "p50", "request_rate", 1.01, 1.08, 1.31, 328, 3, 0.912],
  ["tpot", "p99", "mean", "concurrency", 1, 1.11, 1.87, 711, 7, 0.925],
  ["tpot", "p99", "mean", "request_rate", 0.999, 1.19, 2.32, 205, 3, 0.902],
  ["tpot", "p99", "p50", "concurrency", 1, 1.1, 1.81, 962, 7, 0.918],
  ["tpot", "p99", "p50", "request_rate", 1.02, 1.12, 1.69, 340, 4, 0.909],
  ["itl", "p90", "mean", "concurrency", 0.57, 1.03, 3.75, 163, 2, 1],
  ["itl", "p90", "p50", "concurrency", 1.01, 1.25, 4.28, 1068, 3, 0.916],
  ["itl", "p95", "p50", "concurrency", 1.03, 1.55, 6.26, 983, 2, 0.928],
  ["itl", "p99", "mean", "concurrency", 1.02, 1.44, 8.1, 711, 7, 0.918],
  ["itl", "p99", "p50", "concurrency", 0.987, 2.29, 15, 1792, 7, 0.949],
  ["e2e", "p90", "mean", "concurrency", 0.861, 1.18, 7.11, 234, 3, 0.927],
  ["e2e", "p90", "mean", "request_rate", 1.06, 1.8, 2.53, 328, 3, 0.909],
  ["e2e", "p90", "p50", "concurrency", 0.952, 1.16, 9.09, 301, 3, 0.904],
  ["e2e", "p90", "p50", "request_rate", 1.06, 2.07, 4.56, 328, 3, 0.905],
  ["e2e", "p95", "mean", "request_rate", 1.08, 2.22, 3.58, 328, 3, 0.902],
  ["e2e", "p95", "p50", "request_rate", 1.07, 2.55, 6.48, 328, 3, 0.909],
  ["e2e", "p99", "mean", "concurrency", 0.982, 1.38, 2.71, 579, 5, 0.914],
  ["e2e", "p99", "mean", "request_rate", 1.06, 3.28, 5.6, 328, 3, 0.933],
  ["e2e", "p99", "p50", "concurrency", 1.08, 1.37, 2.44, 830, 5, 0.9],
  ["e2e", "p99", "p50", "request_rate", 1.11, 3.77, 9.92, 328, 3, 0.905],
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
