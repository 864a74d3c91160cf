import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { interpolateBetween } from "@/lib/frontier/interpolate";
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
    // Halfway: TTFT mean 200, p95 500, TPOT 12.5 ms. A request takes 1450 ms there, 1100 and 1800 ms at the ends, so
    // Little's law gives 1393.1, 918.18 and 1683.33 tokens/s; measured ÷ derived is 0.88218 and 0.85545, between them
    // 0.86881: 1393.10 × 0.86881 = 1210.35 tokens/s.
    expect(at?.ttftMs).toMatchObject({ mean: 200, p95: 500, p99: null });
    expect(at?.tpotMs?.mean).toBe(12.5);
    expect(at?.outputTokensPerSecond).toBeCloseTo(1210.35, 1);
    expect(at?.throughputBasis).toBe("measured");
    expect(at?.requestsPerSecond).toBeCloseTo(1210.35 / 101, 2);
  });

  it("is linear in the rate on an open loop", () => {
    const rate = (loadValue: number, outputTokensPerSecond: number) =>
      point({ loadKind: "request_rate", loadValue, outputTokensPerSecond, ttftMs: latency(loadValue * 10) });
    const at = interpolateBetween(rate(1, 100), rate(5, 300), 2);
    expect(at).toMatchObject({ outputTokensPerSecond: 150, ttftMs: { mean: 20 } });
  });

  it("keeps everything between its neighbours", () => {
    fc.assert(
      fc.property(anyPair, fc.double({ min: 0, max: 1, noNaN: true }), ([a, b], share) => {
        const [loadA, loadB] = [a.loadValue ?? 0, b.loadValue ?? 0];
        const load = Math.min(loadB, loadA + share * (loadB - loadA));
        const at = interpolateBetween(a, b, load);
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
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        ([a, b], one, other) => {
          const [tokensA, tokensB] = [throughput(a), throughput(b)];
          fc.pre(tokensA !== null && tokensB !== null && tokensB >= tokensA);
          const at = (share: number) => {
            const [loadA, loadB] = [a.loadValue ?? 0, b.loadValue ?? 0];
            return (
              interpolateBetween(a, b, Math.min(loadB, loadA + share * (loadB - loadA)))?.outputTokensPerSecond ?? 0
            );
          };
          const [lower, higher] = [at(Math.min(one, other)), at(Math.max(one, other))];
          expect(higher).toBeGreaterThanOrEqual(lower * (1 - 1e-9));
        },
      ),
    );
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
