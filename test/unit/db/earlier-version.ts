import SqliteDatabase from "better-sqlite3";
import type { Database } from "../../../db/client";
import { migrateSqlite, readSqliteMigrations } from "../../../db/sqlite/migrate";

/** Versions of SQLite's tables before this program's. */
export const EARLIER_VERSIONS = readSqliteMigrations()
  .map(({ version }) => version)
  .slice(0, -1);

/** Writes what a database of SQLite holds into a new file with the tables of an earlier version, as far as they have a place for it. */
export function writeEarlierVersion(db: Database, file: string, version: number): void {
  const client = new SqliteDatabase(file);
  try {
    client.pragma("foreign_keys = OFF");
    migrateSqlite(
      client,
      readSqliteMigrations().filter((migration) => migration.version <= version),
    );
    client.prepare("ATTACH ? AS newer").run(db.engine.name);
    const tables = client.prepare("SELECT name FROM main.sqlite_master WHERE type = 'table'").pluck().all();
    for (const table of tables) {
      const columns = client.prepare(`SELECT name FROM pragma_table_info('${table}')`).pluck().all().join(", ");
      client.exec(`DELETE FROM ${table}; INSERT INTO ${table} (${columns}) SELECT ${columns} FROM newer.${table}`);
    }
  } finally {
    client.close();
  }
}
