import { afterEach, describe, expect, it, vi } from "vitest";
import { closeDatabases, readingDatabase } from "../../../db/client";
import type { Database } from "../../../db/handle";
import { getCurrentRevision } from "../../../db/queries/get-revision";
import { upToDateOf } from "../../../db/reading-database";
import { copyDatabase } from "../../../db/store/copy-database";
import { figuresCsv, ingestTexts, seededDatabase, temporaryDatabase, temporaryFile } from "./small-data";

const MINE = figuresCsv("mine", [{ concurrency: 2, outputTokensPerSecond: 90, ttftMs: 55 }]);

async function copyOf(db: Database): Promise<Database> {
  const copy = await temporaryDatabase();
  expect(await copyDatabase(db, copy, () => undefined)).toMatchObject({ ok: true });
  return copy;
}

const lost = async (): Promise<Database> => {
  throw new Error("cannot be reached");
};

describe("the database pages are read from", () => {
  afterEach(async () => {
    await closeDatabases();
    vi.unstubAllEnvs();
  });

  it("is the replica while it has all the primary has, and the primary while the replica is behind", async () => {
    const primary = await seededDatabase();
    const replica = await copyOf(primary);
    const asked = () =>
      upToDateOf(
        async () => primary,
        async () => replica,
      );
    expect(await asked()).toBe(replica);
    const { revision } = await ingestTexts(primary, { "mine.csv": MINE });
    expect(await asked()).toBe(primary);
    expect((await getCurrentRevision(await asked())).id).toBe(revision);
    await ingestTexts(replica, { "mine.csv": MINE });
    expect(await asked()).toBe(replica);
  });

  it("is the one that can be reached, and an error of the primary where none can", async () => {
    const db = await seededDatabase();
    expect(await upToDateOf(lost, async () => db)).toBe(db);
    expect(await upToDateOf(async () => db, lost)).toBe(db);
    await expect(upToDateOf(lost, lost)).rejects.toThrow("cannot be reached");
  });

  it("is the primary where no replica is named, and the one named in IQ_DATABASE_READ where one is", async () => {
    const primary = await seededDatabase();
    vi.stubEnv("IQ_DATABASE_READ", "");
    expect(await readingDatabase(async () => primary)).toBe(primary);
    const file = temporaryFile();
    const replica = await temporaryDatabase(file);
    await copyDatabase(primary, replica, () => undefined);
    vi.stubEnv("IQ_DATABASE_READ", file);
    expect((await readingDatabase(async () => primary)).engine.name).toBe(file);
    vi.stubEnv("IQ_DATABASE_READ", "mysql://host/name");
    await expect(async () => readingDatabase(async () => primary)).rejects.toThrow(/no kind of database/);
  });
});
