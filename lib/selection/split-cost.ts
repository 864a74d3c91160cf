import type { LoadPoint } from "../domain";
import { requestsPerSecondOf } from "../frontier/derive";
import type { LoadCurve } from "../frontier/load-curve";
import { usdPerMillionTokens } from "./cost";
import type { PaidTokens, SplitCost, TokenPrices } from "./token-prices";
import type { OperatingPoint } from "./types";

/**
 * USD per output token = USD/s ÷ (output tokens/s + input tokens/s ÷ ratio), an input token a ratio-th of it (gkerecommender API,
 * `Cost`); input from cache counts as its own part of input.
 */
export function splitCost(usdPerHour: number, paid: PaidTokens, prices: TokenPrices): SplitCost {
  const cached = paid.cachedInputShare ?? 0;
  const inputParts = paid.inputTokensPerSecond * (1 - cached + cached * prices.cachedPerInput);
  const output = usdPerMillionTokens(usdPerHour, paid.outputTokensPerSecond + inputParts / prices.outputPerInput);
  const input = output / prices.outputPerInput;
  return {
    usdPerMillionOutputTokens: output,
    usdPerMillionInputTokens: input,
    usdPerMillionCachedInputTokens: paid.cachedInputShare === null ? null : input * prices.cachedPerInput,
  };
}

/** Input tokens/s at a measured point: measured, else requests/s × input tokens of a request; `null` = not known. */
function inputRateOf(point: LoadPoint, { workload }: LoadCurve): number | null {
  if (point.inputTokensPerSecond !== null) return point.inputTokensPerSecond;
  const requests = requestsPerSecondOf(point);
  const tokens = point.inputTokensMean ?? workload.inputTokens;
  return requests === null || tokens === null ? null : requests * tokens;
}

/** What is paid for at an operating point; `null` where the input is not known. */
export function paidTokensAt(curve: LoadCurve, point: OperatingPoint): PaidTokens | null {
  const measured = point.kind === "interpolated" ? point.between : [point.point];
  const perOutput = measured.map((of) => {
    const output = of.outputTokensPerSecond ?? of.outputTokensPerSecondDerived;
    const input = inputRateOf(of, curve);
    return input === null || output === null || output <= 0 ? null : input / output;
  });
  const shares = measured.map((of) => of.cachedInputShare);
  const inputPerOutput = meanOf(perOutput);
  if (inputPerOutput === null) return null;
  const { outputTokensPerSecond } = point;
  return {
    outputTokensPerSecond,
    inputTokensPerSecond: point.inputTokensPerSecond ?? outputTokensPerSecond * inputPerOutput,
    cachedInputShare: meanOf(shares),
  };
}

/** Mean of one or two values; `null` where one is not known. */
function meanOf(values: readonly (number | null)[]): number | null {
  let sum = 0;
  for (const value of values) {
    if (value === null) return null;
    sum += value;
  }
  return sum / values.length;
}
