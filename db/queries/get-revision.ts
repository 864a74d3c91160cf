import { desc, eq } from "drizzle-orm";
import type { Database } from "../handle";
import { oncePerRequest } from "../once-per-request";
import { preparedQuestion } from "../per-handle";
import { revision } from "../schema";

export interface Revision {
  id: number;
  /** ISO date-time. */
  createdAt: string;
  reason: string;
}

/** The newest committed change; revision 0 is the empty database. The same all through a request that only reads. */
export function getCurrentRevision(db: Database): Promise<Revision> {
  return oncePerRequest(db, () => askCurrentRevision(db));
}

async function askCurrentRevision(db: Database): Promise<Revision> {
  const [row] = await newest(db, {});
  if (row === undefined) throw new Error("The revision table is empty; migrations put revision 0 there.");
  return row;
}

/** Asked with nearly every question. */
const newest = preparedQuestion((db) => db.select().from(revision).orderBy(desc(revision.id)).limit(1));

/** One committed change by its number; `null` when there is none. */
export async function getRevision(db: Database, id: number): Promise<Revision | null> {
  const [row] = await db.select().from(revision).where(eq(revision.id, id));
  return row ?? null;
}
