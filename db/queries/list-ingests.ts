import { and, count, desc, eq, isNull } from "drizzle-orm";
import type { ListedIngest } from "../../lib/runs/types";
import type { Database } from "../handle";
import { ingest, run } from "../schema";

function listed(db: Database) {
  const brought = eq(run.ingestId, ingest.id);
  return db
    .select({
      id: ingest.id,
      at: ingest.at,
      way: ingest.way,
      reason: ingest.reason,
      revision: ingest.revision,
      files: ingest.files,
      loadPoints: ingest.loadPoints,
      duplicates: ingest.duplicates,
      problems: ingest.problems,
      skipped: ingest.skipped,
      runs: db.$count(run, brought),
      validRuns: db.$count(run, and(brought, isNull(run.retiredInRevision))),
    })
    .from(ingest);
}

/** Every time somebody brought data, newest first; one page of them. */
export async function listIngests(
  db: Database,
  page: { limit: number; offset: number },
): Promise<{ ingests: ListedIngest[]; total: number }> {
  const [ingests, [counted]] = await Promise.all([
    listed(db).orderBy(desc(ingest.id)).limit(page.limit).offset(page.offset),
    db.select({ total: count() }).from(ingest),
  ]);
  return { total: counted?.total ?? 0, ingests };
}

/** One of them by its number; `null` when there is none. */
export async function getIngest(db: Database, id: number): Promise<ListedIngest | null> {
  const [row] = await listed(db).where(eq(ingest.id, id));
  return row ?? null;
}
