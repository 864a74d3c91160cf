import type { Database } from "../../db/client";
import { getCurrentRevision, getRevision, type Revision } from "../../db/queries/get-revision";

/** The revision a query pins, or the newest where it pins none; `null` for one that does not exist. */
export async function resolveRevision(db: Database, pinned: number | null): Promise<Revision | null> {
  return pinned === null ? getCurrentRevision(db) : getRevision(db, pinned);
}
