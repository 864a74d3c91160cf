import type { SharePurge } from "../../lib/runs/types";
import type { Database } from "../client";

/** The deletion that took away part of what a share link showed; `null` when it shows what it always showed. */
export async function getSharePurge(db: Database, slug: string): Promise<SharePurge | null> {
  const row = db.$client
    .prepare<[string], SharePurge>(
      "SELECT purge.at, purge.reason FROM purged_share JOIN purge ON purge.id = purged_share.purge_id WHERE slug = ?",
    )
    .get(slug);
  return row ?? null;
}
