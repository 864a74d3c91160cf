import type { Configuration, Workload } from "../domain";
import { parseExplorerQuery, serializeExplorerQuery } from "../params/explorer-params";

export interface RunLinks {
  /** The run's own page. */
  run: string;
  /** Its configuration under its workload. */
  configuration: string;
  /** The chart of its model and workload. */
  chart: string;
}

/** Where a run is shown. A retired one is shown by the last revision that has it. */
export function runLinks(run: {
  runId: string;
  configuration: Pick<Configuration, "configurationId" | "model">;
  workload: Pick<Workload, "workloadId">;
  retiredInRevision: number | null;
}): RunLinks {
  const { configuration, workload, retiredInRevision } = run;
  const { query } = parseExplorerQuery({
    model: configuration.model,
    workload: workload.workloadId,
    rev: retiredInRevision === null ? undefined : String(retiredInRevision - 1),
  });
  return {
    run: `/runs/${encodeURIComponent(run.runId)}`,
    configuration: `/configurations/${encodeURIComponent(configuration.configurationId)}?${serializeExplorerQuery({ ...query, model: null })}`,
    chart: `/?${serializeExplorerQuery(query)}`,
  };
}
