import { copyFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { type Database, openDatabase } from "../../db/client";
import { countLoadPoints } from "../../db/queries/count-load-points";
import { getCurrentRevision } from "../../db/queries/get-revision";
import { countRows } from "../unit/db/small-data";
import { databaseFaults } from "../unit/server/intake/intake-support";
import { copyOf, emptyDatabase, seededDatabase, startIq, testFolder, writeFigures } from "./ingest-support";

const ROWS = 2000;
const FILES = 3;
/** Often enough to see each of the revisions, not so often that looking takes the time of writing. */
const LOOK_EVERY_MS = 20;

/** Looks at the database as a page would, over and over, until all writers are done. */
async function readUntil(
  file: string,
  done: Promise<unknown>,
): Promise<{ reads: number; revisions: Map<number, Set<number>> }> {
  const db = await openDatabase(file);
  const revisions = new Map<number, Set<number>>();
  let ended = false;
  void done.finally(() => {
    ended = true;
  });
  let reads = 0;
  while (!ended) {
    const revision = (await getCurrentRevision(db)).id;
    const points = await countLoadPoints(db, revision);
    revisions.set(revision, (revisions.get(revision) ?? new Set()).add(points));
    reads++;
    await sleep(LOOK_EVERY_MS);
  }
  await db.engine.close();
  return { reads, revisions };
}

describe("two processes that ingest at once", () => {
  const { folder, temporary } = testFolder();
  let template = "";
  let seeded = { runs: 0, points: 0, ingests: 0 };
  const counts = async (db: Database) => ({
    runs: await countRows(db, "run"),
    points: await countRows(db, "load_point"),
    ingests: await countRows(db, "ingest"),
  });

  beforeAll(async () => {
    template = await seededDatabase(await emptyDatabase(path.join(folder, "template.db")));
    const db = await openDatabase(template);
    seeded = await counts(db);
    await db.engine.close();
  });

  it("both succeed, nothing is lost, and a reader meanwhile sees whole revisions only", async () => {
    const file = await copyOf(template, path.join(folder, "different.db"));
    const names = Array.from({ length: FILES }, (_, index) => path.join(folder, `writer-${index}.csv`));
    let runs = 0;
    for (const [index, name] of names.entries()) runs += writeFigures(name, `writer-${index}`, ROWS);

    const commands = names.map((name) => startIq(file, temporary, ["ingest", "--json", name]));
    const all = Promise.all(commands.map((command) => command.ended));
    const reader = readUntil(file, all);
    const ended = await all;
    const { reads, revisions } = await reader;

    for (const { code, stderr } of ended) expect(code, stderr).toBe(0);
    const outcomes = ended.map(({ stdout }) => JSON.parse(stdout) as { revision: number; loadPoints: number });
    expect(outcomes.map(({ loadPoints }) => loadPoints)).toEqual(names.map(() => ROWS));
    expect(new Set(outcomes.map(({ revision }) => revision)).size).toBe(FILES);
    expect(reads).toBeGreaterThan(10);
    for (const [revision, points] of revisions) {
      expect([...points], `revision ${revision}`).toEqual([seeded.points + (revision - 1) * ROWS]);
    }
    const db = await openDatabase(file);
    expect(await counts(db)).toEqual({
      runs: seeded.runs + runs,
      points: seeded.points + FILES * ROWS,
      ingests: seeded.ingests + FILES,
    });
    expect(await databaseFaults(db)).toEqual([]);
    await db.engine.close();
  });

  it("with the same figures store them once", async () => {
    const file = await copyOf(template, path.join(folder, "same.db"));
    const name = path.join(folder, "same.csv");
    const runs = writeFigures(name, "same", ROWS);
    const copy = path.join(folder, "other-name.csv");
    copyFileSync(name, copy);
    const ended = await Promise.all(
      [name, copy].map((which) => startIq(file, temporary, ["ingest", "--json", which]).ended),
    );
    for (const { code, stderr } of ended) expect(code, stderr).toBe(0);
    const outcomes = ended.map(({ stdout }) => JSON.parse(stdout) as { loadPoints: number; duplicates: number });
    expect(outcomes.map(({ loadPoints }) => loadPoints).sort((a, b) => a - b)).toEqual([0, ROWS]);
    expect(outcomes.map(({ duplicates }) => duplicates).sort((a, b) => a - b)).toEqual([0, ROWS]);
    const db = await openDatabase(file);
    expect(await counts(db)).toMatchObject({ runs: seeded.runs + runs, points: seeded.points + ROWS });
    expect(await databaseFaults(db)).toEqual([]);
    await db.engine.close();
  });

  it("on a database that is empty, or not there yet, make it", async () => {
    const file = await emptyDatabase(path.join(folder, "new.db"));
    const names = ["new-a.csv", "new-b.csv"].map((name) => path.join(folder, name));
    for (const [index, name] of names.entries()) writeFigures(name, `new-${index}`, 100);
    const ended = await Promise.all(names.map((name) => startIq(file, temporary, ["ingest", name]).ended));
    for (const { code, stderr } of ended) expect(code, stderr).toBe(0);
    const db = await openDatabase(file);
    expect(await counts(db)).toMatchObject({ points: seeded.points + 200, ingests: seeded.ingests + 2 });
    expect(await databaseFaults(db)).toEqual([]);
    await db.engine.close();
  });
});
