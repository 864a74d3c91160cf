import path from "node:path";
import SqliteDatabase from "better-sqlite3";
import { DatabaseRefusedError } from "../database-refused";
import { databaseTrouble } from "../database-trouble";
import { makeFolders } from "../make-folders";
import { type SqliteHandle, sqliteHandle } from "./engine";
import { migrateSqlite, programVersion, readSqliteMigrations, refuseForeignDatabase } from "./migrate";
import { networkWarning } from "./network-file-system";

/** How long somebody who reads waits for the database to be free. */
const BUSY_TIMEOUT_MS = 5000;

/**
 * Opens (and, where needed, creates and migrates) a database file; its folder is created.
 * @throws DatabaseRefusedError for a file of a newer version or of another program, which is not touched, and for one that cannot
 * be opened
 */
export function openSqlite(file: string): SqliteHandle {
  try {
    return openOrCreate(file);
  } catch (error) {
    if (error instanceof DatabaseRefusedError) throw error;
    const trouble = databaseTrouble(error);
    if (trouble !== null) throw new DatabaseRefusedError(`${file}: ${trouble.message}`, { cause: error });
    if (!(error instanceof Error && "syscall" in error)) throw error;
    throw new DatabaseRefusedError(
      `${file} cannot be opened or made (${error.message}). Change that, or name another file in IQ_DATABASE.`,
      { cause: error },
    );
  }
}

/** Files whose place was warned of. */
const warnedOf = new Set<string>();

function openOrCreate(file: string): SqliteHandle {
  const migrations = readSqliteMigrations();
  refuseForeignDatabase(file, programVersion(migrations));
  const folder = path.dirname(path.resolve(file));
  makeFolders(folder);
  const warning = networkWarning(file, folder);
  if (warning !== null && !warnedOf.has(file)) {
    warnedOf.add(file);
    console.error(warning);
  }
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

/**
 * Indexes by hashes are read and written all over: with SQLite's own 2 MB a large ingest into a large file reads and writes their
 * pages again and again. In KiB.
 */
const CACHE_KIB = 64 * 1024;

function prepareConnection(client: SqliteDatabase.Database): void {
  client.pragma(`cache_size = -${CACHE_KIB}`);
  client.pragma("synchronous = NORMAL");
  client.pragma("foreign_keys = ON");
}
