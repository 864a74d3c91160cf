import { asc, eq, inArray, type SQL } from "drizzle-orm";
import { redactText } from "../../lib/redact/redact";
import type { Database } from "../handle";
import { inChunks } from "../in-chunks";
import { run } from "../schema";
import { countRevision } from "./count-revision";
import { currentRevisionId, pendingRevision } from "./current-revision";

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
export async function targetRuns(db: Database, target: RunTarget): Promise<TargetRow[]> {
  const found = (condition: SQL) =>
    db
      .select({ runId: run.runId, loadPoints: run.loadPoints, retiredInRevision: run.retiredInRevision })
      .from(run)
      .where(condition)
      .orderBy(asc(run.runId));
  if ("ingestId" in target) return found(eq(run.ingestId, target.ingestId));
  return inChunks(target.runIds, (some) => found(inArray(run.runId, some)));
}

/** Takes one run back. Call inside a write transaction, and then {@link countRevision}. */
export async function retireRun(db: Database, runId: string, revision: number): Promise<void> {
  await db.update(run).set({ retiredInRevision: revision }).where(eq(run.runId, runId));
}

/**
 * Takes runs back: from a new revision on they are not valid, and every earlier revision, with its links, stays as it was.
 * Nothing is deleted; the same report can be ingested again, with other facts if need be.
 */
export async function retireRuns(db: Database, target: RunTarget, reason: string, now: Date): Promise<RetireOutcome> {
  return db.engine.write(async (tx) => {
    const found = await targetRuns(tx, target);
    const valid = found.filter((row) => row.retiredInRevision === null);
    const revision = await pendingRevision(tx, now, redactText(reason, "text").text);
    for (const { runId } of valid) await retireRun(tx, runId, await revision.open());
    if (revision.opened()) await countRevision(tx, revision.id);
    const validIds = new Set(valid.map((row) => row.runId));
    return {
      revision: revision.opened() ? revision.id : await currentRevisionId(tx),
      runIds: [...validIds],
      loadPoints: valid.reduce((sum, row) => sum + row.loadPoints, 0),
      notValid: "runIds" in target ? target.runIds.filter((runId) => !validIds.has(runId)) : [],
    };
  });
}
