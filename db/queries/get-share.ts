import { eq } from "drizzle-orm";
import type { Database } from "../handle";
import { share } from "../schema";

export interface Share {
  slug: string;
  /** Canonical search string without `?`. */
  query: string;
  /** Revision the link pins. */
  revision: number;
  /** ISO date-time. */
  createdAt: string;
}

/** What a short link stands for; `null` when there is no such link. */
export async function getShare(db: Database, slug: string): Promise<Share | null> {
  const [row] = await db.select().from(share).where(eq(share.slug, slug));
  return row ?? null;
}
