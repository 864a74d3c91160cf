import { MS_PER_SECOND } from "../units";
import type { Measurement } from "./measurement";
import { outputTokensOf } from "./output-tokens";

/**
 * How much derived throughput is above measured throughput in the median of the shipped points that have both (measured ÷ derived
 * is 0.974 on 3,050 points); the page on the method shows it by source. It is said, not taken off: single sources differ more.
 */
export const DERIVED_TOO_HIGH = 0.026;

/** One load of a closed loop, with the lengths and latencies Little's law needs. */
export interface ClosedLoop {
  /** Requests in flight. */
  concurrency: number;
  /** Output tokens per request. */
  outputTokens: number;
  ttftMs: number;
  tpotMs: number;
}

/**
 * Output tokens/s of a closed loop by Little's law: concurrency × output tokens ÷ (TTFT + TPOT × (output tokens − 1)).
 * Source: J. D. C. Little, "A Proof for the Queuing Formula: L = λW" (1961). Infinite or negative where the time of a request is not positive.
 */
export function littlesLawThroughput({ concurrency, outputTokens, ttftMs, tpotMs }: ClosedLoop): number {
  const requestMs = ttftMs + tpotMs * (outputTokens - 1);
  return (concurrency * outputTokens * MS_PER_SECOND) / requestMs;
}

/**
 * The load of a closed-loop measurement as Little's law takes it: latencies by their means, or by their medians where both are
 * known and the means are not. `null` where anything is missing or the load is not a concurrency.
 */
export function closedLoopOf(measurement: Measurement): ClosedLoop | null {
  const { loadKind, loadValue, ttftMs, tpotMs } = measurement;
  const outputTokens = outputTokensOf(measurement);
  if (loadKind !== "concurrency" || loadValue === null || outputTokens === null || outputTokens < 1) return null;
  if (ttftMs === null || tpotMs === null) return null;
  const statistic = ttftMs.mean !== null && tpotMs.mean !== null ? "mean" : "p50";
  const ttft = ttftMs[statistic];
  const tpot = tpotMs[statistic];
  if (ttft === null || tpot === null) return null;
  return { concurrency: loadValue, outputTokens, ttftMs: ttft, tpotMs: tpot };
}

/** Output tokens/s that follow from a measurement by {@link littlesLawThroughput}; `null` where they do not. */
export function derivedOutputTokensPerSecond(measurement: Measurement): number | null {
  const load = closedLoopOf(measurement);
  if (load === null) return null;
  const throughput = littlesLawThroughput(load);
  return Number.isFinite(throughput) && throughput > 0 ? throughput : null;
}

/**
 * The measurement with its derived throughput, flagged `est_throughput`, where none was measured and none is stated.
 * Measured fields are never touched.
 */
export function withDerivedThroughput<T extends Measurement>(measurement: T): T {
  if (measurement.outputTokensPerSecond !== null || measurement.outputTokensPerSecondDerived !== null)
    return measurement;
  const derived = derivedOutputTokensPerSecond(measurement);
  if (derived === null) return measurement;
  const flags = measurement.qualityFlags;
  return {
    ...measurement,
    outputTokensPerSecondDerived: derived,
    qualityFlags: flags.includes("est_throughput") ? flags : [...flags, "est_throughput"],
  };
}
