import type { Database } from "../handle";
import { countCoverage } from "./coverage";
import { countRunsOfGroups } from "./run-groups";

/**
 * Brings what is counted of all runs up to date with the runs that a revision brought and retired. Call it once a revision, as the
 * last thing in the transaction that makes it.
 */
export async function countRevision(db: Database, revision: number): Promise<void> {
  await countRunsOfGroups(db, revision);
  await countCoverage(db, revision);
}
