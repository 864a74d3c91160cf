import type SqliteDatabase from "better-sqlite3";
import type { BetterSQLite3Database } from "drizzle-orm/better-sqlite3";

/** A database handle: drizzle for questions and rows, `$client` for what drizzle does not do or does too slowly. */
export type Database = BetterSQLite3Database & { $client: SqliteDatabase.Database };
