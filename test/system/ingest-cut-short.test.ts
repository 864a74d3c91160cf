/** An ingest that is told to end, or may open too few files: it stores all or nothing, says why, and can be run again. */
import { spawnSync } from "node:child_process";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import SqliteDatabase from "better-sqlite3";
import { beforeAll, describe, expect, it } from "vitest";
import { copyDatabase, ROOT, seededDatabase, startIq, testFolder, writeFigures } from "./ingest-support";

const ROWS = 3000;

/** By then it has ended, whatever it was about. */
const LONGEST_END_MS = 10_000;

describe("an ingest that is cut short", () => {
  const { folder, temporary } = testFolder();
  const report = path.join(folder, "reports", "mine.csv");
  let template = "";
  let runs = 0;

  beforeAll(async () => {
    template = await seededDatabase(path.join(folder, "template.db"));
    runs = writeFigures(report, "mine", ROWS);
  });

  /** What is stored of the report; the file is looked at as another program would. */
  function stored(file: string): { points: number; runs: number; faults: unknown } {
    const client = new SqliteDatabase(file);
    try {
      const count = (what: string) => Number(client.prepare(what).pluck().get());
      return {
        points: count("SELECT count(*) FROM load_point JOIN run USING (run_id) WHERE source_name = 'mine'"),
        runs: count("SELECT count(*) FROM run WHERE source_name = 'mine'"),
        faults: client.pragma("integrity_check", { simple: true }),
      };
    } finally {
      client.close();
    }
  }
  const all = { points: ROWS, runs: expect.any(Number), faults: "ok" };
  const nothing = { points: 0, runs: 0, faults: "ok" };

  it("by SIGTERM ends within ten seconds with all of it stored or nothing, and is completed when it is run again", {
    timeout: 240_000,
  }, async () => {
    for (const [index, waitMs] of [0, 300, 900].entries()) {
      const file = copyDatabase(template, path.join(folder, `told-${index}.db`));
      const command = startIq(file, temporary, ["ingest", report]);
      // From when it has begun to read.
      while (!command.stderr().includes("reading") && command.process.exitCode === null) await sleep(5);
      await sleep(waitMs);
      const told = performance.now();
      command.process.kill("SIGTERM");
      const { code } = await command.ended;
      expect(performance.now() - told).toBeLessThan(LONGEST_END_MS);
      const found = stored(file);
      expect([ROWS, 0]).toContain(found.points);
      expect(found).toEqual(found.points === 0 ? nothing : all);
      if (code === 0) expect(found.points).toBe(ROWS);
      expect(await startIq(file, temporary, ["ingest", report]).ended).toMatchObject({ code: 0 });
      expect(stored(file)).toEqual({ ...all, runs });
    }
  });

  it("by too few files it may open says so, without a stack, and stores all of it or nothing", {
    timeout: 240_000,
  }, () => {
    const said: string[] = [];
    for (const limit of [20, 22, 24, 40]) {
      const file = copyDatabase(template, path.join(folder, `few-${limit}.db`));
      const { status, stdout, stderr } = spawnSync(
        "/bin/sh",
        ["-c", `ulimit -n ${limit} && exec "$0" scripts/run.js scripts/iq.ts ingest "$1"`, process.execPath, report],
        { cwd: ROOT, encoding: "utf8", env: { ...process.env, IQ_DATABASE: file, TMPDIR: temporary } },
      );
      // With hardly any the runtime itself cannot start.
      if (status !== 0 && status !== 1) continue;
      const found = stored(file);
      expect(found, stdout + stderr).toEqual(status === 0 ? { ...all, runs } : nothing);
      if (status === 0) continue;
      said.push(stderr);
      expect(stderr).toMatch(/too many (?:open files|files open)|no more files open/);
      expect(stderr).not.toMatch(/^ +at /m);
    }
    expect(said.length).toBeGreaterThan(0);
  });
});
