import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { Database } from "../handle";

/** Another process that still reads is waited for this often and this long; most finish at once. */
const TRIES = 20;
const WAIT_MS = 100;

const checkpointRows = z.array(z.object({ busy: z.number() }));

/** Runs a write after which what it deletes is overwritten in the database file, not only unlinked. */
export function overwriting<T>(db: Database, write: () => T): T {
  db.$client.pragma("secure_delete = ON");
  try {
    return write();
  } finally {
    db.$client.pragma("secure_delete = OFF");
  }
}

/**
 * Empties the write-ahead log, which still holds what was deleted.
 * @returns false where another process still reads an earlier state, so that it could not be emptied
 */
export async function emptyLog(db: Database): Promise<boolean> {
  for (let tries = 0; tries < TRIES; tries++) {
    const [row] = checkpointRows.parse(db.$client.pragma("wal_checkpoint(TRUNCATE)"));
    if (row?.busy !== 1) return true;
    await sleep(WAIT_MS);
  }
  return false;
}
