import { eq } from "drizzle-orm";
import type { SharePurge } from "../../lib/runs/types";
import type { Database } from "../handle";
import { purge, purgedShare } from "../schema";

/** The deletion that took away part of what a share link showed; `null` when it shows what it always showed. */
export async function getSharePurge(db: Database, slug: string): Promise<SharePurge | null> {
  const [row] = await db
    .select({ at: purge.at, reason: purge.reason })
    .from(purgedShare)
    .innerJoin(purge, eq(purge.id, purgedShare.purgeId))
    .where(eq(purgedShare.slug, slug));
  return row ?? null;
}
