import { formatLatency } from "../../format";
import {
  type LatencyStatistics,
  latencyField,
  METRIC_LABELS,
  METRICS,
  type Metric,
  STATISTICS,
  type Statistic,
} from "../latency";
import type { Measurement } from "../measurement";
import { outputTokensOf } from "../output-tokens";
import type { PointCheck } from "./check";

/** Percentiles of a true distribution may still differ in the last digits after a change of unit. */
const ORDER_TOLERANCE = 1e-9;

const PERCENTILES = ["p50", "p90", "p95", "p99"] as const satisfies readonly Statistic[];

export const percentilesInOrder: PointCheck = {
  flag: "percentiles_not_monotonic",
  consequence: "doubt",
  asks: "Is p50 ≤ p90 ≤ p95 ≤ p99 in every latency?",
  tolerance: "none, but for the last digits",
  source: "definition of a percentile",
  find({ measurement }) {
    for (const metric of METRICS) {
      const statistics = measurement[latencyField(metric)];
      if (statistics === null) continue;
      let before: Statistic | null = null;
      let valueBefore = 0;
      for (const statistic of PERCENTILES) {
        const value = statistics[statistic];
        if (value === null) continue;
        if (before !== null && value < valueBefore * (1 - ORDER_TOLERANCE)) {
          const name = METRIC_LABELS[metric];
          return {
            reason: `${name} ${statistic} is ${formatLatency(value)}, below its ${before} of ${formatLatency(valueBefore)}`,
          };
        }
        before = statistic;
        valueBefore = value;
      }
    }
    return null;
  },
};

/** A mean may pass the p99 by this share: percentiles of histograms are off by up to a bucket. */
const MEAN_ABOVE_P99 = 1.1;

export const meanBelowP99: PointCheck = {
  flag: "mean_above_p99",
  consequence: "doubt",
  asks: "Is the mean of TTFT, TPOT, NTPOT and E2E at most their p99?",
  tolerance: "10%; not asked of ITL, whose gaps of zero between tokens that arrive together make it possible",
  source:
    "the slowest hundredth of the requests would have to outweigh all others; seen where units or columns were mixed up",
  find({ measurement }) {
    for (const metric of METRICS) {
      const statistics = metric === "itl" ? null : measurement[latencyField(metric)];
      if (statistics === null || statistics.mean === null || statistics.p99 === null) continue;
      if (statistics.mean <= statistics.p99 * MEAN_ABOVE_P99) continue;
      const name = METRIC_LABELS[metric];
      return {
        reason: `the mean of ${name}, ${formatLatency(statistics.mean)}, is above its p99 of ${formatLatency(statistics.p99)}`,
      };
    }
    return null;
  },
};

export const percentileIsNoMean: PointCheck = {
  flag: "percentile_equals_mean",
  consequence: "doubt",
  asks: "Is the p99 a figure of its own, not the mean once more?",
  tolerance: "TTFT or E2E equal to the last digit, with more than one request",
  source:
    "a wrapper that writes the mean into the column of a percentile; equal only if all requests took equally long",
  find({ measurement }) {
    const { requestsCompleted, ttftMs, e2eMs } = measurement;
    if (requestsCompleted === 1 || !(meanIsP99(ttftMs) || meanIsP99(e2eMs))) return null;
    const equal = METRICS.filter((metric) => meanIsP99(measurement[latencyField(metric)]));
    return {
      reason: `the p99 of ${equal.map((metric) => METRIC_LABELS[metric]).join(", ")} is the mean to the last digit`,
    };
  },
};

function meanIsP99(statistics: LatencyStatistics | null): boolean {
  return statistics !== null && statistics.mean !== null && statistics.mean === statistics.p99;
}

/** Requests from which on a percentile is more than the slowest request: one of them lies above it. */
const FEWEST_REQUESTS: Readonly<Partial<Record<Statistic, number>>> = { p90: 10, p95: 20, p99: 100 };

/**
 * Values a percentile takes and has at a load point, where it has too few: the p99 of 8 requests is a guess at the slowest one.
 * `null` where there are enough or their number is not known. ITL is taken over all gaps between tokens, so it has more.
 */
export function tooFewFor(
  point: SampledPoint,
  metric: Metric,
  statistic: Statistic,
): { needed: number; had: number } | null {
  const needed = FEWEST_REQUESTS[statistic];
  const requests = point.requestsCompleted ?? null;
  if (needed === undefined || requests === null || requests >= needed) return null;
  const overGaps = metric === "itl" && point.qualityFlags?.includes("itl_per_request_mean") !== true;
  const gaps = overGaps ? Math.max(1, (outputTokensOf(point) ?? 1) - 1) : 1;
  return requests * gaps >= needed ? null : { needed, had: requests };
}

/** What tells how many values a percentile was taken over. */
export type SampledPoint = Partial<
  Pick<Measurement, "requestsCompleted" | "outputTokensMean" | "outputTokensMeanDerived"> & {
    readonly qualityFlags: Measurement["qualityFlags"];
  }
>;

export const enoughRequests: PointCheck = {
  flag: "percentiles_of_few_requests",
  consequence: "note",
  asks: "Were there enough requests for the percentiles given?",
  tolerance: "100 for a p99, 20 for a p95, 10 for a p90; such a percentile is shown and meets no target",
  source: "with fewer, no request lies above the percentile and it is a guess at the slowest one",
  find({ measurement }) {
    if (measurement.requestsCompleted === null) return null;
    for (const metric of METRICS) {
      const statistics = measurement[latencyField(metric)];
      if (statistics === null) continue;
      for (const statistic of STATISTICS) {
        const few = statistics[statistic] === null ? null : tooFewFor(measurement, metric, statistic);
        if (few === null) continue;
        return {
          reason: `${METRIC_LABELS[metric]} ${statistic} of ${few.had} requests; it takes ${few.needed}`,
        };
      }
    }
    return null;
  },
};
