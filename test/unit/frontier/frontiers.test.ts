import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Axes } from "@/lib/frontier/axes";
import { axisValues } from "@/lib/frontier/axes";
import { type FrontierOptions, frontiers } from "@/lib/frontier/frontiers";
import type { LoadCurve } from "@/lib/frontier/load-curve";
import { anyPoints, curve, latency, point } from "./builders";

const axes: Axes = { throughput: "deployment", metric: "tpot", statistic: "mean" };
const options: FrontierOptions = { measuredOnly: false, includeOutliers: false, usdPerHourOf: () => null };
const at = (loadValue: number, tokensPerSecond: number, tpotMs: number, given: Parameters<typeof point>[0] = {}) =>
  point({ loadValue, outputTokensPerSecond: tokensPerSecond, tpotMs: latency(tpotMs), ...given });

const drawn = (curves: LoadCurve[], on: Axes = axes, how: FrontierOptions = options) =>
  frontiers(curves, on, how).map((frontier) => ({
    accelerator: frontier.accelerator,
    points: frontier.points.map(({ x, y, connection }) => [x, y, connection]),
    dominated: frontier.dominated.map(({ x, y }) => [x, y]),
  }));

describe("frontiers", () => {
  it("gives each accelerator a frontier of its own, by id", () => {
    const curves = [
      curve([at(1, 100, 10)], { configurationId: "m", accelerator: "mi300x" }),
      curve([at(1, 50, 20)], { configurationId: "h", accelerator: "h100" }),
    ];
    expect(drawn(curves)).toEqual([
      { accelerator: "h100", points: [[50, 20, null]], dominated: [] },
      { accelerator: "mi300x", points: [[100, 10, null]], dominated: [] },
    ]);
  });

  it("draws a line between load neighbours of one curve and a step between different deployments", () => {
    const a = curve([at(1, 100, 10), at(2, 180, 12)], { configurationId: "a" });
    const b = curve([at(1, 150, 20), at(2, 300, 22)], { configurationId: "b" });
    expect(drawn([a, b])[0]).toMatchObject({
      points: [
        [100, 10, "line"],
        [180, 12, "step"],
        [300, 22, null],
      ],
      dominated: [[150, 20]],
    });
  });

  it("promises no deployment between points that are not load neighbours", () => {
    const withDip = curve([at(1, 100, 10), at(2, 90, 15), at(4, 200, 20)]);
    expect(drawn([withDip])[0]?.points).toEqual([
      [100, 10, "step"],
      [200, 20, null],
    ]);
    const thenAll = curve([at(1, 100, 10), at(0, 200, 20, { loadKind: "max", loadValue: null })]);
    expect(drawn([thenAll])[0]?.points[0]).toEqual([100, 10, "step"]);
  });

  it("drops points past saturation: more latency for less throughput", () => {
    const saturated = curve([at(1, 100, 10), at(2, 200, 20), at(4, 190, 80)]);
    expect(drawn([saturated])[0]?.dominated).toEqual([[190, 80]]);
  });

  it("keeps no dominated ties", () => {
    const tied = [curve([at(1, 100, 10)], { configurationId: "a" }), curve([at(1, 90, 10)], { configurationId: "b" })];
    expect(drawn(tied)[0]?.points).toEqual([[100, 10, null]]);
  });

  it("of points equal on both axes keeps the measured one", () => {
    const derived = point({ loadValue: 1, outputTokensPerSecondDerived: 100, tpotMs: latency(10) });
    const curves = [curve([derived], { configurationId: "a" }), curve([at(1, 100, 10)], { configurationId: "b" })];
    expect(frontiers(curves, axes, options)[0]?.points.map(({ basis }) => basis)).toEqual(["measured"]);
  });

  it("puts a point without the asked percentile nowhere, instead of piling such points on zero", () => {
    const p95 = point({ loadValue: 1, outputTokensPerSecond: 100, tpotMs: latency({ p95: 11 }) });
    const mean = at(2, 200, 12);
    expect(drawn([curve([p95, mean])], { ...axes, statistic: "p95" })[0]).toMatchObject({
      points: [[100, 11, null]],
      dominated: [],
    });
    expect(drawn([curve([mean])], { ...axes, statistic: "p99" })).toEqual([]);
  });

  it("leaves offline points without latency off", () => {
    expect(drawn([curve([point({ loadKind: "max", loadValue: null, outputTokensPerSecond: 9000 })])])).toEqual([]);
  });

  it("leaves outliers off unless they are asked for, and derived throughput where only measured is", () => {
    const wrong = at(2, 900, 1, { qualityFlags: ["outlier_against_other_runs"] });
    const curves = [curve([at(1, 100, 10), wrong])];
    expect(drawn(curves)[0]?.points).toEqual([[100, 10, null]]);
    expect(drawn(curves, axes, { ...options, includeOutliers: true })[0]?.points).toEqual([[900, 1, null]]);
    const derived = [curve([point({ outputTokensPerSecondDerived: 5, tpotMs: latency(1) })])];
    expect(drawn(derived)).toHaveLength(1);
    expect(drawn(derived, axes, { ...options, measuredOnly: true })).toEqual([]);
  });

  it("has no place for an accelerator without a price on a dollar axis", () => {
    const curves = [
      curve([at(1, 100, 10)], { configurationId: "a", accelerator: "priced" }),
      curve([at(1, 900, 1)], { configurationId: "b", accelerator: "unpriced" }),
    ];
    const usdPerHourOf = (of: LoadCurve) => (of.configuration.accelerator === "priced" ? 3.6 : null);
    expect(drawn(curves, { ...axes, throughput: "usd" }, { ...options, usdPerHourOf })).toEqual([
      { accelerator: "priced", points: [[100_000, 10, null]], dominated: [] },
    ]);
  });

  it("computes the frontier on the very axes it is drawn on", () => {
    // Per deployment the eight-accelerator one wins; per accelerator the single one does.
    const one = curve([at(1, 100, 10)], { configurationId: "one", acceleratorCount: 1 });
    const eight = curve([at(1, 400, 10)], { configurationId: "eight", acceleratorCount: 8 });
    expect(drawn([one, eight])[0]?.points).toEqual([[400, 10, null]]);
    expect(drawn([one, eight], { ...axes, throughput: "accelerator" })[0]?.points).toEqual([[100, 10, null]]);
  });

  it("refuses to compare curves of different models or workloads", () => {
    const workload = { workloadId: "other", dataset: null, inputTokens: null, outputTokens: null };
    const curves = [curve([at(1, 100, 10)]), curve([at(1, 100, 10)], {}, { workload })];
    expect(() => frontiers(curves, axes, options)).toThrow(/different models or workloads/);
  });

  it("draws every participating point exactly once, where its axes say, and none that is dominated on the frontier", () => {
    fc.assert(
      fc.property(fc.array(anyPoints(), { minLength: 1, maxLength: 4 }), (lists) => {
        const curves = lists.map((points, index) =>
          curve(points, { configurationId: `c${index}`, acceleratorCount: index + 1 }),
        );
        const on: Axes = { ...axes, throughput: "accelerator" };
        for (const frontier of frontiers(curves, on, options)) {
          const all = [...frontier.points, ...frontier.dominated];
          expect(new Set(all.map(({ point }) => point)).size).toBe(all.length);
          for (const { x, y, point: p, curve: c } of all) expect(axisValues(p, c, on, null)).toEqual({ x, y });
          for (const kept of frontier.points) {
            expect(all.some(({ x, y }) => x >= kept.x && y <= kept.y && (x > kept.x || y < kept.y))).toBe(false);
          }
        }
      }),
    );
  });
});
