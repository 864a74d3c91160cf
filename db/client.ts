import path from "node:path";
import SqliteDatabase from "better-sqlite3";
import { drizzle } from "drizzle-orm/better-sqlite3";
import type { Database } from "./handle";
import { makeFolders } from "./make-folders";
import { migrate, programVersion, readMigrations, refuseForeignDatabase } from "./migrate";
import { projectRoot } from "./project-root";
import { seedShipped } from "./store/seed-shipped";

export type { Database };

/** How long a writer waits for another one. */
const BUSY_TIMEOUT_MS = 5000;

/** Default path of the database, relative to the project's folder. */
const DEFAULT_DATABASE_PATH = path.join(".iq", "quickstart.db");

/**
 * Opens (and, where needed, creates and migrates) a database file; its folder is created.
 * @throws DatabaseRefusedError for a file of a newer version or of another program; the file is not touched
 */
export function openDatabase(file: string): Database {
  const migrations = readMigrations();
  refuseForeignDatabase(file, programVersion(migrations));
  makeFolders(path.dirname(path.resolve(file)));
  const client = new SqliteDatabase(file, { timeout: BUSY_TIMEOUT_MS });
  try {
    client.pragma("journal_mode = WAL");
    client.pragma("synchronous = NORMAL");
    client.pragma("foreign_keys = ON");
    migrate(client, migrations);
  } catch (error) {
    client.close();
    throw error;
  }
  return drizzle(client, { casing: "snake_case" });
}

/**
 * Opens a database file that {@link openDatabase} has brought up to date in this process: nothing is created, migrated or seeded.
 * @throws where there is no such file, or it is of another version than this program's
 */
export function openPreparedDatabase(file: string): Database {
  const client = new SqliteDatabase(file, { fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
  const version = Number(client.pragma("user_version", { simple: true }));
  if (version !== programVersion(readMigrations())) {
    client.close();
    throw new Error(`${file} is of version ${version}, which is not this program's: start the program anew.`);
  }
  client.pragma("synchronous = NORMAL");
  client.pragma("foreign_keys = ON");
  return drizzle(client, { casing: "snake_case" });
}

export function closeDatabase(db: Database): void {
  db.$client.close();
}

/** Path of the database this process uses: `IQ_DATABASE`, or `.iq/quickstart.db` in the project's folder. */
export function databasePath(): string {
  const named = process.env.IQ_DATABASE;
  return named === undefined || named === ""
    ? path.join(/* turbopackIgnore: true */ projectRoot(), DEFAULT_DATABASE_PATH)
    : path.resolve(/* turbopackIgnore: true */ named);
}

/** Folder of the data that comes with the program. */
export function shippedDataDirectory(): string {
  return path.join(/* turbopackIgnore: true */ projectRoot(), "data");
}

// On globalThis: hot reload in development evaluates this module again and must not open a second handle.
const HANDLES = Symbol.for("inference-quickstart.databases");
type WithHandles = typeof globalThis & { [HANDLES]?: Map<string, Database> };

/**
 * The one handle of this process. The first call opens the file, migrates it and takes in shipped data that it has
 * not seen; a database that is up to date is left as it is.
 * @throws DatabaseRefusedError
 */
export function database(): Database {
  const holder: WithHandles = globalThis;
  holder[HANDLES] ??= new Map();
  const handles = holder[HANDLES];
  const file = databasePath();
  const open = handles.get(file);
  if (open !== undefined) return open;
  const db = openDatabase(file);
  seedShipped(db, shippedDataDirectory(), new Date());
  handles.set(file, db);
  return db;
}

/** Closes every handle {@link database} opened, so that a command leaves one whole file behind. */
export function closeDatabases(): void {
  const holder: WithHandles = globalThis;
  for (const db of holder[HANDLES]?.values() ?? []) closeDatabase(db);
  holder[HANDLES]?.clear();
}
