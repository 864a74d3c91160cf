import type { Workload } from "../../lib/domain";
import type { Database } from "../client";
import { workloadFromRow } from "../rows";
import type { WorkloadRow } from "../schema";
import { RUN_VALID_SQL } from "../valid-at";

export interface ListedWorkload {
  workload: Workload;
  loadPoints: number;
  configurations: number;
  /** Catalogue ids of the accelerators measured under it, sorted. */
  accelerators: string[];
}

interface GroupRow extends WorkloadRow {
  accelerator: string;
  load_points: number;
  configurations: number;
}

/** Workloads a model was measured under at a revision; most data first, then by id. */
export async function listWorkloads(db: Database, revision: number, modelId: string): Promise<ListedWorkload[]> {
  const groups = db.$client
    .prepare<[string, number, number], GroupRow>(
      `SELECT workload.*, configuration.accelerator, sum(run.load_points) AS load_points,
              count(DISTINCT run.configuration_id) AS configurations
       FROM configuration
       JOIN run ON run.configuration_id = configuration.configuration_id
       JOIN workload ON workload.workload_id = run.workload_id
       WHERE configuration.model = ? AND ${RUN_VALID_SQL}
       GROUP BY workload.workload_id, configuration.accelerator
       ORDER BY workload.workload_id, configuration.accelerator`,
    )
    .all(modelId, revision, revision);
  const listed = new Map<string, ListedWorkload>();
  for (const group of groups) {
    const entry = listed.get(group.workload_id) ?? {
      workload: workloadFromRow(group),
      loadPoints: 0,
      configurations: 0,
      accelerators: [],
    };
    entry.loadPoints += group.load_points;
    entry.configurations += group.configurations;
    entry.accelerators.push(group.accelerator);
    listed.set(group.workload_id, entry);
  }
  // The rows came ordered by id and sorting is stable.
  return [...listed.values()].sort((a, b) => b.loadPoints - a.loadPoints);
}
