import { formatLatency } from "../../format";
import type { PointCheck } from "./check";

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
    const ttft = measurement.ttftMs?.mean ?? measurement.ttftMs?.p50 ?? null;
    const tpot = measurement.tpotMs?.mean ?? measurement.tpotMs?.p50 ?? null;
    const e2e = measurement.e2eMs?.mean ?? null;
    for (const [name, value, fastest] of [
      ["TTFT", ttft, FASTEST_PLAUSIBLE_TTFT_MS],
      ["TPOT", tpot, FASTEST_PLAUSIBLE_TPOT_MS],
      ["E2E", e2e, 0],
    ] as const) {
      if (value === null || (value >= fastest && value <= SLOWEST_PLAUSIBLE_MS)) continue;
      return { reason: `a ${name} of ${formatLatency(value)} is in another unit than milliseconds` };
    }
    return null;
  },
};
