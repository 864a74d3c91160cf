import { and, count, desc, eq, exists, max, sum } from "drizzle-orm";
import type { Configuration } from "../../lib/domain";
import { configurationColumns } from "../columns";
import type { Database } from "../handle";
import { configuration, run } from "../schema";
import { runsAt } from "../valid-at";

/** A configuration that has valid runs at a revision; `null` when there is none of that id. */
export async function getConfiguration(db: Database, revision: number, id: string): Promise<Configuration | null> {
  const runs = db
    .select({ runId: run.runId })
    .from(run)
    .where(and(eq(run.configurationId, id), runsAt(revision)));
  const [row] = await db
    .select(configurationColumns)
    .from(configuration)
    .where(and(eq(configuration.configurationId, id), exists(runs)));
  return row ?? null;
}

/**
 * The last revision at which shipped figures were of a configuration: corrected ones are of another. `null` where they never were,
 * or still are. What a user took back is not shown again by an old link.
 */
export async function getLastShippedRevision(db: Database, configurationId: string): Promise<number | null> {
  const [row] = await db
    .select({ retired: max(run.retiredInRevision), all: count(), gone: count(run.retiredInRevision) })
    .from(run)
    .where(and(eq(run.configurationId, configurationId), eq(run.origin, "shipped")));
  return row === undefined || row.retired === null || row.gone < row.all ? null : row.retired - 1;
}

/** The workload a configuration has most load points for at a revision; `null` where it has none. */
export async function getMainWorkloadId(
  db: Database,
  revision: number,
  configurationId: string,
): Promise<string | null> {
  const [row] = await db
    .select({ workloadId: run.workloadId })
    .from(run)
    .where(and(eq(run.configurationId, configurationId), runsAt(revision)))
    .groupBy(run.workloadId)
    .orderBy(desc(sum(run.loadPoints)), run.workloadId)
    .limit(1);
  return row?.workloadId ?? null;
}
