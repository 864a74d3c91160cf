import type { IngestRunJson } from "@/lib/api/ingest-json";
import { compareText } from "@/lib/compare-text";
import { groupBy } from "@/lib/group-by";
import { parseExplorerQuery, serializeExplorerQuery } from "@/lib/params/explorer-params";

/** A chart that shows what was added, most load points first. */
export interface ChartLink {
  model: string;
  workloadId: string;
  loadPoints: number;
  href: string;
}

/** The charts of runs, their configurations emphasised: one for each model and workload. */
export function chartLinks(runs: readonly IngestRunJson[]): ChartLink[] {
  const groups = groupBy(runs, (run) => JSON.stringify([run.configuration.model, run.workload.workloadId]));
  const { query } = parseExplorerQuery({});
  return [...groups.values()]
    .flatMap((group): ChartLink[] => {
      const [first] = group;
      if (first === undefined) return [];
      const { model } = first.configuration;
      const { workloadId } = first.workload;
      const highlight = [...new Set(group.map((run) => run.configuration.configurationId))];
      const search = serializeExplorerQuery({ ...query, model, workload: workloadId, highlight });
      const loadPoints = group.reduce((sum, run) => sum + run.points.length, 0);
      return [{ model, workloadId, loadPoints, href: `/?${search}` }];
    })
    .sort((a, b) => b.loadPoints - a.loadPoints || compareText(a.href, b.href));
}
