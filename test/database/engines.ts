import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import SqliteDatabase from "better-sqlite3";
import { Client } from "pg";
import { openDatabase } from "../../db/client";
import { createDatabase, databaseName, dropDatabase } from "../support/postgres-databases";

/** A value as both drivers take it. */
export type Value = string | number | null | Buffer;

/** SQL with `?` for each value. */
export type Statement = readonly [sql: string, ...values: Value[]];

/** One engine of the database, spoken to in plain SQL that both understand. */
export interface Engine {
  rows(...statement: Statement): Promise<Record<string, unknown>[]>;
  /**
   * Runs statements in one transaction.
   * @returns what the engine says if it refuses one of them or the end of the transaction; `null` if it takes them all
   */
  transaction(statements: readonly Statement[], end: "COMMIT" | "ROLLBACK"): Promise<string | null>;
  /** To be said in a transaction: references are looked at when it ends. */
  deferReferences: string;
  /** Deletes the database. */
  end(): Promise<void>;
}

/** A file with the product's empty tables. */
export async function sqliteEngine(): Promise<Engine> {
  const folder = mkdtempSync(path.join(tmpdir(), "iq-engine-"));
  const file = path.join(folder, "quickstart.db");
  await (await openDatabase(file)).engine.close();
  const client = new SqliteDatabase(file);
  client.pragma("foreign_keys = ON");
  const run = (sql: string, values: Value[] = []) => {
    const statement = client.prepare<Value[], Record<string, unknown>>(sql);
    if (statement.reader) return statement.all(...values);
    statement.run(...values);
    return [];
  };
  return {
    rows: async (sql, ...values) => run(sql, values),
    async transaction(statements, end) {
      run("BEGIN");
      try {
        for (const [sql, ...values] of statements) run(sql, values);
        run(end);
        return null;
      } catch (error) {
        if (client.inTransaction) run("ROLLBACK");
        return messageOf(error);
      }
    },
    deferReferences: "PRAGMA defer_foreign_keys = ON",
    async end() {
      client.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/**
 * A database with the product's empty tables.
 * @param url of the server
 * @param template database to make it from
 */
export async function postgresEngine(url: string, template: string): Promise<Engine> {
  const name = databaseName();
  const client = new Client({ connectionString: await createDatabase(url, name, template) });
  await client.connect();
  const run = async (sql: string, values: Value[] = []) => {
    let number = 0;
    const { rows } = await client.query<Record<string, unknown>>(
      sql.replaceAll("?", () => `$${++number}`),
      values,
    );
    return rows;
  };
  return {
    rows: (sql, ...values) => run(sql, values),
    async transaction(statements, end) {
      await run("BEGIN");
      try {
        for (const [sql, ...values] of statements) await run(sql, values);
        await run(end);
        return null;
      } catch (error) {
        // After a refused COMMIT there is no transaction any more: then this is a warning nobody hears.
        await run("ROLLBACK");
        return messageOf(error);
      }
    },
    deferReferences: "SET CONSTRAINTS ALL DEFERRED",
    async end() {
      await client.end();
      await dropDatabase(url, name);
    },
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
