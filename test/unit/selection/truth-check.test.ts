import { describe, expect, it } from "vitest";
import type { LoadPoint } from "@/lib/domain";
import { loadCurves } from "@/lib/frontier/curve";
import { crossingErrors } from "@/lib/selection/crossing-check";
import { CROSSING_ERRORS, GAP_NAMES } from "@/lib/selection/crossing-errors";
import { quantile } from "@/lib/selection/quantile";
import { derivationCheck, leaveOneOut } from "@/lib/selection/truth-check";
import { curve, latency, point } from "../frontier/builders";
import { shippedRuns } from "../shipped-figures";

const at = (loadValue: number, tokens: number, given: Parameters<typeof point>[0] = {}) =>
  point({
    loadValue,
    loadKind: "request_rate",
    outputTokensPerSecond: tokens,
    ttftMs: latency(loadValue * 10),
    ...given,
  });

describe("leaveOneOut", () => {
  it("predicts each inner point from its neighbours and reports how far off it is", () => {
    // 2 req/s is predicted at 200 tokens/s and measured at 250: off by a fifth. TTFT is on the line.
    const check = leaveOneOut([curve([at(1, 100), at(2, 250), at(3, 300)])]);
    expect(check.overall.throughput).toEqual({
      count: 1,
      median: expect.closeTo(0.2, 12),
      p90: expect.closeTo(0.2, 12),
    });
    expect(check.overall.byMetric.ttft.median).toBeCloseTo(0, 12);
    expect(check.overall.byMetric.e2e).toEqual({ count: 0, median: null, p90: null });
  });

  it("reports by source", () => {
    const points = [at(1, 100), at(2, 250), at(3, 300)];
    const other = curve(points, { configurationId: "b" }, { source: { name: "other", url: null, licence: null } });
    const check = leaveOneOut([curve(points), other]);
    expect(check.bySource.map(({ source, throughput }) => [source, throughput.count])).toEqual([
      ["lab", 1],
      ["other", 1],
    ]);
    expect(check.overall.throughput.count).toBe(2);
  });

  it("holds nothing against derived throughput, outliers or points at the ends", () => {
    const derived = { outputTokensPerSecond: null, outputTokensPerSecondDerived: 1 };
    expect(leaveOneOut([curve([at(1, 100), at(2, 0, derived), at(3, 300)])]).overall.throughput.count).toBe(0);
    const outlier: Partial<LoadPoint> = { qualityFlags: ["outlier_against_other_runs"] };
    expect(leaveOneOut([curve([at(1, 100), at(2, 900, outlier), at(3, 300)])]).overall.throughput.count).toBe(0);
    expect(leaveOneOut([curve([at(1, 100), at(2, 200)])]).overall.throughput.count).toBe(0);
  });

  it("comes out at the errors the method states, on the shipped closed-loop curves", () => {
    const curves = loadCurves(shippedRuns()).filter(({ points }) => points[0]?.loadKind === "concurrency");
    const { overall } = leaveOneOut(curves);
    expect(overall.throughput.count).toBeGreaterThan(1000);
    expect(overall.throughput.median).toBeLessThan(0.035);
    expect(overall.latency.median).toBeLessThan(0.05);
  });
});

describe("crossingErrors", () => {
  const shipped = crossingErrors(loadCurves(shippedRuns()));

  it("find the errors that answers state, on the shipped curves", () => {
    for (const { metric, statistics, gap, crossings, median, p90 } of shipped.byKind) {
      const name = `${metric ?? "all"} ${statistics ?? ""} up to ${gap}, ${crossings} crossings`;
      const kept = CROSSING_ERRORS.find(
        (row) => row.metric === metric && row.statistics === statistics && row.gap === gap,
      );
      // A kind that new data made out of few cases is answered by the wider one.
      if (kept === undefined && crossings < 200) continue;
      // Written down from this function: do it again where the data moved them further than this.
      expect(Math.abs((kept?.median ?? 1) - median), name).toBeLessThan(0.03);
      expect(Math.abs((kept?.p90 ?? 9) - p90), name).toBeLessThan(0.15);
    }
    expect(shipped.byKind.map(({ gap }) => gap)).toEqual(expect.arrayContaining([...GAP_NAMES]));
  });

  it("are less than those of a straight line over the load: 8.9%, 39% and 13.5% on the same 8,054 crossings", () => {
    expect(shipped.crossings).toBeGreaterThan(8000);
    expect(shipped.median).toBeLessThan(0.085);
    expect(shipped.p90).toBeLessThan(0.34);
    expect(shipped.overPromised).toBeLessThan(0.09);
  });

  it("are none where the truth lies on what is predicted, and know no crossing without a point between", () => {
    // Throughput and TTFT follow the load: all predictions agree with it.
    const exact = [1, 2, 4, 8].map((load) => at(load, load * 100));
    const check = crossingErrors([curve(exact)]);
    expect(check).toMatchObject({ crossings: 2, median: expect.closeTo(0, 9), overPromised: 0 });
    expect(crossingErrors([curve(exact.slice(0, 2))])).toMatchObject({ crossings: 0, median: null });
  });
});

describe("derivationCheck", () => {
  it("gives measured ÷ derived by source, from means, else medians", () => {
    // Little's law gives 1010 tokens/s (worked out in the test of littlesLawThroughput).
    const closed = { loadKind: "concurrency" as const, outputTokensMean: 101 };
    const points = [
      at(11, 909, { ...closed, ttftMs: latency(100), tpotMs: latency(10) }),
      at(22, 1010 * 2, { ...closed, ttftMs: latency({ p50: 100 }), tpotMs: latency({ p50: 10 }) }),
      at(33, 5, closed),
    ];
    expect(derivationCheck([curve(points)])).toEqual([
      {
        source: "lab",
        count: 2,
        median: expect.closeTo(0.95, 9),
        p10: expect.closeTo(0.91, 9),
        p90: expect.closeTo(0.99, 9),
      },
    ]);
  });

  it("is silent about open loops and sources without such points", () => {
    expect(derivationCheck([curve([at(1, 100, { tpotMs: latency(10) })])])).toEqual([]);
  });

  it("shows the derivation slightly optimistic on the shipped figures", () => {
    const checks = derivationCheck(loadCurves(shippedRuns()));
    const large = checks.filter(({ count }) => count >= 500);
    expect(large.length).toBeGreaterThan(1);
    for (const { median } of large) {
      expect(median).toBeGreaterThan(0.95);
      expect(median).toBeLessThan(1);
    }
  });
});

describe("quantile", () => {
  it("lies between the values on either side", () => {
    expect(quantile([1, 2, 3, 4], 0.5)).toBe(2.5);
    expect(quantile([7], 0.9)).toBe(7);
    expect(quantile([], 0.5)).toBeNull();
  });
});
