import { and, asc, eq, gt } from "drizzle-orm";
import type { Database } from "../handle";
import { configuration, run } from "../schema";
import { runsAt } from "../valid-at";

/** A run by its id, and how much reading it means. */
export interface RunSize {
  runId: string;
  loadPoints: number;
}

const SIZE = { runId: run.runId, loadPoints: run.loadPoints };

/** Ids in one question. */
const IDS_AT_ONCE = 1000;

/** Runs valid at a revision in the order of their ids, which follow from the content. @param modelId `null` = of all models */
export async function* listRunIds(db: Database, revision: number, modelId: string | null): AsyncGenerator<RunSize> {
  if (modelId !== null) {
    yield* await db
      .select(SIZE)
      .from(configuration)
      .innerJoin(run, eq(run.configurationId, configuration.configurationId))
      .where(and(eq(configuration.model, modelId), runsAt(revision)))
      .orderBy(asc(run.runId));
    return;
  }
  for (let last = ""; ; ) {
    const rows = await db
      .select(SIZE)
      .from(run)
      .where(and(gt(run.runId, last), runsAt(revision)))
      .orderBy(asc(run.runId))
      .limit(IDS_AT_ONCE);
    yield* rows;
    const end = rows.at(-1);
    if (end === undefined || rows.length < IDS_AT_ONCE) return;
    last = end.runId;
  }
}
