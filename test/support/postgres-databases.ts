import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { Client } from "pg";

const MIGRATIONS = path.resolve(import.meta.dirname, "../../db/migrations/postgres");

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

/**
 * Creates a database.
 * @param url of any database of the server, by somebody who may create others
 * @param template a database to copy; nobody may be connected to it
 * @returns its URL
 */
export async function createDatabase(url: string, name: string, template = "template0"): Promise<string> {
  await onPostgres(url, (client) =>
    client.query(`CREATE DATABASE ${client.escapeIdentifier(name)} TEMPLATE ${client.escapeIdentifier(template)}`),
  );
  const created = new URL(url);
  created.pathname = `/${encodeURIComponent(name)}`;
  return created.href;
}

/** Deletes a database, whoever is connected to it; one that is not there is fine. */
export async function dropDatabase(url: string, name: string): Promise<void> {
  await onPostgres(url, (client) =>
    client.query(`DROP DATABASE IF EXISTS ${client.escapeIdentifier(name)} WITH (FORCE)`),
  );
}

/** A name no other test has. */
export function databaseName(): string {
  return `iq_test_${randomBytes(6).toString("hex")}`;
}

/** Runs the migrations on an empty database, in one transaction. */
export async function migratePostgres(url: string): Promise<void> {
  const migrations = readdirSync(MIGRATIONS).sort();
  await onPostgres(url, async (client) => {
    await client.query("BEGIN");
    for (const name of migrations) await client.query(readFileSync(path.join(MIGRATIONS, name), "utf8"));
    await client.query("UPDATE database_version SET version = $1", [migrations.length]);
    await client.query("COMMIT");
  });
}
