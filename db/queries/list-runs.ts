import { and, asc, eq, inArray, type SQL, sql } from "drizzle-orm";
import type { Configuration, LoadPoint, Run, Workload } from "../../lib/domain";
import { configurationColumns, runColumns } from "../columns";
import type { Database } from "../handle";
import { loadPointColumns, loadPointFromValues } from "../load-point-row";
import { configuration, loadPoint, run, workload } from "../schema";
import { NEWEST_FIRST, runsAt } from "../valid-at";

/** The runs of one load curve. */
export interface RunCurve {
  configurationId: string;
  workloadId: string;
}

/**
 * Which runs: those of a model under a workload (of one source, where it is named), those of one configuration, those of any number
 * of load curves, or all of them.
 */
export type RunSelection =
  | { every: true }
  | { modelId: string; workloadId: string; sourceName?: string }
  | { configurationId: string; workloadId?: string | null }
  | { curves: readonly RunCurve[] };

function conditionOf(selection: RunSelection): SQL | undefined {
  if ("every" in selection) return undefined;
  if ("curves" in selection) return curvesCondition(selection.curves);
  if ("modelId" in selection) {
    const { modelId, workloadId, sourceName } = selection;
    return and(
      eq(configuration.model, modelId),
      eq(run.workloadId, workloadId),
      sourceName === undefined ? undefined : eq(run.sourceName, sourceName),
    );
  }
  const { configurationId, workloadId } = selection;
  return and(
    eq(configuration.configurationId, configurationId),
    workloadId === undefined || workloadId === null ? undefined : eq(run.workloadId, workloadId),
  );
}

/** In one parameter: an ingest may bring more curves than a statement takes parameters. */
function curvesCondition(curves: readonly RunCurve[]): SQL | undefined {
  const pairs = JSON.stringify(curves.map(({ configurationId, workloadId }) => [configurationId, workloadId]));
  return and(
    sql`${configuration.configurationId} in (select value ->> 0 from json_each(${pairs}))`,
    sql`(${run.configurationId}, ${run.workloadId}) in (select value ->> 0, value ->> 1 from json_each(${pairs}))`,
  );
}

/**
 * Runs valid at a revision with all their points; newest measurement first, undated last. Four questions, however many runs.
 */
export async function listRuns(db: Database, revision: number, selection: RunSelection): Promise<Run[]> {
  // A cross join: by the index of configuration and workload. Left to itself SQLite may go through all runs of a workload instead.
  const where = and(eq(run.configurationId, configuration.configurationId), conditionOf(selection), runsAt(revision));
  const [runs, points, configurations, workloads] = await Promise.all([
    db
      .select(runColumns)
      .from(configuration)
      .crossJoin(run)
      .where(where)
      .orderBy(...NEWEST_FIRST),
    db
      .select(loadPointColumns)
      .from(configuration)
      .crossJoin(run)
      .crossJoin(loadPoint)
      .where(and(where, eq(loadPoint.runId, run.runId)))
      .orderBy(asc(loadPoint.runId), asc(loadPoint.ordinal))
      .values(),
    db
      .select(configurationColumns)
      .from(configuration)
      .where(
        inArray(
          configuration.configurationId,
          db.select({ id: run.configurationId }).from(configuration).crossJoin(run).where(where),
        ),
      ),
    db
      .select()
      .from(workload)
      .where(
        inArray(workload.workloadId, db.select({ id: run.workloadId }).from(configuration).crossJoin(run).where(where)),
      ),
  ]);
  return assembleRuns(runs, points.map(loadPointFromValues), configurations, workloads);
}

/** A run as {@link runColumns} give it. */
interface RunRow extends Omit<Run, "configuration" | "workload" | "points"> {
  configurationId: string;
  workloadId: string;
}

/** Puts runs together from their rows, in the order of the runs. Configurations and workloads are shared objects. */
export function assembleRuns(
  runs: readonly RunRow[],
  points: readonly LoadPoint[],
  configurations: readonly Configuration[],
  workloads: readonly Workload[],
): Run[] {
  const pointsByRun = new Map<string, LoadPoint[]>();
  for (const point of points) {
    const list = pointsByRun.get(point.runId);
    if (list === undefined) pointsByRun.set(point.runId, [point]);
    else list.push(point);
  }
  const configurationsById = new Map(configurations.map((row) => [row.configurationId, row]));
  const workloadsById = new Map(workloads.map((row) => [row.workloadId, row]));
  return runs.map(({ configurationId, workloadId, runId, ...facts }) => {
    const configuration = configurationsById.get(configurationId);
    const workload = workloadsById.get(workloadId);
    if (configuration === undefined || workload === undefined) {
      throw new Error(`Run ${runId} lost its configuration or workload; foreign keys forbid that.`);
    }
    return { runId, configuration, workload, ...facts, points: pointsByRun.get(runId) ?? [] };
  });
}
