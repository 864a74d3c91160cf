import { and, asc, countDistinct, eq, getTableColumns, sum } from "drizzle-orm";
import type { Workload } from "../../lib/domain";
import type { Database } from "../handle";

import { configuration, run, workload } from "../schema";
import { runsAt } from "../valid-at";

export interface ListedWorkload {
  workload: Workload;
  loadPoints: number;
  configurations: number;
  /** Catalogue ids of the accelerators measured under it, sorted. */
  accelerators: string[];
}

/** Workloads a model was measured under at a revision; most data first, then by id. */
export async function listWorkloads(db: Database, revision: number, modelId: string): Promise<ListedWorkload[]> {
  const groups = await db
    .select({
      workload: getTableColumns(workload),
      accelerator: configuration.accelerator,
      loadPoints: sum(run.loadPoints).mapWith(Number),
      configurations: countDistinct(run.configurationId),
    })
    .from(configuration)
    .innerJoin(run, eq(run.configurationId, configuration.configurationId))
    .innerJoin(workload, eq(workload.workloadId, run.workloadId))
    .where(and(eq(configuration.model, modelId), runsAt(revision)))
    .groupBy(workload.workloadId, configuration.accelerator)
    .orderBy(asc(workload.workloadId), asc(configuration.accelerator));
  const listed = new Map<string, ListedWorkload>();
  for (const group of groups) {
    const entry = listed.get(group.workload.workloadId) ?? {
      workload: group.workload,
      loadPoints: 0,
      configurations: 0,
      accelerators: [],
    };
    entry.loadPoints += group.loadPoints;
    entry.configurations += group.configurations;
    entry.accelerators.push(group.accelerator);
    listed.set(group.workload.workloadId, entry);
  }
  // The rows came ordered by id and sorting is stable.
  return [...listed.values()].sort((a, b) => b.loadPoints - a.loadPoints);
}
