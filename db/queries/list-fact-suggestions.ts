import { and, asc, count, desc, eq, isNotNull, isNull, sql } from "drizzle-orm";
import type { SQLiteColumn, SQLiteTable } from "drizzle-orm/sqlite-core";
import type { FactSuggestions } from "../../lib/ingest/facts/suggestions";
import type { Database } from "../handle";
import { configuration, run, workload } from "../schema";
import { listAccelerators } from "./list-accelerators";
import { listModels } from "./list-models";

/** What stands in a column, what stands there most first. */
async function mostUsed(db: Database, table: SQLiteTable, column: SQLiteColumn): Promise<string[]> {
  const value = sql<string>`${column}`;
  const rows = await db
    .select({ value })
    .from(table)
    .where(isNotNull(column))
    .groupBy(column)
    .orderBy(desc(count()), asc(column));
  return rows.map((row) => row.value);
}

/** Sources of valid runs that people brought. */
async function ownSources(db: Database): Promise<string[]> {
  const rows = await db
    .selectDistinct({ name: run.sourceName })
    .from(run)
    .where(and(isNull(run.retiredInRevision), eq(run.origin, "user")))
    .orderBy(asc(run.sourceName));
  return rows.map(({ name }) => name);
}

/** What a person is likely to answer when a report lacks a fact: from the catalogue at a revision and from earlier runs. */
export async function listFactSuggestions(db: Database, revision: number): Promise<FactSuggestions> {
  const [accelerators, models] = await Promise.all([listAccelerators(db, revision), listModels(db, revision)]);
  return {
    accelerators: accelerators.map(({ id, name, shortName }) => ({ id, name, shortName })),
    values: {
      model: models.map((entry) => entry.model.id),
      accelerator: accelerators.map((entry) => entry.id),
      server: await mostUsed(db, configuration, configuration.server),
      precision: await mostUsed(db, configuration, configuration.precision),
      dataset: await mostUsed(db, workload, workload.dataset),
      source_name: await ownSources(db),
      licence: await mostUsed(db, run, run.licence),
    },
  };
}
