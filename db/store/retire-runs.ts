import { redactText } from "../../lib/redact/redact";
import type { Database } from "../client";
import { currentRevisionId, pendingRevision } from "./current-revision";
import { withWriteLock } from "./write-lock";

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
  run_id: string;
  load_points: number;
  retired_in_revision: number | null;
}

/** The runs a target names, retired ones included. */
export function targetRuns(db: Database, target: RunTarget): TargetRow[] {
  const columns = "SELECT run_id, load_points, retired_in_revision FROM run";
  if ("ingestId" in target) {
    return db.$client
      .prepare<[number], TargetRow>(`${columns} WHERE ingest_id = ? ORDER BY run_id`)
      .all(target.ingestId);
  }
  const one = db.$client.prepare<[string], TargetRow>(`${columns} WHERE run_id = ?`);
  return [...new Set(target.runIds)].flatMap((runId) => one.get(runId) ?? []);
}

/**
 * Takes runs back: from a new revision on they are not valid, and every earlier revision, with its links, stays as it was.
 * Nothing is deleted; the same report can be ingested again, with other facts if need be.
 */
export async function retireRuns(db: Database, target: RunTarget, reason: string, now: Date): Promise<RetireOutcome> {
  const retire = db.$client.transaction((): RetireOutcome => {
    const found = targetRuns(db, target);
    const valid = found.filter((row) => row.retired_in_revision === null);
    const revision = pendingRevision(db, now, redactText(reason, "text").text);
    const update = db.$client.prepare("UPDATE run SET retired_in_revision = ? WHERE run_id = ?");
    for (const row of valid) update.run(revision.open(), row.run_id);
    const validIds = new Set(valid.map((row) => row.run_id));
    return {
      revision: revision.opened() ? revision.id : currentRevisionId(db),
      runIds: [...validIds],
      loadPoints: valid.reduce((sum, row) => sum + row.load_points, 0),
      notValid: "runIds" in target ? target.runIds.filter((runId) => !validIds.has(runId)) : [],
    };
  });
  return withWriteLock(db, () => retire.immediate());
}
