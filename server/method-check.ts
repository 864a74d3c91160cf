import type { Database } from "../db/client";
import { getCurrentRevision } from "../db/queries/get-revision";
import type { MethodCheck } from "../lib/explorer/method-check";
import { runTask } from "./worker/pool";
import { outputOf } from "./worker/task-outcome";

const TIME_LIMIT_MS = 5 * 60 * 1000;

/** By database, for its newest revision. The promise is kept, so that requests in the meantime wait for the same result. */
const KEPT = new WeakMap<Database, { revision: number; check: Promise<MethodCheck> }>();

/**
 * How far the rules can be trusted on all data of the newest revision. A worker thread works it out, once per revision.
 * @throws where that takes too long or too much memory
 */
export async function methodCheck(db: Database): Promise<MethodCheck> {
  const revision = (await getCurrentRevision(db)).id;
  const kept = KEPT.get(db);
  if (kept?.revision === revision) return kept.check;
  const check = workOut(revision);
  KEPT.set(db, { revision, check });
  // After a failure the next request tries again.
  check.catch(() => {
    if (KEPT.get(db)?.check === check) KEPT.delete(db);
  });
  return check;
}

async function workOut(revision: number): Promise<MethodCheck> {
  const outcome = await runTask(
    "methodCheck",
    { revision },
    { what: "Checking the method", wayOut: "Reload the page to try again.", timeLimitMs: TIME_LIMIT_MS },
  );
  return outputOf(outcome);
}
