import { formatLatency } from "../../format";
import type { Finding, PointCheck } from "./check";

/** No served model answers faster; a mean below it is almost always seconds in a milliseconds field. */
const FASTEST_PLAUSIBLE_TTFT_MS = 0.5;

/** Ten thousand tokens/s for one user: ten times what any served model gives; below it the figure is in seconds. */
const FASTEST_PLAUSIBLE_TPOT_MS = 0.1;

/** A day: above it the figure is in microseconds or nanoseconds. */
const SLOWEST_PLAUSIBLE_MS = 24 * 3600 * 1000;

export const latencyUnitPlausible: PointCheck = {
  flag: "suspicious_latency_unit",
  consequence: "doubt",
  asks: "Are latencies what milliseconds can be?",
  tolerance: "TTFT from 0.5 ms, TPOT from 0.1 ms (mean, else p50), neither nor E2E above a day",
  source: "seconds, microseconds or nanoseconds in a field of milliseconds",
  find({ measurement }) {
    const { ttftMs, tpotMs, e2eMs } = measurement;
    return (
      implausible("TTFT", ttftMs?.mean ?? ttftMs?.p50 ?? null, FASTEST_PLAUSIBLE_TTFT_MS) ??
      implausible("TPOT", tpotMs?.mean ?? tpotMs?.p50 ?? null, FASTEST_PLAUSIBLE_TPOT_MS) ??
      implausible("E2E", e2eMs?.mean ?? null, 0)
    );
  },
};

function implausible(name: string, valueMs: number | null, fastestMs: number): Finding | null {
  if (valueMs === null || (valueMs >= fastestMs && valueMs <= SLOWEST_PLAUSIBLE_MS)) return null;
  return { reason: `a ${name} of ${formatLatency(valueMs)} is in another unit than milliseconds` };
}
