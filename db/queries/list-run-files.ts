import { asc, desc, eq, sql } from "drizzle-orm";
import type { StoredRunFile } from "../../lib/runs/types";
import type { Database } from "../handle";
import { preparedQuestion } from "../per-handle";
import { report, runReport } from "../schema";

/** The files a run was read from, those with points first. */
export async function listRunFiles(db: Database, runId: string): Promise<StoredRunFile[]> {
  return filesOf(db, { runId });
}

const filesOf = preparedQuestion((db) =>
  db
    .select({
      sha256: runReport.sha256,
      fileName: runReport.fileName,
      role: runReport.role,
      mediaType: report.mediaType,
      byteLength: report.byteLength,
      redacted: report.redacted,
    })
    .from(runReport)
    .innerJoin(report, eq(report.sha256, runReport.sha256))
    .where(eq(runReport.runId, sql.placeholder("runId")))
    .orderBy(desc(runReport.role), asc(runReport.fileName), asc(runReport.sha256)),
);
