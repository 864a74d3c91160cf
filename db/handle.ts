import type SqliteDatabase from "better-sqlite3";
import type { BetterSQLite3Database } from "drizzle-orm/better-sqlite3";
import type * as schema from "./schema";

/** A database handle: drizzle for questions, `$client` where its per-row overhead hurts. */
export type Database = BetterSQLite3Database<typeof schema> & { $client: SqliteDatabase.Database };
