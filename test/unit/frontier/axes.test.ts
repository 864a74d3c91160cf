import { describe, expect, it } from "vitest";
import { type Axes, availableAxes, axisValues } from "@/lib/frontier/axes";
import { withTdp } from "@/lib/frontier/tdp";
import { curve, latency, point } from "./builders";

const axes = (throughput: Axes["throughput"]): Axes => ({ throughput, metric: "ttft", statistic: "p95" });

describe("axisValues", () => {
  const at = point({ outputTokensPerSecond: 800, ttftMs: latency({ p95: 300 }) });
  const on8 = curve([at], { acceleratorCount: 8 });

  it("divides throughput by the accelerators and leaves latency alone", () => {
    expect(axisValues(at, on8, axes("deployment"), null)).toEqual({ x: 800, y: 300 });
    expect(axisValues(at, on8, axes("accelerator"), null)).toEqual({ x: 100, y: 300 });
  });

  it("gives output tokens per US dollar", () => {
    expect(axisValues(at, on8, axes("usd"), 16)).toEqual({ x: (800 * 3600) / 16, y: 300 });
  });

  it("puts a configuration without a price nowhere, not at infinity or zero", () => {
    expect(axisValues(at, on8, axes("usd"), null)).toBeNull();
    expect(axisValues(at, on8, axes("usd"), 0)).toBeNull();
  });

  it("gives throughput per watt as it was measured, else by the TDP of all accelerators, else not at all", () => {
    const [known] = withTdp([on8], [{ id: on8.configuration.accelerator, tdpWatts: 500 }]);
    if (known === undefined) throw new Error("no curve");
    expect(axisValues(at, known, axes("watt"), null)).toEqual({ x: 800 / 4000, y: 300 });
    expect(axisValues({ ...at, powerWattsMean: 1600 }, known, axes("watt"), null)?.x).toBe(0.5);
    expect(axisValues(at, on8, axes("watt"), null)).toBeNull();
  });

  it("takes the accelerator count as measured, never from TP × PP × DP", () => {
    // Data-parallel attention over the same eight accelerators: TP 8 × DP 8 is not 64 of them.
    const parallelism = { label: "tp8-dp8", tensor: 8, pipeline: 1, data: 8, expert: 8, context: null };
    const shared = curve([at], { acceleratorCount: 8, parallelism });
    expect(axisValues(at, shared, axes("accelerator"), null)?.x).toBe(100);
  });

  it("has no value where latency or throughput is missing", () => {
    expect(axisValues(point({ outputTokensPerSecond: 800 }), on8, axes("deployment"), null)).toBeNull();
    expect(axisValues(point({ ttftMs: latency({ p95: 300 }) }), on8, axes("deployment"), null)).toBeNull();
  });
});

describe("availableAxes", () => {
  const measured = (given: Parameters<typeof point>[0]) => point({ outputTokensPerSecond: 1, ...given });

  it("offers only what has data, with the number of points and accelerators", () => {
    const curves = [
      curve([
        measured({ ttftMs: latency({ mean: 1, p95: 2 }) }),
        measured({ loadValue: 2, ttftMs: latency({ mean: 1 }) }),
      ]),
      curve([measured({ ttftMs: latency({ mean: 1 }) })], { configurationId: "other", accelerator: "mi300x" }),
    ];
    expect(availableAxes(curves)).toEqual([
      { metric: "ttft", statistic: "mean", points: 3, accelerators: 2 },
      { metric: "ttft", statistic: "p95", points: 1, accelerators: 1 },
    ]);
  });

  it("does not count points that cannot be drawn: no throughput, outliers, derived where only measured is asked for", () => {
    const ttftMs = latency({ p95: 2 });
    const curves = [
      curve([
        point({ ttftMs }),
        measured({ loadValue: 2, ttftMs, qualityFlags: ["outlier_against_other_runs"] }),
        point({ loadValue: 4, ttftMs, outputTokensPerSecondDerived: 5 }),
      ]),
    ];
    const points = (filter?: Parameters<typeof availableAxes>[1]) => availableAxes(curves, filter)[0]?.points;
    expect(points()).toBe(1);
    expect(points({ measuredOnly: false, includeOutliers: true })).toBe(2);
    expect(points({ measuredOnly: true, includeOutliers: false })).toBeUndefined();
  });
});
