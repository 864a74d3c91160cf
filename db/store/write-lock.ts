import { setTimeout as sleep } from "node:timers/promises";
import SqliteDatabase from "better-sqlite3";
import type { Database } from "../handle";

/** A large ingest of another process may hold the lock for seconds. */
const GIVE_UP_AFTER_MS = 120_000;

/** Between two tries; the process serves others meanwhile. */
const WAIT_MS = 50;

/** Of a transaction that writes: it takes the lock at once, so that what it reads first stays true until it has written. */
export const IMMEDIATE = { behavior: "immediate" } as const;

/**
 * Runs a write transaction, waiting while another process writes, without blocking this one.
 * @throws what `write` throws; SQLITE_BUSY when the lock was not to be had in two minutes
 */
export async function withWriteLock<T>(db: Database, write: () => T): Promise<T> {
  const started = performance.now();
  for (;;) {
    const usual = Number(db.$client.pragma("busy_timeout", { simple: true }));
    // SQLite's own waiting blocks the whole thread.
    db.$client.pragma("busy_timeout = 0");
    try {
      return write();
    } catch (error) {
      const busy = error instanceof SqliteDatabase.SqliteError && error.code.startsWith("SQLITE_BUSY");
      if (!busy || performance.now() - started > GIVE_UP_AFTER_MS) throw error;
    } finally {
      db.$client.pragma(`busy_timeout = ${usual}`);
    }
    await sleep(WAIT_MS);
  }
}
