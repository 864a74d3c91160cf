import { statfs } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import SqliteDatabase from "better-sqlite3";
import { getTableColumns, type SQLWrapper, sql } from "drizzle-orm";
import { type BetterSQLite3Database, drizzle } from "drizzle-orm/better-sqlite3";
import type { SQLiteInsertValue, SQLiteTable } from "drizzle-orm/sqlite-core";
import { z } from "zod";
import type { Database, DatabaseEngine, OnConflict } from "../handle";
import { lockTimeoutMs } from "../settings";

/** Between two tries; the process serves others meanwhile. */
const WAIT_MS = 50;

/** Another process that still reads is waited for this often and this long before the log is left as it is; most finish at once. */
const LOG_TRIES = 20;
const LOG_WAIT_MS = 100;

const pragmaRows = z.array(z.record(z.string(), z.unknown()));
const checkpointRows = z.array(z.object({ busy: z.number() }));

type Client = SqliteDatabase.Database;
type Drizzle = BetterSQLite3Database & { $client: Client };

/** A database of the embedded engine. Its answers are there at once; awaiting them costs nothing. */
export interface SqliteHandle extends Database {
  /** The driver's own handle, for this folder, tests and benchmarks. */
  readonly $client: Client;
}

/** The driver's handle of a database of this engine. @throws for one of the other engine */
export function sqliteClient(db: Database): Client {
  if (db.engine.kind !== "sqlite") throw new Error("This is no SQLite database.");
  return (db as SqliteHandle).$client;
}

/**
 * A handle over an open file.
 * @param openAgain opens the file a second time, for a transaction: others who ask meanwhile must not be in it
 */
export function sqliteHandle(client: Client, openAgain: () => Client): SqliteHandle {
  return withEngine(client, new SqliteEngine(client, openAgain));
}

function withEngine(client: Client, engine: DatabaseEngine): SqliteHandle {
  const db: Drizzle = drizzle(client, { casing: "snake_case" });
  // drizzle's types tell answers that are there at once from those to come; whoever awaits both needs not know.
  return Object.assign(db, { engine }) as unknown as SqliteHandle;
}

/** A handle over a connection that is in a transaction. */
function withinTransaction(client: Client): SqliteHandle {
  const refuse = () => {
    throw new Error("A transaction cannot begin inside another one.");
  };
  const engine = new SqliteEngine(client, refuse);
  engine.write = async () => refuse();
  return withEngine(client, engine);
}

class SqliteEngine implements DatabaseEngine {
  readonly kind = "sqlite";
  readonly name: string;
  private readonly insertions = new Map<SQLiteTable, Map<OnConflict, SqliteDatabase.Statement>>();
  private writer: { client: Client; db: Database } | null = null;
  /** The last write of this process that was asked for: the next one begins after it. */
  private lastWrite: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly client: Client,
    private readonly openAgain: () => Client,
  ) {
    this.name = client.name;
  }

  prepare: DatabaseEngine["prepare"] = (question) => {
    const prepared = question.prepare();
    return async (values) => prepared.execute(values);
  };

  prepareLists: DatabaseEngine["prepareLists"] = (question: SQLWrapper & { prepare?: () => unknown }) => {
    const prepared = question.prepare?.() as { values(values: Record<string, unknown>): unknown[][] };
    return async (values) => prepared.values(values);
  };

  insertLists: DatabaseEngine["insertLists"] = async (table, rows, onConflict) => {
    const statement = this.insertion(table, onConflict);
    let added = 0;
    for (const row of rows) added += statement.run(row).changes;
    return added;
  };

  private insertion(table: SQLiteTable, onConflict: OnConflict): SqliteDatabase.Statement {
    const known = this.insertions.get(table) ?? new Map<OnConflict, SqliteDatabase.Statement>();
    this.insertions.set(table, known);
    const prepared = known.get(onConflict);
    if (prepared !== undefined) return prepared;
    const keys = Object.keys(getTableColumns(table));
    const values = Object.fromEntries(keys.map((key) => [key, sql.placeholder(key)])) as SQLiteInsertValue<SQLiteTable>;
    const insert = drizzle(this.client, { casing: "snake_case" }).insert(table).values(values);
    const fresh = this.client.prepare((onConflict === "ignore" ? insert.onConflictDoNothing() : insert).toSQL().sql);
    known.set(onConflict, fresh);
    return fresh;
  }

  fromJsonList: DatabaseEngine["fromJsonList"] = (list) => sql`(select value from json_each(${list}))`;

  fromJsonPairs: DatabaseEngine["fromJsonPairs"] = (list) =>
    sql`(select value ->> 0, value ->> 1 from json_each(${list}))`;

  write: DatabaseEngine["write"] = (work, options) => {
    const done = this.lastWrite.then(() => this.transaction(work, options?.isErasing === true));
    this.lastWrite = done.catch(() => undefined);
    return done;
  };

  private async transaction<T>(work: (db: Database) => Promise<T>, isErasing: boolean): Promise<T> {
    const { client, db } = this.writing();
    client.pragma(`secure_delete = ${isErasing ? "ON" : "OFF"}`);
    await begin(client);
    try {
      const result = await work(db);
      client.exec("COMMIT");
      return result;
    } catch (error) {
      // After some errors SQLite has rolled back by itself.
      if (client.inTransaction) client.exec("ROLLBACK");
      throw error;
    }
  }

  private writing(): { client: Client; db: Database } {
    if (this.writer === null) {
      const client = this.openAgain();
      // Waiting inside SQLite would block the whole thread.
      client.pragma("busy_timeout = 0");
      this.writer = { client, db: withinTransaction(client) };
    }
    return this.writer;
  }

  read: DatabaseEngine["read"] = async (work) => {
    const client = this.openAgain();
    try {
      client.exec("BEGIN");
      return await work(withinTransaction(client));
    } finally {
      client.close();
    }
  };

  async refreshStatistics(): Promise<void> {
    // SQLite plans our questions by their form and the indexes there are, the same for few rows and many.
  }

  async deferReferences(): Promise<void> {
    this.client.pragma("defer_foreign_keys = ON");
  }

  async continueNumbering(): Promise<void> {
    // SQLite gives the number after the largest there is.
  }

  async faults(): Promise<string[]> {
    const integrity = pragmaRows.parse(this.client.pragma("integrity_check")).map((row) => String(row.integrity_check));
    return integrity.filter((line) => line !== "ok").map((line) => `SQLite's integrity check says: ${line}.`);
  }

  async compact(): Promise<void> {
    const compacted = this.lastWrite.then(() => whileFree(() => this.writing().client.exec("VACUUM")));
    this.lastWrite = compacted.catch(() => undefined);
    await compacted;
  }

  async emptyLog(): Promise<boolean> {
    for (let tries = 0; tries < LOG_TRIES; tries++) {
      const [row] = checkpointRows.parse(this.writing().client.pragma("wal_checkpoint(TRUNCATE)"));
      if (row?.busy !== 1) return true;
      await sleep(LOG_WAIT_MS);
    }
    return false;
  }

  async space(): Promise<{ usedBytes: number; freeBytes: number | null }> {
    const number = (name: string) => Number(this.client.pragma(name, { simple: true }));
    const { bavail, bsize } = await statfs(path.dirname(this.name));
    return { usedBytes: number("page_count") * number("page_size"), freeBytes: bavail * bsize };
  }

  async close(): Promise<void> {
    await this.lastWrite;
    this.writer?.client.close();
    this.client.close();
  }
}

/** Takes the lock for writing, waiting while another process has it, without blocking this one. */
async function begin(client: Client): Promise<void> {
  await whileFree(() => client.exec("BEGIN IMMEDIATE"));
}

/** @throws SQLITE_BUSY when others kept the lock for longer than {@link lockTimeoutMs} */
async function whileFree(step: () => unknown): Promise<void> {
  const started = performance.now();
  for (;;) {
    try {
      step();
      return;
    } catch (error) {
      const isBusy = error instanceof SqliteDatabase.SqliteError && error.code.startsWith("SQLITE_BUSY");
      if (!isBusy || performance.now() - started > lockTimeoutMs()) throw error;
    }
    await sleep(WAIT_MS);
  }
}
