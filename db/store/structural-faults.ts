import { and, count, eq, isNotNull, isNull, max, min, ne, or, type SQL, sql, sum } from "drizzle-orm";
import { toSnakeCase } from "drizzle-orm/casing";
import { getTableConfig, type SQLiteColumn, type SQLiteTable } from "drizzle-orm/sqlite-core";
import { formatCount, plural } from "../../lib/format";
import type { Database } from "../handle";
import {
  accelerator,
  configuration,
  coverage,
  hardware,
  ingest,
  loadPoint,
  loadPointDetail,
  machine,
  model,
  price,
  purge,
  purgedShare,
  report,
  reportPart,
  revision,
  run,
  runGroup,
  runReport,
  share,
  shipped,
  workload,
} from "../schema";
import { unusedReports } from "./unused-reports";

/** Columns of a table that name a row of another one. */
interface Reference {
  from: SQLiteTable;
  to: SQLiteTable;
  columns: readonly (readonly [from: SQLiteColumn, to: SQLiteColumn])[];
}

/** Tables of which each row is valid from one revision to another. */
const VALID_FOR_A_TIME = [model, accelerator, hardware, machine, price, coverage];

/** Every reference between tables. */
const REFERENCES: readonly Reference[] = [
  ...VALID_FOR_A_TIME.flatMap((from) => [
    { from, to: revision, columns: [[from.addedInRevision, revision.id] as const] },
    { from, to: revision, columns: [[from.leftInRevision, revision.id] as const] },
  ]),
  { from: ingest, to: revision, columns: [[ingest.revision, revision.id]] },
  { from: run, to: configuration, columns: [[run.configurationId, configuration.configurationId]] },
  { from: run, to: workload, columns: [[run.workloadId, workload.workloadId]] },
  { from: run, to: ingest, columns: [[run.ingestId, ingest.id]] },
  { from: run, to: revision, columns: [[run.addedInRevision, revision.id]] },
  { from: run, to: revision, columns: [[run.retiredInRevision, revision.id]] },
  { from: run, to: runGroup, columns: [[run.groupId, runGroup.groupId]] },
  { from: runReport, to: run, columns: [[runReport.runId, run.runId]] },
  { from: runReport, to: report, columns: [[runReport.sha256, report.sha256]] },
  { from: reportPart, to: report, columns: [[reportPart.sha256, report.sha256]] },
  { from: loadPoint, to: run, columns: [[loadPoint.runId, run.runId]] },
  { from: loadPoint, to: report, columns: [[loadPoint.reportSha256, report.sha256]] },
  {
    from: loadPointDetail,
    to: loadPoint,
    columns: [
      [loadPointDetail.runId, loadPoint.runId],
      [loadPointDetail.ordinal, loadPoint.ordinal],
    ],
  },
  { from: share, to: revision, columns: [[share.revision, revision.id]] },
  { from: shipped, to: revision, columns: [[shipped.revision, revision.id]] },
  { from: purgedShare, to: share, columns: [[purgedShare.slug, share.slug]] },
  { from: purgedShare, to: purge, columns: [[purgedShare.purgeId, purge.id]] },
];

/**
 * What is damaged or left over in the tables, a sentence each: the engine's own checks, rows that refer to what is not there, runs
 * without all of their points or without a report, reports nothing refers to, gaps between revisions. Counted by the database: no table is
 * held in memory.
 */
export function structuralFaults(db: Database): Promise<string[]> {
  return db.engine.read(async (tx) => {
    const faults = await tx.engine.faults();
    for (const reference of REFERENCES) faults.push(...(await lostReferences(tx, reference)));
    faults.push(...(await incompleteRuns(tx)), ...(await runsWithoutReport(tx)), ...(await pointsNotRetired(tx)));
    const unused = await tx.select({ sha256: report.sha256 }).from(report).where(unusedReports(tx));
    faults.push(...unused.map(({ sha256 }) => `No run refers to the stored report ${sha256}.`));
    faults.push(...(await revisionGaps(tx)), ...(await wrongCounts(tx)));
    return faults;
  });
}

async function lostReferences(db: Database, { from, to, columns }: Reference): Promise<string[]> {
  const all = (conditions: SQL[]) => and(...conditions);
  const [first] = columns;
  if (first === undefined) return [];
  const [found] = await db
    .select({ rows: count() })
    .from(from)
    .leftJoin(to, all(columns.map(([own, theirs]) => eq(own, theirs))))
    .where(all([isNull(first[1]), ...columns.map(([own]) => isNotNull(own))]));
  const rows = found?.rows ?? 0;
  const name = (table: SQLiteTable) => getTableConfig(table).name;
  return rows === 0
    ? []
    : [
        `${plural(rows, "row")} of ${name(from)} refer to what is not there in ${name(to)} (${toSnakeCase(first[0].name)}).`,
      ];
}

/** Runs that have another number of load points than they say. */
async function incompleteRuns(db: Database): Promise<string[]> {
  const stored = db
    .select({ runId: loadPoint.runId, points: count().as("points") })
    .from(loadPoint)
    .groupBy(loadPoint.runId)
    .as("stored");
  const [found] = await db
    .select({ rows: count(), example: min(run.runId) })
    .from(run)
    .leftJoin(stored, eq(stored.runId, run.runId))
    .where(or(isNull(stored.points), ne(stored.points, run.loadPoints)));
  return found === undefined || found.rows === 0
    ? []
    : [`${plural(found.rows, "run")} have not the load points they say they have: ${found.example ?? ""}, ….`];
}

/** Load points that were taken back at another time than their run. */
async function pointsNotRetired(db: Database): Promise<string[]> {
  const asItsRun = or(
    eq(loadPoint.retiredInRevision, run.retiredInRevision),
    and(isNull(loadPoint.retiredInRevision), isNull(run.retiredInRevision)),
  );
  const [found] = await db
    .select({ rows: count() })
    .from(loadPoint)
    .innerJoin(run, eq(run.runId, loadPoint.runId))
    .where(sql`${asItsRun} is not true`);
  const rows = found?.rows ?? 0;
  return rows === 0 ? [] : [`${plural(rows, "load point")} and their run were not taken back together.`];
}

/** Counts that pages show in the place of counting all runs: of groups of runs, and of what is valid now. */
async function wrongCounts(db: Database): Promise<string[]> {
  const counted = db
    .select({ groupId: run.groupId, runs: count().as("counted"), loadPoints: sum(run.loadPoints).as("points") })
    .from(run)
    .groupBy(run.groupId)
    .as("counted_group");
  const [groups] = await db
    .select({ rows: count() })
    .from(runGroup)
    .leftJoin(counted, eq(counted.groupId, runGroup.groupId))
    .where(or(isNull(counted.runs), ne(counted.runs, runGroup.runs), ne(counted.loadPoints, runGroup.loadPoints)));
  const [ungrouped] = await db.select({ rows: count() }).from(run).where(isNull(run.groupId));
  const [valid] = await db
    .select({ points: sum(run.loadPoints).mapWith(Number) })
    .from(run)
    .where(isNull(run.retiredInRevision));
  const [covered] = await db
    .select({ points: sum(coverage.loadPoints).mapWith(Number) })
    .from(coverage)
    .where(isNull(coverage.leftInRevision));
  const faults: string[] = [];
  const wrong = (groups?.rows ?? 0) + (ungrouped?.rows ?? 0);
  if (wrong > 0)
    faults.push(`The list of runs would miscount: ${plural(wrong, "group")} of runs say other numbers than there are.`);
  const [points, said] = [valid?.points ?? 0, covered?.points ?? 0];
  if (points !== said) {
    faults.push(
      `The list of models would say ${plural(said, "load point")} are valid, and ${formatCount(points)} are.`,
    );
  }
  return faults;
}

async function runsWithoutReport(db: Database): Promise<string[]> {
  const [found] = await db
    .select({ rows: count(), example: min(run.runId) })
    .from(run)
    .leftJoin(runReport, eq(runReport.runId, run.runId))
    .where(isNull(runReport.runId));
  return found === undefined || found.rows === 0
    ? []
    : [`${plural(found.rows, "run")} have no report they were read from: ${found.example ?? ""}, ….`];
}

async function revisionGaps(db: Database): Promise<string[]> {
  const [found] = await db.select({ rows: count(), newest: max(revision.id) }).from(revision);
  const expected = (found?.newest ?? -1) + 1;
  return found?.rows === expected ? [] : [`Of revisions 0 to ${expected - 1} only ${found?.rows ?? 0} are there.`];
}
