import {
  blob,
  integer,
  primaryKey,
  real,
  type SQLiteColumnBuilderBase,
  sqliteTable,
  text,
} from "drizzle-orm/sqlite-core";
import { z } from "zod";
import { HOST_ARCHITECTURES, PRICE_KINDS } from "../lib/catalogue/catalogue";
import { SERVING_MODES } from "../lib/domain";
import { LATENCY_STATISTICS, type LatencyField, type Statistic } from "../lib/measurement/latency";
import { LOAD_KINDS } from "../lib/measurement/measurement";
import { type NumberField, QUANTITIES } from "../lib/measurement/quantities";
import { checkpoints, colour, cpuModel, flags, json, list, settings } from "./column-types";

/**
 * The tables of db/migrations as drizzle sees them. The SQL is the authority (STRICT, CHECKs, triggers); a test
 * holds the two together. Keys are the names of the domain, in its order; a column has the same name in snake case, unless
 * another one stands here. A row of the catalogue without its {@link validity} is the value of the domain.
 */

const ORIGINS = ["shipped", "user"] as const;
/** Who brought a row: the data that comes with the program, or a user. */
export type Origin = (typeof ORIGINS)[number];

export const INGEST_WAYS = ["cli", "http", "page", "shipped"] as const;
export type IngestWay = (typeof INGEST_WAYS)[number];

export const REPORT_ROLES = ["points", "context"] as const;
export type ReportRole = (typeof REPORT_ROLES)[number];

/** What the audit keeps of a refusal; what else was said of it is stored, too, and not read. */
const StoredProblem = z.object({ file: z.string(), at: z.string(), message: z.string() });
const SkippedFile = z.object({ file: z.string(), reason: z.string() });

/** What a report says of a load point beside what was measured, under the report's own names. */
const Extras = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));

export const revision = sqliteTable("revision", {
  id: integer().primaryKey(),
  createdAt: text().notNull(),
  reason: text().notNull(),
});

/** Columns every catalogue table has: who brought a row, and from which revision to which it holds. */
const validity = () => ({
  rowId: integer().primaryKey(),
  origin: text({ enum: ORIGINS }).notNull(),
  addedInRevision: integer().notNull(),
  leftInRevision: integer(),
});

export const model = sqliteTable("model", {
  id: text("model_id").notNull(),
  displayName: text().notNull(),
  family: text(),
  totalParametersBillions: real(),
  activeParametersBillions: real(),
  contextLengthTokens: integer(),
  weightsPrecision: text(),
  weightBytes: real(),
  quantisedCheckpoints: checkpoints().notNull(),
  licence: text(),
  gated: integer({ mode: "boolean" }),
  source: text().notNull(),
  ...validity(),
});

export const accelerator = sqliteTable("accelerator", {
  id: text("accelerator_id").notNull(),
  name: text().notNull(),
  shortName: text().notNull(),
  vendor: text().notNull(),
  memoryGib: real(),
  memoryBandwidthGbPerSecond: real(),
  bf16Tflops: real(),
  fp8Tflops: real(),
  fp4Tflops: real(),
  tdpWatts: real(),
  interconnect: text(),
  kubernetesResource: text(),
  gkeNodeLabel: text(),
  gkeAcceleratorLabel: text(),
  aliases: list().notNull(),
  source: text().notNull(),
  notes: text(),
  ...validity(),
});

export const hardware = sqliteTable("hardware", {
  acceleratorId: text().notNull(),
  architecture: text(),
  maximumPerMachine: integer().notNull(),
  podCpu: real(),
  podMemoryGib: real(),
  hostArchitecture: text({ enum: HOST_ARCHITECTURES }).notNull(),
  isNvlinkRack: integer("nvlink_rack", { mode: "boolean" }).notNull(),
  kubernetesDevices: integer().notNull(),
  serverDevices: integer().notNull(),
  computeCapability: text(),
  productName: text(),
  pciDeviceIds: list().notNull(),
  karpenterName: text(),
  karpenterMemoryMib: integer(),
  cpuModel: cpuModel(),
  socketThreads: integer(),
  colour: colour(),
  ...validity(),
});

export const machine = sqliteTable("machine", {
  seller: text().notNull(),
  type: text("machine_type").notNull(),
  accelerator: text("accelerator_id").notNull(),
  accelerators: integer("accelerator_count").notNull(),
  cpu: real().notNull(),
  memoryGib: real().notNull(),
  source: text().notNull(),
  ...validity(),
});

export const price = sqliteTable("price", {
  priceId: text().notNull(),
  provider: text().notNull(),
  instanceType: text(),
  region: text(),
  acceleratorId: text().notNull(),
  acceleratorCount: integer().notNull(),
  usdPerHour: real().notNull(),
  kind: text({ enum: PRICE_KINDS }).notNull(),
  acceleratorOnly: integer({ mode: "boolean" }).notNull(),
  asOf: text(),
  source: text().notNull(),
  notes: text(),
  ...validity(),
});

export const configuration = sqliteTable("configuration", {
  configurationId: text().primaryKey(),
  canonicalKey: text().notNull(),
  model: text().notNull(),
  checkpoint: text(),
  accelerator: text().notNull(),
  acceleratorCount: integer().notNull(),
  nodes: integer(),
  server: text(),
  serverVersion: text(),
  precision: text(),
  parallelism: text(),
  tensorParallelism: integer(),
  pipelineParallelism: integer(),
  dataParallelism: integer(),
  expertParallelism: integer(),
  speculative: text(),
  servingMode: text({ enum: SERVING_MODES }).notNull(),
  prefillAccelerators: integer(),
  decodeAccelerators: integer(),
  contextParallelism: integer(),
  speculativeTokens: integer(),
  serverArguments: settings(),
  environment: settings(),
  engineOptions: settings(),
  image: text(),
});

export const workload = sqliteTable("workload", {
  workloadId: text().primaryKey(),
  dataset: text(),
  inputTokens: real(),
  outputTokens: real(),
});

export const report = sqliteTable("report", {
  sha256: text().primaryKey(),
  fileName: text().notNull(),
  mediaType: text().notNull(),
  byteLength: integer().notNull(),
  content: blob({ mode: "buffer" }).notNull(),
  redacted: json(z.array(z.string())).notNull(),
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
  loadPoints: integer().notNull(),
  duplicates: integer().notNull(),
  problems: json(z.array(StoredProblem)).notNull(),
  skipped: json(z.array(SkippedFile)).notNull(),
});

/** Runs that no filter of the list of runs tells apart, except by their ingest, measured on one day. */
export const runGroup = sqliteTable("run_group", {
  groupId: integer().primaryKey(),
  model: text().notNull(),
  accelerator: text().notNull(),
  sourceName: text().notNull(),
  format: text().notNull(),
  /** Of the runs and of their points: each once, sorted. */
  qualityFlags: flags().notNull(),
  measuredDay: text(),
  /** Retired ones included. */
  runs: integer().notNull(),
  loadPoints: integer().notNull(),
  retiredRuns: integer().notNull(),
  retiredLoadPoints: integer().notNull(),
});

export const FACETS = ["model", "accelerator", "source", "format", "flag"] as const;
export type Facet = (typeof FACETS)[number];

/** What the filters of the list of runs can ask for: each value that a run or one of its points ever had. */
export const runFacet = sqliteTable(
  "run_facet",
  { facet: text({ enum: FACETS }).notNull(), value: text().notNull() },
  (table) => [primaryKey({ columns: [table.facet, table.value] })],
);

/** How much was measured of a model on an accelerator, valid from one revision to another like the runs it counts. */
export const coverage = sqliteTable("coverage", {
  rowId: integer().primaryKey(),
  model: text().notNull(),
  accelerator: text().notNull(),
  configurations: integer().notNull(),
  loadPoints: integer().notNull(),
  addedInRevision: integer().notNull(),
  leftInRevision: integer(),
});

export const run = sqliteTable("run", {
  runId: text().primaryKey(),
  configurationId: text().notNull(),
  workloadId: text().notNull(),
  format: text().notNull(),
  tool: text(),
  toolVersion: text(),
  measuredOn: text(),
  sourceName: text().notNull(),
  sourceUrl: text(),
  licence: text(),
  seriesKey: text(),
  qualityFlags: flags().notNull(),
  origin: text({ enum: ORIGINS }).notNull(),
  loadPoints: integer().notNull(),
  ingestId: integer().notNull(),
  addedInRevision: integer().notNull(),
  retiredInRevision: integer(),
  groupId: integer(),
});

export const runReport = sqliteTable(
  "run_report",
  {
    runId: text().notNull(),
    sha256: text().notNull(),
    fileName: text().notNull(),
    role: text({ enum: REPORT_ROLES }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.runId, table.sha256, table.fileName] })],
);

type LatencyKey = `${LatencyField}${Capitalize<Statistic>}`;

const CAPITALISED: { readonly [S in Statistic]: Capitalize<S> } = {
  mean: "Mean",
  p50: "P50",
  p90: "P90",
  p95: "P95",
  p99: "P99",
};

/** Key of the column that holds one statistic of a latency: `ttftMsP50`. */
export function latencyKey(field: LatencyField, statistic: Statistic): LatencyKey {
  return `${field}${CAPITALISED[statistic]}`;
}

/** A number column for each quantity of the table, whole where it counts, and one for each statistic of each latency. */
function measuredColumns() {
  const columns: Partial<Record<NumberField | LatencyKey, SQLiteColumnBuilderBase>> = {};
  for (const { field, column, kind } of QUANTITIES) columns[field] = kind === "count" ? integer(column) : real(column);
  for (const { field, statistic, column } of LATENCY_STATISTICS) columns[latencyKey(field, statistic)] = real(column);
  // Whole now: both lists name every column there is.
  return columns as Record<NumberField | LatencyKey, SQLiteColumnBuilderBase>;
}

export const loadPoint = sqliteTable(
  "load_point",
  {
    runId: text().notNull(),
    ordinal: integer().notNull(),
    pointId: text().notNull(),
    reportSha256: text().notNull(),
    reportAt: text().notNull(),
    sourceRef: text(),
    loadKind: text({ enum: LOAD_KINDS }),
    ...measuredColumns(),
    qualityFlags: flags().notNull(),
    /** That of its run: the database sets it. */
    retiredInRevision: integer(),
  },
  (table) => [primaryKey({ columns: [table.runId, table.ordinal] })],
);

export const loadPointDetail = sqliteTable(
  "load_point_detail",
  { runId: text().notNull(), ordinal: integer().notNull(), measuredOn: text(), extras: json(Extras) },
  (table) => [primaryKey({ columns: [table.runId, table.ordinal] })],
);

export const share = sqliteTable("share", {
  slug: text().primaryKey(),
  query: text().notNull(),
  revision: integer().notNull(),
  createdAt: text().notNull(),
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
  loadPoints: integer().notNull(),
  reports: integer().notNull(),
});

export const purgedShare = sqliteTable("purged_share", {
  slug: text().primaryKey(),
  purgeId: integer().notNull(),
});
