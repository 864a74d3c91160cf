import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "csv-parse/sync";
import type { LoadPoint, Run } from "@/lib/domain";
import type { LatencyStatistics, Metric } from "@/lib/measurement/latency";
import type { LoadKind } from "@/lib/measurement/measurement";
import { flagFromText } from "@/lib/measurement/quality-flags";

const projectRoot = fileURLToPath(new URL("../../../", import.meta.url));

/** A folder of reference figures beside the checkout; tests that need it are skipped, and say so, where it is absent. */
const sharedFolder = path.resolve(projectRoot, "../shared");

export function sharedFileExists(relative: string): boolean {
  return existsSync(path.join(sharedFolder, relative));
}

/** Rows of a CSV file under the shared folder, by column name. */
export function sharedRows(relative: string): Record<string, string>[] {
  return parse(readFileSync(path.join(sharedFolder, relative)), { columns: true });
}

function numberOrNull(text: string | undefined): number | null {
  return text === undefined || text === "" ? null : Number(text);
}

function latency(row: Record<string, string>, metric: Metric): LatencyStatistics {
  const of = (statistic: string) => numberOrNull(row[`${metric}_ms_${statistic}`]);
  return { mean: of("mean"), p50: of("p50"), p90: of("p90"), p95: of("p95"), p99: of("p99") };
}

function loadPoint(row: Record<string, string>, runId: string, ordinal: number): LoadPoint {
  return {
    pointId: `${runId}#${ordinal}`,
    runId,
    ordinal,
    reportSha256: "",
    loadKind: row.load_kind as LoadKind,
    loadValue: numberOrNull(row.load_value),
    requestsCompleted: numberOrNull(row.requests_completed),
    requestsFailed: numberOrNull(row.requests_failed),
    durationS: numberOrNull(row.duration_s),
    requestRateAchieved: numberOrNull(row.request_rate_achieved),
    outputTokensPerSecond: numberOrNull(row.output_tok_s),
    inputTokensPerSecond: numberOrNull(row.input_tok_s),
    totalTokensPerSecond: numberOrNull(row.total_tok_s),
    outputTokensPerSecondDerived: numberOrNull(row.output_tok_s_est),
    inputTokensMean: numberOrNull(row.input_tokens_mean),
    outputTokensMean: numberOrNull(row.output_tokens_mean),
    ttftMs: latency(row, "ttft"),
    tpotMs: latency(row, "tpot"),
    itlMs: latency(row, "itl"),
    ntpotMs: latency(row, "ntpot"),
    e2eMs: latency(row, "e2e"),
    qualityFlags: (row.quality_flags ?? "").split(";").filter(Boolean).map(flagFromText),
    sourceRef: row.source_ref ?? null,
  };
}

/** The public figures as runs: one per source, configuration and workload, superseded rows left out. */
export function publicFigureRuns(): Run[] {
  const runs = new Map<string, Run>();
  for (const row of sharedRows("data/points.csv")) {
    if (row.quality_flags?.includes("superseded")) continue;
    const runId = `${row.source_id}|${row.config_id}|${row.workload_id}`;
    const run: Run = runs.get(runId) ?? {
      runId,
      configuration: {
        configurationId: row.config_id ?? "",
        model: row.model_id ?? "",
        checkpoint: row.checkpoint_id || null,
        accelerator: row.accelerator_id ?? "",
        acceleratorCount: Number(row.accelerator_count),
        nodes: numberOrNull(row.nodes),
        server: row.server || null,
        serverVersion: row.server_version || null,
        precision: row.precision || null,
        parallelism: { label: row.parallelism || null, tensor: null, pipeline: null, data: null, expert: null },
        speculative: row.speculative || null,
        servingMode: row.serving_mode === "disaggregated" ? "disaggregated" : "aggregated",
        prefillAccelerators: numberOrNull(row.prefill_accelerators),
        decodeAccelerators: numberOrNull(row.decode_accelerators),
      },
      workload: {
        workloadId: row.workload_id ?? "",
        dataset: row.dataset || null,
        inputTokens: null,
        outputTokens: null,
      },
      format: "figures-csv",
      tool: null,
      toolVersion: null,
      measuredOn: row.measured_on || null,
      source: { name: row.source_id ?? "", url: null, licence: null },
      seriesKey: null,
      qualityFlags: [],
      addedInRevision: 1,
      points: [],
    };
    run.points.push(loadPoint(row, runId, run.points.length));
    runs.set(runId, run);
  }
  return [...runs.values()];
}
