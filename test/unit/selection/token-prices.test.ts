import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { answerOver, DEFAULT_QUESTION } from "@/lib/answer/answer";
import { formatCurrency, formatMoney, parseCurrency, US_DOLLAR } from "@/lib/currency";
import { offersFor } from "@/lib/selection/offers";
import { splitCost } from "@/lib/selection/split-cost";
import { DEFAULT_TOKEN_PRICES } from "@/lib/selection/token-prices";
import { curve, point, price } from "../frontier/builders";

const one = { accelerators: 1, perMachine: 1 };

describe("cost by what is paid for", () => {
  it("is worked out by hand", () => {
    // 3.6 USD/h is 0.001 USD/s. 1,000 output and 2,000 input tokens/s, half of those from cache at a tenth: 1,100 input tokens'
    // worth, a quarter of an output token each: 1,275 output tokens/s, so 0.7843 USD a million.
    const paid = { outputTokensPerSecond: 1000, inputTokensPerSecond: 2000, cachedInputShare: 0.5 };
    const split = splitCost(3.6, paid, DEFAULT_TOKEN_PRICES);
    expect(split.usdPerMillionOutputTokens).toBeCloseTo(1000 / 1275, 9);
    expect(split.usdPerMillionInputTokens).toBeCloseTo(1000 / 1275 / 4, 9);
    expect(split.usdPerMillionCachedInputTokens).toBeCloseTo(1000 / 1275 / 40, 9);
    expect(splitCost(3.6, { ...paid, cachedInputShare: null }, DEFAULT_TOKEN_PRICES)).toMatchObject({
      usdPerMillionOutputTokens: expect.closeTo(1000 / 1500, 9),
      usdPerMillionCachedInputTokens: null,
    });
  });

  it("adds up to the price of the replica, whatever the ratios", () => {
    const rate = fc.double({ min: 1, max: 1e5, noNaN: true });
    fc.assert(
      fc.property(
        rate,
        rate,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0.1, max: 100, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (outputTokensPerSecond, inputTokensPerSecond, cachedInputShare, outputPerInput, cachedPerInput) => {
          const paid = { outputTokensPerSecond, inputTokensPerSecond, cachedInputShare };
          const split = splitCost(36, paid, { outputPerInput, cachedPerInput });
          const cached = inputTokensPerSecond * cachedInputShare;
          const perSecond =
            outputTokensPerSecond * split.usdPerMillionOutputTokens +
            (inputTokensPerSecond - cached) * split.usdPerMillionInputTokens +
            cached * (split.usdPerMillionCachedInputTokens ?? Number.NaN);
          expect((perSecond * 3600) / 1e6).toBeCloseTo(36, 6);
        },
      ),
    );
  });

  it("counts the input that was measured, else that of the workload's lengths, and is unknown without either", () => {
    const ask = (given: Parameters<typeof point>[0], workload = {}) =>
      answerOver(
        [curve([point({ outputTokensPerSecond: 1000, outputTokensMean: 100, ...given })], {}, workload)],
        [price()],
        DEFAULT_QUESTION,
      ).ranking.ranked[0]?.split?.usdPerMillionOutputTokens ?? null;
    const unknown = { workload: { workloadId: "w", dataset: "w", inputTokens: null, outputTokens: null } };
    // 10 requests/s of 100 nominal input tokens: 1,000 input tokens/s, a quarter each.
    expect(ask({})).toBeCloseTo(1000 / 1250, 9);
    expect(ask({ inputTokensPerSecond: 4000 })).toBeCloseTo(1000 / 2000, 9);
    expect(ask({}, unknown)).toBeNull();
  });
});

describe("prices of one's own", () => {
  const basis = DEFAULT_QUESTION.price;
  const listed = [
    price({ priceId: "a", provider: "aws", usdPerHour: 10 }),
    price({ priceId: "g", provider: "gcp", usdPerHour: 9 }),
  ];
  const paid = (given: Partial<typeof basis>) => {
    const offers = offersFor(listed, "h100", { ...basis, ...given }, one);
    return offers.kind === "known" ? offers.offers.map((offer) => offer.usdPerReplicaHour) : offers;
  };

  it("are told by accelerator, before one price for all", () => {
    const own = { ownUsdPerAcceleratorHour: 5, ownByAccelerator: [{ accelerator: "h100", usdPerHour: 2 }] };
    expect(paid(own)).toEqual({ kind: "own", usdPerAcceleratorHour: 2 });
    expect(offersFor(listed, "l4", { ...basis, ...own }, one)).toEqual({ kind: "own", usdPerAcceleratorHour: 5 });
  });

  it("come off the list: a provider's own discount before that of all", () => {
    const discounts = [
      { provider: null, percent: 10 },
      { provider: "aws", percent: 50 },
    ];
    expect(paid({ discounts })).toEqual([expect.closeTo(5, 9), expect.closeTo(8.1, 9)]);
    expect(paid({ discounts: [] })).toEqual([10, 9]);
  });

  it("say the discount, and never make a row dearer", () => {
    const curves = [curve([point({ outputTokensPerSecond: 1000 })])];
    const cost = (percent: number) => {
      const question = { ...DEFAULT_QUESTION, price: { ...basis, discounts: [{ provider: null, percent }] } };
      return answerOver(curves, listed, question).ranking.ranked[0]?.cost;
    };
    expect(cost(20)).toMatchObject({ discountPercent: 20, usdPerHour: expect.closeTo(7.2, 9) });
    expect(cost(0)).toMatchObject({ discountPercent: 0, usdPerHour: 9 });
  });
});

describe("the currency of display", () => {
  it("reads and writes its code and its units for a dollar", () => {
    expect(parseCurrency("eur:0.92")).toEqual({ code: "EUR", perUsd: 0.92 });
    for (const text of ["EUR", "EUR:0", "EUR:-1", "EURO:1", "EUR:x", "EUR:1:2", ":1"])
      expect(parseCurrency(text)).toBeNull();
    expect(formatCurrency({ code: "JPY", perUsd: 150 })).toBe("JPY:150");
  });

  it("shows amounts as dollars are shown", () => {
    const euro = { code: "EUR", perUsd: 0.5 };
    expect([0.61, 0.001, 9040].map((usd) => formatMoney(usd, US_DOLLAR))).toEqual(["$0.61", "$0.001", "$9,040"]);
    expect([0.61, 0.001, 9040].map((usd) => formatMoney(usd, euro))).toEqual(["€0.31", "€0.0005", "€4,520"]);
  });
});
