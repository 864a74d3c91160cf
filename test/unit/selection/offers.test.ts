import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DEFAULT_QUESTION } from "@/lib/answer/answer";
import type { Price } from "@/lib/catalogue/catalogue";
import type { PriceBasis } from "@/lib/selection/offers";
import { cheapestOffer, type Offer, offersFor } from "@/lib/selection/offers";
import { machinesForReplicas, packingOf, type ReplicaShape, replicaShape } from "@/lib/selection/replica-shape";
import { configuration, price } from "../frontier/builders";

const basis = DEFAULT_QUESTION.price;
const inOneMachine = (accelerators: number): ReplicaShape => ({ accelerators, perMachine: accelerators });

function chosen(prices: readonly Price[], accelerators: number, on: PriceBasis = basis): Offer | null {
  const offers = offersFor(prices, "h100", on, inOneMachine(accelerators));
  return offers.kind === "known" ? cheapestOffer(offers.offers, (offer) => offer.usdPerReplicaHour) : null;
}

describe("the offer of a replica", () => {
  const one = price({ priceId: "one", acceleratorCount: 1, usdPerHour: 2.29 });
  const eight = price({ priceId: "eight", acceleratorCount: 8, usdPerHour: 23.6 });

  it("is never a machine too small for it, however cheap its accelerators are", () => {
    expect(chosen([one, eight], 1)?.price.priceId).toBe("one");
    expect(chosen([one, eight], 8)).toMatchObject({ price: { priceId: "eight" }, usdPerReplicaHour: 23.6 });
    expect(chosen([one, eight], 2)).toMatchObject({ price: { priceId: "eight" }, usdPerReplicaHour: 23.6 / 4 });
  });

  it("pays for accelerators of a machine that no replica can use", () => {
    // Two replicas of three fit eight: each pays for four.
    expect(chosen([eight], 3)?.usdPerReplicaHour).toBe(23.6 / 2);
  });

  it("says how large the largest machine with a price is where none holds a replica", () => {
    expect(offersFor([one], "h100", basis, inOneMachine(8))).toEqual({
      kind: "unknown",
      reason:
        "No on demand price is known for a machine with 8 h100: the largest with a price has 1, and a replica takes 8 in one machine.",
    });
  });

  it("takes whole machines for a replica measured on several", () => {
    const offers = offersFor([one, eight], "h100", basis, { accelerators: 16, perMachine: 8 });
    if (offers.kind !== "known") throw new Error("expected offers");
    expect(offers.offers).toMatchObject([{ price: { priceId: "eight" }, usdPerReplicaHour: 47.2 }]);
  });

  it("of offers priced in proportion is the smallest machine that holds it, then the first by id", () => {
    const prices = [
      price({ priceId: "b8", acceleratorCount: 8, usdPerHour: 39.12 }),
      price({ priceId: "c4", acceleratorCount: 4, usdPerHour: 19.56 }),
      price({ priceId: "a1", acceleratorCount: 1, usdPerHour: 4.89 }),
      price({ priceId: "a0", acceleratorCount: 1, usdPerHour: 4.89 }),
    ];
    const ids = [1, 2, 4, 8].map((accelerators) => chosen(prices, accelerators)?.price.priceId);
    expect(ids).toEqual(["a0", "c4", "c4", "b8"]);
    expect(chosen(prices.toReversed(), 1)?.price.priceId).toBe("a0");
  });

  it("matches accelerator, kind, provider and region as asked", () => {
    const prices = [
      price({ priceId: "other accelerator", acceleratorId: "l4", usdPerHour: 0.1 }),
      price({ priceId: "spot", kind: "spot", usdPerHour: 1 }),
      price({ priceId: "elsewhere", provider: "far", region: "region-2", usdPerHour: 2 }),
      price({ priceId: "here", usdPerHour: 3 }),
    ];
    const id = (on: Partial<PriceBasis>) => chosen(prices, 1, { ...basis, ...on })?.price.priceId;
    expect(id({})).toBe("elsewhere");
    expect(id({ kind: "spot" })).toBe("spot");
    expect(id({ provider: "cloud" })).toBe("here");
    expect(id({ region: "region-1" })).toBe("here");
    expect(offersFor(prices, "h100", { ...basis, region: "nowhere" }, inOneMachine(1))).toEqual({
      kind: "unknown",
      reason: "No on demand price in nowhere is known for h100.",
    });
  });

  it("is of the accelerator alone only where no whole machine holds a replica", () => {
    const alone = price({ priceId: "alone", acceleratorOnly: true, usdPerHour: 8, acceleratorCount: 8 });
    expect(chosen([alone, eight], 8)?.price.priceId).toBe("eight");
    expect(chosen([alone, one], 8)?.price.priceId).toBe("alone");
  });

  it("is an estimate of owning only when asked for, of one kind of owner, and of any size", () => {
    const estimate = (provider: string, usdPerHour: number) =>
      price({ priceId: provider, provider, kind: "tco", usdPerHour });
    const prices = [estimate("owner-b", 1), estimate("owner-a", 3)];
    expect(chosen(prices, 1)).toBeNull();
    // The cheaper one is not taken for one accelerator and the dearer for the next.
    expect(chosen(prices, 8, { ...basis, kind: "tco" })).toMatchObject({
      price: { provider: "owner-a" },
      packing: null,
      usdPerReplicaHour: 24,
    });
    expect(chosen(prices, 8, { ...basis, kind: "tco", provider: "owner-b" })?.usdPerReplicaHour).toBe(8);
  });

  it("is no row that would make an accelerator free, and the reader's own price goes before every offer", () => {
    expect(chosen([price({ usdPerHour: 0 })], 1)).toBeNull();
    const own = { ...basis, ownUsdPerAcceleratorHour: 2 };
    expect(offersFor([one], "h100", own, inOneMachine(1))).toEqual({ kind: "own", usdPerAcceleratorHour: 2 });
    expect(offersFor([one], "h100", { ...own, ownUsdPerAcceleratorHour: 0 }, inOneMachine(1)).kind).toBe("unknown");
  });

  it("always holds a replica, and no other that holds one costs less", () => {
    const anyPrice = fc.record({
      acceleratorCount: fc.integer({ min: 1, max: 16 }),
      usdPerHour: fc.double({ min: 0.01, max: 100, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(anyPrice, { maxLength: 8 }), fc.integer({ min: 1, max: 16 }), (given, accelerators) => {
        const prices = given.map((some, index) => price({ priceId: `p${index}`, ...some }));
        const best = chosen(prices, accelerators);
        const holding = prices.filter(({ acceleratorCount }) => acceleratorCount >= accelerators);
        if (best === null) {
          expect(holding).toEqual([]);
          return;
        }
        expect(best.price.acceleratorCount).toBeGreaterThanOrEqual(accelerators);
        for (const { usdPerHour, acceleratorCount } of holding) {
          const each = usdPerHour / Math.floor(acceleratorCount / accelerators);
          expect(best.usdPerReplicaHour).toBeLessThanOrEqual(each * (1 + 1e-8));
        }
      }),
    );
  });
});

describe("the shape of a replica", () => {
  const shape = (given: Parameters<typeof configuration>[0]) => replicaShape(configuration(given));
  const label = (text: string) => ({ ...configuration().parallelism, label: text });

  it("is spread over the nodes it was measured on", () => {
    expect(shape({ acceleratorCount: 16, nodes: 2 })).toEqual({ accelerators: 16, perMachine: 8 });
    expect(shape({ acceleratorCount: 10, nodes: 1 })).toEqual({ accelerators: 10, perMachine: 10 });
  });

  it("is that of its largest engine where the source names engines and no nodes", () => {
    expect(shape({ acceleratorCount: 12, nodes: null, parallelism: label("6x(tp2)") }).perMachine).toBe(2);
    expect(shape({ acceleratorCount: 16, nodes: null, parallelism: label("p2x(tp4)+d1x(tp8)") }).perMachine).toBe(8);
    expect(shape({ acceleratorCount: 8, nodes: null, parallelism: label("tp8") }).perMachine).toBe(8);
    // Expert parallelism divides what data parallelism multiplied.
    expect(
      shape({ acceleratorCount: 9, nodes: null, parallelism: label("p1x(tp1-dp8-ep8)+d1x(tp1)") }).perMachine,
    ).toBe(8);
  });
});

describe("replicas and machines", () => {
  const machines = (replicas: number, accelerators: number, perMachine: number): number | null => {
    const packing = packingOf(inOneMachine(accelerators), perMachine);
    return packing && machinesForReplicas(replicas, packing);
  };

  it("replicas that fit share a machine", () => {
    expect(machines(3, 2, 8)).toBe(1);
    expect(machines(5, 2, 8)).toBe(2);
    expect(machines(3, 3, 8)).toBe(2);
    expect(machines(3, 1, 1)).toBe(3);
  });

  it("larger ones take whole machines, and a part that must stand in one machine does not fit a smaller one", () => {
    expect(packingOf({ accelerators: 16, perMachine: 8 }, 8)).toEqual({ replicasPerMachine: 1, machinesPerReplica: 2 });
    // Six engines of two: four of them fit a machine of eight.
    expect(packingOf({ accelerators: 12, perMachine: 2 }, 8)).toEqual({ replicasPerMachine: 1, machinesPerReplica: 2 });
    expect(machines(1, 8, 4)).toBeNull();
  });
});
