import { is, sql } from "drizzle-orm";
import { getTableConfig, SQLiteTable } from "drizzle-orm/sqlite-core";
import { describe, expect, it } from "vitest";
import type { Database } from "../../../db/client";
import { getReport } from "../../../db/queries/get-report";
import { getCurrentRevision } from "../../../db/queries/get-revision";
import { getShare } from "../../../db/queries/get-share";
import * as schema from "../../../db/schema";
import { copyDatabase, TABLES_IN_ORDER } from "../../../db/store/copy-database";
import { createShare } from "../../../db/store/create-share";
import { gzipMember } from "../../../db/store/file-to-store";
import { purgeRuns } from "../../../db/store/purge-runs";
import { replaceContent } from "../../../db/store/replace-row";
import { retireRuns } from "../../../db/store/retire-runs";
import { exportChunks } from "../../../server/export-dataset";
import {
  countRows,
  figuresCsv,
  ingestTexts,
  NOW,
  seededDatabase,
  temporaryDatabase,
  temporaryFile,
} from "./small-data";

const MINE = figuresCsv("mine", [
  { concurrency: 1, outputTokensPerSecond: 44, ttftMs: 51.25 },
  { concurrency: 8, outputTokensPerSecond: 349.1, ttftMs: 0.1 + 0.2 },
]);
const OTHER = figuresCsv("other", [{ concurrency: 2, outputTokensPerSecond: 90, ttftMs: 55 }]);
const GUIDELLM_EXTRAS = figuresCsv("third", [{ concurrency: 4, outputTokensPerSecond: 170, ttftMs: 60 }]);

/** A database with something in every table: retired and ingested again, purged, shared, a report of several parts. */
async function filledDatabase(): Promise<{ db: Database; slug: string; sha256: string }> {
  const db = await seededDatabase();
  const mine = await ingestTexts(db, { "mine.csv": MINE });
  await retireRuns(db, { ingestId: 2 }, "a mistake", NOW);
  await ingestTexts(db, { "mine.csv": MINE });
  const slug = await createShare(db, "model=org/small", 2);
  const broken = await createShare(db, "model=org/small", 4);
  await ingestTexts(db, { "other.csv": OTHER });
  await createShare(db, "model=org/small", 5);
  await purgeRuns(db, { ingestId: 4 }, { reason: "must go", dryRun: false, now: NOW });
  const third = await ingestTexts(db, { "third.csv": GUIDELLM_EXTRAS });
  const point = third.runs[0]?.points[0];
  await db
    .insert(schema.loadPointDetail)
    .values({ runId: point?.runId ?? "", ordinal: point?.ordinal ?? 0, measuredOn: "2026-08-02", extras: { a: "ü" } });
  const sha256 = mine.runs[0]?.points[0]?.reportSha256 ?? "";
  const half = MINE.length / 2;
  const parts = [MINE.slice(0, half), MINE.slice(half), "\n"].map((part) => gzipMember(Buffer.from(part)));
  await db.engine.write((tx) => replaceContent(tx, sha256, parts, []));
  expect(await getShare(db, broken)).not.toBeNull();
  return { db, slug, sha256 };
}

/** Where a database is copied to: of the set's engine, and a file. */
const TARGETS = {
  "a database of this engine": () => temporaryDatabase(),
  "a file": () => temporaryDatabase(temporaryFile()),
};

/** All rows of all tables, as the columns hold them. */
async function everyRow(db: Database): Promise<Record<string, unknown[]>> {
  const rows: Record<string, unknown[]> = {};
  for (const table of TABLES_IN_ORDER) {
    const lists = await db.engine.prepareLists(db.select().from(table))({});
    rows[getTableConfig(table).name] = lists.map((list) => JSON.stringify(list)).sort();
  }
  return rows;
}

async function exported(db: Database): Promise<string> {
  const chunks: string[] = [];
  const revision = await getCurrentRevision(db);
  const asked = { format: "json", reports: true, model: null } as const;
  for await (const chunk of exportChunks(db, revision, asked)) chunks.push(chunk);
  return chunks.join("");
}

const ignore = () => undefined;

describe("a copy of a database", () => {
  it("has every table", () => {
    const tables = Object.values<unknown>(schema).filter((value): value is SQLiteTable => is(value, SQLiteTable));
    expect(new Set(TABLES_IN_ORDER)).toEqual(new Set(tables));
  });

  it.each(Object.entries(TARGETS))("has every row, and so has a copy of the copy: %s", async (_, makeTarget) => {
    const { db, slug, sha256 } = await filledDatabase();
    const before = await everyRow(db);
    for (const [table, rows] of Object.entries(before)) expect(rows, table).not.toEqual([]);
    const target = await makeTarget();
    const copied = await copyDatabase(db, target, ignore);
    const rows = Object.values(before).flat().length;
    expect(copied).toEqual({ ok: true, value: { rows, revision: 7 } });
    expect(await everyRow(target)).toEqual(before);
    expect(await getShare(target, slug)).toEqual(await getShare(db, slug));
    expect((await getReport(target, sha256))?.hasManyParts).toBe(true);
    expect(await exported(target)).toBe(await exported(db));
    expect(await everyRow(db)).toEqual(before);

    const back = await temporaryDatabase();
    expect(await copyDatabase(target, back, ignore)).toMatchObject({ ok: true });
    expect(await everyRow(back)).toEqual(before);
  });

  it("goes on where the original was: new rows get numbers after the copied ones", async () => {
    const { db } = await filledDatabase();
    const target = await temporaryDatabase();
    await copyDatabase(db, target, ignore);
    const numbers = async () =>
      (await target.select({ id: sql<number>`max(${schema.purge.id})` }).from(schema.purge))[0]?.id ?? 0;
    const last = await numbers();
    await ingestTexts(target, { "new.csv": OTHER.replaceAll("org/small", "example/new-model") });
    const again = await ingestTexts(target, { "mine.csv": MINE });
    expect(again).toMatchObject({ loadPoints: 0, duplicates: 2 });
    await purgeRuns(target, { ingestId: 6 }, { reason: "must go, too", dryRun: false, now: NOW });
    expect(await numbers()).toBe(last + 1);
  });

  it("is refused into a database that holds something, which stays as it is", async () => {
    const { db } = await filledDatabase();
    const target = await seededDatabase();
    const before = await everyRow(target);
    const copied = await copyDatabase(db, target, ignore);
    expect(copied).toEqual({ ok: false, error: `${target.engine.name} is not empty: it holds dataset revision 1.` });
    expect(await everyRow(target)).toEqual(before);
  });

  it("leaves the target empty where it fails half-way, and can then be made", async () => {
    const { db } = await filledDatabase();
    const target = await temporaryDatabase();
    const before = await everyRow(target);
    const failing = copyDatabase(db, target, ({ rowsDone, rows }) => {
      if (rowsDone > rows / 2) throw new Error("the power went");
    });
    await expect(failing).rejects.toThrow("the power went");
    expect(await everyRow(target)).toEqual(before);
    expect(await countRows(target, "load_point")).toBe(0);
    expect(await copyDatabase(db, target, ignore)).toMatchObject({ ok: true });
    expect(await everyRow(target)).toEqual(await everyRow(db));
  });

  it("takes texts with U+0000 along, which PostgreSQL holds as U+FFFD", async () => {
    const source = await temporaryDatabase(temporaryFile());
    await source.insert(schema.revision).values({ id: 1, createdAt: NOW.toISOString(), reason: "a\u0000b" });
    const target = await temporaryDatabase();
    expect(await copyDatabase(source, target, ignore)).toMatchObject({ ok: true });
    const reasons = (await target.select().from(schema.revision)).map(({ reason }) => reason);
    expect(reasons).toContain(target.engine.kind === "postgres" ? "a\uFFFDb" : "a\u0000b");
  });

  it("is of one state: what is stored meanwhile is not in it", async () => {
    const { db } = await filledDatabase();
    const before = await everyRow(db);
    const target = await temporaryDatabase(temporaryFile());
    let storing: Promise<unknown> | null = null;
    await copyDatabase(db, target, () => {
      storing ??= ingestTexts(db, { "other.csv": OTHER });
    });
    await storing;
    expect((await getCurrentRevision(db)).id).toBe(8);
    expect(await everyRow(target)).toEqual(before);
  });
});
