import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { costOf, matchingPrice, unitPriceOf } from "@/lib/selection/cost";
import type { PriceBasis } from "@/lib/selection/types";
import { price } from "../frontier/builders";

const basis: PriceBasis = { provider: null, region: null, kind: "on_demand", ownUsdPerAcceleratorHour: null };

describe("matchingPrice", () => {
  it("is the cheapest per accelerator-hour, not per instance", () => {
    const prices = [
      price({ priceId: "single", usdPerHour: 4 }),
      price({ priceId: "eight", acceleratorCount: 8, usdPerHour: 24 }),
    ];
    expect(matchingPrice(prices, "h100", basis)?.priceId).toBe("eight");
  });

  it("breaks ties by id, whatever the order", () => {
    const prices = [price({ priceId: "b" }), price({ priceId: "a" }), price({ priceId: "c" })];
    expect(matchingPrice(prices, "h100", basis)?.priceId).toBe("a");
    expect(matchingPrice(prices.toReversed(), "h100", basis)?.priceId).toBe("a");
  });

  it("of offers priced in proportion takes the smallest instance that holds a whole replica", () => {
    const prices = [
      price({ priceId: "a1", acceleratorCount: 1, usdPerHour: 4.89 }),
      price({ priceId: "b8", acceleratorCount: 8, usdPerHour: 39.12 }),
      price({ priceId: "c4", acceleratorCount: 4, usdPerHour: 19.56 }),
    ];
    const sizes = [1, 2, 4, 8, 16].map((replica) => matchingPrice(prices, "h100", basis, replica)?.acceleratorCount);
    expect(sizes).toEqual([1, 4, 4, 8, 8]);
    const cheaper = price({ priceId: "d1", acceleratorCount: 1, usdPerHour: 4 });
    expect(matchingPrice([...prices, cheaper], "h100", basis, 8)?.priceId).toBe("d1");
  });

  it("matches accelerator, kind, provider and region as asked", () => {
    const prices = [
      price({ priceId: "other accelerator", acceleratorId: "l4", usdPerHour: 0.1 }),
      price({ priceId: "spot", kind: "spot", usdPerHour: 1 }),
      price({ priceId: "elsewhere", provider: "far", region: "region-2", usdPerHour: 2 }),
      price({ priceId: "here", usdPerHour: 3 }),
    ];
    expect(matchingPrice(prices, "h100", basis)?.priceId).toBe("elsewhere");
    expect(matchingPrice(prices, "h100", { ...basis, kind: "spot" })?.priceId).toBe("spot");
    expect(matchingPrice(prices, "h100", { ...basis, provider: "cloud" })?.priceId).toBe("here");
    expect(matchingPrice(prices, "h100", { ...basis, region: "region-1" })?.priceId).toBe("here");
    expect(matchingPrice(prices, "h100", { ...basis, region: "nowhere" })).toBeNull();
  });

  it("takes a price of the accelerator alone only where no whole instance is priced", () => {
    const alone = price({ priceId: "alone", acceleratorOnly: true, usdPerHour: 1 });
    expect(matchingPrice([alone, price({ priceId: "whole" })], "h100", basis)?.priceId).toBe("whole");
    expect(matchingPrice([alone], "h100", basis)?.priceId).toBe("alone");
  });

  it("takes a total-cost-of-ownership estimate only when asked for", () => {
    const tco = price({ priceId: "tco", kind: "tco", usdPerHour: 1 });
    expect(matchingPrice([tco], "h100", basis)).toBeNull();
    expect(matchingPrice([tco], "h100", { ...basis, kind: "tco" })?.priceId).toBe("tco");
  });

  it("takes no row that would make an accelerator free", () => {
    expect(matchingPrice([price({ usdPerHour: 0 })], "h100", basis)).toBeNull();
  });
});

describe("costOf", () => {
  it("gives the figure worked out by hand", () => {
    // Two of eight accelerators at 24 USD/h: 6 USD/h; 1000 tokens/s are 3.6 million an hour: 1.6667 USD per million.
    const unitPrice = unitPriceOf([price({ acceleratorCount: 8, usdPerHour: 24 })], "h100", basis);
    expect(costOf(2, 1000, unitPrice)).toMatchObject({
      kind: "known",
      usdPerAcceleratorHour: 3,
      usdPerHour: 6,
      usdPerMillionOutputTokens: expect.closeTo(1.6667, 4),
    });
  });

  it("times throughput is the price", () => {
    const positive = fc.double({ min: 1e-3, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(positive, positive, fc.integer({ min: 1, max: 72 }), (usdPerHour, tokensPerSecond, count) => {
        const cost = costOf(count, tokensPerSecond, unitPriceOf([price({ usdPerHour })], "h100", basis));
        if (cost.kind !== "known") throw new Error("expected a known cost");
        const perHour = (cost.usdPerMillionOutputTokens * tokensPerSecond * 3600) / 1e6;
        expect(perHour / (usdPerHour * count)).toBeCloseTo(1, 9);
      }),
    );
  });

  it("of an accelerator without a price is unknown, never nothing", () => {
    const cost = costOf(8, 1000, unitPriceOf([], "gaudi3", basis));
    expect(cost).toEqual({ kind: "unknown", reason: "No on demand price is known for gaudi3." });
  });

  it("takes the user's own price before every offer, and refuses one that is not above zero", () => {
    const own = { ...basis, ownUsdPerAcceleratorHour: 2 };
    expect(costOf(4, 1000, unitPriceOf([price()], "h100", own))).toMatchObject({
      kind: "known",
      usdPerHour: 8,
      price: null,
    });
    expect(unitPriceOf([price()], "h100", { ...own, ownUsdPerAcceleratorHour: 0 }).kind).toBe("unknown");
  });
});
