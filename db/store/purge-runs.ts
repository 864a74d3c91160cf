import { and, eq, inArray, notInArray } from "drizzle-orm";
import { redactText } from "../../lib/redact/redact";
import type { Database } from "../handle";
import { inChunks } from "../in-chunks";
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
import { pendingRevision } from "./current-revision";
import { type RunTarget, targetRuns } from "./retire-runs";
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
    for (const table of TABLES_OF_RUN) {
      for (const { runId } of runs) await tx.delete(table).where(eq(table.runId, runId));
    }
    const reports = await deleteUnused(tx);
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
      .select({ ...shownRunColumns, runId: run.runId, loadPoints: run.loadPoints })
      .from(run)
      .innerJoin(configuration, eq(configuration.configurationId, run.configurationId))
      .where(inArray(run.runId, some))
      .orderBy(run.runId),
  );
}

/** Deletes what nothing refers to any more. @returns how many reports */
async function deleteUnused(db: Database): Promise<number> {
  await db.delete(reportPart).where(unusedReports(db, reportPart.sha256));
  const reports = await db.delete(report).where(unusedReports(db)).returning({ sha256: report.sha256 });
  const configurations = db.select({ id: run.configurationId }).from(run);
  await db.delete(configuration).where(notInArray(configuration.configurationId, configurations));
  const workloads = db.select({ id: run.workloadId }).from(run);
  await db.delete(workload).where(notInArray(workload.workloadId, workloads));
  const models = db.select({ model: configuration.model }).from(configuration);
  await db.delete(model).where(and(eq(model.origin, "user"), notInArray(model.id, models)));
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
