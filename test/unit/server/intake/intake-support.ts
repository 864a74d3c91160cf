import { Readable } from "node:stream";
import { getTableColumns } from "drizzle-orm";
import { CasingCache } from "drizzle-orm/casing";
import type { Database } from "../../../../db/client";
import { loadPoint } from "../../../../db/schema";
import { structuralFaults } from "../../../../db/store/structural-faults";
import type { ByteSource, IntakeFile } from "../../../../server/intake/byte-source";
import { type FilesIngest, type FilesIngestOutcome, ingestFiles } from "../../../../server/intake/ingest-files";
import { rawRows } from "../../../support/raw-sql";
import { NOW } from "../../db/small-data";

function memorySource(bytes: Uint8Array): ByteSource {
  return {
    sizeBytes: bytes.byteLength,
    head: (count) => Buffer.from(bytes.subarray(0, count)),
    stream: (start = 0, end = bytes.byteLength) => Readable.from([Buffer.from(bytes.subarray(start, end))]),
    read: (start = 0, end = bytes.byteLength) => Buffer.from(bytes.subarray(start, end)),
  };
}

/** Bytes or text as files a person brought, by path. */
export function intakeFiles(contents: Readonly<Record<string, Uint8Array | string>>, named = false): IntakeFile[] {
  return Object.entries(contents).map(([path, content]) => ({
    path,
    named,
    source: memorySource(typeof content === "string" ? new TextEncoder().encode(content) : content),
  }));
}

/** Facts that complete any report; the accelerator is of the small catalogue. */
export const FACTS = { model: "org/small", accelerator: "h100-sxm-80gb", acceleratorCount: 2 };

/** The way in of the command line, the page and the API. */
export function ingest(
  db: Database,
  files: readonly IntakeFile[],
  request: Partial<FilesIngest> = {},
): Promise<FilesIngestOutcome> {
  return ingestFiles(db, files, { given: FACTS, way: "cli", reason: "test", dryRun: false, now: NOW, ...request });
}

/** What is wrong with a database, in words; empty where it is whole. */
export async function databaseFaults(db: Database): Promise<string[]> {
  const found = async (what: string, sql: string) =>
    (await rawRows(db, sql)).map((row) => `${what}: ${JSON.stringify(row)}`);
  return [
    ...(await structuralFaults(db)),
    ...(await found("half a run", HALF_RUNS)),
    ...(await found("half an ingest", HALF_INGESTS)),
    ...(await found("a run without its report", LOST_REPORTS)),
    ...(await found("a report of no run", ORPHANS)),
    ...(await found("an impossible value", IMPOSSIBLE_VALUES)),
  ];
}

const HALF_RUNS = `SELECT run.run_id, run.load_points, count(load_point.run_id) AS stored FROM run
  LEFT JOIN load_point USING (run_id) GROUP BY run.run_id HAVING count(load_point.run_id) <> run.load_points OR count(load_point.run_id) = 0`;

const HALF_INGESTS = `SELECT ingest.id, ingest.load_points, coalesce(sum(run.load_points), 0) AS stored FROM ingest
  LEFT JOIN run ON run.ingest_id = ingest.id GROUP BY ingest.id HAVING coalesce(sum(run.load_points), 0) <> ingest.load_points`;

const LOST_REPORTS = "SELECT run_id FROM run WHERE run_id NOT IN (SELECT run_id FROM run_report WHERE role = 'points')";

const ORPHANS = "SELECT sha256 FROM report WHERE sha256 NOT IN (SELECT sha256 FROM run_report)";

/** Every number of every load point, looked at. */
const IMPOSSIBLE_VALUES = `SELECT run_id, ordinal FROM load_point WHERE ${Object.values(getTableColumns(loadPoint))
  .filter((column) => column.dataType === "number")
  .map((column) => new CasingCache("snake_case").getColumnCasing(column))
  .map((name) => `${name} < 0 OR ${name} > 1e15`)
  .join(" OR ")}`;
