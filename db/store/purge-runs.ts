import { and, eq, notInArray } from "drizzle-orm";
import { redactText } from "../../lib/redact/redact";
import type { Database } from "../handle";
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
import { emptyLog, overwriting } from "./erase";
import { type RunTarget, targetRuns } from "./retire-runs";
import { unusedReports } from "./unused-reports";
import { IMMEDIATE, withWriteLock } from "./write-lock";

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
  const purgeAll = (): PurgeOutcome => {
    const runs = purgedRuns(db, target);
    const brokenShares = sharesShowing(db, runs);
    const revision = pendingRevision(db, request.now, reason);
    const outcome = {
      revision: runs.length === 0 ? revision.id - 1 : revision.id,
      runIds: runs.map(({ runId }) => runId),
      loadPoints: runs.reduce((sum, { loadPoints }) => sum + loadPoints, 0),
      brokenShares,
    };
    for (const table of TABLES_OF_RUN) {
      for (const { runId } of runs) db.delete(table).where(eq(table.runId, runId)).run();
    }
    const reports = deleteUnused(db);
    if (runs.length > 0) {
      revision.open();
      record(db, outcome, reports, { reason, now: request.now });
    }
    // A dry run does everything and is then rolled back, so that it says what would really happen.
    if (request.dryRun) throw new DryRun({ ...outcome, reports });
    return { ...outcome, reports };
  };
  const outcome = await withWriteLock(db, () => {
    try {
      return overwriting(db, () => db.transaction(purgeAll, IMMEDIATE));
    } catch (error) {
      if (error instanceof DryRun) return error.outcome;
      throw error;
    }
  });
  return request.dryRun || (await emptyLog(db)) ? outcome : { ...outcome, stillInLog: true };
}

/** Rolls a dry run back. */
class DryRun extends Error {
  constructor(readonly outcome: PurgeOutcome) {
    super("dry run");
  }
}

function purgedRuns(db: Database, target: RunTarget): PurgedRun[] {
  return targetRuns(db, target).flatMap(({ runId }) =>
    db
      .select({ ...shownRunColumns, runId: run.runId, loadPoints: run.loadPoints })
      .from(run)
      .innerJoin(configuration, eq(configuration.configurationId, run.configurationId))
      .where(eq(run.runId, runId))
      .all(),
  );
}

/** Deletes what nothing refers to any more. @returns how many reports */
function deleteUnused(db: Database): number {
  db.delete(reportPart).where(unusedReports(db, reportPart.sha256)).run();
  const reports = db.delete(report).where(unusedReports(db)).returning({ sha256: report.sha256 }).all();
  const configurations = db.select({ id: run.configurationId }).from(run);
  db.delete(configuration).where(notInArray(configuration.configurationId, configurations)).run();
  const workloads = db.select({ id: run.workloadId }).from(run);
  db.delete(workload).where(notInArray(workload.workloadId, workloads)).run();
  const models = db.select({ model: configuration.model }).from(configuration);
  db.delete(model)
    .where(and(eq(model.origin, "user"), notInArray(model.id, models)))
    .run();
  return reports.length;
}

function record(
  db: Database,
  outcome: Omit<PurgeOutcome, "reports">,
  reports: number,
  request: { reason: string; now: Date },
): void {
  const { runIds, loadPoints, brokenShares } = outcome;
  const at = request.now.toISOString();
  const { id } = db
    .insert(purge)
    .values({ at, reason: request.reason, runs: runIds.length, loadPoints, reports })
    .returning({ id: purge.id })
    .get();
  for (const { slug } of brokenShares) db.insert(purgedShare).values({ slug, purgeId: id }).run();
}
