import { describe, expect, it } from "vitest";
import { costOf } from "@/lib/selection/cost";
import { operatingPoint } from "@/lib/selection/operating-point";
import { curve, latency, point } from "../frontier/builders";
import { PRINTED_PRICES, PUBLISHED_CURVES, type PublishedPoint } from "./published-figures";

/** Median ShareGPT lengths the published benchmarks used. */
const INPUT_TOKENS = 108;
const OUTPUT_TOKENS = 132;

/** Price of an output token ÷ price of an input token that GKE Inference Quickstart assumes (gkerecommender API). */
const OUTPUT_TO_INPUT_PRICE_RATIO = 4;

/** Our cost of output tokens, split over input and output as the published ones are: input tokens count as a part of output tokens. */
const costAt = (usdPerHour: number, outputTokensPerSecond: number) => {
  const cost = costOf(1, outputTokensPerSecond, { kind: "own", usdPerAcceleratorHour: usdPerHour }, null);
  if (cost.kind === "unknown") throw new Error(cost.reason);
  const tokensPerOutputToken = 1 + INPUT_TOKENS / OUTPUT_TOKENS / OUTPUT_TO_INPUT_PRICE_RATIO;
  const usdPerMillionOutputTokens = cost.usdPerMillionOutputTokens / tokensPerOutputToken;
  return {
    usdPerMillionOutputTokens,
    usdPerMillionInputTokens: usdPerMillionOutputTokens / OUTPUT_TO_INPUT_PRICE_RATIO,
  };
};

/** USD/h that makes a published row: cost × throughput is price. The formula is linear in the price. */
const priceBehind = (outputTokensPerSecond: number, usdPerMillionOutput: number): number =>
  usdPerMillionOutput / costAt(1, outputTokensPerSecond).usdPerMillionOutputTokens;

const options = {
  requests: { maxFailedShare: 0.01, minGoodputShare: null },
  measuredOnly: false,
  includeOutliers: false,
  estimates: false,
  kneeShare: 0.95,
};
const kneeOf = (points: readonly Pick<PublishedPoint, "ntpotMs" | "outputTokensPerSecond">[]) => {
  const measured = points.map(({ ntpotMs, outputTokensPerSecond }, index) =>
    point({ loadValue: index + 1, outputTokensPerSecond, ntpotMs: latency({ p50: ntpotMs }) }),
  );
  const result = operatingPoint(curve(measured), [], options);
  return result.kind === "found" ? result.operatingPoint : null;
};

describe("published costs of GKE Inference Quickstart (gemma-2-27b-it, vLLM 0.7.2, ShareGPT, spot, ratio 4)", () => {
  it("follow from one price per machine: 2,050 tokens/s at 0.222, 1,422 at 0.323, 861 at 0.533 on one H100", () => {
    const usdPerHour = priceBehind(2050, 0.222);
    // Spot price of an a3-highgpu-1g at that time.
    expect(usdPerHour).toBeCloseTo(1.97, 2);
    // Published with three decimals, 0.055: a quarter of 0.222, cut.
    expect(Math.abs(costAt(usdPerHour, 2050).usdPerMillionInputTokens - 0.055)).toBeLessThan(0.0006);
    for (const [tokens, published] of [
      [1422, 0.323],
      [861, 0.533],
      [172, 2.65],
    ] as const) {
      expect(costAt(usdPerHour, tokens).usdPerMillionOutputTokens / published).toBeCloseTo(1, 1);
    }
  });

  it("have the published inflection point as their knee on H100", () => {
    const h100 = [
      { ntpotMs: 34, outputTokensPerSecond: 172 },
      { ntpotMs: 47, outputTokensPerSecond: 1422 },
      { ntpotMs: 67, outputTokensPerSecond: 2050 },
      { ntpotMs: 614, outputTokensPerSecond: 2091 },
      { ntpotMs: 1538, outputTokensPerSecond: 2077 },
      { ntpotMs: 2272, outputTokensPerSecond: 2104 },
    ];
    expect(kneeOf(h100)).toMatchObject({ outputTokensPerSecond: 2050, rule: "knee" });
  });

  describe("on every point of the published charts", () => {
    it.each([
      ["a3-highgpu-1g", 1.97],
      ["g2-standard-48", 0.75],
    ] as const)(
      "of %s: cost before saturation follows from the printed row's price of $%d/h",
      (machine, expectedPrice) => {
        const { points, inflectionPoint } = PUBLISHED_CURVES[machine];
        if (inflectionPoint.usdPerMillionOutputTokens === null) throw new Error("expected a printed row with a cost");
        const usdPerHour = priceBehind(
          inflectionPoint.outputTokensPerSecond,
          inflectionPoint.usdPerMillionOutputTokens,
        );
        expect(usdPerHour).toBeCloseTo(expectedPrice, 1);
        expect(points.every((drawn) => drawn.usdPerMillionOutputTokens !== null)).toBe(true);
        for (const { outputTokensPerSecond, ntpotMs, usdPerMillionOutputTokens: usd } of points) {
          if (usd === null) continue;
          const ours = costAt(usdPerHour, outputTokensPerSecond).usdPerMillionOutputTokens;
          // Read off a chart to about 1% on each axis; past saturation the measured input share grows and cost falls.
          if (ntpotMs <= inflectionPoint.ntpotMs) expect(Math.abs(ours / usd - 1)).toBeLessThan(0.06);
          else expect(ours / usd).toBeGreaterThan(0.97);
          expect(Math.abs(ours / usd - 1)).toBeLessThan(0.15);
        }
      },
    );

    it("the knee is the published inflection point on H100 and L4 (on A100 no simple rule gives it)", () => {
      const kneeOn = (machine: keyof typeof PUBLISHED_CURVES) =>
        kneeOf(PUBLISHED_CURVES[machine].points)?.outputTokensPerSecond;
      expect(kneeOn("a3-highgpu-1g")).toBe(2050);
      expect(kneeOn("g2-standard-48")).toBe(425);
      expect(kneeOn("a2-highgpu-2g")).toBe(1395);
    });
  });

  it("price an input token at a quarter of an output token", () => {
    for (const { outputTokensPerSecond, usdPerMillionInputTokens, usdPerMillionOutputTokens } of PRINTED_PRICES) {
      const split = costAt(priceBehind(outputTokensPerSecond, usdPerMillionOutputTokens), outputTokensPerSecond);
      // Printed with three decimals.
      expect(Math.abs(split.usdPerMillionInputTokens - usdPerMillionInputTokens)).toBeLessThan(0.0006);
    }
  });
});
