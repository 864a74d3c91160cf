import { max } from "drizzle-orm";
import type { Database } from "../handle";
import { ingest } from "../schema";

/** Writes one row of the audit and returns its id. Call inside a write transaction. */
export async function insertIngest(db: Database, row: Omit<typeof ingest.$inferInsert, "id">): Promise<number> {
  const [last] = await db.select({ id: max(ingest.id) }).from(ingest);
  const id = (last?.id ?? 0) + 1;
  await db.insert(ingest).values({ id, ...row });
  return id;
}
