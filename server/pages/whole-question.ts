import type { Database } from "../../db/client";
import type { Revision } from "../../db/queries/get-revision";
import { askedView } from "../../lib/explorer/explorer-view";
import type { ExplorerQuery } from "../../lib/params/explorer-params";
import { getExplorerData } from "./get-explorer-data";

/**
 * A question with everything it leaves open as a page at that revision would fill it in: model, workload, targets, axes. What a
 * link stores, so that no later default changes what it shows.
 */
export async function wholeQuestion(db: Database, query: ExplorerQuery, revision: Revision): Promise<ExplorerQuery> {
  const data = await getExplorerData(db, query, revision);
  const { curves, query: asked, view } = askedView(data);
  const { metric, statistic, throughput } = view.axes;
  return {
    ...asked,
    axes: {
      ...asked.axes,
      throughput,
      latency: curves.curves.length === 0 ? asked.axes.latency : { metric, statistic },
    },
  };
}
