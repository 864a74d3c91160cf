import { randomBytes } from "node:crypto";
import { Client, escapeIdentifier, Pool } from "pg";

/** Runs statements on a database of PostgreSQL, one connection for them all. */
export async function onPostgres<T>(url: string, run: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await run(client);
  } finally {
    await client.end();
  }
}

/** How long a connection is kept for the next database to be made or deleted. */
const KEPT_MS = 5_000;

/** By the address they are to: a new connection takes longer than what it is asked for. */
const kept = new Map<string, Pool>();

/** Runs one statement on the database an address names, over a connection that is kept for the next. */
async function order(url: string, statement: string): Promise<void> {
  let pool = kept.get(url);
  if (pool === undefined) {
    pool = new Pool({ connectionString: url, idleTimeoutMillis: KEPT_MS, allowExitOnIdle: true });
    // Of a server that was ended while nobody asked it anything.
    pool.on("error", () => {});
    kept.set(url, pool);
  }
  await pool.query(statement);
}

/**
 * Creates a database. Its files are copied as they are, not row by row through the log, which takes twice as long.
 * @param url of any database of the server, by somebody who may create others
 * @param template a database to copy; nobody may be connected to it
 * @returns its URL
 */
export async function createDatabase(url: string, name: string, template = "template0"): Promise<string> {
  await order(
    url,
    `CREATE DATABASE ${escapeIdentifier(name)} TEMPLATE ${escapeIdentifier(template)} STRATEGY FILE_COPY`,
  );
  const created = new URL(url);
  created.pathname = `/${encodeURIComponent(name)}`;
  return created.href;
}

/** Deletes a database, whoever is connected to it; one that is not there is fine. */
export async function dropDatabase(url: string, name: string): Promise<void> {
  await order(url, `DROP DATABASE IF EXISTS ${escapeIdentifier(name)} WITH (FORCE)`);
}

/** A name no other test has. */
export function databaseName(): string {
  return `iq_test_${randomBytes(6).toString("hex")}`;
}
