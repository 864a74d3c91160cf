import type { Setup } from "../../../../lib/measurement/checks/check";
import type { LatencyStatistics } from "../../../../lib/measurement/latency";
import { emptyMeasurement, type Measurement } from "../../../../lib/measurement/measurement";
import { UNKNOWN_SETTINGS } from "../../../../lib/measurement/settings";
import { acceleratorNamed, models } from "../../ingest/support";

/** Latency statistics with the rest not measured. */
export const stats = (some: Partial<LatencyStatistics>): LatencyStatistics => ({
  mean: null,
  p50: null,
  p90: null,
  p95: null,
  p99: null,
  ...some,
});

/**
 * A closed loop of 16 requests in flight whose figures all fit each other: 200 answers of 128 tokens in 40 s,
 * 180 ms + 23.8 ms × 127 = 3.2026 s each.
 */
export function sound(some: Partial<Measurement> = {}): Measurement {
  return {
    ...emptyMeasurement(),
    loadKind: "concurrency",
    loadValue: 16,
    requestsCompleted: 200,
    requestsFailed: 0,
    durationS: 40,
    requestRateAchieved: 5,
    outputTokensPerSecond: 640,
    inputTokensPerSecond: 5120,
    totalTokensPerSecond: 5760,
    inputTokensMean: 1024,
    outputTokensMean: 128,
    ttftMs: stats({ mean: 180, p50: 150, p90: 300, p95: 350, p99: 420 }),
    tpotMs: stats({ mean: 23.8, p50: 23, p90: 27, p95: 28, p99: 31 }),
    itlMs: stats({ mean: 23.8, p50: 22, p90: 30, p95: 40, p99: 60 }),
    e2eMs: stats({ mean: 3202.6, p50: 3100, p90: 3700, p95: 3900, p99: 4300 }),
    ...some,
  };
}

/** One H100 with the model of the tests in 16 bits. */
export function setup(some: Partial<Setup> = {}): Setup {
  const configuration = {
    model: models[0]?.id ?? "",
    checkpoint: null,
    accelerator: "h100-sxm-80gb",
    acceleratorCount: 1,
    nodes: null,
    server: "vllm",
    serverVersion: null,
    precision: "bf16",
    parallelism: { label: null, tensor: 1, pipeline: null, data: null, expert: null, context: null },
    speculative: null,
    speculativeTokens: null,
    servingMode: "aggregated" as const,
    prefillAccelerators: null,
    decodeAccelerators: null,
    settings: UNKNOWN_SETTINGS,
  };
  return {
    configuration,
    workload: { dataset: "random", inputTokens: 1024, outputTokens: 128 },
    model: models[0] ?? null,
    accelerator: acceleratorNamed("h100-sxm-80gb", "NVIDIA H100 SXM 80GB", "H100 SXM", {
      bf16Tflops: 989,
      fp8Tflops: 1979,
    }),
    ...some,
  };
}
