import { type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import { appendAll } from "../lib/append-all";
import type { Database } from "./handle";

/** Values in one question: a statement takes 32,766 parameters. */
export const ASKED_AT_ONCE = 10_000;

/** What a question about a list of values gives, each value asked for once and many of them at a time. */
export async function inChunks<V extends string | number, T>(
  values: readonly V[],
  ask: (some: V[]) => PromiseLike<T[]>,
): Promise<T[]> {
  const found: T[] = [];
  await eachChunk(values, async (some) => appendAll(found, await ask(some)));
  return found;
}

/** Does something for a list of values, each once and many of them at a time. */
export async function eachChunk<V extends string | number>(
  values: readonly V[],
  work: (some: V[]) => PromiseLike<unknown>,
): Promise<void> {
  const distinct = [...new Set(values)];
  for (let start = 0; start < distinct.length; start += ASKED_AT_ONCE) {
    await work(distinct.slice(start, start + ASKED_AT_ONCE));
  }
}

/** As one JSON list, and rows as lists: many times as fast as drizzle's list of parameters. Ask with {@link inJsonList}. */
export async function inJsonChunks(
  values: readonly string[],
  ask: (list: string) => Promise<unknown[][]>,
): Promise<unknown[][]> {
  const rows: unknown[][] = [];
  for (let start = 0; start < values.length; start += ASKED_AT_ONCE) {
    appendAll(rows, await ask(JSON.stringify(values.slice(start, start + ASKED_AT_ONCE))));
  }
  return rows;
}

/** Whether a column holds one of the values of the placeholder `list`, for {@link inJsonChunks}. */
export function inJsonList(db: Database, column: SQLiteColumn): SQL {
  return sql`${column} in ${db.engine.fromJsonList(sql.placeholder("list"))}`;
}
