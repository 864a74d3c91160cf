import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { METRICS, STATISTICS } from "@/lib/measurement/latency";
import { formatSlo, parseSlo, sloLabel, sloReading, standingOf } from "@/lib/selection/slo";
import { latency, point } from "../frontier/builders";

describe("parseSlo", () => {
  it("reads metric, statistic and limit in milliseconds", () => {
    expect(parseSlo("ttft:p95:500")).toEqual({ ok: true, value: { metric: "ttft", statistic: "p95", limitMs: 500 } });
    expect(parseSlo(" TPOT:mean:12.5ms ")).toEqual({
      ok: true,
      value: { metric: "tpot", statistic: "mean", limitMs: 12.5 },
    });
    expect(parseSlo("e2e:p99:2s")).toEqual({ ok: true, value: { metric: "e2e", statistic: "p99", limitMs: 2000 } });
  });

  it("reads back exactly what formatSlo writes", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...METRICS),
        fc.constantFrom(...STATISTICS),
        fc.double({ min: 1e-9, max: 1e12, noNaN: true }),
        (metric, statistic, limitMs) => {
          const slo = { metric, statistic, limitMs };
          expect(parseSlo(formatSlo(slo))).toEqual({ ok: true, value: slo });
        },
      ),
    );
  });

  it("says what is wrong and what is expected", () => {
    const message = (text: string) => {
      const parsed = parseSlo(text);
      return parsed.ok ? "" : parsed.error;
    };
    expect(message("500")).toContain("ttft:p95:500");
    expect(message("latency:p95:500")).toContain("ttft, tpot, itl, ntpot, e2e");
    expect(message("ttft:p42:500")).toContain("mean, p50, p90, p95, p99");
    for (const limit of ["0", "-5", "", "fast", "NaN", "Infinity", "1e999"]) {
      expect(message(`ttft:p95:${limit}`)).toContain("above zero");
    }
  });
});

describe("sloLabel", () => {
  it("reads as a person writes it", () => {
    expect(sloLabel({ metric: "ttft", statistic: "p95", limitMs: 500 })).toBe("TTFT p95 ≤ 500 ms");
    expect(sloLabel({ metric: "e2e", statistic: "mean", limitMs: 2000 })).toBe("E2E mean ≤ 2 s");
    expect(sloLabel({ metric: "tpot", statistic: "p99", limitMs: 12.5 })).toBe("TPOT p99 ≤ 12.5 ms");
  });
});

describe("standing", () => {
  const slo = { metric: "ttft", statistic: "p95", limitMs: 500 } as const;

  it("is met up to and including the limit", () => {
    expect(standingOf(sloReading(point({ ttftMs: latency({ p95: 500 }) }), slo), slo)).toMatchObject({
      met: true,
      basis: "measured",
    });
    expect(standingOf(sloReading(point({ ttftMs: latency({ p95: 500.1 }) }), slo), slo)).toMatchObject({
      met: false,
      valueMs: 500.1,
    });
  });

  it("lets the next higher percentile stand in as a bound, and says so", () => {
    const at = point({ ttftMs: latency({ p50: 100, p99: 450 }) });
    expect(standingOf(sloReading(at, slo), slo)).toEqual({
      slo,
      valueMs: 450,
      basis: "bound",
      statisticUsed: "p99",
      met: true,
    });
    expect(standingOf(sloReading(at, { ...slo, statistic: "p50" }), { ...slo, statistic: "p50" })).toMatchObject({
      basis: "measured",
      valueMs: 100,
    });
    const all = point({ ttftMs: latency({ p90: 300, p95: 400, p99: 450 }) });
    expect(standingOf(sloReading(all, { ...slo, statistic: "p50" }), { ...slo, statistic: "p50" })).toMatchObject({
      statisticUsed: "p90",
      valueMs: 300,
    });
  });

  it("lets no lower percentile and no mean stand in, and nothing for a mean", () => {
    expect(standingOf(sloReading(point({ ttftMs: latency({ mean: 1, p50: 1, p90: 1 }) }), slo), slo)).toEqual({
      slo,
      valueMs: null,
      basis: "missing",
      statisticUsed: null,
      met: false,
    });
    expect(
      standingOf(sloReading(point({ ttftMs: latency({ p99: 1 }) }), { ...slo, statistic: "mean" }), {
        ...slo,
        statistic: "mean",
      }).basis,
    ).toBe("missing");
  });

  it("never treats a missing metric as met", () => {
    expect(standingOf(sloReading(point(), slo), slo).met).toBe(false);
  });

  it("says derived where the mean of NTPOT is", () => {
    const at = point({ e2eMs: latency(2000), outputTokensMean: 100 });
    const ntpot = { metric: "ntpot", statistic: "mean", limitMs: 25 } as const;
    expect(standingOf(sloReading(at, ntpot), ntpot)).toMatchObject({ basis: "derived", valueMs: 20, met: true });
  });
});
