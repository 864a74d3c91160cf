import { sum } from "drizzle-orm";
import type { Database } from "../handle";
import { perRevision } from "../per-revision";
import { coverage, ingest } from "../schema";
import { catalogueAt } from "../valid-at";

/** Load points valid at a revision. */
export async function countLoadPoints(db: Database, revision: number): Promise<number> {
  return counts.get(db, revision);
}

const counts = perRevision(async (db, revision) => {
  const [row] = await db
    .select({ loadPoints: sum(coverage.loadPoints).mapWith(Number) })
    .from(coverage)
    .where(catalogueAt(coverage, revision));
  return row?.loadPoints ?? 0;
});

/** Load points ever taken in, whether still valid or not: how much a question about all runs has to go through. */
export async function countIngestedPoints(db: Database): Promise<number> {
  const [row] = await db.select({ loadPoints: sum(ingest.loadPoints).mapWith(Number) }).from(ingest);
  return row?.loadPoints ?? 0;
}
