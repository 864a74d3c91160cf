import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { capacityPlan, latencyAtRate } from "@/lib/selection/capacity";
import { costOf } from "@/lib/selection/cost";
import { cheapestOffer, offersFor } from "@/lib/selection/offers";
import { operatingPoint } from "@/lib/selection/operating-point";
import type { Cost, OperatingPoint, PriceBasis } from "@/lib/selection/types";
import { anyPoints, curve, latency, point, price } from "../frontier/builders";

const filter = { measuredOnly: false, includeOutliers: false };
const basis: PriceBasis = { provider: null, region: null, kind: "on_demand", ownUsdPerAcceleratorHour: null };

/** 100 output tokens a request: 5, 10 and 15 requests/s at concurrency 1, 4 and 16. */
const at = (loadValue: number, tokens: number, ttftMean: number) =>
  point({ loadValue, outputTokensPerSecond: tokens, ttftMs: latency(ttftMean), tpotMs: latency(10) });
const served = curve([at(1, 500, 100), at(4, 1000, 200), at(16, 1500, 800)], { acceleratorCount: 2 });
const slos = [{ metric: "ttft" as const, statistic: "mean" as const, limitMs: 200 }];

const best: OperatingPoint = (() => {
  const result = operatingPoint(served, slos, { ...filter, kneeShare: 0.95 });
  if (result.kind !== "found") throw new Error("expected an operating point");
  return result.operatingPoint;
})();

function costOn(prices: ReturnType<typeof price>[], on: PriceBasis = basis): Cost {
  const offers = offersFor(prices, "h100", on, { accelerators: 2, perMachine: 2 });
  const offer = offers.kind === "known" ? cheapestOffer(offers.offers, (item) => item.usdPerReplicaHour) : null;
  return costOf(2, 1000, offers, offer);
}
const cost = (given: Parameters<typeof price>[0]): Cost => costOn([price(given)]);
const eight = cost({ acceleratorCount: 8, usdPerHour: 24, instanceType: "eight" });
const plan = (demand: number | null, of: Cost = eight, headroom = 0.2) =>
  capacityPlan(served, best, of, { ...filter, demandRequestsPerSecond: demand, headroom });

describe("capacityPlan", () => {
  it("gives the figures worked out by hand", () => {
    // One replica carries 10 req/s, 8 with 20% headroom: 30 req/s take 4 replicas of 2 accelerators, which fit in one
    // instance of 8 at 24 USD/h; each sees 7.5 req/s.
    expect(best.requestsPerSecond).toBe(10);
    expect(plan(30)).toMatchObject({
      replicas: 4,
      accelerators: 8,
      instances: 1,
      instanceType: "eight",
      usdPerHour: 24,
      usdPerMonth: 24 * 730,
      requestsPerSecondPerReplica: 7.5,
      utilisation: 0.75,
      oneReplicaLost: { requestsPerSecondPerReplica: 10, withinOperatingPoint: true },
    });
  });

  it("rounds accelerators and cost up to whole instances", () => {
    expect(plan(33)).toMatchObject({ replicas: 5, instances: 2, accelerators: 16, usdPerHour: 48 });
  });

  it("does not buy one replica more for a rounding error", () => {
    expect(plan(24, eight, 0.2)?.replicas).toBe(3);
    expect(plan(10, eight, 0)?.replicas).toBe(1);
  });

  it("says when losing a replica overloads the rest, and nothing where there is only one", () => {
    expect(plan(32)?.oneReplicaLost?.withinOperatingPoint).toBe(false);
    expect(plan(1)?.oneReplicaLost).toBeNull();
  });

  it("counts single accelerators at the user's own price, and no money without a price", () => {
    const own = costOn([], { ...basis, ownUsdPerAcceleratorHour: 2 });
    expect(plan(33, own)).toMatchObject({ replicas: 5, accelerators: 10, instances: null, usdPerHour: 20 });
    const unknown = costOn([]);
    expect(plan(33, unknown)).toMatchObject({
      replicas: 5,
      accelerators: 10,
      instances: null,
      usdPerHour: null,
      usdPerMonth: null,
    });
  });

  it("makes no plan without a demand, a rate or a possible headroom", () => {
    expect(plan(null)).toBeNull();
    expect(plan(0)).toBeNull();
    expect(plan(10, eight, 1)).toBeNull();
    const question = { ...filter, demandRequestsPerSecond: 10, headroom: 0.2 };
    expect(capacityPlan(served, { ...best, requestsPerSecond: null }, eight, question)).toBeNull();
  });

  it("never falls below the demand, nor takes a replica too many", () => {
    const positive = fc.double({ min: 1e-3, max: 1e5, noNaN: true });
    fc.assert(
      fc.property(positive, positive, fc.double({ min: 0, max: 0.9, noNaN: true }), (demand, rate, headroom) => {
        const question = { ...filter, demandRequestsPerSecond: demand, headroom };
        const made = capacityPlan(served, { ...best, requestsPerSecond: rate }, eight, question);
        const each = rate * (1 - headroom);
        const replicas = made?.replicas ?? 0;
        expect(replicas * each).toBeGreaterThanOrEqual(demand);
        if (replicas > 1) expect((replicas - 1) * each).toBeLessThan(demand);
        expect(made?.accelerators).toBeGreaterThanOrEqual(replicas * 2);
      }),
    );
  });
});

describe("latencyAtRate", () => {
  it("reads the latency off the curve at the load that serves the rate", () => {
    expect(latencyAtRate(served, 10, filter)).toMatchObject({ basis: "measured", ttftMs: { mean: 200 } });
    const between = latencyAtRate(served, 7.5, filter);
    expect(between?.basis).toBe("interpolated");
    expect(between?.ttftMs?.mean).toBeGreaterThan(100);
    expect(between?.ttftMs?.mean).toBeLessThan(200);
  });

  it("promises at most the lowest point's latency below it, and nothing above the curve", () => {
    expect(latencyAtRate(served, 1, filter)).toMatchObject({ basis: "atMost", ttftMs: { mean: 100 } });
    expect(latencyAtRate(served, 15.1, filter)).toBeNull();
  });

  it("is exact on an open loop", () => {
    const rate = (loadValue: number) =>
      point({
        loadKind: "request_rate",
        loadValue,
        requestRateAchieved: loadValue,
        outputTokensPerSecond: loadValue * 100,
        ttftMs: latency(loadValue * 10),
      });
    expect(latencyAtRate(curve([rate(1), rate(5)]), 2, filter)?.ttftMs?.mean).toBeCloseTo(20, 9);
  });

  it("never leaves the range of what was measured", () => {
    fc.assert(
      fc.property(anyPoints(), fc.double({ min: 0.01, max: 1000, noNaN: true }), (points, rate) => {
        const of = curve(points);
        const value = latencyAtRate(of, rate, filter)?.ttftMs?.mean ?? null;
        if (value === null) return;
        const all = of.points.flatMap((p) => p.ttftMs?.mean ?? []);
        expect(value).toBeGreaterThanOrEqual(Math.min(...all));
        expect(value).toBeLessThanOrEqual(Math.max(...all));
      }),
    );
  });
});
