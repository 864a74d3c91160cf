import { z } from "zod";
import type { ListedIngest } from "../../lib/runs/types";
import type { Database } from "../client";
import type { IngestRow } from "../schema";

const Problems = z.array(z.object({ file: z.string(), at: z.string(), message: z.string() }));
const Skipped = z.array(z.object({ file: z.string(), reason: z.string() }));

interface ListedRow extends IngestRow {
  runs: number;
  valid_runs: number;
}

const LISTED = `SELECT ingest.*,
       (SELECT count(*) FROM run WHERE run.ingest_id = ingest.id) AS runs,
       (SELECT count(*) FROM run WHERE run.ingest_id = ingest.id AND run.retired_in_revision IS NULL) AS valid_runs
FROM ingest`;

/** Every time somebody brought data, newest first; one page of them. */
export async function listIngests(
  db: Database,
  page: { limit: number; offset: number },
): Promise<{ ingests: ListedIngest[]; total: number }> {
  const total = db.$client.prepare<[], { total: number }>("SELECT count(*) AS total FROM ingest").get()?.total ?? 0;
  const rows = db.$client
    .prepare<[number, number], ListedRow>(`${LISTED} ORDER BY ingest.id DESC LIMIT ? OFFSET ?`)
    .all(page.limit, page.offset);
  return { total, ingests: rows.map(listedIngest) };
}

/** One of them by its number; `null` when there is none. */
export async function getIngest(db: Database, id: number): Promise<ListedIngest | null> {
  const row = db.$client.prepare<[number], ListedRow>(`${LISTED} WHERE ingest.id = ?`).get(id);
  return row === undefined ? null : listedIngest(row);
}

function listedIngest(row: ListedRow): ListedIngest {
  return {
    id: row.id,
    at: row.at,
    way: row.way,
    reason: row.reason,
    revision: row.revision,
    files: row.files,
    loadPoints: row.load_points,
    duplicates: row.duplicates,
    problems: Problems.parse(JSON.parse(row.problems)),
    skipped: Skipped.parse(JSON.parse(row.skipped)),
    runs: row.runs,
    validRuns: row.valid_runs,
  };
}
