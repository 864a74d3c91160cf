import { latencyField, METRICS, type Metric, STATISTICS, type Statistic } from "../domain";

/** What a cell of a column may hold. */
export type CellKind = "text" | "count" | "wholeNumber" | "number" | "positiveNumber" | "loadKind" | "flags";

export interface FiguresColumn {
  name: string;
  kind: CellKind;
  required: boolean;
}

function column(name: string, kind: CellKind, required = false): FiguresColumn {
  return { name, kind, required };
}

/** `ttft` + `p95` → `ttft_ms_p95`. */
export function latencyColumn(metric: Metric, statistic: Statistic): string {
  return `${metric}_ms_${statistic}`;
}

/** Every column of a figures CSV, in the order it is written. */
export const FIGURES_COLUMNS: readonly FiguresColumn[] = [
  column("source_name", "text"),
  column("source_url", "text"),
  column("licence", "text"),
  column("source_ref", "text"),
  column("measured_on", "text"),
  column("model", "text", true),
  column("checkpoint", "text"),
  column("accelerator", "text", true),
  column("accelerator_count", "count", true),
  column("nodes", "count"),
  column("server", "text"),
  column("server_version", "text"),
  column("precision", "text"),
  column("parallelism", "text"),
  column("tensor_parallelism", "count"),
  column("pipeline_parallelism", "count"),
  column("data_parallelism", "count"),
  column("expert_parallelism", "count"),
  column("speculative", "text"),
  column("serving_mode", "text"),
  column("prefill_accelerators", "count"),
  column("decode_accelerators", "count"),
  column("series", "text"),
  column("workload", "text"),
  column("dataset", "text"),
  column("input_tokens", "count"),
  column("output_tokens", "count"),
  column("input_tokens_mean", "number"),
  column("output_tokens_mean", "number"),
  column("load_kind", "loadKind", true),
  column("load_value", "positiveNumber"),
  column("requests_completed", "wholeNumber"),
  column("requests_failed", "wholeNumber"),
  column("duration_s", "number"),
  column("request_rate_achieved", "number"),
  column("output_tokens_per_second", "number"),
  column("input_tokens_per_second", "number"),
  column("total_tokens_per_second", "number"),
  column("output_tokens_per_second_derived", "number"),
  ...METRICS.flatMap((metric) => STATISTICS.map((statistic) => column(latencyColumn(metric, statistic), "number"))),
  column("quality_flags", "flags"),
];

/** Names of all columns, in the order they are written. */
export const figuresCsvColumns: readonly string[] = FIGURES_COLUMNS.map((known) => known.name);

/** Columns of which at least one must be filled in each row. */
export const MEASURED_COLUMNS: readonly string[] = [
  "request_rate_achieved",
  "output_tokens_per_second",
  "input_tokens_per_second",
  "total_tokens_per_second",
  ...METRICS.flatMap((metric) => STATISTICS.map((statistic) => latencyColumn(metric, statistic))),
];

/** Latency fields with the columns of their statistics. */
export const LATENCY_COLUMNS = METRICS.map((metric) => ({
  field: latencyField(metric),
  columns: STATISTICS.map((statistic) => ({ statistic, name: latencyColumn(metric, statistic) })),
}));

/** Number columns that are fields of a measurement as they stand. */
export const MEASUREMENT_COLUMNS = [
  { name: "load_value", field: "loadValue" },
  { name: "requests_completed", field: "requestsCompleted" },
  { name: "requests_failed", field: "requestsFailed" },
  { name: "duration_s", field: "durationS" },
  { name: "request_rate_achieved", field: "requestRateAchieved" },
  { name: "output_tokens_per_second", field: "outputTokensPerSecond" },
  { name: "input_tokens_per_second", field: "inputTokensPerSecond" },
  { name: "total_tokens_per_second", field: "totalTokensPerSecond" },
  { name: "output_tokens_per_second_derived", field: "outputTokensPerSecondDerived" },
  { name: "input_tokens_mean", field: "inputTokensMean" },
  { name: "output_tokens_mean", field: "outputTokensMean" },
] as const;
