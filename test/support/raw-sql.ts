import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Database } from "../../db/client";
import { sqliteClient } from "../../db/sqlite/engine";

/** A row as the driver gives it, by column name. */
export type RawRow = Record<string, unknown>;

const Rows = z.object({ rows: z.array(z.record(z.string(), z.unknown())) });

/** Rows of a question in SQL, past all of ours: what a test holds our answers to. */
export async function rawRows(db: Database, text: string): Promise<RawRow[]> {
  if (db.engine.kind === "sqlite") return sqliteClient(db).prepare<[], RawRow>(text).all();
  return Rows.parse(await postgresExecute(db, text)).rows;
}

/** The only column of those rows. */
export async function rawColumn(db: Database, text: string): Promise<unknown[]> {
  return (await rawRows(db, text)).map((row) => Object.values(row)[0]);
}

/** Runs statements in SQL. */
export async function rawExecute(db: Database, text: string): Promise<void> {
  if (db.engine.kind === "sqlite") sqliteClient(db).exec(text);
  else await postgresExecute(db, text);
}

function postgresExecute(db: Database, text: string): Promise<unknown> {
  // What drizzle has for PostgreSQL alone; our handle's type names what both have.
  const { execute } = db as unknown as { execute(this: unknown, query: unknown): Promise<unknown> };
  return execute.call(db, sql.raw(text));
}
