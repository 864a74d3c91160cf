import { describe, expect, it } from "vitest";
import { latencyOf, requestsPerSecondOf, throughputOf } from "@/lib/frontier/derive";
import { latency, point } from "./builders";

describe("latencyOf", () => {
  it("reads a measured latency as measured", () => {
    const at = point({ ttftMs: latency({ p95: 410 }) });
    expect(latencyOf(at, "ttft", "p95")).toEqual({ value: 410, basis: "measured" });
  });

  it("derives the mean of NTPOT from end-to-end latency and output tokens, and says so", () => {
    const at = point({ e2eMs: latency({ mean: 2000, p50: 1800 }), outputTokensMean: 100 });
    expect(latencyOf(at, "ntpot", "mean")).toEqual({ value: 20, basis: "derived" });
  });

  it("derives no percentile of NTPOT", () => {
    const at = point({ e2eMs: latency({ mean: 2000, p50: 1800 }), outputTokensMean: 100 });
    expect(latencyOf(at, "ntpot", "p50")).toEqual({ value: null, basis: "missing" });
  });

  it("prefers the measured NTPOT", () => {
    const at = point({ ntpotMs: latency(21), e2eMs: latency(2000) });
    expect(latencyOf(at, "ntpot", "mean")).toEqual({ value: 21, basis: "measured" });
  });

  it("says missing, never zero, where nothing was measured", () => {
    expect(latencyOf(point(), "tpot", "p99")).toEqual({ value: null, basis: "missing" });
    expect(latencyOf(point({ e2eMs: latency(2000), outputTokensMean: null }), "ntpot", "mean").value).toBeNull();
    expect(latencyOf(point({ e2eMs: latency(2000), outputTokensMean: 0 }), "ntpot", "mean").value).toBeNull();
  });
});

describe("throughputOf", () => {
  it("takes the measured value before the derived one", () => {
    const both = point({ outputTokensPerSecond: 90, outputTokensPerSecondDerived: 95 });
    expect(throughputOf(both)).toEqual({ outputTokensPerSecond: 90, basis: "measured" });
    const derived = point({ outputTokensPerSecondDerived: 95 });
    expect(throughputOf(derived)).toEqual({ outputTokensPerSecond: 95, basis: "derived" });
    expect(throughputOf(point())).toEqual({ outputTokensPerSecond: null, basis: null });
  });
});

describe("requestsPerSecondOf", () => {
  it("is the measured rate, else output tokens/s over output tokens per request, else unknown", () => {
    expect(requestsPerSecondOf(point({ requestRateAchieved: 3, outputTokensPerSecond: 200 }))).toBe(3);
    expect(requestsPerSecondOf(point({ outputTokensPerSecond: 200, outputTokensMean: 100 }))).toBe(2);
    expect(requestsPerSecondOf(point({ outputTokensPerSecond: 200, outputTokensMean: null }))).toBeNull();
    expect(requestsPerSecondOf(point({ requestRateAchieved: null }))).toBeNull();
  });
});
