import type { Accelerator } from "../../catalogue/catalogue";
import { formatNumber } from "../../format";
import type { PointCheck } from "./check";

const UNITS_PER_BILLION = 1e9;
const FLOPS_PER_TERAFLOP = 1e12;
/** A multiplication and an addition for every active weight and token. */
const FLOPS_PER_WEIGHT = 2;

/** Operations at half the width are at most this many times as many. */
const HALF_WIDTH = 2;

/**
 * The most an accelerator does in any precision: its fastest published rate, and twice that of 16 bits where none of 8 bits is
 * published, because it may have one. `null` = not known.
 */
function mostTflops({ bf16Tflops, fp8Tflops, fp4Tflops }: Accelerator): number | null {
  const eightBits = fp8Tflops ?? (bf16Tflops === null ? null : bf16Tflops * HALF_WIDTH);
  const known = [eightBits, fp4Tflops].filter((value) => value !== null);
  return known.length === 0 ? null : Math.max(...known);
}

export const prefillWithinArithmetic: PointCheck = {
  flag: "prefill_beats_arithmetic",
  consequence: "doubt",
  asks: "Can the accelerators do the arithmetic of this many tokens a second?",
  tolerance:
    "input and output tokens/s × 2 × active weights above the accelerators’ dense peak in their fastest precision (twice that of 16 bits where none of 8 is published); not asked where input comes from a cache",
  source: "every token takes a multiplication and an addition with every active weight, unless it is read from a cache",
  find({ measurement, setup }) {
    const { inputTokensPerSecond, outputTokensPerSecond, qualityFlags } = measurement;
    if (setup === null || setup.model === null || setup.accelerator === null) return null;
    if (qualityFlags.includes("prefix_caching_on") || (measurement.cachedInputShare ?? 0) > 0) return null;
    const active = setup.model.activeParametersBillions;
    const tflops = mostTflops(setup.accelerator);
    const tokens = (inputTokensPerSecond ?? 0) + (outputTokensPerSecond ?? 0);
    if (active === null || tflops === null || tokens === 0) return null;
    const most =
      (tflops * FLOPS_PER_TERAFLOP * setup.configuration.acceleratorCount) /
      (FLOPS_PER_WEIGHT * active * UNITS_PER_BILLION);
    if (tokens <= most) return null;
    return {
      reason: `${formatNumber(tokens)} tokens/s are more than the ${formatNumber(most)} the accelerators’ arithmetic allows`,
    };
  },
};
