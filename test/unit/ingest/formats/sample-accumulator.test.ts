import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { distributionMs } from "../../../../lib/ingest/formats/percentiles";
import { HISTOGRAM_RELATIVE_ERROR, SampleAccumulator } from "../../../../lib/ingest/formats/sample-accumulator";
import { STATISTICS } from "../../../../lib/measurement/latency";

const SEED = 20_260_401;

function accumulated(values: readonly number[], exactLimit?: number): SampleAccumulator {
  const samples = new SampleAccumulator(exactLimit);
  for (const value of values) samples.add(value);
  return samples;
}

const latencies = fc.array(fc.oneof(fc.double({ min: 1e-9, max: 1e6, noNaN: true }), fc.constant(0)), {
  minLength: 1,
  maxLength: 400,
});

describe("the values of one latency, however many", () => {
  test("up to the limit, statistics are those of the values themselves", () => {
    fc.assert(
      fc.property(latencies, (values) => {
        const { statistics, approximate } = accumulated(values).statisticsMs(1000);
        const expected = distributionMs(values);
        expect(approximate).toBe(false);
        if (expected === null || statistics === null) {
          expect(statistics).toBe(expected);
          return;
        }
        expect(statistics.mean).toBeCloseTo(expected.mean ?? 0, 4);
        for (const statistic of ["p50", "p90", "p95", "p99"] as const) {
          expect(statistics[statistic]).toBe(expected[statistic]);
        }
      }),
      { seed: SEED },
    );
  });

  test("beyond the limit, percentiles are within 0.1%, the mean is exact, and it says so", () => {
    fc.assert(
      fc.property(latencies, (values) => {
        const limit = Math.floor(values.length / 3);
        const { statistics, approximate } = accumulated(values, limit).statisticsMs(1000);
        const expected = distributionMs(values);
        expect(approximate).toBe(true);
        if (expected === null || statistics === null) {
          expect(statistics).toBe(expected);
          return;
        }
        for (const statistic of STATISTICS) {
          const exact = expected[statistic] ?? Number.NaN;
          const allowed = statistic === "mean" ? 1e-12 : HISTOGRAM_RELATIVE_ERROR;
          expect(Math.abs((statistics[statistic] ?? Number.NaN) - exact)).toBeLessThanOrEqual(exact * allowed);
        }
      }),
      { seed: SEED },
    );
  });

  test("values grow past every first allocation", () => {
    const values = Array.from({ length: 5000 }, (_, index) => (index * 7919) % 5000);
    expect(accumulated(values).statisticsMs(1).statistics).toEqual(distributionMs(values, 1));
  });

  test("statistics may be asked for between additions", () => {
    const samples = accumulated([3, 1]);
    expect(samples.statisticsMs(1).statistics?.p50).toBe(2);
    samples.add(0.5);
    expect(samples.statisticsMs(1).statistics?.p50).toBe(1);
  });

  test("nothing, and nothing but zeros, are no measurement", () => {
    expect(accumulated([]).statisticsMs(1000).statistics).toBeNull();
    expect(accumulated([0, 0, 0]).statisticsMs(1000).statistics).toBeNull();
    expect(accumulated([0, 0, 0], 1).statisticsMs(1000)).toEqual({ statistics: null, approximate: true });
  });

  test("values no measurement can have are left out and counted", () => {
    const samples = accumulated([1, -1, Number.NaN, Number.POSITIVE_INFINITY, 3]);
    expect(samples.refused).toBe(3);
    expect(samples.count).toBe(2);
    expect(samples.statisticsMs(1).statistics?.mean).toBe(2);
  });

  test("memory stays bounded: the histogram of any values has few buckets, and equal values come back exact", () => {
    const samples = accumulated(
      Array.from({ length: 1000 }, () => 0.0123),
      10,
    );
    expect(samples.statisticsMs(1000)).toEqual({
      statistics: { mean: expect.closeTo(12.3, 12), p50: 12.3, p90: 12.3, p95: 12.3, p99: 12.3 },
      approximate: true,
    });
  });
});
