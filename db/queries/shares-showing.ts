import { asc, notInArray } from "drizzle-orm";
import { readShareQuery } from "../../lib/params/share-query";
import type { Database } from "../handle";
import { configuration, purgedShare, run, share } from "../schema";

/** A link, and the revision it pins. */
export interface ShareLink {
  slug: string;
  query: string;
  revision: number;
}

/** What of a run decides whether a link shows it. */
export interface ShownRun {
  model: string;
  workloadId: string;
  addedInRevision: number;
  retiredInRevision: number | null;
}

/** The same, to be selected from runs with their configurations. */
export const shownRunColumns = {
  model: configuration.model,
  workloadId: run.workloadId,
  addedInRevision: run.addedInRevision,
  retiredInRevision: run.retiredInRevision,
};

/**
 * Links whose question and revision cover one of the runs, oldest first. A link without a model may mean any: it is counted. Those
 * that a purge broke before are left out.
 */
export async function sharesShowing(db: Database, runs: readonly ShownRun[]): Promise<ShareLink[]> {
  const broken = db.select({ slug: purgedShare.slug }).from(purgedShare);
  const shares = await db
    .select({ slug: share.slug, query: share.query, revision: share.revision })
    .from(share)
    .where(notInArray(share.slug, broken))
    .orderBy(asc(share.createdAt), asc(share.slug));
  return shares.filter((link) => {
    const query = readShareQuery(link.query);
    return runs.some(
      (shown) =>
        shown.addedInRevision <= link.revision &&
        (shown.retiredInRevision === null || shown.retiredInRevision > link.revision) &&
        (query.model === null || query.model === shown.model) &&
        (query.workload === null || query.workload === shown.workloadId),
    );
  });
}
