import { sum } from "drizzle-orm";
import type { Database } from "../client";
import { perRevision } from "../per-revision";
import { run } from "../schema";
import { runsAt } from "../valid-at";

/** Load points valid at a revision. */
export async function countLoadPoints(db: Database, revision: number): Promise<number> {
  return counts.get(db, revision);
}

const counts = perRevision((db, revision) => {
  const row = db
    .select({ loadPoints: sum(run.load_points).mapWith(Number) })
    .from(run)
    .where(runsAt(revision))
    .get();
  return row?.loadPoints ?? 0;
});
