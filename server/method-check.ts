import type { Database } from "../db/client";
import { getCurrentRevision } from "../db/queries/get-revision";
import type { MethodCheck } from "../lib/explorer/method-check";
import { runTask } from "./worker/pool";
import { outputOf } from "./worker/task-outcome";

const TIME_LIMIT_MS = 5 * 60 * 1000;

/** Of each database, for its newest revision: once worked out it is kept, and who asks meanwhile waits for the same. */
const KEPT = new WeakMap<Database, { revision: number; check: Promise<MethodCheck> }>();

/**
 * How far the rules can be trusted on the data at hand: worked out by a worker thread from all of it, once a revision.
 * @throws where that takes too long or too much memory
 */
export async function methodCheck(db: Database): Promise<MethodCheck> {
  const revision = (await getCurrentRevision(db)).id;
  const kept = KEPT.get(db);
  if (kept?.revision === revision) return kept.check;
  const check = workOut(revision);
  KEPT.set(db, { revision, check });
  // What failed is tried again by who asks next.
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
