import type { Accelerator, LoadPoint, Run } from "../../lib/domain";
import { writeFiguresCsv } from "../../lib/ingest/figures-csv-write";
import type { ReportFile } from "../../lib/ingest/report";
import { generatedRuns, POINTS_PER_CURVE } from "./generated-curves";

const utf8 = new TextEncoder();

/** Significant digits benchmark tools write. */
function digits(value: number | null | undefined): number | null {
  return value === null || value === undefined ? null : Number(value.toPrecision(6));
}

/** One figures CSV of so many rows, ten to a run. */
export function generatedCsv(rows: number, accelerators: readonly Accelerator[], model: string): ReportFile {
  const lines = generatedRuns(rows, accelerators, model).flatMap((run) =>
    run.points.map((point) => ({
      source_name: run.source.name,
      model,
      accelerator: run.configuration.accelerator,
      accelerator_count: run.configuration.acceleratorCount,
      nodes: run.configuration.nodes,
      server: run.configuration.server,
      server_version: run.configuration.serverVersion,
      precision: run.configuration.precision,
      tensor_parallelism: run.configuration.parallelism.tensor,
      measured_on: run.measuredOn,
      series: run.runId,
      dataset: run.workload.dataset,
      input_tokens: run.workload.inputTokens,
      output_tokens: run.workload.outputTokens,
      load_kind: point.loadKind,
      load_value: point.loadValue,
      request_rate_achieved: digits(point.requestRateAchieved),
      output_tokens_per_second: digits(point.outputTokensPerSecond),
      ...latencyCells(point),
    })),
  );
  return { path: "generated.csv", bytes: utf8.encode(writeFiguresCsv(lines)) };
}

function latencyCells(point: LoadPoint): Record<string, number | null> {
  const cells: Record<string, number | null> = {};
  for (const [metric, values] of [
    ["ttft", point.ttftMs],
    ["tpot", point.tpotMs],
    ["e2e", point.e2eMs],
  ] as const) {
    for (const [statistic, value] of Object.entries(values ?? {})) cells[`${metric}_ms_${statistic}`] = digits(value);
  }
  return cells;
}

/** Small `vllm bench serve` results, ten loads to a folder, each folder with the side file its runs need. */
export function generatedVllmReports(files: number, accelerators: readonly Accelerator[], model: string): ReportFile[] {
  return generatedRuns(files, accelerators, model).flatMap((run) => [
    sideFile(run),
    ...run.points.map((point) => vllmReport(run, point)),
  ]);
}

function sideFile({ runId, configuration }: Run): ReportFile {
  const lines = [
    `accelerator: ${configuration.accelerator}`,
    `accelerator_count: ${configuration.acceleratorCount}`,
    `server_version: "${configuration.serverVersion}"`,
    `precision: ${configuration.precision}`,
    `tensor_parallelism: ${configuration.parallelism.tensor}`,
  ];
  return { path: `${runId}/iq.yaml`, bytes: utf8.encode(`${lines.join("\n")}\n`) };
}

function vllmReport({ runId, configuration }: Run, point: LoadPoint): ReportFile {
  const concurrency = point.loadValue ?? 1;
  const completed = concurrency * POINTS_PER_CURVE;
  const outputRate = point.outputTokensPerSecond ?? 1;
  const tokens = completed * (point.outputTokensMean ?? 1);
  const report: Record<string, unknown> = {
    date: "20260101-000000",
    endpoint_type: "vllm",
    backend: "vllm",
    model_id: configuration.model,
    tokenizer_id: configuration.model,
    num_prompts: completed,
    request_rate: "inf",
    burstiness: 1,
    max_concurrency: concurrency,
    duration: digits(tokens / outputRate),
    completed,
    failed: 0,
    total_input_tokens: tokens,
    total_output_tokens: tokens,
    request_throughput: digits(point.requestRateAchieved),
    output_throughput: digits(outputRate),
    total_token_throughput: digits(outputRate * 2),
  };
  for (const [name, values] of [
    ["ttft", point.ttftMs],
    ["tpot", point.tpotMs],
    ["itl", point.tpotMs],
    ["e2el", point.e2eMs],
  ] as const) {
    report[`mean_${name}_ms`] = digits(values?.mean);
    report[`median_${name}_ms`] = digits(values?.p50);
    report[`std_${name}_ms`] = digits((values?.mean ?? 0) / 5);
    for (const statistic of ["p90", "p95", "p99"] as const)
      report[`${statistic}_${name}_ms`] = digits(values?.[statistic]);
  }
  return {
    path: `${runId}/concurrency-${concurrency}.json`,
    bytes: utf8.encode(JSON.stringify(report, null, 2)),
  };
}
