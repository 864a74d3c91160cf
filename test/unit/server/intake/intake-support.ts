import { Readable } from "node:stream";
import type { Database } from "../../../../db/client";
import type { ByteSource, IntakeFile } from "../../../../server/intake/byte-source";
import { type FilesIngest, type FilesIngestOutcome, ingestFiles } from "../../../../server/intake/ingest-files";
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
export function databaseFaults(db: Database): string[] {
  const rows = (sql: string) => db.$client.prepare<[], Record<string, unknown>>(sql).all();
  const integrity = rows("PRAGMA integrity_check").map((row) => String(row.integrity_check));
  return [
    ...integrity.filter((line) => line !== "ok"),
    ...rows("PRAGMA foreign_key_check").map((row) => `foreign key: ${JSON.stringify(row)}`),
    ...rows(HALF_RUNS).map((row) => `half a run: ${JSON.stringify(row)}`),
    ...rows(HALF_INGESTS).map((row) => `half an ingest: ${JSON.stringify(row)}`),
    ...rows(LOST_REPORTS).map((row) => `a run without its report: ${JSON.stringify(row)}`),
    ...rows(ORPHANS).map((row) => `a report of no run: ${JSON.stringify(row)}`),
    ...impossibleValues(db),
  ];
}

const HALF_RUNS = `SELECT run.run_id, run.load_points, count(load_point.run_id) AS stored FROM run
  LEFT JOIN load_point USING (run_id) GROUP BY run.run_id HAVING stored <> run.load_points OR stored = 0`;

const HALF_INGESTS = `SELECT ingest.id, ingest.load_points, coalesce(sum(run.load_points), 0) AS stored FROM ingest
  LEFT JOIN run ON run.ingest_id = ingest.id GROUP BY ingest.id HAVING stored <> ingest.load_points`;

const LOST_REPORTS = "SELECT run_id FROM run WHERE run_id NOT IN (SELECT run_id FROM run_report WHERE role = 'points')";

const ORPHANS = "SELECT sha256 FROM report WHERE sha256 NOT IN (SELECT sha256 FROM run_report)";

/** Every number of every load point, looked at. */
function impossibleValues(db: Database): string[] {
  const columns = db.$client
    .prepare<[], { name: string; type: string }>("SELECT name, type FROM pragma_table_info('load_point')")
    .all()
    .filter(({ type }) => type === "REAL" || type === "INTEGER")
    .map(({ name }) => name);
  const wrong = columns.map((name) => `${name} < 0 OR ${name} > 1e15`).join(" OR ");
  return db.$client
    .prepare<[], { run_id: string; ordinal: number }>(`SELECT run_id, ordinal FROM load_point WHERE ${wrong}`)
    .all()
    .map(({ run_id, ordinal }) => `an impossible value: ${run_id} ${ordinal}`);
}
