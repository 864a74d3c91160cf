import type { Database } from "../../db/client";
import { getCurrentRevision } from "../../db/queries/get-revision";
import type { ExplorerData } from "../../lib/explorer/data";
import { askedView, explorerCurves, explorerView } from "../../lib/explorer/explorer-view";
import { type NewerAnswer, newerAnswer } from "../../lib/explorer/newer-answer";
import { getExplorerData } from "./get-explorer-data";

/**
 * What the newest data answers to a question that is pinned to an earlier revision, beside what it is answered there.
 * @returns `null` where the question is not pinned to an earlier revision
 */
export async function getNewerAnswer(db: Database, data: ExplorerData): Promise<NewerAnswer | null> {
  if (data.newestRevision <= data.revision.id) return null;
  // Targets the link leaves open are those it shows, not those the newer data would offer.
  const { query, view } = askedView(data);
  const newest = await getExplorerData(db, query, await getCurrentRevision(db));
  return newerAnswer(
    { ranking: view.ranking, accelerators: data.accelerators },
    { ranking: explorerView(newest, explorerCurves(newest), query).ranking, accelerators: newest.accelerators },
  );
}
