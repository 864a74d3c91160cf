import { and, eq, notExists, type SQL } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import type { Database } from "../handle";
import { loadPoint, report, runReport } from "../schema";

/**
 * True of reports that no run and no load point refers to.
 * @param sha256 column with the report's hash
 */
export function unusedReports(db: Database, sha256: SQLiteColumn = report.sha256): SQL | undefined {
  return and(
    notExists(db.select({ sha256: runReport.sha256 }).from(runReport).where(eq(runReport.sha256, sha256))),
    notExists(db.select({ sha256: loadPoint.reportSha256 }).from(loadPoint).where(eq(loadPoint.reportSha256, sha256))),
  );
}
