import { and, eq, exists } from "drizzle-orm";
import type { Configuration } from "../../lib/domain";
import type { Database } from "../client";
import { configurationFromRow } from "../rows";
import { configuration, run } from "../schema";
import { runsAt } from "../valid-at";

/** A configuration that has valid runs at a revision; `null` when there is none of that id. */
export async function getConfiguration(db: Database, revision: number, id: string): Promise<Configuration | null> {
  const runs = db
    .select({ run_id: run.run_id })
    .from(run)
    .where(and(eq(run.configuration_id, id), runsAt(revision)));
  const row = db
    .select()
    .from(configuration)
    .where(and(eq(configuration.configuration_id, id), exists(runs)))
    .get();
  return row === undefined ? null : configurationFromRow(row);
}
