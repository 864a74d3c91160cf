import type { Measurement } from "./measurement";

/**
 * Output tokens of an answer, mean: derived where only the nominal length is stated and the point's own latencies contradict it,
 * else as measured or stated; `null` = not known.
 */
export function outputTokensOf(
  point: Partial<Pick<Measurement, "outputTokensMean" | "outputTokensMeanDerived">>,
): number | null {
  return point.outputTokensMeanDerived ?? point.outputTokensMean ?? null;
}
