import type { SampledPoint } from "../measurement/checks/statistics";
import type { LatencyField, Metric, Statistic } from "../measurement/latency";
import { latencyField } from "../measurement/latency";
import type { Measurement } from "../measurement/measurement";
import { outputTokensOf } from "../measurement/output-tokens";

export type ThroughputBasis = "measured" | "derived";

/** Anything that carries latencies: a load point, an operating point. The output length is what NTPOT is derived with. */
export type LatencyCarrier = Pick<Measurement, LatencyField> & SampledPoint;

/** The throughput fields of a load point. */
export type ThroughputCarrier = Pick<Measurement, "outputTokensPerSecond" | "outputTokensPerSecondDerived">;

export interface LatencyReading {
  /** Milliseconds; `null` = neither measured nor derivable. */
  value: number | null;
  basis: "measured" | "derived" | "missing";
}

const MISSING: LatencyReading = { value: null, basis: "missing" };

/**
 * One latency of one point in milliseconds, and where it comes from.
 * Only the mean of NTPOT is ever derived, as mean end-to-end latency ÷ mean output tokens: a percentile of
 * a quotient is not the quotient of percentiles.
 */
export function latencyOf(point: LatencyCarrier, metric: Metric, statistic: Statistic): LatencyReading {
  const measured = point[latencyField(metric)]?.[statistic];
  if (measured !== null && measured !== undefined) return { value: measured, basis: "measured" };
  if (metric !== "ntpot" || statistic !== "mean") return MISSING;
  const e2eMs = point.e2eMs?.mean;
  const outputTokens = outputTokensOf(point);
  if (e2eMs === null || e2eMs === undefined || !outputTokens || outputTokens <= 0) return MISSING;
  return { value: e2eMs / outputTokens, basis: "derived" };
}

/**
 * Output tokens/s of the whole deployment: measured where it was, else the value derived by Little's law, else `null`.
 */
export function throughputOf(point: ThroughputCarrier): {
  outputTokensPerSecond: number | null;
  basis: ThroughputBasis | null;
} {
  if (point.outputTokensPerSecond !== null) {
    return { outputTokensPerSecond: point.outputTokensPerSecond, basis: "measured" };
  }
  if (point.outputTokensPerSecondDerived !== null) {
    return { outputTokensPerSecond: point.outputTokensPerSecondDerived, basis: "derived" };
  }
  return { outputTokensPerSecond: null, basis: null };
}

/**
 * Requests/s the deployment completes at a point: the measured rate, else output tokens/s ÷ output tokens per request,
 * else `null`.
 */
export function requestsPerSecondOf(
  point: ThroughputCarrier & Pick<Measurement, "requestRateAchieved" | "outputTokensMean" | "outputTokensMeanDerived">,
): number | null {
  if (point.requestRateAchieved !== null && point.requestRateAchieved > 0) return point.requestRateAchieved;
  const { outputTokensPerSecond } = throughputOf(point);
  const outputTokens = outputTokensOf(point);
  if (outputTokensPerSecond === null || !outputTokens || outputTokens <= 0) return null;
  return outputTokensPerSecond / outputTokens;
}
