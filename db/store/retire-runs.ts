import { asc, eq, type SQL } from "drizzle-orm";
import { redactText } from "../../lib/redact/redact";
import type { Database } from "../handle";
import { run } from "../schema";
import { currentRevisionId, pendingRevision } from "./current-revision";
import { IMMEDIATE, withWriteLock } from "./write-lock";

/** Which runs: named ones, or all that one ingest brought. */
export type RunTarget = { runIds: readonly string[] } | { ingestId: number };

export interface RetireOutcome {
  /** Revision after it; where nothing was valid any more, the present one. */
  revision: number;
  /** Runs that were valid and now are not. */
  runIds: string[];
  loadPoints: number;
  /** Named, but not there or retired before. */
  notValid: string[];
}

interface TargetRow {
  runId: string;
  loadPoints: number;
  retiredInRevision: number | null;
}

/** The runs a target names, retired ones included. */
export function targetRuns(db: Database, target: RunTarget): TargetRow[] {
  const found = (condition: SQL) =>
    db
      .select({ runId: run.runId, loadPoints: run.loadPoints, retiredInRevision: run.retiredInRevision })
      .from(run)
      .where(condition)
      .orderBy(asc(run.runId))
      .all();
  if ("ingestId" in target) return found(eq(run.ingestId, target.ingestId));
  return [...new Set(target.runIds)].flatMap((runId) => found(eq(run.runId, runId)));
}

/** Takes one run back. Call inside a write transaction. */
export function retireRun(db: Database, runId: string, revision: number): void {
  db.update(run).set({ retiredInRevision: revision }).where(eq(run.runId, runId)).run();
}

/**
 * Takes runs back: from a new revision on they are not valid, and every earlier revision, with its links, stays as it was.
 * Nothing is deleted; the same report can be ingested again, with other facts if need be.
 */
export async function retireRuns(db: Database, target: RunTarget, reason: string, now: Date): Promise<RetireOutcome> {
  const retire = (): RetireOutcome => {
    const found = targetRuns(db, target);
    const valid = found.filter((row) => row.retiredInRevision === null);
    const revision = pendingRevision(db, now, redactText(reason, "text").text);
    for (const { runId } of valid) retireRun(db, runId, revision.open());
    const validIds = new Set(valid.map((row) => row.runId));
    return {
      revision: revision.opened() ? revision.id : currentRevisionId(db),
      runIds: [...validIds],
      loadPoints: valid.reduce((sum, row) => sum + row.loadPoints, 0),
      notValid: "runIds" in target ? target.runIds.filter((runId) => !validIds.has(runId)) : [],
    };
  };
  return withWriteLock(db, () => db.transaction(retire, IMMEDIATE));
}
