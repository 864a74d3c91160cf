import { and, asc, eq, sql } from "drizzle-orm";
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
  return detailsOf(db, { runId });
}

const detailsOf = preparedQuestion((db) =>
  db
    .select({
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
    .where(eq(loadPoint.runId, sql.placeholder("runId")))
    .orderBy(asc(loadPoint.ordinal)),
);
