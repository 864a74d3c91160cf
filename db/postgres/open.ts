import type pg from "pg";
import { DatabaseRefusedError } from "../database-refused";
import type { Database } from "../handle";
import { readMigrations } from "../read-migrations";
import { postgresHandle } from "./engine";
import { ConnectionPool, poolSettings } from "./pool";

/** Held while a database is brought up to date. */
const MIGRATION_LOCK = 0x4951534d;

/** What the tables need: COLLATE "C", identity columns, multi-range indexes, all of 15. */
const OLDEST_SERVER = 150_000;

/** An address without its password, for messages. */
export function withoutPassword(address: string): string {
  try {
    const url = new URL(address);
    if (url.password !== "") url.password = "…";
    url.searchParams.delete("password");
    return decodeURI(url.href);
  } catch {
    return "postgres://…";
  }
}

/**
 * Opens a database on a PostgreSQL server and brings its tables up to date.
 * @param mustExist refuses a database without tables instead of making them
 * @throws DatabaseRefusedError where it is of a newer version of this program, of another program, or on an old server
 */
export async function openPostgres(address: string, { mustExist = false } = {}): Promise<Database> {
  if (!URL.canParse(address)) {
    throw new DatabaseRefusedError(
      "The address of the database is none: expected postgres://user:password@host/database.",
    );
  }
  const pool = poolFor(address, false);
  try {
    await pool.withConnection(null, (client) => migratePostgres(client, withoutPassword(address), mustExist));
  } catch (error) {
    await pool.end();
    throw error;
  }
  return postgresHandle(pool);
}

/** The same of a database that is up to date: nothing is created or changed. @param isReadOnly of a replica */
export function openPreparedPostgres(address: string, isReadOnly = false): Database {
  return postgresHandle(poolFor(address, isReadOnly));
}

function poolFor(address: string, isReadOnly: boolean): ConnectionPool {
  return new ConnectionPool(withoutPassword(address), address, poolSettings(process.env), { isReadOnly });
}

async function migratePostgres(client: pg.PoolClient, name: string, mustExist: boolean): Promise<void> {
  const migrations = readMigrations("postgres");
  const known = migrations.at(-1)?.version ?? 0;
  try {
    await client.query("BEGIN");
    const server = await client.query<{ version: number; encoding: string }>(
      "SELECT current_setting('server_version_num')::int AS version, current_setting('server_encoding') AS encoding",
    );
    if ((server.rows[0]?.version ?? 0) < OLDEST_SERVER) {
      throw new DatabaseRefusedError(`${name} is on a PostgreSQL server older than version 15. Use 15 or later.`);
    }
    const encoding = server.rows[0]?.encoding ?? "";
    if (encoding !== "UTF8") {
      throw new DatabaseRefusedError(
        `${name} has the encoding ${encoding}, which cannot hold every text. Create one with UTF8 (createdb --encoding=UTF8 --template=template0 NAME).`,
      );
    }
    await client.query("SELECT pg_advisory_xact_lock($1)", [MIGRATION_LOCK]);
    const version = await storedVersion(client, name);
    if (version === 0 && mustExist) throw new DatabaseRefusedError(`${name} is an empty database.`);
    if (version > known) {
      throw new DatabaseRefusedError(
        `${name} was written by a newer version of Inference Quickstart (database version ${version}, this program knows ${known}). ` +
          "Update the program, or name another database in IQ_DATABASE; this one was not touched.",
      );
    }
    for (const migration of migrations) if (migration.version > version) await client.query(migration.sql);
    if (version < known) {
      await client.query("UPDATE database_version SET version = $1", [known]);
    }
    await client.query("COMMIT");
  } catch (error) {
    await client.query("ROLLBACK").catch(() => undefined);
    throw error;
  }
}

/** Version of the tables that are there; 0 in an empty schema. @throws DatabaseRefusedError where other tables are */
async function storedVersion(client: pg.PoolClient, name: string): Promise<number> {
  const tables = await client.query<{ name: string }>(
    "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = current_schema()",
  );
  if (tables.rows.length === 0) return 0;
  if (!tables.rows.some((table) => table.name === "database_version")) {
    throw new DatabaseRefusedError(
      `${name} holds tables of another program (${tables.rows[0]?.name ?? ""}, …). Name an empty database in IQ_DATABASE; this one was not touched.`,
    );
  }
  const { rows } = await client.query<{ version: number }>("SELECT version FROM database_version");
  return rows[0]?.version ?? 0;
}
