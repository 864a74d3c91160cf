import { existsSync } from "node:fs";
import path from "node:path";
import { DatabaseRefusedError } from "./database-refused";
import type { Database } from "./handle";
import { oncePerRequest } from "./once-per-request";
import { isPostgresAddress } from "./postgres/is-postgres-address";
import { projectRoot } from "./project-root";
import { upToDateOf } from "./reading-database";
import { openPreparedSqlite, openSqlite } from "./sqlite/open";
import { seedShipped } from "./store/seed-shipped";

export type { Database };

/** Default path of the database, relative to the project's folder. */
const DEFAULT_DATABASE_PATH = path.join(".iq", "quickstart.db");

/**
 * Opens (and, where needed, creates and brings up to date) a database.
 * @param address `postgres://…`, or the path of a SQLite file
 * @throws DatabaseRefusedError for one of a newer version or of another program, which is not touched, and for an address of a kind
 * that is not known
 */
export async function openDatabase(address: string): Promise<Database> {
  if (isPostgresAddress(address)) return (await postgres()).openPostgres(address);
  return openSqlite(filePath(address));
}

/** The same where there must be one already: none is created. @throws DatabaseRefusedError where there is none, too */
export async function openExistingDatabase(address: string): Promise<Database> {
  if (isPostgresAddress(address)) return (await postgres()).openPostgres(address, { mustExist: true });
  const file = filePath(address);
  if (existsSync(/* turbopackIgnore: true */ file)) return openSqlite(file);
  throw new DatabaseRefusedError(`There is no database ${file}.`);
}

/**
 * Opens a database that {@link openDatabase} has brought up to date: nothing is created, changed or seeded.
 * @param isReadOnly of a replica
 */
export async function openPreparedDatabase(address: string, isReadOnly = false): Promise<Database> {
  if (isPostgresAddress(address)) return (await postgres()).openPreparedPostgres(address, isReadOnly);
  return openPreparedSqlite(filePath(address));
}

/** Loaded by those alone who have such a database: its driver took a seventh of the time a command needs to start. */
function postgres() {
  return import("./postgres/open");
}

/** The path a file's address stands for. @throws DatabaseRefusedError for the address of something else */
function filePath(address: string): string {
  const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(address)?.[1];
  if (scheme !== undefined) {
    throw new DatabaseRefusedError(
      `${scheme}:// is no kind of database this program knows. Give the path of a SQLite file, or postgres://user@host/database.`,
    );
  }
  return path.resolve(/* turbopackIgnore: true */ address);
}

/** Address of the database this process uses: `IQ_DATABASE`, or `.iq/quickstart.db` in the project's folder. */
export function databaseAddress(): string {
  const named = process.env.IQ_DATABASE ?? "";
  if (named === "") return path.join(/* turbopackIgnore: true */ projectRoot(), DEFAULT_DATABASE_PATH);
  return isPostgresAddress(named) ? named : filePath(named);
}

/** Folder of the data that comes with the program. */
export function shippedDataDirectory(): string {
  return path.join(/* turbopackIgnore: true */ projectRoot(), "data");
}

// On globalThis: hot reload in development evaluates this module again and must not open a second handle.
const HANDLES = Symbol.for("inference-quickstart.databases");
type WithHandles = typeof globalThis & { [HANDLES]?: Map<string, Promise<Database>> };

function handles(): Map<string, Promise<Database>> {
  const holder: WithHandles = globalThis;
  holder[HANDLES] ??= new Map();
  return holder[HANDLES];
}

/**
 * The one handle of this process. The first call opens the database, brings it up to date and takes in shipped data that it has
 * not seen; one that is up to date is left as it is.
 * @throws DatabaseRefusedError
 */
export function database(): Promise<Database> {
  return openedOnce(databaseAddress(), async (address) => {
    const db = await openDatabase(address);
    try {
      await seedShipped(db, shippedDataDirectory(), new Date());
    } catch (error) {
      await db.engine.close();
      throw error;
    }
    return db;
  });
}

/** Address of the replica that pages may be read from: `IQ_DATABASE_READ`; `null` where there is none. */
function replicaAddress(): string | null {
  const named = process.env.IQ_DATABASE_READ ?? "";
  if (named === "") return null;
  return isPostgresAddress(named) ? named : filePath(named);
}

/**
 * The database to read from for one request: the replica where there is one that has the newest revision, or where the primary cannot
 * be reached; otherwise {@link database}.
 * @param primary the database that is written to, where it is open already
 */
export function readingDatabase(primary: () => Promise<Database> = database): Promise<Database> {
  const address = replicaAddress();
  if (address === null) return primary();
  const replica = () => openedOnce(address, () => openPreparedDatabase(address, true));
  // Both are asked for their newest revision: once for all parts of a page.
  return primary === database
    ? oncePerRequest(address, () => upToDateOf(primary, replica))
    : upToDateOf(primary, replica);
}

/** The handle to a key, opened by the first who asks; where that fails, the next one tries again. */
function openedOnce(key: string, open: (key: string) => Promise<Database>): Promise<Database> {
  const known = handles().get(key);
  if (known !== undefined) return known;
  const opened = open(key);
  handles().set(key, opened);
  opened.catch(() => handles().delete(key));
  return opened;
}

/** Closes every handle {@link database} opened, so that a command leaves one whole file behind. */
export async function closeDatabases(): Promise<void> {
  const open = [...handles().values()];
  handles().clear();
  for (const opened of open) {
    const db = await opened.catch(() => null);
    await db?.engine.close();
  }
}
