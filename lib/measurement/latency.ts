import type { Dimension } from "./quantities";

/** The latencies of a load point: each a distribution over its requests, in milliseconds. */

export const METRICS = ["ttft", "tpot", "itl", "ntpot", "e2e"] as const;
export type Metric = (typeof METRICS)[number];

export const STATISTICS = ["mean", "p50", "p90", "p95", "p99"] as const;
export type Statistic = (typeof STATISTICS)[number];

/** One latency metric of one load point, milliseconds. A statistic that was not measured is `null`, never 0. */
export type LatencyStatistics = Record<Statistic, number | null>;

/** Name of the field that holds a metric on a measurement: `ttft` → `ttftMs`. */
export type LatencyField = `${Metric}Ms`;

/** Name of the column that holds one statistic of a metric: `ttft_ms_p95`. */
export type LatencyColumn = `${Metric}_ms_${Statistic}`;

const LATENCY_FIELDS: { readonly [M in Metric]: `${M}Ms` } = {
  ttft: "ttftMs",
  tpot: "tpotMs",
  itl: "itlMs",
  ntpot: "ntpotMs",
  e2e: "e2eMs",
};

/** `ttft` → `ttftMs`. Read from a table, because building the name for every point is slow. */
export function latencyField(metric: Metric): LatencyField {
  return LATENCY_FIELDS[metric];
}

/** `ttft` + `p95` → `ttft_ms_p95`. */
export function latencyColumn(metric: Metric, statistic: Statistic): LatencyColumn {
  return `${metric}_ms_${statistic}`;
}

export const METRIC_LABELS: Record<Metric, string> = {
  ttft: "TTFT",
  tpot: "TPOT",
  itl: "ITL",
  ntpot: "NTPOT",
  e2e: "E2E",
};

export const METRIC_MEANINGS: Record<Metric, string> = {
  ttft: "time to first token",
  tpot: "time per output token after the first",
  itl: "inter-token latency",
  ntpot: "end-to-end latency ÷ output tokens",
  e2e: "end-to-end request latency",
};

/** What the statistics of a metric are taken over. */
export const METRIC_SAMPLES: Record<Metric, string> = {
  ttft: "over requests",
  tpot: "over requests, each with the mean of its own tokens",
  itl: "over the gaps between tokens of all requests",
  ntpot: "over requests, each with its own output tokens",
  e2e: "over requests",
};

/** What a metric may be given in: those per token also as milliseconds per token. */
export const METRIC_DIMENSIONS: Record<Metric, Dimension> = {
  ttft: "latency",
  tpot: "latencyPerToken",
  itl: "latencyPerToken",
  ntpot: "latencyPerToken",
  e2e: "latency",
};

export const STATISTIC_LABELS: Record<Statistic, string> = {
  mean: "mean",
  p50: "p50",
  p90: "p90",
  p95: "p95",
  p99: "p99",
};

/** One statistic of one metric, with its names. */
export interface LatencyStatistic {
  metric: Metric;
  statistic: Statistic;
  field: LatencyField;
  column: LatencyColumn;
}

/** Every statistic of every metric, metric by metric: the order of the database's columns. */
export const LATENCY_STATISTICS: readonly LatencyStatistic[] = METRICS.flatMap((metric) =>
  STATISTICS.map((statistic) => ({
    metric,
    statistic,
    field: latencyField(metric),
    column: latencyColumn(metric, statistic),
  })),
);

/** Latency statistics from a function that gives each of them; `null` if none was measured. */
export function statisticsFrom(read: (statistic: Statistic) => number | null): LatencyStatistics | null {
  const statistics: LatencyStatistics = { mean: null, p50: null, p90: null, p95: null, p99: null };
  for (const statistic of STATISTICS) statistics[statistic] = read(statistic);
  return hasStatistics(statistics) ? statistics : null;
}

/** True where at least one statistic was measured. */
export function hasStatistics(statistics: LatencyStatistics): boolean {
  return (
    statistics.mean !== null ||
    statistics.p50 !== null ||
    statistics.p90 !== null ||
    statistics.p95 !== null ||
    statistics.p99 !== null
  );
}
