import { and, asc, count, eq, getTableColumns, gte, inArray, isNull, lte, or, type SQL, sql, sum } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import type { Configuration, Workload } from "../../lib/domain";
import { flagFromText, type QualityFlag } from "../../lib/measurement/quality-flags";
import type { RunFilter } from "../../lib/params/run-params";
import type { FacetCounts, RunFacets, RunList } from "../../lib/runs/types";
import { configurationColumns } from "../columns";
import type { Database } from "../handle";
import { inChunks } from "../in-chunks";
import { configuration, type Facet, loadPoint, run, runFacet, runGroup, workload } from "../schema";
import { NEWEST_FIRST } from "../valid-at";

/** Whether a list of caveats holds one: taking it out changes the list. LIKE would take its underscores for any letter. */
function has(column: SQLiteColumn, flag: string): SQL {
  return sql`replace(';' || ${column} || ';', ${`;${flag};`}, '') <> ';' || ${column} || ';'`;
}

/** What a search looks through. */
const SEARCHED = sql`lower(${runGroup.model} || ' ' || ${runGroup.accelerator} || ' ' || ${runGroup.sourceName} || ' ' || ${runGroup.format})`;

/** Every word somewhere: taking it out changes the text. */
function found(search: string): SQL | undefined {
  const words = search.toLowerCase().split(/\s+/);
  return and(...words.map((word) => sql`replace(${SEARCHED}, ${word}, '') <> ${SEARCHED}`));
}

/** The groups of runs that match, their ingest aside. */
function groupsThat({
  search,
  model,
  accelerator,
  source,
  format,
  measuredFrom,
  measuredTo,
  flag,
}: RunFilter): SQL | undefined {
  return and(
    search === null ? undefined : found(search),
    model === null ? undefined : eq(runGroup.model, model),
    accelerator === null ? undefined : eq(runGroup.accelerator, accelerator),
    source === null ? undefined : eq(runGroup.sourceName, source),
    format === null ? undefined : eq(runGroup.format, format),
    measuredFrom === null ? undefined : gte(runGroup.measuredDay, measuredFrom),
    measuredTo === null ? undefined : lte(runGroup.measuredDay, measuredTo),
    flag === null ? undefined : has(runGroup.qualityFlags, flag),
  );
}

interface Page {
  limit: number;
  offset: number;
}

/** How many runs match, and the ids of one page of them. */
interface Found {
  total: number;
  loadPoints: number;
  runIds: string[];
}

/** Runs that match, newest measurement first, undated last; one page of them. */
export async function listRunSummaries(db: Database, filter: RunFilter, page: Page): Promise<RunList> {
  const { total, loadPoints, runIds } = await (filter.ingestId === null
    ? foundByGroup(db, filter, page)
    : foundInIngest(db, filter, filter.ingestId, page));
  const rows = await rowsOf(db, runIds);
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
    total,
    loadPoints,
  };
}

/**
 * Of all runs: groups say how many match on each day, so only the runs of the days that the page is about are looked at, and of these
 * only those that match.
 */
async function foundByGroup(db: Database, filter: RunFilter, page: Page): Promise<Found> {
  const days = await matchingDays(db, filter);
  const total = days.reduce((runs, day) => runs + day.runs, 0);
  const loadPoints = days.reduce((points, day) => points + day.loadPoints, 0);
  const { first, last, before } = daysOfPage(days, page);
  if (first === undefined || last === undefined) return { total, loadPoints, runIds: [] };
  const groups = db
    .select({ groupId: runGroup.groupId })
    .from(runGroup)
    .where(and(groupsThat(filter), betweenDays(first.day, last.day)));
  const rows = await db
    .select({ runId: run.runId })
    .from(run)
    .where(and(inArray(run.groupId, groups), filter.withRetired ? undefined : isNull(run.retiredInRevision)))
    .orderBy(...NEWEST_FIRST)
    .limit(page.limit)
    .offset(page.offset - before);
  return { total, loadPoints, runIds: rows.map(({ runId }) => runId) };
}

interface Day {
  /** `null` = not known. */
  day: string | null;
  runs: number;
  loadPoints: number;
}

/** Days on which matching runs were measured, newest first, undated last. */
async function matchingDays(db: Database, filter: RunFilter): Promise<Day[]> {
  const counted = (all: SQLiteColumn, retired: SQLiteColumn) =>
    (filter.withRetired ? sql`sum(${all})` : sql`sum(${all} - ${retired})`).mapWith(Number);
  const days = await db
    .select({
      day: runGroup.measuredDay,
      runs: counted(runGroup.runs, runGroup.retiredRuns),
      loadPoints: counted(runGroup.loadPoints, runGroup.retiredLoadPoints),
    })
    .from(runGroup)
    .where(groupsThat(filter))
    .groupBy(runGroup.measuredDay)
    .orderBy(sql`${runGroup.measuredDay} desc nulls last`);
  return days.filter(({ runs }) => runs > 0);
}

/** The days from which a page comes, and how many runs come before them. */
function daysOfPage(
  days: readonly Day[],
  { limit, offset }: Page,
): { first: Day | undefined; last: Day | undefined; before: number } {
  let end = 0;
  let first: Day | undefined;
  let before = 0;
  for (const day of days) {
    if (first === undefined && end + day.runs > offset) {
      first = day;
      before = end;
    }
    end += day.runs;
    if (end >= offset + limit) return { first, last: day, before };
  }
  return { first, last: days.at(-1), before };
}

/** Groups measured between two days, in the order of the list: undated ones come last. */
function betweenDays(newest: string | null, oldest: string | null): SQL | undefined {
  const undated = isNull(runGroup.measuredDay);
  if (newest === null) return undated;
  const until = lte(runGroup.measuredDay, newest);
  return oldest === null ? or(until, undated) : and(until, gte(runGroup.measuredDay, oldest));
}

/** Of the runs that one ingest brought: these are few. */
async function foundInIngest(db: Database, filter: RunFilter, ingestId: number, page: Page): Promise<Found> {
  const ofGroup = eq(runGroup.groupId, run.groupId);
  const where = and(
    eq(run.ingestId, ingestId),
    filter.withRetired ? undefined : isNull(run.retiredInRevision),
    groupsThat(filter),
  );
  const [[counted], rows] = await Promise.all([
    db
      .select({ total: count(), loadPoints: sum(run.loadPoints).mapWith(Number) })
      .from(run)
      .innerJoin(runGroup, ofGroup)
      .where(where),
    db
      .select({ runId: run.runId })
      .from(run)
      .innerJoin(runGroup, ofGroup)
      .where(where)
      .orderBy(...NEWEST_FIRST)
      .limit(page.limit)
      .offset(page.offset),
  ]);
  return {
    total: counted?.total ?? 0,
    loadPoints: counted?.loadPoints ?? 0,
    runIds: rows.map(({ runId }) => runId),
  };
}

/** The runs of a page, in its order. */
async function rowsOf(db: Database, runIds: readonly string[]) {
  const { seriesKey: _series, groupId: _group, ...columns } = getTableColumns(run);
  const rows = await inChunks(runIds, (some) => db.select(columns).from(run).where(inArray(run.runId, some)));
  const byId = new Map(rows.map((row) => [row.runId, row]));
  return runIds.flatMap((runId) => byId.get(runId) ?? []);
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

/** By which a filter may ask, and the column of their groups. */
const COUNTED = [
  ["model", "models", runGroup.model],
  ["accelerator", "accelerators", runGroup.accelerator],
  ["source", "sources", runGroup.sourceName],
  ["format", "formats", runGroup.format],
] as const;

/**
 * How many runs each value of a filter would leave, the others as they are. An ingest is not counted by: its runs are few, and groups
 * do not know theirs.
 */
export async function countRunFacets(db: Database, filter: RunFilter): Promise<FacetCounts> {
  const counts: FacetCounts = { models: {}, accelerators: {}, sources: {}, formats: {} };
  const runs = filter.withRetired ? sql`sum(${runGroup.runs})` : sql`sum(${runGroup.runs} - ${runGroup.retiredRuns})`;
  await Promise.all(
    COUNTED.map(async ([asked, facet, column]) => {
      const rows = await db
        .select({ value: column, runs: runs.mapWith(Number) })
        .from(runGroup)
        .where(groupsThat({ ...filter, [asked]: null }))
        .groupBy(column);
      counts[facet] = Object.fromEntries(rows.filter((row) => row.runs > 0).map((row) => [row.value, row.runs]));
    }),
  );
  return counts;
}

/** Every value a filter can take, sorted; retired runs count. */
export async function listRunFacets(db: Database): Promise<RunFacets> {
  const rows = await db.select().from(runFacet).orderBy(asc(runFacet.value));
  const of = (wanted: Facet) => rows.filter(({ facet }) => facet === wanted).map(({ value }) => value);
  return {
    models: of("model"),
    accelerators: of("accelerator"),
    sources: of("source"),
    formats: of("format"),
    flags: of("flag").map(flagFromText),
  };
}
