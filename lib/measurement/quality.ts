import { type LatencyStatistics, latencyField, METRICS, STATISTICS } from "./latency";
import type { Measurement } from "./measurement";
import type { QualityFlag } from "./quality-flags";
import { QUANTITIES } from "./quantities";

/** Larger magnitudes are no measurement in any unit we read (milliseconds, tokens/s, counts). */
const MAX_MEASURED_VALUE = 1e15;

/** Output tokens/s may differ this much from tokens ÷ duration before the two contradict each other. */
const THROUGHPUT_TOLERANCE = 0.1;

/** No served model answers faster; a mean below it is almost always seconds in a milliseconds field. */
const FASTEST_PLAUSIBLE_TTFT_MS = 0.5;

/** Ten thousand tokens/s for one user: ten times what any served model gives; below it the figure is in seconds. */
const FASTEST_PLAUSIBLE_TPOT_MS = 0.1;

/** A day: above it the figure is in microseconds or nanoseconds. */
const SLOWEST_PLAUSIBLE_MS = 24 * 3600 * 1000;

/** With fewer output tokens per answer, tokens/s and requests/s cannot be told apart. */
const FEWEST_TOKENS_TO_JUDGE = 4;

/** Percentiles of a true distribution may still differ in the last digits after a change of unit. */
const ORDER_TOLERANCE = 1e-9;

/** What a measured value must be and is not; `null` when it may be a measurement. */
export function impossibleValue(value: number): string | null {
  if (!Number.isFinite(value)) return "a finite number";
  if (value < 0) return "0 or more";
  return value > MAX_MEASURED_VALUE ? `a number below ${MAX_MEASURED_VALUE}` : null;
}

/** A value of a measurement that cannot be, with the field it stands in. */
export interface ImpossibleField {
  field: string;
  value: number;
  expected: string;
}

/** Every value of a measurement that cannot be: negative, not finite, beyond any unit, or a count with a fraction. */
export function impossibleFields(measurement: Measurement): ImpossibleField[] {
  const found: ImpossibleField[] = [];
  for (const { field, kind } of QUANTITIES) {
    const value = measurement[field];
    if (value === null) continue;
    const isWhole = kind !== "count" || Number.isInteger(value);
    const expected = impossibleValue(value) ?? (isWhole ? null : "a whole number");
    if (expected !== null) found.push({ field, value, expected });
  }
  for (const metric of METRICS) {
    const statistics = measurement[latencyField(metric)];
    if (statistics === null) continue;
    for (const statistic of STATISTICS) {
      const value = statistics[statistic];
      const expected = value === null ? null : impossibleValue(value);
      if (value !== null && expected !== null) {
        found.push({ field: `${latencyField(metric)}.${statistic}`, value, expected });
      }
    }
  }
  return found;
}

/** Quality flags for a measurement that contradicts itself. The measurement is not changed. */
export function qualityFlagsOf(measurement: Measurement): QualityFlag[] {
  const flags: QualityFlag[] = [];
  if (METRICS.some((metric) => percentilesDecrease(measurement[latencyField(metric)]))) {
    flags.push("percentiles_not_monotonic");
  }
  const { requestsCompleted, requestsFailed } = measurement;
  if (requestsCompleted !== null && requestsFailed !== null && requestsFailed > requestsCompleted) {
    flags.push("failures_exceed_completed");
  }
  if (throughputContradictsDuration(measurement)) flags.push("throughput_contradicts_duration");
  const ttft = measurement.ttftMs?.mean ?? measurement.ttftMs?.p50 ?? null;
  const tpot = measurement.tpotMs?.mean ?? measurement.tpotMs?.p50 ?? null;
  const fast =
    (ttft !== null && ttft < FASTEST_PLAUSIBLE_TTFT_MS) || (tpot !== null && tpot < FASTEST_PLAUSIBLE_TPOT_MS);
  const slow = [ttft, tpot, measurement.e2eMs?.mean ?? null].some(
    (value) => value !== null && value > SLOWEST_PLAUSIBLE_MS,
  );
  if (fast || slow) flags.push("suspicious_latency_unit");
  if (looksLikeRequests(measurement)) flags.push("suspicious_throughput_unit");
  return flags;
}

/** Output tokens/s no higher than requests/s although an answer has several tokens: requests where tokens were meant. */
function looksLikeRequests({ outputTokensPerSecond, requestRateAchieved, outputTokensMean }: Measurement): boolean {
  if (outputTokensPerSecond === null || outputTokensPerSecond === 0) return false;
  if (requestRateAchieved === null || outputTokensMean === null || outputTokensMean < FEWEST_TOKENS_TO_JUDGE)
    return false;
  return outputTokensPerSecond <= requestRateAchieved * (1 + THROUGHPUT_TOLERANCE);
}

function percentilesDecrease(statistics: LatencyStatistics | null): boolean {
  if (statistics === null) return false;
  const ordered = [statistics.p50, statistics.p90, statistics.p95, statistics.p99].filter((value) => value !== null);
  return ordered.some((value, index) => {
    const before = ordered[index - 1];
    return before !== undefined && value < before * (1 - ORDER_TOLERANCE);
  });
}

/** Output tokens/s against completed × output tokens ÷ duration. */
function throughputContradictsDuration(measurement: Measurement): boolean {
  const { outputTokensPerSecond, requestsCompleted, outputTokensMean, durationS } = measurement;
  if (outputTokensPerSecond === null || requestsCompleted === null || outputTokensMean === null) return false;
  if (durationS === null || durationS === 0) return false;
  const expected = (requestsCompleted * outputTokensMean) / durationS;
  return Math.abs(outputTokensPerSecond - expected) > THROUGHPUT_TOLERANCE * Math.max(outputTokensPerSecond, expected);
}
