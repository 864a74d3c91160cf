import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { openDatabase } from "../../db/client";
import { TABLES_IN_ORDER } from "../../db/store/copy-database";
import { emptyDatabase, seededDatabase, startIq, testFolder } from "./ingest-support";

/** Copies killed before they ended. */
const KILLS = 4;

/** The last of them after so long; copying takes a second or more. */
const LATEST_MS = 400;

async function rowsIn(address: string): Promise<number> {
  const db = await openDatabase(address);
  try {
    let rows = 0;
    for (const table of TABLES_IN_ORDER) rows += await db.$count(table);
    return rows;
  } finally {
    await db.engine.close();
  }
}

describe("iq database copy", () => {
  const { folder, temporary } = testFolder();
  const file = path.join(folder, "from.db");

  const iq = async (database: string, ...args: string[]) => startIq(database, temporary, args).ended;

  it("gives a database that writes the same manifests, into one of each engine and back", async () => {
    await seededDatabase(file);
    const target = await emptyDatabase(path.join(folder, "to.db"));
    const back = path.join(folder, "back.db");
    for (const [from, to] of [
      [file, target],
      [target, back],
    ] as const) {
      const copied = await iq(from, "database", "copy", "--from", from, "--to", to);
      expect(copied).toMatchObject({ code: 0 });
      expect(copied.stdout).toMatch(/^Copied [\d,]+ rows to \S+, dataset revision 1\.\n$/);
    }
    const choice = ["--configuration", "b200-sxm-180gb-x1-vllm-1b359917", "--slo", "tpot:mean:50"];
    const original = await iq(file, "manifests", "create", ...choice);
    expect(original.code, original.stderr).toBe(0);
    expect(original.stdout).toContain("kind: Deployment");
    for (const copy of [target, back]) {
      expect((await iq(copy, "manifests", "create", ...choice)).stdout).toBe(original.stdout);
    }

    const again = await iq(file, "database", "copy", "--from", file, "--to", target);
    expect(again).toMatchObject({ code: 1, stdout: "" });
    expect(again.stderr).toMatch(/ is not empty: it holds dataset revision 1\. Name an empty database in --to/);
  });

  it("leaves the target empty when it is killed, and can be made again", async () => {
    await seededDatabase(file);
    const target = await emptyDatabase(path.join(folder, "killed.db"));
    const before = await rowsIn(target);
    let killed = 0;
    while (killed < KILLS) {
      const copying = startIq(file, temporary, ["database", "copy", "--from", file, "--to", target]);
      // It says how far it is as soon as it has begun to write.
      while (!copying.stderr().includes("copied: 0 of") && copying.process.exitCode === null) await sleep(1);
      await sleep(LATEST_MS * (killed / KILLS));
      copying.process.kill("SIGKILL");
      const { signal } = await copying.ended;
      if (signal !== "SIGKILL") break;
      killed++;
      expect(await rowsIn(target)).toBe(before);
    }
    expect(killed).toBeGreaterThan(1);
    if (killed === KILLS) {
      expect(await iq(file, "database", "copy", "--from", file, "--to", target)).toMatchObject({ code: 0 });
    }
    expect(await rowsIn(target)).toBe(await rowsIn(file));
  });

  it("is refused where there is nothing to copy, and makes nothing", async () => {
    const nothing = path.join(folder, "nothing.db");
    const refused = await iq(file, "database", "copy", "--from", nothing, "--to", path.join(folder, "unmade.db"));
    expect(refused).toMatchObject({ code: 1, stdout: "", stderr: `There is no database ${nothing}.\n` });
    const unknown = await iq(file, "database", "copy", "--from", "mysql://host/name", "--to", nothing);
    expect(unknown).toMatchObject({ code: 1, stdout: "" });
    expect(unknown.stderr).toMatch(/^mysql:\/\/ is no kind of database this program knows\./);
  });
});
