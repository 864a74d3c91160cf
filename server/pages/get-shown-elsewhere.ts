import type { Database } from "../../db/client";
import type { ExplorerData } from "../../lib/explorer/data";
import { askedView, type ExplorerView } from "../../lib/explorer/explorer-view";
import { provenanceOf, type ViewProvenance } from "../../lib/explorer/ranking-export";
import { answerText } from "../../lib/explorer/sentence";
import type { ExplorerQuery } from "../../lib/params/explorer-params";
import { getExplorerData } from "./get-explorer-data";
import { resolveRevision } from "./resolve-revision";

/** What a frame or a picture of a question on another site is made of. */
export interface ShownElsewhere {
  data: ExplorerData;
  /** The question with its targets. */
  asked: ExplorerQuery;
  view: ExplorerView;
  /** The answer in phrases; `null` where nothing measured meets the targets. */
  headline: ReturnType<typeof answerText>["headline"] | null;
  words: ViewProvenance;
}

/** What a question shows on another site; `null` where it pins a revision that does not exist. */
export async function getShownElsewhere(db: Database, query: ExplorerQuery): Promise<ShownElsewhere | null> {
  const revision = await resolveRevision(db, query.revision);
  if (revision === null) return null;
  const data = await getExplorerData(db, query, revision);
  const { query: asked, view } = askedView(data);
  const [best] = view.ranking.ranked;
  const sources = view.frontiers.flatMap(({ points }) => points.map(({ curve }) => curve.source.name));
  return {
    ...{ data, asked, view },
    headline: best === undefined ? null : answerText(best, data.accelerators, view.question).headline,
    words: provenanceOf(data, asked, view.question, sources),
  };
}
