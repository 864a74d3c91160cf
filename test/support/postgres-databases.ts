import { randomBytes } from "node:crypto";
import { Client } from "pg";

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
