import { and, eq, exists, inArray, not } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import { redactText } from "../../lib/redact/redact";
import type { Database } from "../handle";
import { eachChunk, inChunks } from "../in-chunks";
import { type ShareLink, type ShownRun, sharesShowing, shownRunColumns } from "../queries/shares-showing";
import {
  configuration,
  loadPoint,
  loadPointDetail,
  model,
  purge,
  purgedShare,
  report,
  reportPart,
  run,
  runReport,
  workload,
} from "../schema";
import { recountCoverage } from "./coverage";
import { pendingRevision } from "./current-revision";
import { type RunTarget, targetRuns } from "./retire-runs";
import { recountGroups } from "./run-groups";
import { unusedReports } from "./unused-reports";

export interface PurgeOutcome {
  revision: number;
  runIds: string[];
  loadPoints: number;
  /** Reports nothing else refers to, deleted with their bytes. */
  reports: number;
  /** Share links that showed some of it and no longer show what they showed. */
  brokenShares: ShareLink[];
  /** Set where the database's log still holds what was deleted, because another process reads an earlier state. */
  stillInLog?: true;
}

interface PurgedRun extends ShownRun {
  runId: string;
  loadPoints: number;
  groupId: number | null;
  accelerator: string;
  configurationId: string;
}

/** Deleted in this order: what refers comes before what is referred to. */
const TABLES_OF_RUN = [loadPointDetail, loadPoint, runReport, run];

/**
 * Deletes runs for good, from every revision, with the reports nothing else refers to and with what the catalogue knows only
 * through them. For data that must go; to undo an ingest, retire it. A dry run says what would go and which share links break.
 */
export async function purgeRuns(
  db: Database,
  target: RunTarget,
  request: { reason: string; dryRun: boolean; now: Date },
): Promise<PurgeOutcome> {
  const reason = redactText(request.reason, "text").text;
  const purgeAll = async (tx: Database): Promise<PurgeOutcome> => {
    const runs = await purgedRuns(tx, target);
    const brokenShares = await sharesShowing(tx, runs);
    const revision = await pendingRevision(tx, request.now, reason);
    const outcome = {
      revision: runs.length === 0 ? revision.id - 1 : revision.id,
      runIds: runs.map(({ runId }) => runId),
      loadPoints: runs.reduce((sum, { loadPoints }) => sum + loadPoints, 0),
      brokenShares,
    };
    const reportsOfRuns = await reportsOf(tx, outcome.runIds);
    for (const table of TABLES_OF_RUN) {
      await eachChunk(outcome.runIds, (some) => tx.delete(table).where(inArray(table.runId, some)));
    }
    await recountGroups(
      tx,
      runs.flatMap(({ groupId }) => groupId ?? []),
    );
    await recountCoverage(tx, runs);
    const reports = await deleteUnused(tx, runs, reportsOfRuns);
    if (runs.length > 0) {
      await revision.open();
      await record(tx, outcome, reports, { reason, now: request.now });
    }
    // A dry run does everything and is then rolled back, so that it says what would really happen.
    if (request.dryRun) throw new DryRun({ ...outcome, reports });
    return { ...outcome, reports };
  };
  try {
    const outcome = await db.engine.write(purgeAll, { isErasing: true });
    return (await db.engine.emptyLog()) ? outcome : { ...outcome, stillInLog: true };
  } catch (error) {
    if (error instanceof DryRun) return error.outcome;
    throw error;
  }
}

/** Rolls a dry run back. */
class DryRun extends Error {
  constructor(readonly outcome: PurgeOutcome) {
    super("dry run");
  }
}

async function purgedRuns(db: Database, target: RunTarget): Promise<PurgedRun[]> {
  const runIds = (await targetRuns(db, target)).map(({ runId }) => runId);
  return inChunks(runIds, (some) =>
    db
      .select({
        ...shownRunColumns,
        runId: run.runId,
        loadPoints: run.loadPoints,
        groupId: run.groupId,
        accelerator: configuration.accelerator,
        configurationId: run.configurationId,
      })
      .from(run)
      .innerJoin(configuration, eq(configuration.configurationId, run.configurationId))
      .where(inArray(run.runId, some))
      .orderBy(run.runId),
  );
}

/** The reports that runs were read from, and those that described them. */
async function reportsOf(db: Database, runIds: readonly string[]): Promise<string[]> {
  const named = await inChunks(runIds, (some) =>
    db.selectDistinct({ sha256: runReport.sha256 }).from(runReport).where(inArray(runReport.runId, some)),
  );
  const read = await inChunks(runIds, (some) =>
    db.selectDistinct({ sha256: loadPoint.reportSha256 }).from(loadPoint).where(inArray(loadPoint.runId, some)),
  );
  return [...named, ...read].map(({ sha256 }) => sha256);
}

/** Deletes what nothing refers to any more, of what deleted runs referred to. @returns how many reports */
async function deleteUnused(
  db: Database,
  runs: readonly PurgedRun[],
  reportsOfRuns: readonly string[],
): Promise<number> {
  await eachChunk(reportsOfRuns, (some) =>
    db.delete(reportPart).where(and(inArray(reportPart.sha256, some), unusedReports(db, reportPart.sha256))),
  );
  const reports = await inChunks(reportsOfRuns, (some) =>
    db
      .delete(report)
      .where(and(inArray(report.sha256, some), unusedReports(db)))
      .returning({ sha256: report.sha256 }),
  );
  const used = (column: typeof run.configurationId | typeof run.workloadId, id: SQLiteColumn) =>
    exists(db.select({ id: column }).from(run).where(eq(column, id)));
  await eachChunk(
    runs.map(({ configurationId }) => configurationId),
    (some) => {
      const { configurationId } = configuration;
      const unused = not(used(run.configurationId, configurationId));
      return db.delete(configuration).where(and(inArray(configurationId, some), unused));
    },
  );
  await eachChunk(
    runs.map(({ workloadId }) => workloadId),
    (some) => {
      const unused = not(used(run.workloadId, workload.workloadId));
      return db.delete(workload).where(and(inArray(workload.workloadId, some), unused));
    },
  );
  const named = exists(
    db.select({ id: configuration.model }).from(configuration).where(eq(configuration.model, model.id)),
  );
  await eachChunk(
    runs.map((item) => item.model),
    (some) => db.delete(model).where(and(inArray(model.id, some), eq(model.origin, "user"), not(named))),
  );
  return reports.length;
}

async function record(
  db: Database,
  outcome: Omit<PurgeOutcome, "reports">,
  reports: number,
  request: { reason: string; now: Date },
): Promise<void> {
  const { runIds, loadPoints, brokenShares } = outcome;
  const at = request.now.toISOString();
  const [row] = await db
    .insert(purge)
    .values({ at, reason: request.reason, runs: runIds.length, loadPoints, reports })
    .returning({ id: purge.id });
  if (row === undefined) throw new Error("The purge was not recorded.");
  for (const { slug } of brokenShares) await db.insert(purgedShare).values({ slug, purgeId: row.id });
}
