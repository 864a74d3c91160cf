import { describe, expect, it } from "vitest";
import { DEFAULT_OUTPUT_TO_INPUT_PRICE_RATIO, splitCost } from "@/lib/selection/cost";
import { operatingPoint } from "@/lib/selection/operating-point";
import { curve, latency, point } from "../frontier/builders";
import { sharedFileExists, sharedRows } from "./shared-figures";

/** Median ShareGPT lengths the published benchmarks used. */
const INPUT_TOKENS = 108;
const OUTPUT_TOKENS = 132;

const costAt = (usdPerHour: number, outputTokensPerSecond: number) =>
  splitCost({
    usdPerHour,
    outputTokensPerSecond,
    inputTokensPerSecond: (outputTokensPerSecond * INPUT_TOKENS) / OUTPUT_TOKENS,
    outputToInputPriceRatio: DEFAULT_OUTPUT_TO_INPUT_PRICE_RATIO,
  });

/** USD/h that makes a published row: cost × throughput is price. The formula is linear in the price. */
const priceBehind = (outputTokensPerSecond: number, usdPerMillionOutput: number): number =>
  usdPerMillionOutput / costAt(1, outputTokensPerSecond).usdPerMillionOutputTokens;

const options = { measuredOnly: false, includeOutliers: false, kneeShare: 0.95 };
const kneeOf = (points: { ntpotMs: number; tokens: number }[]) => {
  const measured = points.map(({ ntpotMs, tokens }, index) =>
    point({ loadValue: index + 1, outputTokensPerSecond: tokens, ntpotMs: latency({ p50: ntpotMs }) }),
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
      { ntpotMs: 34, tokens: 172 },
      { ntpotMs: 47, tokens: 1422 },
      { ntpotMs: 67, tokens: 2050 },
      { ntpotMs: 614, tokens: 2091 },
      { ntpotMs: 1538, tokens: 2077 },
      { ntpotMs: 2272, tokens: 2104 },
    ];
    expect(kneeOf(h100)).toMatchObject({ outputTokensPerSecond: 2050, rule: "knee" });
  });

  describe.skipIf(!sharedFileExists("giq/giq_digitised_curves.csv"))("on every digitised point", () => {
    const rows = sharedFileExists("giq/giq_digitised_curves.csv") ? sharedRows("giq/giq_digitised_curves.csv") : [];
    const of = (instanceType: string) =>
      rows
        .filter((row) => row.instance_type === instanceType)
        .map((row) => ({
          ntpotMs: Number(row.ntpot_ms),
          tokens: Number(row.output_tokens_per_s),
          usd: row.cost_per_m_output_usd ? Number(row.cost_per_m_output_usd) : null,
          printed: row.is_published_inflection_point === "yes",
        }));

    it.each([
      ["a3-highgpu-1g", 1.97],
      ["g2-standard-48", 0.75],
    ])("of %s: cost before saturation follows from the printed row's price of $%d/h", (instanceType, expectedPrice) => {
      const points = of(instanceType);
      const printed = points.find((at) => at.printed);
      if (printed?.usd === null || printed === undefined) throw new Error("expected a printed row with a cost");
      const usdPerHour = priceBehind(printed.tokens, printed.usd);
      expect(usdPerHour).toBeCloseTo(expectedPrice, 1);
      for (const { tokens, ntpotMs, usd } of points) {
        if (usd === null) continue;
        const ours = costAt(usdPerHour, tokens).usdPerMillionOutputTokens;
        // Read off a chart to about 1% on each axis; past saturation the measured input share grows and cost falls.
        if (ntpotMs <= printed.ntpotMs) expect(Math.abs(ours / usd - 1)).toBeLessThan(0.06);
        else expect(ours / usd).toBeGreaterThan(0.97);
        expect(Math.abs(ours / usd - 1)).toBeLessThan(0.15);
      }
    });

    it("the knee is the published inflection point on H100 and L4 (on A100 no simple rule gives it)", () => {
      expect(kneeOf(of("a3-highgpu-1g"))?.outputTokensPerSecond).toBe(2050);
      expect(kneeOf(of("g2-standard-48"))?.outputTokensPerSecond).toBe(425);
      expect(kneeOf(of("a2-highgpu-2g"))?.outputTokensPerSecond).toBe(1395);
    });
  });

  it.skipIf(!sharedFileExists("giq/giq_published_rows.csv"))(
    "price an input token at a quarter of an output token",
    () => {
      for (const row of sharedRows("giq/giq_published_rows.csv")) {
        if (!row.cost_per_m_output_usd) continue;
        const tokens = Number(row.output_tokens_per_s);
        const split = costAt(priceBehind(tokens, Number(row.cost_per_m_output_usd)), tokens);
        // Printed with three decimals.
        expect(Math.abs(split.usdPerMillionInputTokens - Number(row.cost_per_m_input_usd))).toBeLessThan(0.0006);
      }
    },
  );
});
