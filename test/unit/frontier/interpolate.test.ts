import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LoadPoint } from "@/lib/domain";
import { beyondPair, interpolateBetween } from "@/lib/frontier/interpolate";
import { latencyField, METRICS, STATISTICS } from "@/lib/measurement/latency";
import { anyPoint, latency, point } from "./builders";

const inside = (value: number | null | undefined, a: number | null | undefined, b: number | null | undefined) => {
  if (value === null || value === undefined) return;
  expect(a).not.toBeNull();
  expect(b).not.toBeNull();
  expect(value).toBeGreaterThanOrEqual(Math.min(a ?? 0, b ?? 0));
  expect(value).toBeLessThanOrEqual(Math.max(a ?? 0, b ?? 0));
};

const throughput = (at: ReturnType<typeof point>) => at.outputTokensPerSecond ?? at.outputTokensPerSecondDerived;

const anyPair = fc
  .constantFrom("concurrency" as const, "request_rate" as const)
  .chain((kind) => fc.tuple(anyPoint(kind), anyPoint(kind), fc.integer({ min: 1, max: 64 })))
  .map(([a, b, gap]) => [a, { ...b, loadValue: (a.loadValue ?? 0) + gap }] as const);

const anyBeyond = fc
  .constantFrom("concurrency" as const, "request_rate" as const)
  .chain((kind) => fc.tuple(anyPoint(kind), anyPoint(kind)));

/** Beyond a pair, at lower and higher loads of its kind. */
const around = ([a, b]: readonly [LoadPoint, LoadPoint], [before, after]: readonly [LoadPoint, LoadPoint]) => ({
  before: { ...before, loadKind: a.loadKind, loadValue: (a.loadValue ?? 0) / 2 },
  after: { ...after, loadKind: a.loadKind, loadValue: (b.loadValue ?? 0) * 2 },
});

describe("interpolateBetween", () => {
  it("gives the figures worked out by hand between two concurrencies", () => {
    const a = point({
      loadValue: 10,
      outputTokensPerSecond: 810,
      outputTokensMean: 101,
      ttftMs: latency({ mean: 100, p95: 200 }),
      tpotMs: latency(10),
    });
    const b = point({
      loadValue: 30,
      outputTokensPerSecond: 1440,
      outputTokensMean: 101,
      ttftMs: latency({ mean: 300, p95: 800 }),
      tpotMs: latency(15),
    });
    const at = interpolateBetween(a, b, 20);
    // Halfway a straight line gives TTFT mean 200, p95 500, TPOT 12.5 ms. A request takes 1450 ms there, 1100 and 1800 ms at
    // the ends, so Little's law gives 1393.1, 918.18 and 1683.33 tokens/s; measured ÷ derived is 0.88218 and 0.85545, between
    // them 0.86881: 1393.10 × 0.86881 = 1210.35 tokens/s.
    // With nothing beyond the two the cubic is a straight line in the logarithms, 0.63093 of the way: 100 × 3^0.63093 = 200,
    // 200 × 4^0.63093 = 479.6, 10 × 1.5^0.63093 = 12.915 ms, 810 × (1440 ÷ 810)^0.63093 = 1164.6 tokens/s.
    // The geometric means: 200, 489.7, 12.706 ms, 1187.2 tokens/s.
    expect(at?.ttftMs).toMatchObject({ mean: 200, p99: null });
    expect(at?.ttftMs?.p95).toBeCloseTo(489.7, 1);
    expect(at?.tpotMs?.mean).toBeCloseTo(12.706, 3);
    expect(at?.outputTokensPerSecond).toBeCloseTo(1187.25, 0);
    expect(at?.throughputBasis).toBe("measured");
    expect(at?.requestsPerSecond).toBeCloseTo(1187.25 / 101, 2);
  });

  it("takes a straight line over the rate for an open loop, beside the cubic", () => {
    const rate = (loadValue: number, outputTokensPerSecond: number) =>
      point({ loadKind: "request_rate", loadValue, outputTokensPerSecond, ttftMs: latency(loadValue * 10) });
    const at = interpolateBetween(rate(1, 100), rate(5, 300), 2);
    // 150 tokens/s on the line, 100 × 3^0.43068 = 160.5 on the cubic; TTFT is proportional, and so the same on both.
    expect(at?.outputTokensPerSecond).toBeCloseTo(155.16, 1);
    expect(at?.ttftMs?.mean).toBe(20);
  });

  it("keeps everything between its neighbours", () => {
    fc.assert(
      fc.property(anyPair, anyBeyond, fc.double({ min: 0, max: 1, noNaN: true }), ([a, b], others, share) => {
        const [loadA, loadB] = [a.loadValue ?? 0, b.loadValue ?? 0];
        const load = Math.min(loadB, loadA + share * (loadB - loadA));
        const at = interpolateBetween(a, b, load, around([a, b], others));
        expect(at).not.toBeNull();
        inside(at?.outputTokensPerSecond, throughput(a), throughput(b));
        inside(at?.outputTokensMean, a.outputTokensMean, b.outputTokensMean);
        for (const metric of METRICS) {
          const field = latencyField(metric);
          for (const statistic of STATISTICS)
            inside(at?.[field]?.[statistic], a[field]?.[statistic], b[field]?.[statistic]);
        }
      }),
    );
  });

  it("never lets throughput fall with load where the higher neighbour delivers more", () => {
    fc.assert(
      fc.property(
        anyPair,
        anyBeyond,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        ([a, b], others, one, other) => {
          const [tokensA, tokensB] = [throughput(a), throughput(b)];
          fc.pre(tokensA !== null && tokensB !== null && tokensB >= tokensA);
          const at = (share: number) => {
            const [loadA, loadB] = [a.loadValue ?? 0, b.loadValue ?? 0];
            return (
              interpolateBetween(a, b, Math.min(loadB, loadA + share * (loadB - loadA)), around([a, b], others))
                ?.outputTokensPerSecond ?? 0
            );
          };
          const [lower, higher] = [at(Math.min(one, other)), at(Math.max(one, other))];
          expect(higher).toBeGreaterThanOrEqual(lower * (1 - 1e-9));
        },
      ),
    );
  });

  it("never puts a percentile above a higher one that was measured above it", () => {
    fc.assert(
      fc.property(anyPair, anyBeyond, fc.double({ min: 0, max: 1, noNaN: true }), ([a, b], others, share) => {
        const [loadA, loadB] = [a.loadValue ?? 0, b.loadValue ?? 0];
        const at = interpolateBetween(a, b, Math.min(loadB, loadA + share * (loadB - loadA)), around([a, b], others));
        for (const metric of METRICS) {
          const of = at?.[latencyField(metric)];
          const known = (["p50", "p90", "p95", "p99"] as const).flatMap((statistic) => of?.[statistic] ?? []);
          expect(known).toEqual([...known].sort((x, y) => x - y));
        }
      }),
    );
  });

  it("bends as the points beyond say: a knee just after the pair is felt before it", () => {
    const [low, a, b] = [4, 8, 16].map((loadValue) =>
      point({ loadValue, outputTokensPerSecond: loadValue * 10, ttftMs: latency(loadValue === 16 ? 20 : 10) }),
    );
    const after = point({ loadValue: 32, outputTokensPerSecond: 170, ttftMs: latency(400) });
    if (low === undefined || a === undefined || b === undefined) throw new Error("three points");
    const flat = interpolateBetween(a, b, 12)?.ttftMs?.mean ?? 0;
    const bent = interpolateBetween(a, b, 12, { before: low, after })?.ttftMs?.mean ?? 0;
    // Flat until 8 and steep after 16: slower to leave 10 ms than a line through the two alone.
    expect(bent).toBeLessThan(flat);
    expect(beyondPair([low, a, b, after], 1)).toEqual({ before: low, after });
    expect(beyondPair([a, { ...a, pointId: "repeat" }, b, after], 1)).toEqual({ before: null, after });
  });

  it("says derived where either neighbour's throughput is", () => {
    const measured = point({ loadValue: 1, outputTokensPerSecond: 10 });
    const derived = point({ loadValue: 3, outputTokensPerSecondDerived: 20 });
    expect(interpolateBetween(measured, derived, 2)?.throughputBasis).toBe("derived");
    expect(interpolateBetween(measured, point({ loadValue: 3 }), 2)).toMatchObject({
      outputTokensPerSecond: null,
      throughputBasis: null,
    });
  });

  it("extrapolates nothing and joins no different load axes", () => {
    const a = point({ loadValue: 2, outputTokensPerSecond: 10 });
    const b = point({ loadValue: 4, outputTokensPerSecond: 20 });
    expect(interpolateBetween(a, b, 1.9)).toBeNull();
    expect(interpolateBetween(a, b, 4.1)).toBeNull();
    expect(interpolateBetween(b, a, 3)).toBeNull();
    expect(interpolateBetween(a, { ...b, loadKind: "request_rate" }, 3)).toBeNull();
    expect(interpolateBetween(a, point({ loadKind: "max", loadValue: null }), 3)).toBeNull();
  });
});
