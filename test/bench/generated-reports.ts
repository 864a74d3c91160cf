import type { Accelerator } from "../../lib/catalogue/catalogue";
import type { LoadPoint, Run } from "../../lib/domain";
import { figuresHeaderLine, figuresRowLine } from "../../lib/export/figures-csv-write";
import type { HeldFile } from "../../lib/ingest/report";
import type { LatencyStatistics } from "../../lib/measurement/latency";
import { generatedRuns, POINTS_PER_CURVE } from "./generated-curves";

const utf8 = new TextEncoder();

/** Significant digits benchmark tools write. */
function digits(value: number | null | undefined): number | null {
  return value === null || value === undefined ? null : Number(value.toPrecision(6));
}

/** One figures CSV of so many rows, ten to a run. */
export function generatedCsv(rows: number, accelerators: readonly Accelerator[], model: string): HeldFile {
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
  return { path: "generated.csv", bytes: utf8.encode([figuresHeaderLine, ...lines.map(figuresRowLine)].join("")) };
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
export function generatedVllmReports(files: number, accelerators: readonly Accelerator[], model: string): HeldFile[] {
  return generatedRuns(files, accelerators, model).flatMap((run) => [
    sideFile(run),
    ...run.points.map((point) => vllmReport(run, point)),
  ]);
}

/** `stage_N_lifecycle_metrics.json` of inference-perf, ten stages to a folder, each folder with the side file its run needs. */
export function generatedStageReports(files: number, accelerators: readonly Accelerator[], model: string): HeldFile[] {
  return generatedRuns(files, accelerators, model).flatMap((run) => [
    sideFile(run, `model: ${run.configuration.model}\n`),
    ...run.points.map((point, stage) => stageReport(run, point, stage)),
  ]);
}

const MS_PER_S = 1000;

function stageReport({ runId }: Run, point: LoadPoint, stage: number): HeldFile {
  const concurrency = point.loadValue ?? 1;
  const count = concurrency * POINTS_PER_CURVE;
  const outputTokens = point.outputTokensMean ?? 1;
  const inputTokens = point.inputTokensMean ?? 1;
  const outputRate = point.outputTokensPerSecond ?? 1;
  const seconds = (count * outputTokens) / outputRate;
  const statistics = (values: LatencyStatistics | null, unit: number) => ({
    mean: digits((values?.mean ?? 0) / unit),
    min: digits((values?.p50 ?? 0) / 2 / unit),
    max: digits(((values?.p99 ?? 0) * 2) / unit),
    "p0.1": digits((values?.p50 ?? 0) / 2 / unit),
    p1: digits((values?.p50 ?? 0) / 1.8 / unit),
    p5: digits((values?.p50 ?? 0) / 1.5 / unit),
    p10: digits((values?.p50 ?? 0) / 1.3 / unit),
    p25: digits((values?.p50 ?? 0) / 1.1 / unit),
    median: digits((values?.p50 ?? 0) / unit),
    p75: digits(((values?.p50 ?? 0) * 1.2) / unit),
    p90: digits((values?.p90 ?? 0) / unit),
    p95: digits((values?.p95 ?? 0) / unit),
    p99: digits((values?.p99 ?? 0) / unit),
    "p99.9": digits(((values?.p99 ?? 0) * 1.5) / unit),
  });
  const scaled = (values: LatencyStatistics | null, factor: number): LatencyStatistics | null =>
    values === null
      ? null
      : {
          mean: (values.mean ?? 0) * factor,
          p50: (values.p50 ?? 0) * factor,
          p90: (values.p90 ?? 0) * factor,
          p95: (values.p95 ?? 0) * factor,
          p99: (values.p99 ?? 0) * factor,
        };
  const lengths = (tokens: number) =>
    statistics({ mean: tokens, p50: tokens, p90: tokens, p95: tokens, p99: tokens }, 1);
  const report = {
    load_summary: {
      count,
      schedule_delay: statistics({ mean: 1, p50: 1, p90: 2, p95: 3, p99: 4 }, MS_PER_S),
      send_duration: digits(seconds),
      requested_rate: count,
      achieved_rate: digits(count / seconds),
      concurrency,
    },
    successes: {
      count,
      latency: {
        request_latency: statistics(scaled(point.tpotMs, outputTokens), MS_PER_S),
        normalized_time_per_output_token: statistics(scaled(point.tpotMs, 1.1), MS_PER_S),
        time_per_output_token: statistics(point.tpotMs, MS_PER_S),
        time_to_first_token: statistics(point.ttftMs, MS_PER_S),
        inter_token_latency: statistics(point.tpotMs, MS_PER_S),
      },
      throughput: {
        input_tokens_per_sec: digits((count * inputTokens) / seconds),
        output_tokens_per_sec: digits(outputRate),
        total_tokens_per_sec: digits(outputRate + (count * inputTokens) / seconds),
        requests_per_sec: digits(count / seconds),
      },
      prompt_len: lengths(inputTokens),
      output_len: lengths(outputTokens),
    },
    failures: { count: 0, request_latency: null, prompt_len: null },
  };
  return {
    path: `${runId}/stage_${stage}_lifecycle_metrics.json`,
    bytes: utf8.encode(JSON.stringify(report, null, 2)),
  };
}

function sideFile({ runId, configuration }: Run, more = ""): HeldFile {
  const lines = [
    `accelerator: ${configuration.accelerator}`,
    `accelerator_count: ${configuration.acceleratorCount}`,
    `server_version: "${configuration.serverVersion}"`,
    `precision: ${configuration.precision}`,
    `tensor_parallelism: ${configuration.parallelism.tensor}`,
  ];
  return { path: `${runId}/iq.yaml`, bytes: utf8.encode(`${lines.join("\n")}\n${more}`) };
}

function vllmReport({ runId, configuration }: Run, point: LoadPoint): HeldFile {
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
