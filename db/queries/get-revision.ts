import { desc, eq } from "drizzle-orm";
import type { Database } from "../client";
import { revision } from "../schema";

export interface Revision {
  id: number;
  /** ISO date-time. */
  createdAt: string;
  reason: string;
}

const COLUMNS = { id: revision.id, createdAt: revision.created_at, reason: revision.reason };

/** The newest committed change; revision 0 is the empty database. */
export async function getCurrentRevision(db: Database): Promise<Revision> {
  const row = db.select(COLUMNS).from(revision).orderBy(desc(revision.id)).limit(1).get();
  if (row === undefined) throw new Error("The revision table is empty; migrations put revision 0 there.");
  return row;
}

/** One committed change by its number; `null` when there is none. */
export async function getRevision(db: Database, id: number): Promise<Revision | null> {
  return db.select(COLUMNS).from(revision).where(eq(revision.id, id)).get() ?? null;
}
