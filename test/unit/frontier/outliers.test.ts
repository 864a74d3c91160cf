import { describe, expect, it } from "vitest";
import { bytesPerWeight, flagOutliers, isOutlier } from "@/lib/frontier/outliers";
import { accelerator, latency, model, point, run } from "./builders";

const catalogue = { models: [model()], accelerators: [accelerator()] };
const flagsOf = (runs: ReturnType<typeof run>[], given = catalogue) =>
  flagOutliers(runs, given).map((flagged) => flagged.points.map((at) => at.qualityFlags));

describe("a point that beats memory bandwidth", () => {
  // 10 billion active weights at 1 byte over 2000 GB/s: no token in less than 5 ms.
  const withTpot = (tpotMs: number, configuration = {}) =>
    run({ configuration, points: [point({ tpotMs: latency(tpotMs) })] });

  it("is flagged below active weight bytes ÷ bandwidth, and not at it", () => {
    expect(flagsOf([withTpot(4.99)])).toEqual([[["outlier_beats_memory_bandwidth"]]]);
    expect(flagsOf([withTpot(5)])).toEqual([[[]]]);
  });

  it("is judged by the memory of all accelerators, of decoding ones where disaggregated", () => {
    expect(flagsOf([withTpot(2.6, { acceleratorCount: 2 })])).toEqual([[[]]]);
    const split = { acceleratorCount: 4, servingMode: "disaggregated" as const };
    expect(flagsOf([withTpot(2, { ...split, decodeAccelerators: 2 })])).toEqual([[["outlier_beats_memory_bandwidth"]]]);
    expect(flagsOf([withTpot(2, split)])).toEqual([[[]]]);
  });

  it("is not accused where decoding is speculative or may be", () => {
    expect(flagsOf([withTpot(1, { speculative: "mtp3" })])).toEqual([[[]]]);
    const unknown = run({ points: [point({ tpotMs: latency(1), qualityFlags: ["speculative_unknown"] })] });
    expect(flagsOf([unknown])).toEqual([[["speculative_unknown"]]]);
  });

  it("is not accused where model size or bandwidth is unknown", () => {
    const fast = withTpot(0.1);
    expect(flagsOf([fast], { ...catalogue, models: [] })).toEqual([[[]]]);
    const noBandwidth = { ...catalogue, accelerators: [accelerator({ memoryBandwidthGbPerSecond: null })] };
    expect(flagsOf([fast], noBandwidth)).toEqual([[[]]]);
    expect(flagsOf([fast], { ...catalogue, models: [model({ activeParametersBillions: null })] })).toEqual([[[]]]);
  });

  it("counts an unknown precision as the smallest weights", () => {
    expect(flagsOf([withTpot(2.6, { precision: null })])).toEqual([[[]]]);
    expect(flagsOf([withTpot(2.4, { precision: null })])).toEqual([[["outlier_beats_memory_bandwidth"]]]);
  });

  it("knows the size of a weight", () => {
    const sizes = ["fp8", "FP4", "int4", "bf16", "fp16", "int8-w8a8", "w4a16", "mxfp4", "fp32", "awq", null].map(
      bytesPerWeight,
    );
    expect(sizes).toEqual([1, 0.5, 0.5, 2, 2, 1, 0.5, 0.5, 4, 0.5, 0.5]);
  });
});

describe("a point that contradicts another run", () => {
  const at = (loadValue: number, tpotMs: number) => point({ loadValue, tpotMs: latency(tpotMs) });
  const low = run({ runId: "low", points: [at(16, 20)] });
  const other = (loadValue: number, tpotMs: number, given = {}) =>
    run({ runId: "high", points: [at(loadValue, tpotMs)], ...given });
  const flagged = ["outlier_against_other_runs"];

  it("is flagged at 30% or more below a run at a quarter of its load or less", () => {
    expect(flagsOf([low, other(64, 14)])).toEqual([[[]], [flagged]]);
    expect(flagsOf([low, other(64, 14.1)])).toEqual([[[]], [[]]]);
    expect(flagsOf([low, other(63, 10)])).toEqual([[[]], [[]]]);
  });

  it("is not judged by its own run, another configuration, workload or load kind", () => {
    expect(flagsOf([run({ points: [at(16, 20), at(64, 10)] })])).toEqual([[[], []]]);
    expect(flagsOf([low, other(64, 10, { configuration: { configurationId: "other" } })])[1]).toEqual([[]]);
    const workload = { workloadId: "w", dataset: null, inputTokens: null, outputTokens: null };
    expect(flagsOf([low, other(64, 10, { workload })])[1]).toEqual([[]]);
    const rate = point({ loadKind: "request_rate", loadValue: 64, tpotMs: latency(10) });
    expect(flagsOf([low, other(64, 10, { points: [rate] })])[1]).toEqual([[]]);
  });

  it("is judged by the highest TPOT of the others even when its own run's is higher", () => {
    const own = run({ runId: "high", points: [at(1, 50), at(64, 14)] });
    expect(flagsOf([low, own])[1]).toEqual([[], flagged]);
  });

  it("compares medians where a mean is missing, never a mean with a median", () => {
    const median = (loadValue: number, p50: number) => point({ loadValue, tpotMs: latency({ p50 }) });
    const high = (of: ReturnType<typeof point>) => run({ runId: "high", points: [of] });
    const lowMedian = run({ runId: "low", points: [median(16, 20)] });
    expect(flagsOf([lowMedian, high(median(64, 10))])[1]).toEqual([flagged]);
    expect(flagsOf([low, high(median(64, 10))])[1]).toEqual([[]]);
    const both = point({ loadValue: 64, tpotMs: latency({ mean: 19, p50: 10 }) });
    expect(
      flagsOf([
        run({ runId: "low", points: [point({ loadValue: 16, tpotMs: latency({ mean: 20, p50: 20 }) })] }),
        high(both),
      ])[1],
    ).toEqual([[]]);
  });
});

describe("flagOutliers", () => {
  it("leaves its input alone and honest runs as they are", () => {
    const honest = run({ runId: "honest", points: [point({ tpotMs: latency(20) })] });
    const wrong = run({ runId: "wrong", points: [point({ tpotMs: latency(1) })] });
    const [first, second] = flagOutliers([honest, wrong], catalogue);
    expect(first).toBe(honest);
    expect(wrong.points[0]?.qualityFlags).toEqual([]);
    expect(second?.points.map(isOutlier)).toEqual([true]);
  });

  it("counts a flag that came with the data, once", () => {
    const known = run({ points: [point({ tpotMs: latency(1), qualityFlags: ["outlier_beats_memory_bandwidth"] })] });
    expect(flagsOf([known])).toEqual([[["outlier_beats_memory_bandwidth"]]]);
    expect(isOutlier(point({ qualityFlags: ["outlier_against_other_runs"] }))).toBe(true);
    expect(isOutlier(point({ qualityFlags: ["nominal_token_lengths"] }))).toBe(false);
  });
});
