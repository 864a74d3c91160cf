import { and, asc, eq, sql } from "drizzle-orm";
import { groupBy } from "../../lib/group-by";
import type { Database } from "../handle";
import { preparedQuestion } from "../per-handle";
import { loadPoint, loadPointDetail } from "../schema";

/** What few questions need of a load point. */
export interface PointDetail {
  ordinal: number;
  pointId: string;
  /** Where in its report it stands. */
  reportAt: string;
  /** Its own date where that is not that of its run; `""`: no date takes part in its identity. */
  measuredOn: string | null;
  /** What its report says beside what was measured, under the report's own names. */
  extras: Record<string, string | number | boolean | null> | null;
}

/** The details of all points of a run. */
export async function listPointDetails(db: Database, runId: string): Promise<PointDetail[]> {
  return (await listDetailsOfRuns(db, [runId])).get(runId) ?? [];
}

/** The same of several runs, by run id. */
export async function listDetailsOfRuns(db: Database, runIds: readonly string[]): Promise<Map<string, PointDetail[]>> {
  const rows = await detailsOf(db, { runIds: JSON.stringify(runIds) });
  const byRun = groupBy(rows, ({ runId }) => runId);
  return new Map([...byRun].map(([runId, details]) => [runId, details.map(({ runId: _, ...detail }) => detail)]));
}

const detailsOf = preparedQuestion((db) =>
  db
    .select({
      runId: loadPoint.runId,
      ordinal: loadPoint.ordinal,
      pointId: loadPoint.pointId,
      reportAt: loadPoint.reportAt,
      measuredOn: loadPointDetail.measuredOn,
      extras: loadPointDetail.extras,
    })
    .from(loadPoint)
    .leftJoin(
      loadPointDetail,
      and(eq(loadPointDetail.runId, loadPoint.runId), eq(loadPointDetail.ordinal, loadPoint.ordinal)),
    )
    .where(sql`${loadPoint.runId} in ${db.engine.fromJsonList(sql.placeholder("runIds"))}`)
    .orderBy(asc(loadPoint.runId), asc(loadPoint.ordinal)),
);
