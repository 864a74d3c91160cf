import { getTableColumns, type InferInsertModel, type SQLWrapper } from "drizzle-orm";
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

/**
 * Inserts many whole rows of a table.
 * @returns a function that says how many of the rows are new
 */
export function insertInto<T extends SQLiteTable>(
  table: T,
  onConflict: OnConflict = "fail",
): (db: Database, rows: readonly Required<InferInsertModel<T>>[]) => Promise<number> {
  const columns = Object.entries(getTableColumns(table));
  return (db, rows) => {
    const lists = rows.map((row) => {
      const values = new Map<string, unknown>(Object.entries(row));
      return columns.map(([key, column]) => {
        const value = values.get(key) ?? null;
        return value === null ? null : column.mapToDriverValue(value);
      });
    });
    return db.engine.insertLists(table, lists, onConflict);
  };
}
