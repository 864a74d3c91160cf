import type { Measurement } from "../domain";

const MS_PER_SECOND = 1000;

/**
 * Output tokens/s of a closed loop by Little's law: concurrency × output tokens ÷ (TTFT + TPOT × (output tokens − 1)),
 * from the means, or from the medians where both are known and the means are not. `null` where anything is missing or the
 * load is not a concurrency.
 */
export function derivedOutputTokensPerSecond(measurement: Measurement): number | null {
  const { loadKind, loadValue, outputTokensMean, ttftMs, tpotMs } = measurement;
  if (loadKind !== "concurrency" || loadValue === null || outputTokensMean === null || outputTokensMean < 1)
    return null;
  if (ttftMs === null || tpotMs === null) return null;
  const statistic = ttftMs.mean !== null && tpotMs.mean !== null ? "mean" : "p50";
  const ttft = ttftMs[statistic];
  const tpot = tpotMs[statistic];
  if (ttft === null || tpot === null) return null;
  const requestMs = ttft + tpot * (outputTokensMean - 1);
  return requestMs > 0 ? (loadValue * outputTokensMean * MS_PER_SECOND) / requestMs : null;
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
