import type { Configuration, Workload } from "../../lib/domain";
import type { QualityFlag } from "../../lib/measurement/quality-flags";
import type { RunFilter } from "../../lib/params/run-params";
import type { RunFacets, RunList, RunSummary } from "../../lib/runs/types";
import type { Database } from "../client";
import { configurationFromRow, flagsFromText, workloadFromRow } from "../rows";
import type { ConfigurationRow, RunRow, WorkloadRow } from "../schema";

const FROM = "FROM run JOIN configuration ON configuration.configuration_id = run.configuration_id";

function whereOf(filter: RunFilter): { sql: string; values: (string | number)[] } {
  const conditions: string[] = [];
  const values: (string | number)[] = [];
  const add = (sql: string, ...more: (string | number)[]) => {
    conditions.push(sql);
    values.push(...more);
  };
  if (!filter.withRetired) add("run.retired_in_revision IS NULL");
  if (filter.model !== null) add("configuration.model = ?", filter.model);
  if (filter.accelerator !== null) add("configuration.accelerator = ?", filter.accelerator);
  if (filter.source !== null) add("run.source_name = ?", filter.source);
  if (filter.format !== null) add("run.format = ?", filter.format);
  if (filter.measuredFrom !== null) add("substr(run.measured_on, 1, 10) >= ?", filter.measuredFrom);
  if (filter.measuredTo !== null) add("substr(run.measured_on, 1, 10) <= ?", filter.measuredTo);
  if (filter.ingestId !== null) add("run.ingest_id = ?", filter.ingestId);
  if (filter.flag !== null) {
    const has = (column: string) => `instr(';' || ${column} || ';', ';' || ? || ';') > 0`;
    add(
      `(${has("run.quality_flags")} OR EXISTS (SELECT 1 FROM load_point WHERE load_point.run_id = run.run_id AND ${has("load_point.quality_flags")}))`,
      filter.flag,
      filter.flag,
    );
  }
  return { sql: conditions.length === 0 ? "TRUE" : conditions.join(" AND "), values };
}

/** Runs that match, newest measurement first, undated last; one page of them. */
export async function listRunSummaries(
  db: Database,
  filter: RunFilter,
  page: { limit: number; offset: number },
): Promise<RunList> {
  const { sql, values } = whereOf(filter);
  const count = db.$client
    .prepare<(string | number)[], { total: number; load_points: number | null }>(
      `SELECT count(*) AS total, sum(run.load_points) AS load_points ${FROM} WHERE ${sql}`,
    )
    .get(...values);
  const rows = db.$client
    .prepare<(string | number)[], RunRow>(
      `SELECT run.* ${FROM} WHERE ${sql}
       ORDER BY run.measured_on DESC NULLS LAST, run.added_in_revision DESC, run.run_id LIMIT ? OFFSET ?`,
    )
    .all(...values, page.limit, page.offset);
  const configuration = db.$client.prepare<[string], ConfigurationRow>(
    "SELECT * FROM configuration WHERE configuration_id = ?",
  );
  const workload = db.$client.prepare<[string], WorkloadRow>("SELECT * FROM workload WHERE workload_id = ?");
  const pointFlags = db.$client
    .prepare<[string], string>("SELECT DISTINCT quality_flags FROM load_point WHERE run_id = ?")
    .pluck();
  const runs = rows.flatMap((row) => {
    const configurationRow = configuration.get(row.configuration_id);
    const workloadRow = workload.get(row.workload_id);
    if (configurationRow === undefined || workloadRow === undefined) return [];
    const ofPoints = [...new Set((pointFlags.all(row.run_id) as string[]).flatMap(flagsFromText))].sort();
    return [summaryOf(row, configurationFromRow(configurationRow), workloadFromRow(workloadRow), ofPoints)];
  });
  return { runs, total: count?.total ?? 0, loadPoints: count?.load_points ?? 0 };
}

function summaryOf(
  row: RunRow,
  configuration: Configuration,
  workload: Workload,
  pointFlags: QualityFlag[],
): RunSummary {
  return {
    runId: row.run_id,
    configuration,
    workload,
    format: row.format,
    tool: row.tool,
    toolVersion: row.tool_version,
    measuredOn: row.measured_on,
    sourceName: row.source_name,
    sourceUrl: row.source_url,
    licence: row.licence,
    qualityFlags: flagsFromText(row.quality_flags),
    pointFlags,
    origin: row.origin,
    loadPoints: row.load_points,
    ingestId: row.ingest_id,
    addedInRevision: row.added_in_revision,
    retiredInRevision: row.retired_in_revision,
  };
}

/** Every value a filter can take, sorted; retired runs count. */
export async function listRunFacets(db: Database): Promise<RunFacets> {
  const distinct = (column: string) =>
    db.$client.prepare<[], string>(`SELECT DISTINCT ${column} ${FROM} ORDER BY 1`).pluck().all() as string[];
  const flagTexts = db.$client
    .prepare("SELECT quality_flags FROM run UNION SELECT quality_flags FROM load_point")
    .pluck()
    .all();
  return {
    models: distinct("configuration.model"),
    accelerators: distinct("configuration.accelerator"),
    sources: distinct("run.source_name"),
    formats: distinct("run.format"),
    flags: [...new Set(flagTexts.flatMap((text) => flagsFromText(String(text))))].sort(),
  };
}
