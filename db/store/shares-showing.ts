import { parseExplorerQuery } from "../../lib/params/explorer-params";
import { rawParams } from "../../lib/params/param";
import type { Database } from "../handle";

/** A link, and the revision it pins. */
export interface ShareLink {
  slug: string;
  query: string;
  revision: number;
}

/** What of a run decides whether a link shows it. */
export interface ShownRun {
  model: string;
  workload_id: string;
  added_in_revision: number;
  retired_in_revision: number | null;
}

/**
 * Links whose question and revision cover one of the runs, oldest first. A link without a model may mean any: it is counted. Those
 * that a purge broke before are left out.
 */
export function sharesShowing(db: Database, runs: readonly ShownRun[]): ShareLink[] {
  const shares = db.$client
    .prepare<[], ShareLink>(
      "SELECT slug, query, revision FROM share WHERE slug NOT IN (SELECT slug FROM purged_share) ORDER BY created_at",
    )
    .all();
  return shares.filter((share) => {
    const { query } = parseExplorerQuery(rawParams(new URLSearchParams(share.query)));
    return runs.some(
      (run) =>
        run.added_in_revision <= share.revision &&
        (run.retired_in_revision === null || run.retired_in_revision > share.revision) &&
        (query.model === null || query.model === run.model) &&
        (query.workload === null || query.workload === run.workload_id),
    );
  });
}
