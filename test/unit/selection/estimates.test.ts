import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DEFAULT_QUESTION } from "@/lib/answer/answer";
import type { LoadPoint, Slo } from "@/lib/domain";
import { loadCurves } from "@/lib/frontier/curve";
import { calibratedRatios } from "@/lib/selection/calibrated-ratios";
import { estimateOf } from "@/lib/selection/estimates";
import { PERCENTILE_RATIOS } from "@/lib/selection/percentile-ratios";
import { rank } from "@/lib/selection/rank";
import type { Question } from "@/lib/selection/types";
import { curve, latency, point, price } from "../frontier/builders";
import { shippedRuns } from "../shipped-figures";

const tpotP95 = (limitMs: number): Slo => ({ metric: "tpot", statistic: "p95", limitMs });
const ask = (points: LoadPoint[][], given: Partial<Question>) =>
  rank(
    points.map((of, index) => curve(of, { configurationId: `c${index}` })),
    [price()],
    { ...DEFAULT_QUESTION, ...given },
  );
const at = (loadValue: number, tpot: Parameters<typeof latency>[0]) =>
  point({ loadValue, outputTokensPerSecond: loadValue * 100, tpotMs: latency(tpot) });

describe("the intervals of percentiles", () => {
  it("cover at least 90% of the figures of a source they were not made of", () => {
    const now = calibratedRatios(loadCurves(shippedRuns()));
    expect(now.length).toBeGreaterThan(20);
    for (const ratio of now) {
      const { metric, statistic, from, loadKind, coverage, sources } = ratio;
      const name = `${metric} ${statistic} from ${from}, ${loadKind}`;
      expect(coverage, name).toBeGreaterThanOrEqual(0.9);
      expect(sources, name).toBeGreaterThanOrEqual(2);
      const kept = PERCENTILE_RATIOS.find(
        (item) =>
          item.metric === metric && item.statistic === statistic && item.from === from && item.loadKind === loadKind,
      );
      // The kept figures are those of today's data, or wider: run calibratedRatios and write them down again where they are not.
      expect(kept?.high ?? 0, name).toBeGreaterThan(ratio.high * 0.9);
    }
  });

  it("are made of the ratios alone: scaled times give the same", () => {
    const sources = ["a", "b", "c"];
    const curves = (scale: number) =>
      sources.map((name, shift) =>
        curve(
          Array.from({ length: 20 }, (_, index) =>
            at(index + 1, { mean: 10 * scale, p99: (10 + ((index + shift) % 20)) * scale }),
          ),
          { configurationId: name },
          { source: { name, url: null, licence: null } },
        ),
      );
    const [one, other] = [calibratedRatios(curves(1)), calibratedRatios(curves(7))];
    expect(one).toHaveLength(1);
    expect(one[0]).toMatchObject({ metric: "tpot", statistic: "p99", from: "mean", points: 60, sources: 3 });
    expect(other[0]?.high).toBeCloseTo(one[0]?.high ?? 0, 9);
  });

  it("are not made of one source, or of few points", () => {
    const points = Array.from({ length: 50 }, (_, index) => at(index + 1, { mean: 10, p99: 12 }));
    expect(calibratedRatios([curve(points)])).toEqual([]);
  });
});

describe("an estimated percentile", () => {
  it("is the point's mean times the interval, never below a lower percentile that was measured", () => {
    const estimate = estimateOf(at(4, 10), "tpot", "p95");
    expect(estimate?.from).toBe("mean");
    expect(estimate?.highMs).toBeGreaterThan(10);
    expect(estimateOf(at(4, { mean: 10, p90: 500 }), "tpot", "p95")).toMatchObject({ lowMs: 500, highMs: 500 });
    expect(estimateOf(at(4, { p50: 10 }), "tpot", "p95")?.from).toBe("p50");
    expect(estimateOf(at(4, { p90: 10 }), "tpot", "p95")).toBeNull();
    expect(estimateOf(point({ loadKind: "max", loadValue: null, tpotMs: latency(10) }), "tpot", "p95")).toBeNull();
  });

  it("answers where nobody measured it, judged at the upper end and said so", () => {
    const high = estimateOf(at(4, 10), "tpot", "p95")?.highMs ?? 0;
    const [row] = ask([[at(4, 10), at(8, 100)]], { slos: [tpotP95(high + 0.001)] }).ranked;
    expect(row?.operatingPoint.standings[0]).toMatchObject({ basis: "estimated", met: true, statisticUsed: "p95" });
    expect(row?.whyNotMore).toMatch(/TPOT p95 was not measured: estimated from the mean, 90% of such cases lie within/);
    expect(ask([[at(4, 10)]], { slos: [tpotP95(high - 0.001)] }).nearMisses).toHaveLength(1);
  });

  it("gives way to what was measured: on its own curve, to a higher percentile, and in the ranking", () => {
    const slos = [tpotP95(50)];
    // One measured point on a curve: its other points are not estimated beside it.
    const [mixed] = ask([[at(2, { mean: 10, p95: 40 }), at(4, 10)]], { slos }).ranked;
    expect(mixed?.operatingPoint).toMatchObject({ loadValue: 2, standings: [{ basis: "measured" }] });
    const [bounded] = ask([[at(2, { mean: 10, p99: 40 })]], { slos }).ranked;
    expect(bounded?.operatingPoint.standings[0]?.basis).toBe("bound");
    const order = ask([[at(2, 10)], [at(2, { mean: 10, p95: 40 })]], { slos }).ranked;
    expect(order.map((row) => row.operatingPoint.standings[0]?.basis)).toEqual(["measured", "estimated"]);
  });

  it("can be switched off, and is where only measured figures were asked for", () => {
    for (const off of [{ estimates: false }, { measuredOnly: true }]) {
      const { ranked, notComparable } = ask([[at(4, 10)]], { slos: [tpotP95(500)], ...off });
      expect([ranked.length, notComparable.length]).toEqual([0, 1]);
    }
  });

  it("is never met at a tighter limit and missed at a looser one", () => {
    const limit = fc.double({ min: 0.1, max: 1000, noNaN: true });
    fc.assert(
      fc.property(limit, limit, fc.array(limit, { minLength: 1, maxLength: 6 }), (a, b, tpots) => {
        const points = tpots.map((tpot, index) => at(index + 1, tpot));
        const reached = (limitMs: number) =>
          ask([points], { slos: [tpotP95(limitMs)] }).ranked[0]?.operatingPoint.outputTokensPerSecond ?? 0;
        expect(reached(Math.max(a, b))).toBeGreaterThanOrEqual(reached(Math.min(a, b)) * (1 - 1e-9));
      }),
    );
  });
});
