import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { getTableName, is } from "drizzle-orm";
import { SQLiteTable } from "drizzle-orm/sqlite-core";
import { afterAll, inject, onTestFinished } from "vitest";
import { type Database, openDatabase } from "../../../db/client";
import type { StoredReport } from "../../../db/queries/get-report";
import { getCurrentRevision } from "../../../db/queries/get-revision";
import { listAccelerators } from "../../../db/queries/list-accelerators";
import { listModels } from "../../../db/queries/list-models";
import * as schema from "../../../db/schema";
import { commitIngest, type IngestOutcome } from "../../../db/store/commit-ingest";
import { fileToStore } from "../../../db/store/file-to-store";
import { seedShipped } from "../../../db/store/seed-shipped";
import { readReports } from "../../../lib/ingest/read-reports";
import type { GivenFacts, HeldFile } from "../../../lib/ingest/report";
import { createDatabase, databaseName, dropDatabase } from "../../support/postgres-databases";
import { rawColumn, rawRows } from "../../support/raw-sql";

/** The time of every test here. */
export const NOW = new Date("2026-09-01T12:00:00Z");

const ACCELERATORS = `id,name,short_name,vendor,memory_gib,memory_bandwidth_gb_per_second,bf16_tflops,fp8_tflops,fp4_tflops,tdp_watts,interconnect,kubernetes_resource,gke_node_label,gke_accelerator_label,aliases,source,notes
h100-sxm-80gb,NVIDIA H100 SXM 80GB,H100 SXM,NVIDIA,80,3350,989,1979,,700,NVLink,nvidia.com/gpu,cloud.google.com/gke-accelerator,nvidia-h100-80gb,h100-sxm,test,
l4-24gb,NVIDIA L4 24GB,L4,NVIDIA,24,300,121,242,,72,PCIe,nvidia.com/gpu,cloud.google.com/gke-accelerator,nvidia-l4,l4,test,
`;

const MACHINES = `seller,type,accelerator,count,cpu,memory_gib,source
cloud,h100-1,h100-sxm-80gb,1,26,234,test
`;

const MODELS = `id,display_name,family,total_parameters_billions,active_parameters_billions,context_length_tokens,weights_precision,weight_bytes,licence,gated,source
org/small,Small,Test,8,8,8192,bf16,16000000000,MIT,no,test
org/unmeasured,Unmeasured,Test,8,8,8192,bf16,16000000000,MIT,,test
`;

/** prices.csv with one on-demand offer for each accelerator. */
export function pricesCsv(usdPerHourH100: number): string {
  return `provider,instance_type,region,accelerator,accelerator_count,usd_per_hour,kind,accelerator_only,as_of,source,notes
cloud,h100-1,here,h100-sxm-80gb,1,${usdPerHourH100},on_demand,no,2026-08-01,test,
cloud,l4-1,here,l4-24gb,1,1,on_demand,no,2026-08-01,test,
`;
}

export interface FigureRow {
  accelerator?: string;
  concurrency: number;
  outputTokensPerSecond: number;
  ttftMs: number;
  /** TPOT p50; what the accelerator's memory allows for the small model, unless said. */
  tpotMs?: number;
  flags?: string;
  model?: string;
  /** "" = not known. */
  measuredOn?: string;
  workload?: string;
  serverVersion?: string;
}

/** A figures file of one configuration for each accelerator, one series. */
export function figuresCsv(source: string, rows: readonly FigureRow[]): string {
  const header =
    "source_name,measured_on,model,accelerator,accelerator_count,server,server_version,precision,tensor_parallelism,series,workload,dataset,input_tokens,output_tokens,load_kind,load_value,output_tokens_per_second,ttft_ms_p50,tpot_ms_p50,quality_flags";
  const lines = rows.map((row) =>
    [
      source,
      row.measuredOn ?? "2026-08-01",
      row.model ?? "org/small",
      row.accelerator ?? "h100-sxm-80gb",
      1,
      "vllm",
      row.serverVersion ?? "0.11.0",
      "bf16",
      1,
      `${source}-series`,
      row.workload ?? "random-1024-1024",
      "random",
      1024,
      1024,
      "concurrency",
      row.concurrency,
      row.outputTokensPerSecond,
      row.ttftMs,
      row.tpotMs ?? 20,
      row.flags ?? "",
    ].join(","),
  );
  return `${[header, ...lines].join("\n")}\n`;
}

export const SHIPPED_ROWS: FigureRow[] = [
  { concurrency: 1, outputTokensPerSecond: 45, ttftMs: 50 },
  { concurrency: 8, outputTokensPerSecond: 350, ttftMs: 90 },
  { concurrency: 64, outputTokensPerSecond: 2000, ttftMs: 400 },
  { accelerator: "l4-24gb", concurrency: 1, outputTokensPerSecond: 12, ttftMs: 120, tpotMs: 80 },
];

const directories: string[] = [];

afterAll(() => {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
});

/** A folder of its own, removed when the tests of the file have ended: their databases are closed by then. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(path.join(tmpdir(), "iq-test-"));
  directories.push(directory);
  return directory;
}

/** Whether the tests of this set are about PostgreSQL. */
const isPostgres = process.env.IQ_TEST_ENGINE === "postgres";

const postgresTemplates: string[] = [];

afterAll(async () => {
  for (const name of postgresTemplates.splice(0)) await dropDatabase(inject("postgresUrl") ?? "", name);
  seededTemplate = null;
});

/** A database of its own on the server, made from another one and gone when the test has ended. */
async function temporaryPostgres(template: string): Promise<string> {
  const name = databaseName();
  const server = inject("postgresUrl") ?? "";
  onTestFinished(() => dropDatabase(server, name));
  return createDatabase(server, name, template);
}

/** An empty database of its own, of the engine the set is about, closed when the test ends. @param file of SQLite, where it is to be that */
export async function temporaryDatabase(file?: string): Promise<Database> {
  return openUntilEnd(file ?? (isPostgres ? await temporaryPostgres(inject("postgresTemplate")) : temporaryFile()));
}

/** Where a file of a test may be. */
export function temporaryFile(): string {
  return path.join(temporaryDirectory(), "test.db");
}

async function openUntilEnd(address: string): Promise<Database> {
  const db = await openDatabase(address);
  onTestFinished(() => db.engine.close());
  return db;
}

async function seedSmall(address: string): Promise<void> {
  const directory = mkdtempSync(path.join(tmpdir(), "iq-test-"));
  try {
    const db = await openDatabase(address);
    const figures = { "alpha.csv": figuresCsv("alpha", SHIPPED_ROWS) };
    await seedShipped(db, writeData(path.join(directory, "data"), figures), NOW);
    await db.engine.close();
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

let seededBytes: Promise<Buffer> | null = null;
let seededTemplate: Promise<string> | null = null;

/** A closed database file that holds `smallData`, made once for all tests of a worker. */
async function makeSeededBytes(): Promise<Buffer> {
  const directory = mkdtempSync(path.join(tmpdir(), "iq-test-"));
  try {
    const file = path.join(directory, "seeded.db");
    await seedSmall(file);
    return readFileSync(file);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** The same on the server. @returns its name */
async function makeSeededTemplate(): Promise<string> {
  const name = databaseName();
  postgresTemplates.push(name);
  await seedSmall(await createDatabase(inject("postgresUrl") ?? "", name, inject("postgresTemplate")));
  return name;
}

/** A database of its own with what `smallData` holds, closed when the test ends. */
export async function seededDatabase(): Promise<Database> {
  if (isPostgres) {
    seededTemplate ??= makeSeededTemplate();
    return openUntilEnd(await temporaryPostgres(await seededTemplate));
  }
  seededBytes ??= makeSeededBytes();
  const file = temporaryFile();
  writeFileSync(file, await seededBytes);
  return openUntilEnd(file);
}

/** Writes a data folder; `figures` by file name. */
export function writeData(
  directory: string,
  figures: Record<string, string>,
  catalogue: { prices?: string; models?: string; accelerators?: string; machines?: string } = {},
): string {
  mkdirSync(path.join(directory, "figures"), { recursive: true });
  writeFileSync(path.join(directory, "accelerators.csv"), catalogue.accelerators ?? ACCELERATORS);
  writeFileSync(path.join(directory, "machines.csv"), catalogue.machines ?? MACHINES);
  writeFileSync(path.join(directory, "models.csv"), catalogue.models ?? MODELS);
  writeFileSync(path.join(directory, "prices.csv"), catalogue.prices ?? pricesCsv(4));
  for (const [name, text] of Object.entries(figures)) writeFileSync(path.join(directory, "figures", name), text);
  return directory;
}

/** A data folder with one source. */
export function smallData(): string {
  return writeData(temporaryDirectory(), { "alpha.csv": figuresCsv("alpha", SHIPPED_ROWS) });
}

/** Reads texts as a user's files and commits them. */
export async function ingestTexts(
  db: Database,
  texts: Record<string, string>,
  options: { given?: GivenFacts; dryRun?: boolean } = {},
): Promise<IngestOutcome> {
  const revision = (await getCurrentRevision(db)).id;
  const models = (await listModels(db, revision)).map((entry) => entry.model);
  const accelerators = await listAccelerators(db, revision);
  const files: HeldFile[] = Object.entries(texts).map(([name, text]) => ({
    path: name,
    bytes: new TextEncoder().encode(text),
  }));
  return commitIngest(db, {
    result: readReports(files, options.given ?? {}, { accelerators, models }),
    files: files.map(fileToStore),
    way: "cli",
    reason: "test",
    origin: "user",
    dryRun: options.dryRun === true,
    now: NOW,
  });
}

/** Rows of a table. */
export async function countRows(db: Database, table: string): Promise<number> {
  return Number((await rawColumn(db, `SELECT count(*) FROM ${table}`))[0]);
}

/** Everything that is stored, row by row, to compare before and after. */
export async function snapshot(db: Database): Promise<string> {
  const tables = Object.values<unknown>(schema).filter((value): value is SQLiteTable => is(value, SQLiteTable));
  const names = tables.map((table) => getTableName(table)).sort();
  const rows: unknown[] = [];
  for (const name of names) {
    // In no order of their own on either engine.
    rows.push([name, (await rawRows(db, `SELECT * FROM ${name}`)).map((row) => JSON.stringify(row)).sort()]);
  }
  return JSON.stringify(rows);
}

/** The content of a stored report as text; "" where there is none. */
export async function textOf(report: StoredReport | null): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of report?.parts() ?? []) parts.push(part);
  return Buffer.concat(parts).toString("utf8");
}
