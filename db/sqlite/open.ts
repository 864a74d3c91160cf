import path from "node:path";
import SqliteDatabase from "better-sqlite3";
import { makeFolders } from "../make-folders";
import { type SqliteHandle, sqliteHandle } from "./engine";
import { migrateSqlite, programVersion, readSqliteMigrations, refuseForeignDatabase } from "./migrate";

/** How long somebody who reads waits for the database to be free. */
const BUSY_TIMEOUT_MS = 5000;

/**
 * Opens (and, where needed, creates and migrates) a database file; its folder is created.
 * @throws DatabaseRefusedError for a file of a newer version or of another program; the file is not touched
 */
export function openSqlite(file: string): SqliteHandle {
  const migrations = readSqliteMigrations();
  refuseForeignDatabase(file, programVersion(migrations));
  makeFolders(path.dirname(path.resolve(file)));
  const client = new SqliteDatabase(file, { timeout: BUSY_TIMEOUT_MS });
  try {
    client.pragma("journal_mode = WAL");
    prepareConnection(client);
    migrateSqlite(client, migrations);
  } catch (error) {
    client.close();
    throw error;
  }
  return sqliteHandle(client, () => openAgain(file));
}

/**
 * Opens a database file that {@link openSqlite} has brought up to date: nothing is created or migrated.
 * @throws where there is no such file, or it is of another version than this program's
 */
export function openPreparedSqlite(file: string): SqliteHandle {
  const client = openAgain(file);
  const version = Number(client.pragma("user_version", { simple: true }));
  if (version !== programVersion(readSqliteMigrations())) {
    client.close();
    throw new Error(`${file} is of version ${version}, which is not this program's: start the program anew.`);
  }
  return sqliteHandle(client, () => openAgain(file));
}

function openAgain(file: string): SqliteDatabase.Database {
  const client = new SqliteDatabase(file, { fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
  prepareConnection(client);
  return client;
}

function prepareConnection(client: SqliteDatabase.Database): void {
  client.pragma("synchronous = NORMAL");
  client.pragma("foreign_keys = ON");
}
