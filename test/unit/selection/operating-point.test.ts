import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LoadPoint, Slo } from "@/lib/domain";
import { throughputOf } from "@/lib/frontier/derive";
import type { LoadCurve } from "@/lib/frontier/load-curve";
import { latencyField } from "@/lib/measurement/latency";
import { crossingError } from "@/lib/selection/crossing-errors";
import { type OperatingPointOptions, operatingPoint } from "@/lib/selection/operating-point";
import type { OperatingPoint } from "@/lib/selection/types";
import { anyPoints, anySlo, curve, latency, point } from "../frontier/builders";

const options: OperatingPointOptions = {
  measuredOnly: false,
  includeOutliers: false,
  requests: { maxFailedShare: 0.01, minGoodputShare: null },
  estimates: false,
  kneeShare: 0.95,
};
const ttft = (limitMs: number): Slo => ({ metric: "ttft", statistic: "p95", limitMs });
const tpot = (limitMs: number): Slo => ({ metric: "tpot", statistic: "mean", limitMs });

/** Concurrency, output tokens/s, TTFT p95, TPOT mean. */
const at = (loadValue: number, tokens: number, ttftP95: number, tpotMean: number, given: Partial<LoadPoint> = {}) =>
  point({
    loadValue,
    outputTokensPerSecond: tokens,
    ttftMs: latency({ mean: ttftP95 / 2, p95: ttftP95 }),
    tpotMs: latency(tpotMean),
    ...given,
  });

const found = (of: LoadCurve, slos: Slo[], how = options): OperatingPoint => {
  const result = operatingPoint(of, slos, how);
  if (result.kind !== "found") throw new Error(`expected an operating point, got ${result.kind}`);
  return result.operatingPoint;
};

const rising = curve([at(1, 100, 100, 10), at(4, 350, 200, 12), at(16, 1000, 600, 16), at(64, 1500, 3000, 40)]);

describe("an operating point with targets", () => {
  it("lies where the first SLO breaks between a feasible point and its infeasible neighbour", () => {
    const best = found(rising, [ttft(400)]);
    // TTFT p95 goes 200 → 600 ms from 4 to 16: 400 ms at concurrency 10 on a straight line, a little later where the curve
    // bends as 100, 200, 600 and 3,000 do.
    expect(best).toMatchObject({ kind: "interpolated", bindingSlo: ttft(400) });
    expect(best.loadValue).toBeCloseTo(10.1, 1);
    expect(best.ttftMs?.p95).toBe(400);
    expect(best.tpotMs?.mean).toBeCloseTo(14, 0);
    expect(best.outputTokensPerSecond).toBeGreaterThan(350);
    expect(best.outputTokensPerSecond).toBeLessThan(1000);
    expect(best.kind === "interpolated" && best.expectedRelativeError).toBe(crossingError(4, 16, ttft(400)).median);
    expect(best.kind === "interpolated" && best.between.map((p) => p.loadValue)).toEqual([4, 16]);
  });

  it("applies every target: the first to break binds, whichever was named first", () => {
    for (const slos of [
      [ttft(400), tpot(13)],
      [tpot(13), ttft(400)],
    ]) {
      const best = found(rising, slos);
      // TPOT goes 12 → 16 ms: 13 ms at concurrency 7 or a little before, and TTFT breaks at 10.
      expect(best.bindingSlo).toEqual(tpot(13));
      expect(best.loadValue).toBeCloseTo(6.76, 1);
      expect(best.standings).toHaveLength(2);
      expect(best.standings.every(({ met }) => met)).toBe(true);
    }
  });

  it("ignores no target, not even one that stands alone on ITL", () => {
    const itl: Slo = { metric: "itl", statistic: "p99", limitMs: 5 };
    expect(operatingPoint(rising, [itl], options)).toMatchObject({ kind: "notComparable", missing: [itl] });
    const withItl = curve([at(1, 100, 100, 10, { itlMs: latency({ p99: 9 }) })]);
    expect(operatingPoint(withItl, [itl], options).kind).toBe("infeasible");
  });

  it("is at least the highest load measured where that still meets every target", () => {
    expect(found(rising, [ttft(5000), tpot(50)])).toMatchObject({ kind: "atLeast", loadValue: 64, bindingSlo: null });
  });

  it("is the measured point where saturation, not a target, ends the curve", () => {
    const saturating = curve([at(1, 100, 100, 10), at(4, 300, 200, 12), at(16, 290, 300, 20)]);
    expect(found(saturating, [ttft(1000)])).toMatchObject({
      kind: "measured",
      rule: "slo",
      loadValue: 4,
      bindingSlo: null,
    });
  });

  it("is the last measured point where the next one cannot be interpolated, and names the target that fails there", () => {
    const everything = point({
      loadKind: "max",
      loadValue: null,
      outputTokensPerSecond: 5000,
      ttftMs: latency({ p95: 9000 }),
    });
    const open = [1, 2].map((loadValue) => at(loadValue, loadValue * 100, 100, 10, { loadKind: "request_rate" }));
    expect(found(curve([...open, everything]), [ttft(500)])).toMatchObject({
      kind: "measured",
      loadValue: 2,
      bindingSlo: ttft(500),
    });
  });

  it("says that a higher percentile stood in", () => {
    const onlyP99 = curve([at(1, 100, 0, 10, { ttftMs: latency({ p99: 300 }) })]);
    expect(found(onlyP99, [ttft(400)]).standings).toMatchObject([
      { basis: "bound", statisticUsed: "p99", valueMs: 300 },
    ]);
  });

  it("carries derived throughput as derived, and leaves it out where only measured counts", () => {
    const derived = curve([at(1, 0, 100, 10, { outputTokensPerSecond: null, outputTokensPerSecondDerived: 99 })]);
    expect(found(derived, [ttft(400)])).toMatchObject({ throughputBasis: "derived", outputTokensPerSecond: 99 });
    expect(operatingPoint(derived, [ttft(400)], { ...options, measuredOnly: true })).toMatchObject({
      kind: "notComparable",
      missing: [],
      reason: expect.stringContaining("derived"),
    });
  });

  it("never stands on an outlier unless asked to", () => {
    const wrong = at(512, 9000, 100, 1, { qualityFlags: ["outlier_against_other_runs"] });
    const points = curve([at(1, 100, 100, 10), wrong]);
    expect(found(points, [ttft(400)])).toMatchObject({ outputTokensPerSecond: 100 });
    expect(found(points, [ttft(400)], { ...options, includeOutliers: true })).toMatchObject({
      outputTokensPerSecond: 9000,
    });
    expect(operatingPoint(curve([wrong]), [ttft(400)], options)).toMatchObject({
      kind: "notComparable",
      reason: expect.stringContaining("outliers"),
    });
  });

  it("takes no point without a known throughput", () => {
    const silent = at(64, 0, 100, 10, { outputTokensPerSecond: null });
    expect(found(curve([at(1, 100, 100, 10), silent]), [ttft(400)])).toMatchObject({ loadValue: 1 });
    expect(operatingPoint(curve([silent]), [ttft(400)], options).kind).toBe("notComparable");
  });

  it("compares nothing across loads: two targets measured at different loads are not comparable", () => {
    const apart = curve([at(1, 100, 100, 0, { tpotMs: null }), at(4, 300, 0, 12, { ttftMs: null })]);
    expect(operatingPoint(apart, [ttft(400), tpot(20)], options)).toMatchObject({
      kind: "notComparable",
      missing: [ttft(400), tpot(20)],
    });
  });
});

describe("a curve no point of which meets every target", () => {
  it("says which SLO fails, at its closest point, and the smallest single relaxation", () => {
    expect(operatingPoint(rising, [ttft(80), tpot(20)], options)).toMatchObject({
      kind: "infeasible",
      point: { loadValue: 1 },
      standings: [
        { valueMs: 100, met: false },
        { valueMs: 10, met: true },
      ],
      smallestRelaxation: { slo: ttft(80), limitMs: 100, relativeIncrease: 0.25 },
    });
  });

  it("chooses the relaxation that gives least, over all targets", () => {
    // TTFT would have to double, TPOT to rise by a tenth.
    const points = curve([at(1, 100, 200, 10), at(4, 300, 100, 11)]);
    expect(operatingPoint(points, [ttft(100), tpot(10)], options)).toMatchObject({
      point: { loadValue: 4 },
      smallestRelaxation: { slo: tpot(10), limitMs: 11 },
    });
  });

  it("says so where no single relaxation helps, and then shows the point that is least over", () => {
    const points = curve([at(1, 100, 200, 20), at(4, 300, 300, 30)]);
    expect(operatingPoint(points, [ttft(100), tpot(10)], options)).toMatchObject({
      kind: "infeasible",
      point: { loadValue: 1 },
      smallestRelaxation: null,
    });
  });
});

describe("without targets", () => {
  it("is the knee: the first frontier point with at least 95% of the curve's best throughput", () => {
    const points = curve([
      at(1, 100, 1, 10),
      at(2, 900, 1, 20),
      at(4, 960, 1, 30),
      at(8, 1000, 1, 40),
      at(16, 990, 1, 90),
    ]);
    expect(found(points, [])).toMatchObject({
      kind: "measured",
      rule: "knee",
      loadValue: 4,
      bindingSlo: null,
      standings: [],
    });
    expect(found(points, [], { ...options, kneeShare: 0.9 })).toMatchObject({ loadValue: 2 });
    expect(found(points, [], { ...options, kneeShare: 1 })).toMatchObject({ loadValue: 8 });
  });

  it("is the best throughput where no latency was measured", () => {
    const offline = curve([
      point({ loadValue: 1, outputTokensPerSecond: 500 }),
      point({ loadValue: 2, outputTokensPerSecond: 510 }),
    ]);
    expect(found(offline, [])).toMatchObject({ rule: "knee", outputTokensPerSecond: 510 });
  });

  it("goes by the latency that covers most of the curve", () => {
    const points = curve([
      point({ loadValue: 1, outputTokensPerSecond: 100, ttftMs: latency({ p50: 10 }), tpotMs: latency(5) }),
      point({ loadValue: 2, outputTokensPerSecond: 200, ttftMs: latency({ p50: 20 }) }),
    ]);
    expect(found(points, [])).toMatchObject({ loadValue: 2 });
  });
});

describe("whatever the figures", () => {
  const anyCurve = anyPoints().map((points) => curve(points));
  const anySlos = fc.uniqueArray(anySlo(), {
    minLength: 1,
    maxLength: 3,
    selector: (slo) => `${slo.metric}:${slo.statistic}`,
  });

  it("an operating point meets every SLO", () => {
    fc.assert(
      fc.property(anyCurve, anySlos, (of, slos) => {
        const result = operatingPoint(of, slos, options);
        if (result.kind !== "found") return;
        const { operatingPoint: best } = result;
        expect(best.standings.map(({ slo }) => slo)).toEqual(slos);
        for (const { slo, valueMs, met, basis } of best.standings) {
          expect(met).toBe(true);
          expect(valueMs).not.toBeNull();
          expect(valueMs).toBeLessThanOrEqual(slo.limitMs);
          const shown = best[latencyField(slo.metric)]?.[slo.statistic] ?? null;
          if (basis === "measured" && shown !== null) expect(shown).toBeLessThanOrEqual(slo.limitMs);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("relaxing an SLO never lowers throughput", () => {
    fc.assert(
      fc.property(anyCurve, anySlos, fc.nat(), fc.double({ min: 1, max: 3, noNaN: true }), (of, slos, pick, factor) => {
        const before = operatingPoint(of, slos, options);
        if (before.kind !== "found") return;
        const relaxed = slos.map((slo, index) =>
          index === pick % slos.length ? { ...slo, limitMs: slo.limitMs * factor } : slo,
        );
        const after = operatingPoint(of, relaxed, options);
        expect(after.kind).toBe("found");
        if (after.kind !== "found") return;
        const [less, more] = [before.operatingPoint, after.operatingPoint].map((best) => best.outputTokensPerSecond);
        expect(more).toBeGreaterThanOrEqual((less ?? 0) * (1 - 1e-9));
      }),
      { numRuns: 500 },
    );
  });

  it("delivers at least what every feasible measured point does, and no more than the best measured point", () => {
    fc.assert(
      fc.property(anyCurve, anySlos, (of, slos) => {
        const result = operatingPoint(of, slos, { ...options, includeOutliers: true });
        if (result.kind !== "found") return;
        const all = of.points.map((p) => throughputOf(p).outputTokensPerSecond ?? 0);
        expect(result.operatingPoint.outputTokensPerSecond).toBeLessThanOrEqual(
          all.reduce((a, b) => Math.max(a, b), 0),
        );
      }),
    );
  });

  it("the relaxed limit of a near miss truly admits it", () => {
    fc.assert(
      fc.property(anyCurve, anySlos, (of, slos) => {
        const result = operatingPoint(of, slos, options);
        if (result.kind !== "infeasible" || result.smallestRelaxation === null) return;
        const { slo, limitMs, relativeIncrease } = result.smallestRelaxation;
        expect(relativeIncrease).toBeGreaterThan(0);
        const relaxed = slos.map((asked) => (asked === slo ? { ...asked, limitMs } : asked));
        expect(operatingPoint(of, relaxed, options).kind).toBe("found");
        const tighter = slos.map((asked) => (asked === slo ? { ...asked, limitMs: limitMs * 0.999 } : asked));
        expect(operatingPoint(of, tighter, options).kind).toBe("infeasible");
      }),
      { numRuns: 500 },
    );
  });
});
