import { LATENCY_STATISTICS } from "../../measurement/latency";
import type { QualityFlag } from "../../measurement/quality-flags";
import { QUANTITIES } from "../../measurement/quantities";

/** Flag of a row whose date belongs to its run and is no part of the point's identity. */
export const UNDATED_POINT_FLAG: QualityFlag = "date_from_directory_name";

/** What a cell of a column may hold. */
export type CellKind =
  | "text"
  | "count"
  | "wholeNumber"
  | "number"
  | "positiveNumber"
  | "share"
  | "loadKind"
  | "flags"
  | "settings";

export interface FiguresColumn {
  name: string;
  kind: CellKind;
  required: boolean;
}

function column(name: string, kind: CellKind, required = false): FiguresColumn {
  return { name, kind, required };
}

const CELL_KINDS = { load: "positiveNumber", count: "wholeNumber", amount: "number", share: "share" } as const;

function quantityColumn(quantity: (typeof QUANTITIES)[number]): FiguresColumn {
  return column(quantity.column, CELL_KINDS[quantity.kind]);
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
  column("context_parallelism", "count"),
  column("speculative", "text"),
  column("speculative_tokens", "count"),
  column("serving_mode", "text"),
  column("prefill_accelerators", "count"),
  column("decode_accelerators", "count"),
  column("image", "text"),
  column("server_arguments", "settings"),
  column("environment", "settings"),
  column("engine_options", "settings"),
  column("series", "text"),
  column("workload", "text"),
  column("dataset", "text"),
  column("input_tokens", "count"),
  column("output_tokens", "count"),
  ...QUANTITIES.filter(({ group }) => group === "Lengths").map(quantityColumn),
  column("load_kind", "loadKind", true),
  ...QUANTITIES.filter(({ group }) => group !== "Lengths").map(quantityColumn),
  ...LATENCY_STATISTICS.map((latency) => column(latency.column, "number")),
  column("quality_flags", "flags"),
];

/** Names of all columns, in the order they are written. */
export const figuresCsvColumns: readonly string[] = FIGURES_COLUMNS.map((known) => known.name);

/** Columns of which at least one must be filled in each row. */
export const RESULT_COLUMNS: readonly string[] = [
  ...QUANTITIES.filter(({ isResult }) => isResult).map((quantity) => quantity.column),
  ...LATENCY_STATISTICS.map((latency) => latency.column),
];
