import type { FactSuggestions } from "../../lib/ingest/facts/suggestions";
import type { Database } from "../client";
import { listAccelerators } from "./list-accelerators";
import { listModels } from "./list-models";

/** What a person is likely to answer when a report lacks a fact: from the catalogue at a revision and from earlier runs. */
export async function listFactSuggestions(db: Database, revision: number): Promise<FactSuggestions> {
  const statedValues = (sql: string): string[] =>
    db.$client
      .prepare<[], { value: string }>(sql)
      .all()
      .map(({ value }) => value);
  const [accelerators, models] = await Promise.all([listAccelerators(db, revision), listModels(db, revision)]);
  const columns = (column: "server" | "precision") =>
    statedValues(
      `SELECT ${column} AS value FROM configuration WHERE ${column} IS NOT NULL GROUP BY ${column} ORDER BY count(*) DESC, ${column}`,
    );
  return {
    accelerators: accelerators.map(({ id, name, shortName }) => ({ id, name, shortName })),
    values: {
      model: models.map((entry) => entry.model.id),
      accelerator: accelerators.map((entry) => entry.id),
      server: columns("server"),
      precision: columns("precision"),
      dataset: statedValues(
        "SELECT dataset AS value FROM workload WHERE dataset IS NOT NULL GROUP BY dataset ORDER BY count(*) DESC, dataset",
      ),
      source_name: statedValues(
        "SELECT DISTINCT source_name AS value FROM run WHERE retired_in_revision IS NULL AND origin = 'user' ORDER BY value",
      ),
      licence: statedValues(
        "SELECT licence AS value FROM run WHERE licence IS NOT NULL GROUP BY licence ORDER BY count(*) DESC, licence",
      ),
    },
  };
}
