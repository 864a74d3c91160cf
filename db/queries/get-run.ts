import { asc, eq, sql } from "drizzle-orm";
import type { Run } from "../../lib/domain";
import type { PointOrigin, StoredRunFile } from "../../lib/runs/types";
import { configurationColumns, runColumns } from "../columns";
import type { Database } from "../handle";
import { loadPointColumns, loadPointFromValues } from "../load-point-row";
import { preparedListQuestion } from "../per-handle";
import { configuration, loadPoint, type Origin, run, workload } from "../schema";
import { listPointDetails } from "./list-point-details";
import { listRunFiles } from "./list-run-files";
import { assembleRuns } from "./list-runs";

/** A run with all that is known of where it came from. */
export interface RunDetail {
  run: Run;
  origin: Origin;
  /** The ingest that brought it. */
  ingestId: number;
  /** Revision in which it ceased to be valid; `null` = still valid. */
  retiredInRevision: number | null;
  /** Files it was read from, those with points first. */
  files: StoredRunFile[];
  /** What is known of its points beside what was measured, by point id. */
  points: Record<string, PointOrigin>;
}

const pointsOf = preparedListQuestion((db) =>
  db
    .select(loadPointColumns)
    .from(loadPoint)
    .where(eq(loadPoint.runId, sql.placeholder("runId")))
    .orderBy(asc(loadPoint.ordinal)),
);

/** A run by its id, whether still valid or not; `null` when there is none. */
export async function getRun(db: Database, runId: string): Promise<RunDetail | null> {
  const [row] = await db
    .select({
      ...runColumns,
      kept: { origin: run.origin, ingestId: run.ingestId, retiredInRevision: run.retiredInRevision },
    })
    .from(run)
    .where(eq(run.runId, runId));
  if (row === undefined) return null;
  const { kept, ...stored } = row;
  const [configurations, workloads, points, files, details] = await Promise.all([
    db.select(configurationColumns).from(configuration).where(eq(configuration.configurationId, row.configurationId)),
    db.select().from(workload).where(eq(workload.workloadId, row.workloadId)),
    pointsOf(db, { runId }),
    listRunFiles(db, runId),
    listPointDetails(db, runId),
  ]);
  const [assembled] = assembleRuns([stored], points.map(loadPointFromValues), configurations, workloads);
  if (assembled === undefined) return null;
  return {
    run: assembled,
    ...kept,
    files,
    points: Object.fromEntries(
      details.map(({ pointId, reportAt, measuredOn, extras }) => [
        pointId,
        // "" in the table: no date of its own.
        { reportAt, measuredOn: measuredOn === "" ? null : measuredOn, extras: extras ?? {} },
      ]),
    ),
  };
}
