import { and, asc, eq, inArray, type SQL, sql } from "drizzle-orm";
import type { Configuration, LoadPoint, Run, Workload } from "../../lib/domain";
import { configurationColumns, runColumns } from "../columns";
import type { Database } from "../handle";
import { loadPointColumns, loadPointFromValues } from "../load-point-row";
import { preparedListQuestion, preparedQuestion } from "../per-handle";
import { configuration, loadPoint, run, workload } from "../schema";
import { NEWEST_FIRST, runsAt } from "../valid-at";

/** The runs of one load curve. */
export interface RunCurve {
  configurationId: string;
  workloadId: string;
}

/**
 * Which runs: those of a model under a workload (of one source, where it is named), those of one configuration, those of any number
 * of load curves, named ones, or all of them.
 */
export type RunSelection =
  | { every: true }
  | { modelId: string; workloadId: string; sourceName?: string }
  | { configurationId: string; workloadId?: string | null }
  | { curves: readonly RunCurve[] }
  | { runIds: readonly string[] };

const of = {
  model: eq(configuration.model, sql.placeholder("modelId")),
  configuration: eq(configuration.configurationId, sql.placeholder("configurationId")),
  workload: eq(run.workloadId, sql.placeholder("workloadId")),
  source: eq(run.sourceName, sql.placeholder("sourceName")),
};

/** In one parameter: an ingest may bring more curves than a statement takes parameters. */
function ofCurves({ engine }: Database): SQL | undefined {
  return and(
    sql`${configuration.configurationId} in ${engine.fromJsonList(sql.placeholder("configurations"))}`,
    sql`(${run.configurationId}, ${run.workloadId}) in ${engine.fromJsonPairs(sql.placeholder("curves"))}`,
  );
}

/** Named runs, in one parameter. */
function ofRuns({ engine }: Database): SQL {
  return sql`${run.runId} in ${engine.fromJsonList(sql.placeholder("runIds"))}`;
}

/** The four questions about the runs that meet a condition at a revision, built once: building takes longer than most answers. */
function questionsAbout(
  conditionOf: (db: Database) => SQL | undefined,
  first: "configuration" | "run" = "configuration",
) {
  // A cross join: by the index of configuration and workload, or by the runs' ids. Left to itself SQLite may go through all runs of a
  // workload instead.
  const joined = eq(run.configurationId, configuration.configurationId);
  const where = (db: Database) => and(joined, conditionOf(db), runsAt(sql.placeholder("revision")));
  const [outer, inner] = first === "run" ? [run, configuration] : [configuration, run];
  const ids = (db: Database, id: typeof run.configurationId | typeof run.workloadId) =>
    db.select({ id }).from(outer).crossJoin(inner).where(where(db));
  return {
    runs: preparedQuestion((db) =>
      db
        .select(runColumns)
        .from(outer)
        .crossJoin(inner)
        .where(where(db))
        .orderBy(...NEWEST_FIRST),
    ),
    points: preparedListQuestion((db) =>
      db
        .select(loadPointColumns)
        .from(outer)
        .crossJoin(inner)
        .crossJoin(loadPoint)
        .where(and(where(db), eq(loadPoint.runId, run.runId)))
        .orderBy(asc(loadPoint.runId), asc(loadPoint.ordinal)),
    ),
    configurations: preparedQuestion((db) =>
      db
        .select(configurationColumns)
        .from(configuration)
        .where(inArray(configuration.configurationId, ids(db, run.configurationId))),
    ),
    workloads: preparedQuestion((db) =>
      db
        .select()
        .from(workload)
        .where(inArray(workload.workloadId, ids(db, run.workloadId))),
    ),
  };
}

const QUESTIONS = {
  every: questionsAbout(() => undefined),
  curves: questionsAbout(ofCurves),
  named: questionsAbout(ofRuns, "run"),
  model: questionsAbout(() => and(of.model, of.workload)),
  modelOfSource: questionsAbout(() => and(of.model, of.workload, of.source)),
  configuration: questionsAbout(() => of.configuration),
  configurationUnderWorkload: questionsAbout(() => and(of.configuration, of.workload)),
};

function questionsFor(selection: RunSelection): (typeof QUESTIONS)[keyof typeof QUESTIONS] {
  if ("every" in selection) return QUESTIONS.every;
  if ("curves" in selection) return QUESTIONS.curves;
  if ("runIds" in selection) return QUESTIONS.named;
  if ("modelId" in selection) return selection.sourceName === undefined ? QUESTIONS.model : QUESTIONS.modelOfSource;
  return typeof selection.workloadId === "string" ? QUESTIONS.configurationUnderWorkload : QUESTIONS.configuration;
}

function valuesOf(selection: RunSelection): Record<string, unknown> {
  if ("runIds" in selection) return { runIds: JSON.stringify(selection.runIds) };
  if (!("curves" in selection)) return selection;
  const configurations = [...new Set(selection.curves.map((curve) => curve.configurationId))];
  const curves = selection.curves.map((curve) => [curve.configurationId, curve.workloadId]);
  return { configurations: JSON.stringify(configurations), curves: JSON.stringify(curves) };
}

/** Runs valid at a revision with all their points; newest measurement first, undated last. Four questions, however many runs. */
export async function listRuns(db: Database, revision: number, selection: RunSelection): Promise<Run[]> {
  const questions = questionsFor(selection);
  const values = { ...valuesOf(selection), revision };
  const [runs, points, configurations, workloads] = await Promise.all([
    questions.runs(db, values),
    questions.points(db, values),
    questions.configurations(db, values),
    questions.workloads(db, values),
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
