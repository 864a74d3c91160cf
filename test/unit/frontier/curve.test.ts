import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Run } from "@/lib/domain";
import { loadCurves } from "@/lib/frontier/curve";
import { point, run } from "./builders";

const at = (loadValue: number, given: Parameters<typeof point>[0] = {}) => point({ loadValue, ...given });

const shape = (runs: readonly Run[]) =>
  loadCurves(runs).map((curve) => ({
    curveId: curve.curveId,
    runIds: curve.runIds,
    loads: curve.points.map((p) => p.loadValue),
  }));

describe("loadCurves", () => {
  it("makes one curve of a sweep, ordered by load", () => {
    const sweep = run({ runId: "a", points: [at(64), at(1), at(8)] });
    expect(shape([sweep])).toEqual([{ curveId: "a", runIds: ["a"], loads: [1, 8, 64] }]);
  });

  it("keeps two sweeps of one configuration apart, newest first", () => {
    const old = run({ runId: "old", measuredOn: "2025-06-01", points: [at(1), at(2)] });
    const recent = run({ runId: "new", measuredOn: "2026-06-01", points: [at(4), at(8)] });
    expect(shape([old, recent]).map((curve) => curve.curveId)).toEqual(["new", "old"]);
  });

  it("joins sweeps of one series whose loads differ", () => {
    const low = run({ runId: "low", seriesKey: "s", points: [at(1), at(2)] });
    const high = run({ runId: "high", seriesKey: "s", measuredOn: "2026-02-01", points: [at(4), at(8)] });
    expect(shape([low, high])).toEqual([{ curveId: "high", runIds: ["high", "low"], loads: [1, 2, 4, 8] }]);
  });

  it("does not join sweeps of one series that share a load", () => {
    const first = run({ runId: "a", seriesKey: "s", points: [at(1), at(2)] });
    const second = run({ runId: "b", seriesKey: "s", points: [at(2), at(4)] });
    expect(shape([first, second])).toHaveLength(2);
  });

  it("lets single points complete one another, and starts an older curve where a load repeats", () => {
    const single = (runId: string, measuredOn: string, load: number) => run({ runId, measuredOn, points: [at(load)] });
    const runs = [
      single("c1-old", "2026-01-01", 1),
      single("c1-new", "2026-03-01", 1),
      single("c2-old", "2026-01-02", 2),
      single("c2-new", "2026-03-02", 2),
      single("c4", "2026-02-01", 4),
    ];
    expect(shape(runs)).toEqual([
      { curveId: "c2-new", runIds: ["c2-new", "c1-new", "c4"], loads: [1, 2, 4] },
      { curveId: "c2-old", runIds: ["c2-old", "c1-old"], loads: [1, 2] },
    ]);
  });

  it("never joins runs that their source names as different series, however few points they have", () => {
    const first = run({ runId: "first", seriesKey: "of-march", measuredOn: "2026-03-01", points: [at(1)] });
    const second = run({ runId: "second", seriesKey: "of-april", measuredOn: "2026-04-01", points: [at(2), at(4)] });
    const unnamed = run({ runId: "unnamed", measuredOn: "2026-05-01", points: [at(8)] });
    expect(shape([first, second, unnamed]).map((curve) => curve.runIds)).toEqual([["unnamed"], ["second"], ["first"]]);
  });

  it("lets a single point complete a sweep that lacks its load", () => {
    const sweep = run({ runId: "sweep", points: [at(1), at(4)] });
    const single = run({ runId: "single", measuredOn: "2025-01-01", points: [at(2)] });
    expect(shape([single, sweep])).toEqual([{ curveId: "sweep", runIds: ["sweep", "single"], loads: [1, 2, 4] }]);
  });

  it("never mixes configurations, workloads, sources or load kinds", () => {
    const base = { points: [at(1)] };
    const runs = [
      run({ ...base, runId: "a" }),
      run({ ...base, runId: "b", configuration: { configurationId: "fp4", precision: "fp4" }, points: [at(2)] }),
      run({
        runId: "c",
        workload: { workloadId: "random-8192-1024", dataset: "random", inputTokens: 8192, outputTokens: 1024 },
        points: [at(3)],
      }),
      run({ runId: "d", source: { name: "other", url: null, licence: null }, points: [at(4)] }),
      run({ runId: "e", points: [at(5, { loadKind: "request_rate" })] }),
    ];
    expect(shape(runs).map((curve) => curve.loads.length)).toEqual([1, 1, 1, 1, 1]);
  });

  it("splits a run on two load axes into two curves with ids of their own", () => {
    const both = run({
      runId: "a",
      points: [at(1), at(2), at(1, { loadKind: "request_rate" }), at(2, { loadKind: "request_rate" })],
    });
    expect(shape([both]).map((curve) => curve.curveId)).toEqual(["a", "a:request_rate"]);
  });

  it("puts everything-at-once and aggregate points at the end of their run's curve", () => {
    const points = [
      point({ loadKind: "max", loadValue: null }),
      at(4, { loadKind: "request_rate" }),
      at(1, { loadKind: "request_rate" }),
    ];
    expect(shape([run({ runId: "a", points })])).toEqual([{ curveId: "a", runIds: ["a"], loads: [1, 4, null] }]);
  });

  it("counts an undated run as older than a dated one, then goes by revision, then by id", () => {
    const sweep = (runId: string, measuredOn: string | null, addedInRevision: number) =>
      run({ runId, measuredOn, addedInRevision, points: [at(1), at(2)] });
    const runs = [
      sweep("undated", null, 9),
      sweep("b", "2026-01-01", 1),
      sweep("a", "2026-01-01", 1),
      sweep("c", "2026-01-01", 2),
    ];
    expect(shape(runs).map((curve) => curve.curveId)).toEqual(["c", "a", "b", "undated"]);
  });

  it("keeps every point on exactly one curve and does not depend on the order of runs", () => {
    const anyRuns = fc
      .array(
        fc.record({
          loads: fc.uniqueArray(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 4 }),
          measuredOn: fc.constantFrom(null, "2026-01-01", "2026-02-01"),
          seriesKey: fc.constantFrom(null, "s", "t"),
          configurationId: fc.constantFrom("x", "y"),
        }),
        { maxLength: 12 },
      )
      .map((all) =>
        all.map(({ loads, configurationId, ...given }, index) =>
          run({
            ...given,
            runId: `run-${index}`,
            configuration: { configurationId },
            points: loads.map((load) => at(load)),
          }),
        ),
      );
    fc.assert(
      fc.property(
        anyRuns.chain((runs) => fc.tuple(fc.constant(runs), fc.shuffledSubarray(runs, { minLength: runs.length }))),
        ([runs, shuffled]) => {
          const curves = loadCurves(runs);
          expect(loadCurves(shuffled)).toEqual(curves);
          const placed = curves.flatMap((curve) => curve.points.map((p) => p.pointId)).sort();
          expect(placed).toEqual(runs.flatMap((r) => r.points.map((p) => p.pointId)).sort());
          for (const curve of curves) {
            const loads = curve.points.map((p) => p.loadValue);
            expect(new Set(loads).size).toBe(loads.length);
          }
          expect(new Set(curves.map((curve) => curve.curveId)).size).toBe(curves.length);
        },
      ),
    );
  });
});
