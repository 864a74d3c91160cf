import { serializeExplorerQuery } from "../params/explorer-params";
import type { Question } from "../selection/types";

/** Path and query that show one configuration under a question at a revision, for good. */
export function pinnedConfigurationPath(
  configurationId: string,
  view: { workloadId: string; question: Question; revision: number },
): string {
  const search = serializeExplorerQuery({
    model: null,
    workload: view.workloadId,
    askedWorkload: null,
    slos: view.question.slos,
    question: view.question,
    axes: { throughput: "accelerator", latency: null, scale: "auto" },
    showAll: false,
    highlight: [],
    compare: [],
    revision: view.revision,
  });
  return `/configurations/${encodeURIComponent(configurationId)}?${search}`;
}
