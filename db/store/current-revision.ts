import { max } from "drizzle-orm";
import type { Database } from "../handle";
import { revision } from "../schema";

/** Id of the newest committed revision; 0 is the empty database. */
export async function currentRevisionId(db: Database): Promise<number> {
  const [row] = await db.select({ id: max(revision.id) }).from(revision);
  if (row === undefined || row.id === null) {
    throw new Error("The revision table is empty; migrations put revision 0 there.");
  }
  return row.id;
}

/** A revision that comes into being only when something changes. */
export interface PendingRevision {
  /** Id it has or would have. */
  id: number;
  /** Writes its row, once, and returns the id. */
  open(): Promise<number>;
  opened(): boolean;
}

/** Call inside a write transaction. */
export async function pendingRevision(db: Database, now: Date, reason: string): Promise<PendingRevision> {
  const id = (await currentRevisionId(db)) + 1;
  let opened = false;
  return {
    id,
    async open() {
      if (!opened) {
        opened = true;
        await db.insert(revision).values({ id, createdAt: now.toISOString(), reason });
      }
      return id;
    },
    opened: () => opened,
  };
}
