import { max } from "drizzle-orm";
import type { Database } from "../handle";
import { ingest } from "../schema";

/** Writes one row of the audit and returns its id. Call inside a write transaction. */
export function insertIngest(db: Database, row: Omit<typeof ingest.$inferInsert, "id">): number {
  const last = db
    .select({ id: max(ingest.id) })
    .from(ingest)
    .get();
  const id = (last?.id ?? 0) + 1;
  db.insert(ingest)
    .values({ id, ...row })
    .run();
  return id;
}
