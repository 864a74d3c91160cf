import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DEFAULT_QUESTION } from "@/lib/answer/answer";
import type { LoadCurve } from "@/lib/frontier/load-curve";
import { capacityPlan, sizingOf } from "@/lib/selection/capacity";
import { costOf } from "@/lib/selection/cost";
import { type Demand, measureOf } from "@/lib/selection/demand";
import { loadAtDemand } from "@/lib/selection/load-at-demand";
import type { PriceBasis } from "@/lib/selection/offers";
import { cheapestOffer, offersFor } from "@/lib/selection/offers";
import { operatingPoint } from "@/lib/selection/operating-point";
import { replicaShape } from "@/lib/selection/replica-shape";
import { stockRoom } from "@/lib/selection/stock";
import type { Cost, OperatingPoint, Question } from "@/lib/selection/types";
import { anyPoints, configuration, curve, latency, point, price } from "../frontier/builders";

const filter = { measuredOnly: false, includeOutliers: false };
const basis = DEFAULT_QUESTION.price;

/** 100 output tokens a request: 5, 10 and 15 requests/s at concurrency 1, 4 and 16. */
const at = (loadValue: number, tokens: number, ttftMean: number) =>
  point({ loadValue, outputTokensPerSecond: tokens, ttftMs: latency(ttftMean), tpotMs: latency(10) });
const served = curve([at(1, 500, 100), at(4, 1000, 200), at(16, 1500, 800)], { acceleratorCount: 2 });
const slos = [{ metric: "ttft" as const, statistic: "mean" as const, limitMs: 200 }];

const best: OperatingPoint = (() => {
  const result = operatingPoint(served, slos, {
    ...filter,
    requests: { maxFailedShare: 0.01, minGoodputShare: null },
    estimates: false,
    kneeShare: 0.95,
  });
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
const requests = (requestsPerSecond: number): Demand => ({ kind: "requests", requestsPerSecond });
const noStock = { stock: [], buyBeyondStock: false };

function planOf(demand: Demand | null, given: Partial<Question> = {}, of: Cost = eight, point: OperatingPoint = best) {
  const question = { ...filter, ...noStock, demand, headroom: 0.2, ...given };
  return capacityPlan(served, sizingOf(served, point, question), of, question);
}

const plan = (demand: number | null, of: Cost = eight, headroom = 0.2) =>
  planOf(demand === null ? null : requests(demand), { headroom }, of);

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
      oneReplicaLost: { utilisation: 1, withinOperatingPoint: true },
      carriesUpTo: { amount: 32, unit: "requestsPerSecond" },
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
    expect(planOf(requests(10), {}, eight, { ...best, requestsPerSecond: null })).toBeNull();
  });

  it("never falls below the demand, nor takes a replica too many", () => {
    const positive = fc.double({ min: 1e-3, max: 1e5, noNaN: true });
    fc.assert(
      fc.property(positive, positive, fc.double({ min: 0, max: 0.9, noNaN: true }), (demand, rate, headroom) => {
        const made = planOf(requests(demand), { headroom }, eight, { ...best, requestsPerSecond: rate });
        const each = rate * (1 - headroom);
        const replicas = made?.replicas ?? 0;
        expect(replicas * each).toBeGreaterThanOrEqual(demand);
        if (replicas > 1) expect((replicas - 1) * each).toBeLessThan(demand);
        expect(made?.accelerators).toBeGreaterThanOrEqual(replicas * 2);
      }),
    );
  });
});

describe("loadAtDemand", () => {
  const at = (of: LoadCurve, rate: number, options: typeof filter) =>
    loadAtDemand(of, rate, measureOf(requests(rate)), options);

  it("reads the latency off the curve at the load that serves the rate", () => {
    expect(at(served, 10, filter)).toMatchObject({ basis: "measured", ttftMs: { mean: 200 } });
    const between = at(served, 7.5, filter);
    expect(between?.basis).toBe("interpolated");
    expect(between?.ttftMs?.mean).toBeGreaterThan(100);
    expect(between?.ttftMs?.mean).toBeLessThan(200);
  });

  it("promises at most the lowest point's latency below it, and nothing above the curve", () => {
    expect(at(served, 1, filter)).toMatchObject({ basis: "atMost", ttftMs: { mean: 100 } });
    expect(at(served, 15.1, filter)).toBeNull();
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
    expect(at(curve([rate(1), rate(5)]), 2, filter)?.ttftMs?.mean).toBeCloseTo(20, 9);
  });

  it("never leaves the range of what was measured", () => {
    fc.assert(
      fc.property(anyPoints(), fc.double({ min: 0.01, max: 1000, noNaN: true }), (points, rate) => {
        const of = curve(points);
        const value = at(of, rate, filter)?.ttftMs?.mean ?? null;
        if (value === null) return;
        const all = of.points.flatMap((p) => p.ttftMs?.mean ?? []);
        expect(value).toBeGreaterThanOrEqual(Math.min(...all));
        expect(value).toBeLessThanOrEqual(Math.max(...all));
      }),
    );
  });
});

describe("a demand as people know it", () => {
  // At concurrency 4 a replica completes 10 requests/s of 100 tokens: 0.4 s each by Little's law.
  it("of people at once who think is shared by in-flight requests and thinkers", () => {
    // 4 in flight, and 10 requests/s × 30 s who think: 304 people a replica, 243.2 with headroom.
    const made = planOf({ kind: "people", people: 300, thinkSeconds: 30 });
    expect(made).toMatchObject({ replicas: 2, carriesUpTo: { amount: expect.closeTo(486.4, 9), unit: "people" } });
    expect(made?.utilisation).toBeCloseTo(150 / 304, 9);
    // Nobody thinks: the people are the requests in flight. 12 ÷ (4 × 0.8) = 3.75.
    expect(planOf({ kind: "people", people: 12, thinkSeconds: 0 })?.replicas).toBe(4);
  });

  it("asks for what people really send at the load they make", () => {
    const made = planOf({ kind: "people", people: 600, thinkSeconds: 30 });
    // Three replicas with 200 people each: between 1 and 4 in flight, each request takes 0.2 to 0.4 s and is followed by 30 s.
    expect(made?.replicas).toBe(3);
    expect(made?.requestsPerSecondPerReplica).toBeGreaterThan(200 / 30.4);
    expect(made?.requestsPerSecondPerReplica).toBeLessThan(200 / 30.2);
  });

  it("of a day is sized for its peak", () => {
    // 864,000 requests a day are 10 a second, 30 at three times the mean.
    const day = planOf({ kind: "requestsPerDay", requestsPerDay: 864_000, peakFactor: 3 });
    expect(day).toMatchObject({ replicas: 4, demandRequestsPerSecond: 30 });
    // The same in tokens: 100 a request.
    const tokens = planOf({ kind: "tokensPerDay", tokensPerDay: 86_400_000, peakFactor: 3 });
    expect(tokens).toMatchObject({ replicas: 4, carriesUpTo: { amount: 3200, unit: "outputTokensPerSecond" } });
    expect(tokens?.demandRequestsPerSecond).toBeCloseTo(30, 6);
  });

  it("that follows a day's curve says the replicas of each hour and what following them saves", () => {
    const requestsPerSecondByHour = [...Array<number>(12).fill(4), ...Array<number>(12).fill(30)];
    const made = planOf({ kind: "day", requestsPerSecondByHour });
    // 4 requests/s take one replica of two accelerators, 30 take four: (12 × 1 + 12 × 4) × 2 = 120 accelerator-hours.
    expect(made?.byHour?.replicas).toEqual([...Array<number>(12).fill(1), ...Array<number>(12).fill(4)]);
    expect(made?.byHour?.acceleratorHoursPerDay).toBe(120);
    // One machine of eight holds one replica or four.
    expect(made?.byHour?.usdPerMonth).toBeCloseTo(24 * 730, 6);
  });
});

describe("one's own stock", () => {
  const stock = [{ accelerator: "h100", count: 6, perMachine: null }];

  it("is taken first and never exceeded; what it does not hold is said to be missing", () => {
    // Three replicas of two fit: 24 of 30 requests/s.
    expect(planOf(requests(30), { stock })).toMatchObject({
      replicas: 3,
      accelerators: 6,
      usdPerHour: 0,
      demandRequestsPerSecond: 24,
      stock: { accelerators: 6, taken: 6, left: 0, replicasBought: 0, replicasMissing: 1 },
    });
    expect(planOf(requests(12), { stock })?.stock).toMatchObject({ taken: 4, left: 2, replicasMissing: 0 });
  });

  it("leaves the rest to be bought where that is allowed", () => {
    expect(planOf(requests(30), { stock, buyBeyondStock: true })).toMatchObject({
      replicas: 4,
      accelerators: 6 + 8,
      instances: 1,
      usdPerHour: 24,
      stock: { taken: 6, left: 0, replicasBought: 1, replicasMissing: 0 },
    });
  });

  it("without a demand says what all of it carries", () => {
    expect(planOf(null, { stock })).toMatchObject({
      demand: null,
      replicas: 3,
      carriesUpTo: { amount: 24, unit: "requestsPerSecond" },
    });
    expect(planOf(null, { stock: [{ accelerator: "l4", count: 8, perMachine: null }] })).toBeNull();
  });

  it("in machines holds what fits each of them", () => {
    const three = configuration({ acceleratorCount: 3 });
    const room = (perMachine: number | null) =>
      stockRoom([{ accelerator: "h100", count: 16, perMachine }], "h100", replicaShape(three)).replicas;
    expect([room(8), room(4), room(2), room(null)]).toEqual([4, 4, 0, 5]);
  });

  it("is never exceeded by any demand", () => {
    const count = fc.integer({ min: 1, max: 64 });
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 1e4, noNaN: true }), count, fc.boolean(), (demand, many, buy) => {
        const made = planOf(requests(demand), {
          stock: [{ accelerator: "h100", count: many, perMachine: null }],
          buyBeyondStock: buy,
        });
        if (made === null) return;
        expect(made.stock?.taken).toBeLessThanOrEqual(many);
        if (!buy) expect(made.accelerators).toBeLessThanOrEqual(many);
        const carried = made.replicas * 8;
        if (made.stock?.replicasMissing === 0) expect(carried).toBeGreaterThanOrEqual(demand);
        else expect(carried).toBeLessThan(demand);
      }),
    );
  });
});
