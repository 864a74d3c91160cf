import type { Configuration, LoadPoint, Run, Workload } from "../../lib/domain";
import type { Database } from "../client";
import { LOAD_POINT_COLUMNS_SQL, loadPointFromValues } from "../load-point-row";
import { configurationFromRow, runFromRow, workloadFromRow } from "../rows";
import type { ConfigurationRow, RunRow, WorkloadRow } from "../schema";
import { RUN_VALID_SQL } from "../valid-at";

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

interface Filter {
  from: string;
  sql: string;
  values: string[];
}

const FROM = "FROM configuration JOIN run ON run.configuration_id = configuration.configuration_id";

/** By the index of configuration and workload: left to itself SQLite may go through all runs of a workload instead. */
const FROM_MODELS = "FROM configuration CROSS JOIN run ON run.configuration_id = configuration.configuration_id";

const FROM_CURVES = `FROM json_each(?) AS curve
  CROSS JOIN run ON run.configuration_id = curve.value ->> 0 AND run.workload_id = curve.value ->> 1
  CROSS JOIN configuration ON configuration.configuration_id = run.configuration_id`;

function filterOf(selection: RunSelection): Filter {
  if ("every" in selection) return { from: FROM, sql: "TRUE", values: [] };
  if ("curves" in selection) {
    const curves = selection.curves.map(({ configurationId, workloadId }) => [configurationId, workloadId]);
    return { from: FROM_CURVES, sql: "TRUE", values: [JSON.stringify(curves)] };
  }
  if ("modelId" in selection) {
    const { modelId, workloadId, sourceName } = selection;
    const sql = "configuration.model = ? AND run.workload_id = ?";
    return sourceName === undefined
      ? { from: FROM_MODELS, sql, values: [modelId, workloadId] }
      : { from: FROM_MODELS, sql: `${sql} AND run.source_name = ?`, values: [modelId, workloadId, sourceName] };
  }
  const { configurationId, workloadId } = selection;
  return workloadId === undefined || workloadId === null
    ? { from: FROM, sql: "run.configuration_id = ?", values: [configurationId] }
    : { from: FROM, sql: "run.configuration_id = ? AND run.workload_id = ?", values: [configurationId, workloadId] };
}

/** Runs valid at a revision with all their points; newest measurement first, undated last. Four questions, however many runs. */
export async function listRuns(db: Database, revision: number, selection: RunSelection): Promise<Run[]> {
  const filter = filterOf(selection);
  const { from } = filter;
  const where = `WHERE ${filter.sql} AND ${RUN_VALID_SQL}`;
  const values = [...filter.values, revision, revision];

  const runs = db.$client
    .prepare<(string | number)[], RunRow>(
      `SELECT run.* ${from} ${where} ORDER BY run.measured_on DESC NULLS LAST, run.added_in_revision DESC, run.run_id`,
    )
    .all(...values);
  const points = db.$client
    .prepare<(string | number)[], unknown[]>(
      `SELECT ${LOAD_POINT_COLUMNS_SQL} ${from} JOIN load_point ON load_point.run_id = run.run_id ${where}
       ORDER BY load_point.run_id, load_point.ordinal`,
    )
    .raw()
    .all(...values)
    .map(loadPointFromValues);
  const configurations = db.$client
    .prepare<(string | number)[], ConfigurationRow>(
      `SELECT * FROM configuration WHERE configuration_id IN (SELECT run.configuration_id ${from} ${where})`,
    )
    .all(...values);
  const workloads = db.$client
    .prepare<(string | number)[], WorkloadRow>(
      `SELECT * FROM workload WHERE workload_id IN (SELECT run.workload_id ${from} ${where})`,
    )
    .all(...values);
  return assembleRuns(runs, points, configurations, workloads);
}

/** Puts runs together from their rows, in the order of the runs. Configurations and workloads are shared objects. */
export function assembleRuns(
  runs: readonly RunRow[],
  points: readonly LoadPoint[],
  configurations: readonly ConfigurationRow[],
  workloads: readonly WorkloadRow[],
): Run[] {
  const pointsByRun = new Map<string, LoadPoint[]>();
  for (const point of points) {
    const list = pointsByRun.get(point.runId);
    if (list === undefined) pointsByRun.set(point.runId, [point]);
    else list.push(point);
  }
  const configurationsById = new Map<string, Configuration>(
    configurations.map((row) => [row.configuration_id, configurationFromRow(row)]),
  );
  const workloadsById = new Map<string, Workload>(workloads.map((row) => [row.workload_id, workloadFromRow(row)]));
  return runs.map((row) => {
    const configuration = configurationsById.get(row.configuration_id);
    const workload = workloadsById.get(row.workload_id);
    if (configuration === undefined || workload === undefined) {
      throw new Error(`Run ${row.run_id} lost its configuration or workload; foreign keys forbid that.`);
    }
    return runFromRow(row, configuration, workload, pointsByRun.get(row.run_id) ?? []);
  });
}
