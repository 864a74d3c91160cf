import { formatNumber } from "../../format";
import type { PointCheck } from "./check";

/** Share of the nominal length from which on up it stands: latencies are rounded, and means do not multiply exactly. */
const CLOSE_ENOUGH = 0.97;
/** … and below which the latencies are the ones that are wrong. */
const TOO_SHORT = 0.5;

export const nominalLengthHolds: PointCheck = {
  flag: "output_length_derived",
  consequence: "note",
  asks: "Where only the nominal output length is stated, do E2E, TTFT and TPOT agree with it?",
  tolerance:
    "3% shorter; down to half of it (E2E − TTFT) ÷ TPOT + 1 then takes its place, stored apart and marked as derived",
  source:
    "clients that draw lengths from a range below the nominal one: in 476 of 476 shipped points with all three it is 0.9 of it",
  find({ measurement }) {
    const { outputTokensMean, outputTokensMeanDerived, qualityFlags, ttftMs, tpotMs, e2eMs } = measurement;
    const ttft = ttftMs?.mean ?? null;
    const tpot = tpotMs?.mean ?? null;
    const e2e = e2eMs?.mean ?? null;
    if (outputTokensMean === null || outputTokensMeanDerived !== null) return null;
    if (!qualityFlags.includes("nominal_token_lengths") || !Number.isInteger(outputTokensMean)) return null;
    if (ttft === null || tpot === null || e2e === null || tpot <= 0 || e2e <= ttft) return null;
    const derived = (e2e - ttft) / tpot + 1;
    const share = derived / outputTokensMean;
    if (share >= CLOSE_ENOUGH || share < TOO_SHORT) return null;
    return {
      reason: `${formatNumber(outputTokensMean)} output tokens are nominal; E2E, TTFT and TPOT make ${formatNumber(derived)}`,
      corrected: { outputTokensMeanDerived: derived },
    };
  },
};
