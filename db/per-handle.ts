import { type Column, getTableColumns, type InferInsertModel, type SQLWrapper } from "drizzle-orm";
import type { SQLiteTable } from "drizzle-orm/sqlite-core";
import type { Database, OnConflict, PlaceholderValues, Preparable } from "./handle";

/** What is made once for each handle, such as a prepared question: building one takes drizzle many times as long as asking it. */
export function perHandle<T>(make: (db: Database) => T): (db: Database) => T {
  const made = new WeakMap<Database, T>();
  return (db) => {
    const known = made.get(db);
    if (known !== undefined) return known;
    const fresh = make(db);
    made.set(db, fresh);
    return fresh;
  };
}

/** A question that is built once for each handle and asked with the values of its placeholders. */
export function preparedQuestion<T>(
  build: (db: Database) => Preparable<T>,
): (db: Database, values: PlaceholderValues) => Promise<T> {
  const prepared = perHandle((db) => db.engine.prepare(build(db)));
  return (db, values) => prepared(db)(values);
}

/** The same with rows as lists of what the columns hold. */
export function preparedListQuestion(
  build: (db: Database) => SQLWrapper,
): (db: Database, values: PlaceholderValues) => Promise<unknown[][]> {
  const prepared = perHandle((db) => db.engine.prepareLists(build(db)));
  return (db, values) => prepared(db)(values);
}

/** Rows whose values stand in memory at once, beside what they were made from. */
const ROWS_AT_ONCE = 1000;

/**
 * Inserts many whole rows of a table.
 * @returns a function that says how many of the rows are new
 */
export function insertInto<T extends SQLiteTable>(
  table: T,
  onConflict: OnConflict = "fail",
): (db: Database, rows: Iterable<Required<InferInsertModel<T>>>) => Promise<number> {
  const columns = Object.entries(getTableColumns(table)) as [keyof InferInsertModel<T>, Column][];
  const listOf = (row: Required<InferInsertModel<T>>) =>
    columns.map(([key, column]) => {
      const value = row[key] ?? null;
      return value === null ? null : column.mapToDriverValue(value);
    });
  return async (db, rows) => {
    let added = 0;
    for (const some of batchesOf(rows, ROWS_AT_ONCE)) {
      added += await db.engine.insertLists(table, some.map(listOf), onConflict);
    }
    return added;
  };
}

function* batchesOf<T>(items: Iterable<T>, size: number): Generator<T[]> {
  let batch: T[] = [];
  for (const item of items) {
    batch.push(item);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
