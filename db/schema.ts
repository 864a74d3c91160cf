import {
  blob,
  integer,
  primaryKey,
  real,
  type SQLiteColumnBuilderBase,
  sqliteTable,
  text,
} from "drizzle-orm/sqlite-core";
import { HOST_ARCHITECTURES, PRICE_KINDS, SERVING_MODES } from "../lib/domain";
import { LATENCY_STATISTICS, type LatencyColumn } from "../lib/measurement/latency";
import { LOAD_KINDS } from "../lib/measurement/measurement";
import { type NumberColumn, QUANTITIES } from "../lib/measurement/quantities";

/**
 * The tables of db/migrations as drizzle sees them. The SQL is the authority (STRICT, CHECKs, triggers); a test
 * holds the two together. Keys are the column names, so a row read by plain SQL has the type drizzle infers.
 */

const ORIGINS = ["shipped", "user"] as const;
/** Who brought a row: the data that comes with the program, or a user. */
export type Origin = (typeof ORIGINS)[number];

export const INGEST_WAYS = ["cli", "http", "page", "shipped"] as const;
export type IngestWay = (typeof INGEST_WAYS)[number];

export const REPORT_ROLES = ["points", "context"] as const;
export type ReportRole = (typeof REPORT_ROLES)[number];

export const revision = sqliteTable("revision", {
  id: integer().primaryKey(),
  created_at: text().notNull(),
  reason: text().notNull(),
});

/** Columns of a catalogue row: who brought it, and from which revision to which it holds. */
const validity = () => ({
  origin: text({ enum: ORIGINS }).notNull(),
  added_in_revision: integer().notNull(),
  left_in_revision: integer(),
});

export const model = sqliteTable("model", {
  row_id: integer().primaryKey(),
  model_id: text().notNull(),
  display_name: text().notNull(),
  family: text(),
  total_parameters_billions: real(),
  active_parameters_billions: real(),
  context_length_tokens: integer(),
  weights_precision: text(),
  weight_bytes: real(),
  quantised_checkpoints: text().notNull(),
  licence: text(),
  gated: integer(),
  source: text().notNull(),
  ...validity(),
});

export const accelerator = sqliteTable("accelerator", {
  row_id: integer().primaryKey(),
  accelerator_id: text().notNull(),
  name: text().notNull(),
  short_name: text().notNull(),
  vendor: text().notNull(),
  memory_gib: real(),
  memory_bandwidth_gb_per_second: real(),
  bf16_tflops: real(),
  fp8_tflops: real(),
  fp4_tflops: real(),
  tdp_watts: real(),
  interconnect: text(),
  kubernetes_resource: text(),
  gke_node_label: text(),
  gke_accelerator_label: text(),
  aliases: text().notNull(),
  source: text().notNull(),
  notes: text(),
  ...validity(),
});

export const hardware = sqliteTable("hardware", {
  row_id: integer().primaryKey(),
  accelerator_id: text().notNull(),
  architecture: text(),
  maximum_per_machine: integer().notNull(),
  pod_cpu: real(),
  pod_memory_gib: real(),
  host_architecture: text({ enum: HOST_ARCHITECTURES }).notNull(),
  nvlink_rack: integer().notNull(),
  kubernetes_devices: integer().notNull(),
  server_devices: integer().notNull(),
  compute_capability: text(),
  product_name: text(),
  pci_device_ids: text().notNull(),
  karpenter_name: text(),
  karpenter_memory_mib: integer(),
  cpu_model: text(),
  socket_threads: integer(),
  colour: text(),
  ...validity(),
});

export const machine = sqliteTable("machine", {
  row_id: integer().primaryKey(),
  seller: text().notNull(),
  machine_type: text().notNull(),
  accelerator_id: text().notNull(),
  accelerator_count: integer().notNull(),
  cpu: real().notNull(),
  memory_gib: real().notNull(),
  source: text().notNull(),
  ...validity(),
});

export const price = sqliteTable("price", {
  row_id: integer().primaryKey(),
  price_id: text().notNull(),
  provider: text().notNull(),
  instance_type: text(),
  region: text(),
  accelerator_id: text().notNull(),
  accelerator_count: integer().notNull(),
  usd_per_hour: real().notNull(),
  kind: text({ enum: PRICE_KINDS }).notNull(),
  accelerator_only: integer().notNull(),
  as_of: text(),
  source: text().notNull(),
  notes: text(),
  ...validity(),
});

export const configuration = sqliteTable("configuration", {
  configuration_id: text().primaryKey(),
  canonical_key: text().notNull(),
  model: text().notNull(),
  checkpoint: text(),
  accelerator: text().notNull(),
  accelerator_count: integer().notNull(),
  nodes: integer(),
  server: text(),
  server_version: text(),
  precision: text(),
  parallelism: text(),
  tensor_parallelism: integer(),
  pipeline_parallelism: integer(),
  data_parallelism: integer(),
  expert_parallelism: integer(),
  speculative: text(),
  serving_mode: text({ enum: SERVING_MODES }).notNull(),
  prefill_accelerators: integer(),
  decode_accelerators: integer(),
});

export const workload = sqliteTable("workload", {
  workload_id: text().primaryKey(),
  dataset: text(),
  input_tokens: real(),
  output_tokens: real(),
});

export const report = sqliteTable("report", {
  sha256: text().primaryKey(),
  file_name: text().notNull(),
  media_type: text().notNull(),
  byte_length: integer().notNull(),
  content: blob({ mode: "buffer" }).notNull(),
  redacted: text().notNull(),
});

export const reportPart = sqliteTable(
  "report_part",
  { sha256: text().notNull(), ordinal: integer().notNull(), content: blob({ mode: "buffer" }).notNull() },
  (table) => [primaryKey({ columns: [table.sha256, table.ordinal] })],
);

export const ingest = sqliteTable("ingest", {
  id: integer().primaryKey(),
  at: text().notNull(),
  way: text({ enum: INGEST_WAYS }).notNull(),
  reason: text().notNull(),
  revision: integer(),
  files: integer().notNull(),
  load_points: integer().notNull(),
  duplicates: integer().notNull(),
  problems: text().notNull(),
  skipped: text().notNull(),
});

export const run = sqliteTable("run", {
  run_id: text().primaryKey(),
  configuration_id: text().notNull(),
  workload_id: text().notNull(),
  format: text().notNull(),
  tool: text(),
  tool_version: text(),
  measured_on: text(),
  source_name: text().notNull(),
  source_url: text(),
  licence: text(),
  series_key: text(),
  quality_flags: text().notNull(),
  origin: text({ enum: ORIGINS }).notNull(),
  load_points: integer().notNull(),
  ingest_id: integer().notNull(),
  added_in_revision: integer().notNull(),
  retired_in_revision: integer(),
});

export const runReport = sqliteTable(
  "run_report",
  {
    run_id: text().notNull(),
    sha256: text().notNull(),
    file_name: text().notNull(),
    role: text({ enum: REPORT_ROLES }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.run_id, table.sha256, table.file_name] })],
);

type MeasuredColumn = NumberColumn | LatencyColumn;

/** A number column for each quantity of the table, whole where it counts, and one for each statistic of each latency. */
function measuredColumns() {
  const columns: Partial<Record<MeasuredColumn, SQLiteColumnBuilderBase>> = {};
  for (const { column, kind } of QUANTITIES) columns[column] = kind === "count" ? integer() : real();
  for (const { column } of LATENCY_STATISTICS) columns[column] = real();
  // Whole now: both lists name every column there is.
  return columns as Record<MeasuredColumn, SQLiteColumnBuilderBase>;
}

export const loadPoint = sqliteTable(
  "load_point",
  {
    run_id: text().notNull(),
    ordinal: integer().notNull(),
    point_id: text().notNull(),
    report_sha256: text().notNull(),
    report_at: text().notNull(),
    source_ref: text(),
    load_kind: text({ enum: LOAD_KINDS }),
    ...measuredColumns(),
    quality_flags: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.run_id, table.ordinal] })],
);

export const loadPointDetail = sqliteTable(
  "load_point_detail",
  { run_id: text().notNull(), ordinal: integer().notNull(), measured_on: text(), extras: text() },
  (table) => [primaryKey({ columns: [table.run_id, table.ordinal] })],
);

export const share = sqliteTable("share", {
  slug: text().primaryKey(),
  query: text().notNull(),
  revision: integer().notNull(),
  created_at: text().notNull(),
});

export const shipped = sqliteTable("shipped", {
  id: integer().primaryKey(),
  sha256: text().notNull(),
  revision: integer().notNull(),
});

export const purge = sqliteTable("purge", {
  id: integer().primaryKey(),
  at: text().notNull(),
  reason: text().notNull(),
  runs: integer().notNull(),
  load_points: integer().notNull(),
  reports: integer().notNull(),
});

export const purgedShare = sqliteTable("purged_share", {
  slug: text().primaryKey(),
  purge_id: integer().notNull(),
});

export type ModelRow = typeof model.$inferSelect;
export type AcceleratorRow = typeof accelerator.$inferSelect;
export type HardwareRow = typeof hardware.$inferSelect;
export type MachineRow = typeof machine.$inferSelect;
export type PriceRow = typeof price.$inferSelect;
export type ConfigurationRow = typeof configuration.$inferSelect;
export type WorkloadRow = typeof workload.$inferSelect;
export type IngestRow = typeof ingest.$inferSelect;
export type RunRow = typeof run.$inferSelect;
