import { readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "pg";
import { describe, expect, inject, it } from "vitest";
import { type Database, openDatabase } from "../../db/client";
import { diskSource } from "../../server/intake/byte-source";
import { onPostgres } from "../support/postgres-databases";
import { tarGzOf } from "../unit/db/archives";
import { countRows } from "../unit/db/small-data";
import { databaseFaults, ingest } from "../unit/server/intake/intake-support";
import {
  type Command,
  copyOf,
  emptyDatabase,
  isPostgres,
  leftBehind,
  lightDatabase,
  startIq,
  testFolder,
  writeFigures,
} from "./ingest-support";

/** Processes killed before they ended by themselves. */
const KILLS = isPostgres ? 12 : 50;
/** Some end before the moment comes; more of those than this prove nothing. */
const MOST_STARTS = 3 * KILLS;
/** Killed processes at a time: one a core of a small machine. */
const LANES = 2;
const ROWS = 1000;

/** The program starts before this share of the whole time; what is killed there has touched nothing. */
const FIRST_KILL_SHARE = 0.5;
const LAST_KILL_SHARE = 1.05;

const MOST_MS_BEHIND_SIGN = 10;

/** How often a sign of the moment to kill is looked for. */
const LOOK_EVERY_MS = 1;

interface Counts {
  runs: number;
  points: number;
  ingests: number;
}

async function counts(db: Database): Promise<Counts> {
  return {
    runs: await countRows(db, "run"),
    points: await countRows(db, "load_point"),
    ingests: await countRows(db, "ingest"),
  };
}

describe("an ingest killed at any moment", () => {
  const { folder, temporary } = testFolder();

  it("is whole or absent, the database is sound, and running it again completes it", { timeout: 600_000 }, async () => {
    const template = await lightDatabase(await emptyDatabase(path.join(folder, "template.db")));
    const report = path.join(folder, "reports", "mine.csv");
    const runs = writeFigures(report, "mine", ROWS);
    // Every other one from an archive, which is unpacked to a temporary file first.
    const archive = path.join(folder, "reports", "mine.tar.gz");
    writeFileSync(archive, await tarGzOf([{ name: "mine.csv", content: readFileSync(report) }]));
    const database = (lane: string) => path.join(folder, `${lane}.db`);

    const before = await openDatabase(template);
    const seeded = await counts(before);
    await before.engine.close();

    // Twice: the first start is slower than all others.
    let wholeMs = 0;
    for (let time = 0; time < 2; time++) {
      const measured = await copyOf(template, database("measure"));
      const start = performance.now();
      const { code, stderr } = await startIq(measured, temporary, ["ingest", report]).ended;
      expect(code, stderr).toBe(0);
      wholeMs = performance.now() - start;
    }

    const outcomes = { killed: 0, absent: 0, whole: 0 };

    /** Waits for the moment: a share of the whole time, or the write of the transaction, or the word that it is done. */
    const moment = async (command: Command, file: string, index: number, client: Client | null): Promise<void> => {
      const share = (index % KILLS) / (KILLS - 1);
      if (index % 3 === 0) {
        await sleep((FIRST_KILL_SHARE + (LAST_KILL_SHARE - FIRST_KILL_SHARE) * share) * wholeMs);
        return;
      }
      const sign =
        index % 3 === 1 ? () => hasBegunToWrite(file, client) : async () => command.stdout().includes("Stored");
      while (!(await sign()) && command.process.exitCode === null) await sleep(LOOK_EVERY_MS);
      await sleep(share * MOST_MS_BEHIND_SIGN);
    };

    const killOne = async (lane: number, index: number, client: Client | null): Promise<void> => {
      const file = await copyOf(template, database(`lane-${lane}`));
      const source = Math.floor(index / LANES) % 2 === 0 ? report : archive;
      const command = startIq(file, temporary, ["ingest", source]);
      await Promise.race([moment(command, file, index, client), command.ended]);
      command.process.kill("SIGKILL");
      const { signal } = await command.ended;
      const isKilled = signal === "SIGKILL";
      if (isKilled) outcomes.killed++;

      const db = await openDatabase(file);
      try {
        expect(await databaseFaults(db), `after kill ${index}`).toEqual([]);
        const complete = { runs: seeded.runs + runs, points: seeded.points + ROWS, ingests: seeded.ingests + 1 };
        const found = await counts(db);
        if (isKilled) outcomes[found.points === seeded.points ? "absent" : "whole"]++;
        expect([seeded, complete]).toContainEqual(found);
        const again = await ingest(db, [{ path: "mine", named: true, source: diskSource(source) }], { given: {} });
        expect(again).toMatchObject({ problems: [] });
        expect(again.loadPoints + again.duplicates).toBe(ROWS);
        expect(await counts(db)).toMatchObject({ runs: complete.runs, points: complete.points });
        expect(await databaseFaults(db)).toEqual([]);
      } finally {
        await db.engine.close();
      }
    };

    let started = 0;
    const inLane = async (lane: number, client: Client | null) => {
      while (outcomes.killed < KILLS && started < MOST_STARTS) await killOne(lane, started++, client);
    };
    // The signs are looked for every millisecond, so over one connection.
    await Promise.all(
      Array.from({ length: LANES }, (_, lane) =>
        isPostgres ? onPostgres(inject("postgresUrl") ?? "", (client) => inLane(lane, client)) : inLane(lane, null),
      ),
    );
    expect(leftBehind(temporary)).toEqual([]);
    expect(outcomes.killed).toBeGreaterThanOrEqual(KILLS);
    // Kills that all came too early or too late would prove nothing.
    expect(outcomes.absent).toBeGreaterThan(KILLS / 10);
    expect(outcomes.whole).toBeGreaterThan(KILLS / 10);
    console.log(`Killed ${outcomes.killed} of ${started}: ${outcomes.absent} absent, ${outcomes.whole} whole.`);
  });
});

/** Whether the ingest has written to the database, which was closed before it. @param client of the server it is on, if it is on one */
async function hasBegunToWrite(address: string, client: Client | null): Promise<boolean> {
  if (client === null) return (statSync(`${address}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0;
  const { rows } = await client.query("SELECT 1 FROM pg_stat_activity WHERE datname = $1 AND backend_xid IS NOT NULL", [
    new URL(address).pathname.slice(1),
  ]);
  return rows.length > 0;
}
