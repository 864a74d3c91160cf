import { asc, desc, eq, sql } from "drizzle-orm";
import { groupBy } from "../../lib/group-by";
import type { StoredRunFile } from "../../lib/runs/types";
import type { Database } from "../handle";
import { preparedQuestion } from "../per-handle";
import { report, runReport } from "../schema";

/** The files a run was read from, those with points first. */
export async function listRunFiles(db: Database, runId: string): Promise<StoredRunFile[]> {
  return (await listFilesOfRuns(db, [runId])).get(runId) ?? [];
}

/** The files of several runs, by run id, in the order of {@link listRunFiles}. */
export async function listFilesOfRuns(db: Database, runIds: readonly string[]): Promise<Map<string, StoredRunFile[]>> {
  const rows = await filesOf(db, { runIds: JSON.stringify(runIds) });
  const byRun = groupBy(rows, ({ runId }) => runId);
  return new Map([...byRun].map(([runId, files]) => [runId, files.map(({ runId: _, ...file }) => file)]));
}

const filesOf = preparedQuestion((db) =>
  db
    .select({
      runId: runReport.runId,
      sha256: runReport.sha256,
      fileName: runReport.fileName,
      role: runReport.role,
      mediaType: report.mediaType,
      byteLength: report.byteLength,
      redacted: report.redacted,
    })
    .from(runReport)
    .innerJoin(report, eq(report.sha256, runReport.sha256))
    .where(sql`${runReport.runId} in ${db.engine.fromJsonList(sql.placeholder("runIds"))}`)
    .orderBy(desc(runReport.role), asc(runReport.fileName), asc(runReport.sha256)),
);
