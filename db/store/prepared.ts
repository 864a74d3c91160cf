import type SqliteDatabase from "better-sqlite3";
import type { Database } from "../handle";

/** What SQLite takes and gives. */
export type Value = string | number | null | Buffer;

const STATEMENTS = new WeakMap<SqliteDatabase.Database, Map<string, SqliteDatabase.Statement<Value[]>>>();

/** A statement prepared once per handle: preparing anew for every row is a good part of the time of a seed. */
export function prepared(db: Database, sql: string): SqliteDatabase.Statement<Value[]> {
  let statements = STATEMENTS.get(db.$client);
  if (statements === undefined) {
    statements = new Map();
    STATEMENTS.set(db.$client, statements);
  }
  let statement = statements.get(sql);
  if (statement === undefined) {
    statement = db.$client.prepare<Value[]>(sql);
    statements.set(sql, statement);
  }
  return statement;
}

/** True where a query has an answer. */
export function exists(db: Database, sql: string, ...values: Value[]): boolean {
  return prepared(db, sql).get(...values) !== undefined;
}
