import { and, asc, count, eq, exists, gte, inArray, isNull, lte, or, type SQL, sql, sum } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import type { Configuration, Workload } from "../../lib/domain";
import type { QualityFlag } from "../../lib/measurement/quality-flags";
import type { RunFilter } from "../../lib/params/run-params";
import type { RunFacets, RunList } from "../../lib/runs/types";
import { configurationColumns } from "../columns";
import type { Database } from "../handle";
import { inChunks } from "../in-chunks";
import { configuration, loadPoint, run, workload } from "../schema";
import { NEWEST_FIRST } from "../valid-at";

const ofConfiguration = eq(configuration.configurationId, run.configurationId);

/** Whether a list of caveats holds one: taking it out changes the list. LIKE would take its underscores for any letter. */
function has(column: SQLiteColumn, flag: string): SQL {
  return sql`replace(';' || ${column} || ';', ${`;${flag};`}, '') <> ';' || ${column} || ';'`;
}

function conditionOf(db: Database, filter: RunFilter): SQL | undefined {
  const { model, accelerator, source, format, measuredFrom, measuredTo, ingestId, flag } = filter;
  const day = sql`substr(${run.measuredOn}, 1, 10)`;
  const flagged = (wanted: string) => {
    const points = db
      .select({ runId: loadPoint.runId })
      .from(loadPoint)
      .where(and(eq(loadPoint.runId, run.runId), has(loadPoint.qualityFlags, wanted)));
    return or(has(run.qualityFlags, wanted), exists(points));
  };
  return and(
    filter.withRetired ? undefined : isNull(run.retiredInRevision),
    model === null ? undefined : eq(configuration.model, model),
    accelerator === null ? undefined : eq(configuration.accelerator, accelerator),
    source === null ? undefined : eq(run.sourceName, source),
    format === null ? undefined : eq(run.format, format),
    measuredFrom === null ? undefined : gte(day, measuredFrom),
    measuredTo === null ? undefined : lte(day, measuredTo),
    ingestId === null ? undefined : eq(run.ingestId, ingestId),
    flag === null ? undefined : flagged(flag),
  );
}

/** Runs that match, newest measurement first, undated last; one page of them. */
export async function listRunSummaries(
  db: Database,
  filter: RunFilter,
  page: { limit: number; offset: number },
): Promise<RunList> {
  const where = conditionOf(db, filter);
  const [[counted], rows] = await Promise.all([
    db
      .select({ total: count(), loadPoints: sum(run.loadPoints).mapWith(Number) })
      .from(run)
      .innerJoin(configuration, ofConfiguration)
      .where(where),
    db
      .select({
        runId: run.runId,
        configurationId: run.configurationId,
        workloadId: run.workloadId,
        format: run.format,
        tool: run.tool,
        toolVersion: run.toolVersion,
        measuredOn: run.measuredOn,
        sourceName: run.sourceName,
        sourceUrl: run.sourceUrl,
        licence: run.licence,
        qualityFlags: run.qualityFlags,
        origin: run.origin,
        loadPoints: run.loadPoints,
        ingestId: run.ingestId,
        addedInRevision: run.addedInRevision,
        retiredInRevision: run.retiredInRevision,
      })
      .from(run)
      .innerJoin(configuration, ofConfiguration)
      .where(where)
      .orderBy(...NEWEST_FIRST)
      .limit(page.limit)
      .offset(page.offset),
  ]);
  const [configurations, workloads, flags] = await Promise.all([
    configurationsOf(db, rows),
    workloadsOf(db, rows),
    flagsOfPoints(db, rows),
  ]);
  return {
    runs: rows.flatMap(({ runId, configurationId, workloadId, ...row }) => {
      const { origin, loadPoints, ingestId, addedInRevision, retiredInRevision, ...facts } = row;
      const kept = { origin, loadPoints, ingestId, addedInRevision, retiredInRevision };
      const [configurationOf, workloadOf] = [configurations.get(configurationId), workloads.get(workloadId)];
      if (configurationOf === undefined || workloadOf === undefined) return [];
      const pointFlags = sorted(flags.get(runId) ?? []);
      return [{ runId, configuration: configurationOf, workload: workloadOf, ...facts, pointFlags, ...kept }];
    }),
    total: counted?.total ?? 0,
    loadPoints: counted?.loadPoints ?? 0,
  };
}

async function configurationsOf(
  db: Database,
  runs: readonly { configurationId: string }[],
): Promise<Map<string, Configuration>> {
  const ids = runs.map(({ configurationId }) => configurationId);
  const rows = await inChunks(ids, (some) =>
    db.select(configurationColumns).from(configuration).where(inArray(configuration.configurationId, some)),
  );
  return new Map(rows.map((row) => [row.configurationId, row]));
}

async function workloadsOf(db: Database, runs: readonly { workloadId: string }[]): Promise<Map<string, Workload>> {
  const ids = runs.map(({ workloadId }) => workloadId);
  const rows = await inChunks(ids, (some) => db.select().from(workload).where(inArray(workload.workloadId, some)));
  return new Map(rows.map((row) => [row.workloadId, row]));
}

/** The caveats of the points of runs, by run. */
async function flagsOfPoints(db: Database, runs: readonly { runId: string }[]): Promise<Map<string, QualityFlag[]>> {
  const ids = runs.map(({ runId }) => runId);
  const rows = await inChunks(ids, (some) =>
    db
      .selectDistinct({ runId: loadPoint.runId, flags: loadPoint.qualityFlags })
      .from(loadPoint)
      .where(inArray(loadPoint.runId, some)),
  );
  const byRun = new Map<string, QualityFlag[]>();
  for (const { runId, flags } of rows) byRun.set(runId, [...(byRun.get(runId) ?? []), ...flags]);
  return byRun;
}

function sorted(flags: readonly QualityFlag[]): QualityFlag[] {
  return [...new Set(flags)].sort();
}

/** Every value a filter can take, sorted; retired runs count. */
export async function listRunFacets(db: Database): Promise<RunFacets> {
  const distinct = async (column: SQLiteColumn): Promise<string[]> => {
    const value = sql<string>`${column}`;
    const rows = await db
      .selectDistinct({ value })
      .from(run)
      .innerJoin(configuration, ofConfiguration)
      .orderBy(asc(value));
    return rows.map((row) => row.value);
  };
  const flags = db
    .select({ flags: run.qualityFlags })
    .from(run)
    .union(db.select({ flags: loadPoint.qualityFlags }).from(loadPoint));
  return {
    models: await distinct(configuration.model),
    accelerators: await distinct(configuration.accelerator),
    sources: await distinct(run.sourceName),
    formats: await distinct(run.format),
    flags: sorted((await flags).flatMap((row) => row.flags)),
  };
}
