import { redactText } from "../../lib/redact/redact";
import type { Database } from "../client";
import { pendingRevision } from "./current-revision";
import { emptyLog, overwriting } from "./erase";
import { type RunTarget, targetRuns } from "./retire-runs";
import { type ShareLink, type ShownRun, sharesShowing } from "./shares-showing";
import { withWriteLock } from "./write-lock";

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
  run_id: string;
  load_points: number;
}

/** Deleted in this order: what refers comes before what is referred to. */
const DELETE_OF_RUN = [
  "DELETE FROM load_point_detail WHERE run_id = ?",
  "DELETE FROM load_point WHERE run_id = ?",
  "DELETE FROM run_report WHERE run_id = ?",
  "DELETE FROM run WHERE run_id = ?",
];

const UNUSED_REPORT = `sha256 NOT IN (SELECT sha256 FROM run_report) AND sha256 NOT IN (SELECT report_sha256 FROM load_point)`;

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
  const purge = db.$client.transaction((): PurgeOutcome => {
    const runs = purgedRuns(db, target);
    const brokenShares = sharesShowing(db, runs);
    const revision = pendingRevision(db, request.now, reason);
    const outcome = {
      revision: runs.length === 0 ? revision.id - 1 : revision.id,
      runIds: runs.map((run) => run.run_id),
      loadPoints: runs.reduce((sum, run) => sum + run.load_points, 0),
      brokenShares,
    };
    for (const sql of DELETE_OF_RUN) {
      const statement = db.$client.prepare(sql);
      for (const run of runs) statement.run(run.run_id);
    }
    db.$client.prepare(`DELETE FROM report_part WHERE ${UNUSED_REPORT}`).run();
    const reports = db.$client.prepare(`DELETE FROM report WHERE ${UNUSED_REPORT}`).run().changes;
    for (const sql of [
      "DELETE FROM configuration WHERE configuration_id NOT IN (SELECT configuration_id FROM run)",
      "DELETE FROM workload WHERE workload_id NOT IN (SELECT workload_id FROM run)",
      "DELETE FROM model WHERE origin = 'user' AND model_id NOT IN (SELECT model FROM configuration)",
    ]) {
      db.$client.prepare(sql).run();
    }
    if (runs.length > 0) {
      revision.open();
      record(db, outcome, reports, { reason, now: request.now });
    }
    // A dry run does everything and is then rolled back, so that it says what would really happen.
    if (request.dryRun) throw new DryRun({ ...outcome, reports });
    return { ...outcome, reports };
  });
  const outcome = await withWriteLock(db, () => {
    try {
      return overwriting(db, () => purge.immediate());
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
  const one = db.$client.prepare<[string], PurgedRun>(
    `SELECT run.run_id, run.load_points, configuration.model, run.workload_id, run.added_in_revision, run.retired_in_revision
     FROM run JOIN configuration ON configuration.configuration_id = run.configuration_id WHERE run.run_id = ?`,
  );
  return targetRuns(db, target).flatMap((row) => one.get(row.run_id) ?? []);
}

function record(
  db: Database,
  outcome: Omit<PurgeOutcome, "reports">,
  reports: number,
  request: { reason: string; now: Date },
): void {
  const { lastInsertRowid } = db.$client
    .prepare("INSERT INTO purge (at, reason, runs, load_points, reports) VALUES (?, ?, ?, ?, ?)")
    .run(request.now.toISOString(), request.reason, outcome.runIds.length, outcome.loadPoints, reports);
  const insert = db.$client.prepare("INSERT INTO purged_share (slug, purge_id) VALUES (?, ?)");
  for (const share of outcome.brokenShares) insert.run(share.slug, lastInsertRowid);
}
