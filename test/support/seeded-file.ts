import { existsSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { openDatabase, shippedDataDirectory } from "../../db/client";
import { seedShipped } from "../../db/store/seed-shipped";

/** A closed database file with the shipped data, as after a first start. */
export interface SeededFile {
  path: string;
  /** Deletes it, unless it is there for the next set of tests as well. */
  remove(): void;
}

/**
 * Makes the file once a run, to be copied wherever a test begins with the shipped data: reading them takes seconds. `npm test` names
 * a place in `IQ_TEST_SEEDED_FILE` that all its sets share.
 */
export async function seededFile(): Promise<SeededFile> {
  const shared = process.env.IQ_TEST_SEEDED_FILE ?? "";
  const folder = shared === "" ? mkdtempSync(path.join(tmpdir(), "iq-seeded-")) : null;
  const file = folder === null ? shared : path.join(folder, "seeded.db");
  if (!existsSync(file)) {
    const unfinished = `${file}.${process.pid}`;
    await seedWhole(unfinished);
    renameSync(unfinished, file);
  }
  return { path: file, remove: () => folder !== null && rmSync(folder, { recursive: true, force: true }) };
}

/** Brings a database up to date and takes in the shipped data, as a first start does. @param address a file or a URL */
export async function seedWhole(address: string): Promise<void> {
  const db = await openDatabase(address);
  try {
    await seedShipped(db, shippedDataDirectory(), new Date());
  } finally {
    await db.engine.close();
  }
}
