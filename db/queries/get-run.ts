import type { Run } from "../../lib/domain";
import type { Database } from "../client";
import { LOAD_POINT_COLUMNS_SQL, loadPointFromValues, REPORT_AT_POSITION } from "../load-point-row";
import type { ConfigurationRow, Origin, ReportRole, RunRow, WorkloadRow } from "../schema";
import { assembleRuns } from "./list-runs";

/** A run with all that is known of where it came from. */
export interface RunDetail {
  run: Run;
  origin: Origin;
  /** Revision in which it ceased to be valid; `null` = still valid. */
  retiredInRevision: number | null;
  /** Files it was read from, those with points first. */
  reports: { sha256: string; fileName: string; role: ReportRole }[];
  /** Location of each point in its report, by point id. */
  reportAt: Record<string, string>;
}

interface ReportRow {
  sha256: string;
  file_name: string;
  role: ReportRole;
}

/** A run by its id, whether still valid or not; `null` when there is none. */
export async function getRun(db: Database, runId: string): Promise<RunDetail | null> {
  const row = db.$client.prepare<[string], RunRow>("SELECT * FROM run WHERE run_id = ?").get(runId);
  if (row === undefined) return null;
  const rows = db.$client
    .prepare<[string], unknown[]>(`SELECT ${LOAD_POINT_COLUMNS_SQL} FROM load_point WHERE run_id = ? ORDER BY ordinal`)
    .raw()
    .all(runId);
  const points = rows.map(loadPointFromValues);
  const configurations = db.$client
    .prepare<[string], ConfigurationRow>("SELECT * FROM configuration WHERE configuration_id = ?")
    .all(row.configuration_id);
  const workloads = db.$client
    .prepare<[string], WorkloadRow>("SELECT * FROM workload WHERE workload_id = ?")
    .all(row.workload_id);
  const reports = db.$client
    .prepare<[string], ReportRow>(
      "SELECT sha256, file_name, role FROM run_report WHERE run_id = ? ORDER BY role DESC, file_name",
    )
    .all(runId);
  const run = assembleRuns([row], points, configurations, workloads)[0];
  if (run === undefined) return null;
  return {
    run,
    origin: row.origin,
    retiredInRevision: row.retired_in_revision,
    reports: reports.map((report) => ({ sha256: report.sha256, fileName: report.file_name, role: report.role })),
    reportAt: Object.fromEntries(
      points.map((point, index) => [point.pointId, String(rows[index]?.[REPORT_AT_POSITION] ?? "")]),
    ),
  };
}
