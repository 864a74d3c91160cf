import { getTableColumns, type InferInsertModel, sql } from "drizzle-orm";
import type { SQLiteInsertValue, SQLiteTable } from "drizzle-orm/sqlite-core";
import type { Database } from "./handle";

/** What is made once for each handle, such as a prepared statement: building one takes drizzle many times as long as running it. */
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

/** A value for each column of a table, to be given when the prepared statement runs. */
export function placeholders<T extends SQLiteTable>(table: T): SQLiteInsertValue<T> {
  const keys = Object.keys(getTableColumns(table));
  return Object.fromEntries(keys.map((key) => [key, sql.placeholder(key)])) as SQLiteInsertValue<T>;
}

/**
 * An insert of one row that is prepared once for each handle.
 * @param onConflict what is done about a row that is there already
 * @returns a function that says whether the row is new
 */
export function insertInto<T extends SQLiteTable>(
  table: T,
  onConflict: "fail" | "ignore" = "fail",
): (db: Database, row: Required<InferInsertModel<T>>) => boolean {
  for (const [key, column] of Object.entries(getTableColumns(table))) {
    // A prepared statement of drizzle makes 0 of a boolean that is null.
    if (column.dataType === "boolean" && !column.notNull)
      throw new Error(`${key} may be null: insert its rows one by one.`);
  }
  const statement = perHandle((db) => {
    const insert = db.insert(table).values(placeholders(table));
    return (onConflict === "ignore" ? insert.onConflictDoNothing() : insert).prepare();
  });
  return (db, row) => statement(db).run(row).changes > 0;
}
