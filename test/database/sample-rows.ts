import type { Statement, Value } from "./engines";

export type Row = Readonly<Record<string, Value>>;

const SHA256 = "a".repeat(64);
const JSON_LIST = "[]";
/** Of a row of the catalogue. */
const VALIDITY: Row = { origin: "user", added_in_revision: 1, left_in_revision: null };

/** A row that both engines take, of each table, in an order in which what is referred to comes first. */
export const SAMPLE_ROWS: ReadonlyMap<string, Row> = new Map<string, Row>([
  ["revision", { id: 1, created_at: "2026-09-01", reason: "sample" }],
  [
    "model",
    { row_id: 1, model_id: "org/small", display_name: "Small", quantised_checkpoints: "", source: "test", ...VALIDITY },
  ],
  [
    "accelerator",
    {
      row_id: 1,
      accelerator_id: "l4",
      name: "L4",
      short_name: "L4",
      vendor: "NVIDIA",
      aliases: "",
      source: "test",
      ...VALIDITY,
    },
  ],
  [
    "hardware",
    {
      row_id: 1,
      accelerator_id: "l4",
      maximum_per_machine: 8,
      host_architecture: "amd64",
      nvlink_rack: 0,
      kubernetes_devices: 1,
      server_devices: 1,
      pci_device_ids: "",
      ...VALIDITY,
    },
  ],
  [
    "machine",
    {
      row_id: 1,
      seller: "cloud",
      machine_type: "l4-1",
      accelerator_id: "l4",
      accelerator_count: 1,
      cpu: 4,
      memory_gib: 16,
      source: "test",
      ...VALIDITY,
    },
  ],
  [
    "price",
    {
      row_id: 1,
      price_id: "offer",
      provider: "cloud",
      accelerator_id: "l4",
      accelerator_count: 1,
      usd_per_hour: 1,
      kind: "spot",
      accelerator_only: 0,
      source: "test",
      ...VALIDITY,
    },
  ],
  [
    "configuration",
    {
      configuration_id: "l4-x1",
      canonical_key: "[]",
      model: "org/small",
      accelerator: "l4",
      accelerator_count: 1,
      serving_mode: "aggregated",
    },
  ],
  ["workload", { workload_id: "random-1-1" }],
  [
    "report",
    {
      sha256: SHA256,
      file_name: "report.json",
      media_type: "application/json",
      byte_length: 2,
      content: Buffer.of(0, 255),
      redacted: JSON_LIST,
    },
  ],
  ["report_part", { sha256: SHA256, ordinal: 1, content: Buffer.of(0, 255) }],
  [
    "ingest",
    {
      id: 1,
      at: "2026-09-01",
      way: "cli",
      reason: "sample",
      revision: 1,
      files: 1,
      load_points: 1,
      duplicates: 0,
      problems: JSON_LIST,
      skipped: JSON_LIST,
    },
  ],
  [
    "run",
    {
      run_id: "run",
      configuration_id: "l4-x1",
      workload_id: "random-1-1",
      format: "test",
      source_name: "test",
      quality_flags: "",
      origin: "user",
      load_points: 1,
      ingest_id: 1,
      added_in_revision: 1,
      retired_in_revision: null,
    },
  ],
  ["run_report", { run_id: "run", sha256: SHA256, file_name: "report.json", role: "points" }],
  [
    "load_point",
    {
      run_id: "run",
      ordinal: 0,
      point_id: "point",
      report_sha256: SHA256,
      report_at: "line 1",
      load_kind: "concurrency",
      load_value: 1,
      quality_flags: "",
    },
  ],
  [
    "run_group",
    {
      group_id: 1,
      model: "org/small",
      accelerator: "l4",
      source_name: "test",
      format: "figures-csv",
      quality_flags: "",
      runs: 1,
      load_points: 1,
      retired_runs: 0,
      retired_load_points: 0,
    },
  ],
  ["run_facet", { facet: "model", value: "org/small" }],
  [
    "coverage",
    {
      row_id: 1,
      model: "org/small",
      accelerator: "l4",
      configurations: 1,
      load_points: 1,
      added_in_revision: 1,
      left_in_revision: null,
    },
  ],
  ["load_point_detail", { run_id: "run", ordinal: 0, extras: "{}" }],
  ["share", { slug: "1234567890", query: "model=org/small", revision: 1, created_at: "2026-09-01" }],
  ["shipped", { id: 1, sha256: SHA256, revision: 1 }],
  ["purge", { id: 1, at: "2026-09-01", reason: "sample", runs: 0, load_points: 0, reports: 0 }],
  ["purged_share", { slug: "1234567890", purge_id: 1 }],
]);

/** The sample row of a table with other values in it. */
export function sampleRow(table: string, values: Row = {}): Row {
  const row = SAMPLE_ROWS.get(table);
  if (row === undefined) throw new Error(`There is no sample row of ${table}: add one.`);
  return { ...row, ...values };
}

export function insert(table: string, ...rows: readonly Row[]): Statement {
  const columns = Object.keys(rows[0] ?? {});
  const tuple = `(${columns.map(() => "?").join(", ")})`;
  return [
    `INSERT INTO ${table} (${columns.join(", ")}) VALUES ${rows.map(() => tuple).join(", ")}`,
    ...rows.flatMap((row) => columns.map((column) => row[column] ?? null)),
  ];
}

/** Two more revisions, and a row of each table. */
export function insertSamples(): Statement[] {
  const later = [2, 3].map((id) => insert("revision", sampleRow("revision", { id })));
  return [...later, ...[...SAMPLE_ROWS].map(([table, row]) => insert(table, row))];
}
