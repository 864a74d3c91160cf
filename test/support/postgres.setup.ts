/**
 * One server of PostgreSQL for all tests of a set: the one `IQ_TEST_POSTGRES` names, else one of their own. Each test file makes
 * databases of its own there. Whatever happens, nothing is left behind.
 */
import type { Client } from "pg";
import type { TestProject } from "vitest/node";
import { openDatabase } from "../../db/client";
import { createDatabase, databaseName, dropDatabase, onPostgres } from "./postgres-databases";
import { OLDEST_POSTGRES } from "./postgres-programs";
import { type PostgresServer, startPostgres } from "./postgres-server";
import { seedWhole } from "./seeded-file";

declare module "vitest" {
  interface ProvidedContext {
    /** A server whose user may create databases; `null` = there is none, and what needs it is skipped. */
    postgresUrl: string | null;
    /** Name of a database with the product's empty tables, to make others from. */
    postgresTemplate: string;
    /** Name of one with the shipped data as well, in the sets that begin with it; nobody is connected to it. */
    postgresSeeded: string | null;
  }
}

let server: PostgresServer | null = null;
let url: string | null = null;
const template = databaseName();
const seeded = databaseName();

export async function setup(project: TestProject): Promise<void> {
  const named = process.env.IQ_TEST_POSTGRES ?? "";
  if (named === "") server = await startPostgres();
  else await requireUsable(named);
  url = named === "" ? (server?.url ?? null) : named;
  if (url === null) {
    console.log(
      `PostgreSQL was not found: the second engine was not tested (install PostgreSQL ${OLDEST_POSTGRES} or later, or name a server in IQ_TEST_POSTGRES, e.g. postgres://user:password@host/database).`,
    );
  } else {
    try {
      const db = await openDatabase(await createDatabase(url, template));
      await db.engine.close();
      if (beginsSeeded(project)) await seedWhole(await createDatabase(url, seeded, template));
    } catch (error) {
      await teardown();
      throw error;
    }
  }
  project.provide("postgresUrl", url);
  project.provide("postgresTemplate", template);
  project.provide("postgresSeeded", url !== null && beginsSeeded(project) ? seeded : null);
}

/** Tests of the database have data of their own. */
function beginsSeeded({ name }: TestProject): boolean {
  return name === "postgres-system";
}

export async function teardown(): Promise<void> {
  if (server !== null) await server.stop();
  else if (url !== null) for (const name of [template, seeded]) await dropDatabase(url, name);
  server = null;
  url = null;
}

/** @throws where the tests cannot use the server that was named */
async function requireUsable(named: string): Promise<void> {
  const refuse = (found: string, cause?: unknown) =>
    new Error(
      `IQ_TEST_POSTGRES: expected the URL of a PostgreSQL ${OLDEST_POSTGRES} or later whose user may create databases, found ${found}. Name another one, or none: then the tests start their own.`,
      { cause },
    );
  const version = await onPostgres(named, versionOf).catch((error: unknown) => {
    throw refuse(`one that cannot be asked: ${error instanceof Error ? error.message : String(error)}`, error);
  });
  if (version < OLDEST_POSTGRES) throw refuse(`PostgreSQL ${version}`);
}

async function versionOf(client: Client): Promise<number> {
  const { rows } = await client.query<{ version: number }>(
    "SELECT current_setting('server_version_num')::integer / 10000 AS version",
  );
  return rows[0]?.version ?? 0;
}
