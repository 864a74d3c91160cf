import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { derivedOutputTokensPerSecond, withDerivedThroughput } from "../../../lib/measurement/derived-throughput";
import type { LatencyStatistics } from "../../../lib/measurement/latency";
import type { Measurement } from "../../../lib/measurement/measurement";
import { emptyMeasurement } from "../../../lib/measurement/measurement";
import { impossibleFields } from "../../../lib/measurement/quality";

const stats = (some: Partial<LatencyStatistics>): LatencyStatistics => ({
  mean: null,
  p50: null,
  p90: null,
  p95: null,
  p99: null,
  ...some,
});
const point = (some: Partial<Measurement>): Measurement => ({ ...emptyMeasurement(), ...some });

describe("a value that cannot be", () => {
  it("is found wherever it stands", () => {
    const found = impossibleFields(
      point({
        loadValue: -1,
        requestsFailed: 0.5,
        durationS: Number.POSITIVE_INFINITY,
        e2eMs: stats({ p95: Number.NaN }),
        inputTokensMean: 1e16,
      }),
    );
    expect(found.map((item) => item.field)).toEqual([
      "loadValue",
      "requestsFailed",
      "durationS",
      "inputTokensMean",
      "e2eMs.p95",
    ]);
    expect(impossibleFields(point({ loadValue: 0.5, requestsFailed: 0 }))).toEqual([]);
  });
});

describe("derived throughput", () => {
  const closed = {
    loadKind: "concurrency" as const,
    loadValue: 10,
    outputTokensMean: 101,
    ttftMs: stats({ mean: 500 }),
    tpotMs: stats({ mean: 5 }),
  };

  it("is concurrency × output tokens ÷ (TTFT + TPOT × (output tokens − 1))", () => {
    // 10 × 101 tokens in 0.5 s + 0.005 s × 100 = 1 s
    expect(derivedOutputTokensPerSecond(point(closed))).toBeCloseTo(1010, 9);
    expect(
      derivedOutputTokensPerSecond(point({ ...closed, ttftMs: stats({ p50: 500 }), tpotMs: stats({ p50: 5 }) })),
    ).toBeCloseTo(1010, 9);
  });

  it("is not made from a mean and a median, from an open loop, or from anything missing", () => {
    expect(derivedOutputTokensPerSecond(point({ ...closed, tpotMs: stats({ p50: 5 }) }))).toBeNull();
    expect(derivedOutputTokensPerSecond(point({ ...closed, loadKind: "request_rate" }))).toBeNull();
    expect(derivedOutputTokensPerSecond(point({ ...closed, outputTokensMean: null }))).toBeNull();
    expect(derivedOutputTokensPerSecond(point({ ...closed, ttftMs: null }))).toBeNull();
  });

  it("stands beside measured fields and never changes one", () => {
    const positive = fc.double({ min: 0.1, max: 1e5, noNaN: true });
    fc.assert(
      fc.property(
        positive,
        positive,
        fc.integer({ min: 1, max: 10_000 }),
        fc.option(positive, { nil: null }),
        (ttft, tpot, tokens, measured) => {
          const before = point({
            ...closed,
            outputTokensMean: tokens,
            ttftMs: stats({ mean: ttft }),
            tpotMs: stats({ mean: tpot }),
            outputTokensPerSecond: measured,
          });
          const { outputTokensPerSecondDerived, qualityFlags, ...after } = withDerivedThroughput(before);
          const { outputTokensPerSecondDerived: _, qualityFlags: __, ...fields } = before;
          expect(after).toEqual(fields);
          expect(outputTokensPerSecondDerived === null).toBe(measured !== null);
          expect(qualityFlags.includes("est_throughput")).toBe(measured === null);
        },
      ),
    );
  });
});
