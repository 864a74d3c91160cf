import { z } from "zod";
import type { Database } from "../client";
import type { IngestRow, IngestWay } from "../schema";

const Problems = z.array(z.object({ file: z.string(), at: z.string(), message: z.string() }));
const Skipped = z.array(z.object({ file: z.string(), reason: z.string() }));

/** One time somebody brought data, whether any of it was taken or not. */
export interface ListedIngest {
  id: number;
  /** ISO date-time. */
  at: string;
  way: IngestWay;
  reason: string;
  /** Revision it made; `null` = nothing new. */
  revision: number | null;
  files: number;
  /** Taken. */
  loadPoints: number;
  /** Known already. */
  duplicates: number;
  /** Refused, and why. */
  problems: { file: string; at: string; message: string }[];
  skipped: { file: string; reason: string }[];
  /** Runs it brought, and how many of them are still valid; fewer than it brought after a purge. */
  runs: number;
  validRuns: number;
}

interface ListedRow extends IngestRow {
  runs: number;
  valid_runs: number;
}

/** The audit, newest first. */
export async function listIngests(
  db: Database,
  page: { limit: number; offset: number },
): Promise<{ ingests: ListedIngest[]; total: number }> {
  const total = db.$client.prepare<[], { total: number }>("SELECT count(*) AS total FROM ingest").get()?.total ?? 0;
  const rows = db.$client
    .prepare<[number, number], ListedRow>(
      `SELECT ingest.*,
              (SELECT count(*) FROM run WHERE run.ingest_id = ingest.id) AS runs,
              (SELECT count(*) FROM run WHERE run.ingest_id = ingest.id AND run.retired_in_revision IS NULL) AS valid_runs
       FROM ingest ORDER BY ingest.id DESC LIMIT ? OFFSET ?`,
    )
    .all(page.limit, page.offset);
  return {
    total,
    ingests: rows.map((row) => ({
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
    })),
  };
}
