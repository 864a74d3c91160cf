import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DEFAULT_QUESTION } from "@/lib/answer/answer";
import { costOf } from "@/lib/selection/cost";
import { cheapestOffer, offersFor } from "@/lib/selection/offers";
import type { Cost } from "@/lib/selection/types";
import { price } from "../frontier/builders";

const basis = DEFAULT_QUESTION.price;

function cost(accelerators: number, tokensPerSecond: number, prices: ReturnType<typeof price>[], on = basis): Cost {
  const offers = offersFor(prices, "h100", on, { accelerators, perMachine: accelerators });
  const offer = offers.kind === "known" ? cheapestOffer(offers.offers, (item) => item.usdPerReplicaHour) : null;
  return costOf(accelerators, tokensPerSecond, offers, offer);
}

describe("costOf", () => {
  it("gives the figure worked out by hand", () => {
    // Two of eight accelerators at 24 USD/h: 6 USD/h; 1000 tokens/s are 3.6 million an hour: 1.6667 USD per million.
    expect(cost(2, 1000, [price({ acceleratorCount: 8, usdPerHour: 24 })])).toMatchObject({
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
        const known = cost(count, tokensPerSecond, [price({ usdPerHour, acceleratorCount: count })]);
        if (known.kind !== "known") throw new Error("expected a known cost");
        const perHour = (known.usdPerMillionOutputTokens * tokensPerSecond * 3600) / 1e6;
        expect(perHour / usdPerHour).toBeCloseTo(1, 9);
      }),
    );
  });

  it("of an accelerator without a price is unknown, never nothing", () => {
    expect(cost(8, 1000, [])).toEqual({ kind: "unknown", reason: "No on demand price is known for h100." });
    expect(cost(1, 0, [price()]).kind).toBe("unknown");
  });

  it("takes the reader's own price before every offer, without a machine", () => {
    const own = { ...basis, ownUsdPerAcceleratorHour: 2 };
    expect(cost(4, 1000, [price()], own)).toMatchObject({ kind: "known", usdPerHour: 8, price: null, packing: null });
  });
});
