import { describe, expect, it } from "vitest";
import { predictedMeasured, sameButVersion } from "../../../lib/explorer/predicted-measured";
import { configuration, curve, latency, point, run } from "../frontier/builders";

const PREDICTED = curve([
  point({ loadValue: 1, outputTokensPerSecond: 100, ttftMs: latency({ mean: 50, p95: 80 }), tpotMs: latency(10) }),
  point({ loadValue: 8, outputTokensPerSecond: 640, ttftMs: latency({ mean: 100, p95: 160 }), tpotMs: latency(12) }),
]);
const source = { name: "in-cluster", url: null, licence: null };

function benchmark(...points: Parameters<typeof point>[0][]) {
  return run({ runId: "bench", source, measuredOn: "2026-09-02", points: points.map((given) => point(given)) });
}

describe("predicted against measured", () => {
  it("compares throughput and every latency statistic both have, as measured ÷ predicted", () => {
    const measured = benchmark({ loadValue: 8, outputTokensPerSecond: 576, ttftMs: latency({ mean: 120, p99: 400 }) });
    expect(predictedMeasured(PREDICTED, [measured])).toEqual([
      {
        label: "8 in flight",
        runId: "bench",
        measuredOn: "2026-09-02",
        serverVersion: "0.22.0",
        basis: "measured",
        figures: [
          { label: "Output tokens/s", unit: "tokens/s", predicted: 640, measured: 576, ratio: 0.9 },
          { label: "TTFT mean", unit: "ms", predicted: 100, measured: 120, ratio: 1.2 },
        ],
      },
    ]);
  });

  it("predicts between two loads, and nothing beyond them", () => {
    const measured = benchmark(
      { loadValue: 4, ttftMs: latency(90) },
      { loadValue: 10, ttftMs: latency(200) },
      { loadKind: "request_rate", loadValue: 4, ttftMs: latency(90) },
    );
    const loads = predictedMeasured(PREDICTED, [measured]);
    expect(loads.map((load) => [load.label, load.basis])).toEqual([["4 in flight", "interpolated"]]);
    // On the line 50 + 50 × 3 ÷ 7 ms, on the cubic 50 × 2^(log 4 ÷ log 8) = 79.37 ms.
    expect(loads[0]?.figures[0]?.predicted).toBeCloseTo(Math.sqrt((50 + (50 * 3) / 7) * 50 * 2 ** (2 / 3)), 9);
  });

  it("takes the newest benchmark that can be compared, and no other source's runs", () => {
    const old = { ...benchmark({ loadValue: 1, ttftMs: latency(55) }), runId: "old" };
    const beyond = benchmark({ loadValue: 100, ttftMs: latency(900) });
    const other = run({ points: [point({ loadValue: 1, ttftMs: latency(60) })] });
    expect(predictedMeasured(PREDICTED, [other, beyond, old]).map((load) => load.runId)).toEqual(["old"]);
    expect(predictedMeasured(PREDICTED, [other])).toEqual([]);
  });

  it("lets another version of the server stand for the one predicted, and nothing else", () => {
    const one = configuration();
    expect(sameButVersion(one, configuration({ configurationId: "other", serverVersion: "0.23.0" }))).toBe(true);
    expect(sameButVersion(one, configuration({ precision: "bf16" }))).toBe(false);
    expect(sameButVersion(one, configuration({ parallelism: { ...one.parallelism, tensor: 2 } }))).toBe(false);
  });
});
