import type { Accelerator } from "../../lib/catalogue/catalogue";
import type { LoadPoint, Run } from "../../lib/domain";
import type { LatencyStatistics } from "../../lib/measurement/latency";
import { emptyMeasurement } from "../../lib/measurement/measurement";
import { UNKNOWN_SETTINGS } from "../../lib/measurement/settings";
import { pseudoRandom } from "./statistics";

export const POINTS_PER_CURVE = 10;
/** Accelerators the generated curves are spread over. */
export const ACCELERATORS = 12;

const COUNTS = [1, 2, 4, 8] as const;
const INPUT_TOKENS = 1024;
const OUTPUT_TOKENS = 1024;

function around(middle: number): LatencyStatistics {
  return { mean: middle * 1.05, p50: middle, p90: middle * 1.4, p95: middle * 1.6, p99: middle * 2.2 };
}

/**
 * Closed-loop sweeps at 1, 2, 4 … 512 requests in flight, one run per configuration: latency grows with load and
 * throughput saturates, differently in each. The same for equal arguments.
 */
export function generatedRuns(points: number, accelerators: readonly Accelerator[], model: string): Run[] {
  const random = pseudoRandom(points);
  const runs: Run[] = [];
  for (let index = 0; index * POINTS_PER_CURVE < points; index += 1) {
    const accelerator = accelerators[index % ACCELERATORS];
    if (accelerator === undefined) break;
    const acceleratorCount = COUNTS[Math.floor(random() * COUNTS.length)] ?? 1;
    const runId = `run-${index}`;
    const idleTpotMs = 4 + random() * 30;
    const saturation = 8 + random() * 120;
    const idleTtftMs = 30 + random() * 200;
    runs.push({
      runId,
      configuration: {
        configurationId: `configuration-${index}`,
        model,
        checkpoint: null,
        accelerator: accelerator.id,
        acceleratorCount,
        nodes: 1,
        server: "vllm",
        serverVersion: `0.${index}.0`,
        precision: "fp8",
        parallelism: {
          label: `tp${acceleratorCount}`,
          tensor: acceleratorCount,
          pipeline: null,
          data: null,
          expert: null,
          context: null,
        },
        speculative: null,
        speculativeTokens: null,
        servingMode: "aggregated",
        prefillAccelerators: null,
        decodeAccelerators: null,
        settings: UNKNOWN_SETTINGS,
      },
      workload: {
        workloadId: "random-1024-1024",
        dataset: "random",
        inputTokens: INPUT_TOKENS,
        outputTokens: OUTPUT_TOKENS,
      },
      format: "figures-csv",
      tool: null,
      toolVersion: null,
      measuredOn: "2026-01-01",
      source: { name: "generated", url: null, licence: null },
      seriesKey: null,
      qualityFlags: [],
      addedInRevision: 1,
      points: Array.from({ length: Math.min(POINTS_PER_CURVE, points - index * POINTS_PER_CURVE) }, (_, ordinal) =>
        generatedPoint(runId, ordinal, { idleTpotMs, idleTtftMs, saturation }, random),
      ),
    });
  }
  return runs;
}

/** A load point of a closed-loop sweep: the load doubles with each ordinal. */
export function generatedPoint(
  runId: string,
  ordinal: number,
  shape: { idleTpotMs: number; idleTtftMs: number; saturation: number },
  random: () => number,
): LoadPoint {
  const concurrency = 2 ** ordinal;
  const noise = 0.97 + random() * 0.06;
  const tpotMs = shape.idleTpotMs * (1 + concurrency / shape.saturation) * noise;
  const ttftMs = shape.idleTtftMs * (1 + (concurrency / shape.saturation) ** 1.5) * noise;
  const e2eMs = ttftMs + tpotMs * (OUTPUT_TOKENS - 1);
  const outputTokensPerSecond = (concurrency * OUTPUT_TOKENS * 1000) / e2eMs;
  return {
    pointId: `${runId}-${ordinal}`,
    runId,
    ordinal,
    reportSha256: "0".repeat(64),
    ...emptyMeasurement(),
    loadKind: "concurrency",
    loadValue: concurrency,
    requestRateAchieved: outputTokensPerSecond / OUTPUT_TOKENS,
    outputTokensPerSecond,
    inputTokensPerSecond: (outputTokensPerSecond * INPUT_TOKENS) / OUTPUT_TOKENS,
    inputTokensMean: INPUT_TOKENS,
    outputTokensMean: OUTPUT_TOKENS,
    ttftMs: around(ttftMs),
    tpotMs: around(tpotMs),
    e2eMs: around(e2eMs),
  };
}
