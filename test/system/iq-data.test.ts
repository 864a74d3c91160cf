import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import SqliteDatabase from "better-sqlite3";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { copyDatabase, ROOT, seededDatabase, testFolder } from "./ingest-support";

const { folder } = testFolder();
const SEED_TIMEOUT_MS = 60_000;
const WATCH_TIMEOUT_MS = 40_000;

function figures(concurrency: number): string {
  return `source_name,measured_on,model,accelerator,accelerator_count,server,server_version,precision,tensor_parallelism,series,dataset,input_tokens,output_tokens,load_kind,load_value,output_tokens_per_second,ttft_ms_p50,tpot_ms_p50
me,2026-08-01,me/tiny,h100-sxm-80gb,1,vllm,0.11.0,bf16,1,s1,random,512,128,concurrency,${concurrency},${concurrency * 90},20,11
`;
}

let seeded = "";
let copies = 0;

beforeAll(async () => {
  seeded = await seededDatabase(path.join(folder, "seeded.db"));
}, SEED_TIMEOUT_MS);

function workplace() {
  copies++;
  const place = path.join(folder, `place-${copies}`);
  mkdirSync(path.join(place, "reports"), { recursive: true });
  return { file: copyDatabase(seeded, path.join(place, "iq.db")), reports: path.join(place, "reports"), place };
}

function run(file: string, args: string[], input?: string) {
  const child = spawnSync(process.execPath, ["scripts/run.js", "scripts/iq.ts", ...args], {
    cwd: ROOT,
    env: { ...process.env, IQ_DATABASE: file },
    encoding: "utf8",
    ...(input === undefined ? {} : { input }),
  });
  return { status: child.status, stdout: child.stdout, stderr: child.stderr };
}

/** One value of a query over the file, as another program sees it. */
function ask(file: string, sql: string): unknown {
  const client = new SqliteDatabase(file, { readonly: true });
  try {
    return client.prepare(sql).pluck().get();
  } finally {
    client.close();
  }
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 100));
}

describe("iq ingest", () => {
  it("reads standard input", () => {
    const { file } = workplace();
    const result = run(file, ["ingest", "-"], figures(4));
    expect(result.status, result.stderr).toBe(0);
    expect(result.stdout).toContain("Stored 1 load point as dataset revision 2");
    expect(ask(file, "SELECT reason FROM ingest ORDER BY id DESC")).toBe("ingest standard input");
  });

  it("reads folders with all below them, or not", () => {
    const { file, reports } = workplace();
    mkdirSync(path.join(reports, "deep", "deeper"), { recursive: true });
    writeFileSync(path.join(reports, "top.csv"), figures(1));
    writeFileSync(path.join(reports, "deep", "deeper", "low.csv"), figures(2));
    expect(run(file, ["ingest", reports, "--no-recursive", "--dry-run"]).stdout).toContain("Would store 1 load point");
    expect(run(file, ["ingest", reports, "--recursive"]).stdout).toContain("Stored 2 load points");
  });

  it(
    "--watch takes results in as they come",
    async () => {
      const { file, reports } = workplace();
      writeFileSync(path.join(reports, "first.csv"), figures(1));
      const watching = spawn(process.execPath, ["scripts/run.js", "scripts/iq.ts", "ingest", "--watch", reports], {
        cwd: ROOT,
        env: { ...process.env, IQ_DATABASE: file },
      });
      onTestFinished(() => void watching.kill("SIGKILL"));
      let messages = "";
      watching.stderr.on("data", (chunk: Buffer) => {
        messages += chunk.toString();
      });
      await until(() => messages.includes("Watching"));
      const points = () =>
        ask(file, "SELECT count(*) FROM load_point JOIN run USING (run_id) WHERE source_name = 'me'");
      expect(points()).toBe(1);
      writeFileSync(path.join(reports, "second.csv"), figures(2));
      await until(() => points() === 2);
      const ended = new Promise((resolve) => watching.once("exit", resolve));
      watching.kill("SIGINT");
      expect(await ended).toBe(0);
    },
    WATCH_TIMEOUT_MS,
  );
});

describe("what was brought", () => {
  it("is listed, can be taken back as a whole, and comes in again", () => {
    const { file, reports } = workplace();
    writeFileSync(path.join(reports, "mine.csv"), figures(4));
    writeFileSync(path.join(reports, "wrong.csv"), figures(4).replace(",20,11", ",-20,11"));
    expect(run(file, ["ingest", reports]).status).toBe(1);

    const audit = run(file, ["ingests"]).stdout;
    expect(audit).toMatch(
      /^2 {2}\S+ {2}cli {2}ingest reports: 1 load point of 2 files, revision 2\n {4}refused: .*wrong\.csv/,
    );
    const listed = run(file, ["runs", "--source", "me"]).stdout;
    expect(listed).toContain("me/tiny on 1× h100-sxm-80gb");
    expect(listed).toContain("1 run, 1 load point.");

    const retired = run(file, ["retire", "--ingest", "2"]);
    expect(retired.stdout).toContain("Retired 1 run with 1 load point. Dataset revision 3");
    expect(run(file, ["runs", "--source", "me"]).stdout).toContain("0 runs");
    expect(run(file, ["runs", "--source", "me", "--retired"]).stdout).toContain("retired in revision 3");
    expect(run(file, ["retire", "--ingest", "2"]).status).toBe(1);
    expect(run(file, ["ingest", path.join(reports, "mine.csv")]).stdout).toContain("as dataset revision 4");
  });

  it("that came with the program is taken back only by who is sure", () => {
    const { file } = workplace();
    run(file, ["runs"]);
    const writable = new SqliteDatabase(file);
    writable.prepare("INSERT INTO share (slug, query, revision, created_at) VALUES ('abcdefghij', '', 1, '')").run();
    writable.close();
    const valid = () => ask(file, "SELECT count(*) FROM run WHERE retired_in_revision IS NULL");
    const before = valid();
    expect(before).toBeGreaterThan(100);

    const piped = run(file, ["retire", "--ingest", "1"]);
    expect(piped).toMatchObject({ status: 1, stdout: "" });
    expect(piped.stderr).toMatch(/came with the program\. [\d,]+ runs with [\d,]+ load points.*1 share link goes on/);
    expect(piped.stderr).toMatch(/\/s\/abcdefghij \(revision 1\).*add --yes/s);
    expect(valid()).toBe(before);

    if (spawnSync("script", ["--version"]).status === 0) {
      const onTerminal = (answer: string) => {
        const command = `"${process.execPath}" scripts/run.js scripts/iq.ts retire --ingest 1`;
        const env = { ...process.env, IQ_DATABASE: file };
        return spawnSync("script", ["-qec", command, "/dev/null"], { cwd: ROOT, env, encoding: "utf8", input: answer });
      };
      const declined = onTerminal("no\n");
      expect(declined.stdout).toMatch(/Retire it\? \[yes\/no\].*Nothing was retired\./s);
      expect(declined.status).toBe(1);
      expect(valid()).toBe(before);
      expect(onTerminal("yes\n")).toMatchObject({ status: 0, stdout: expect.stringMatching(/Retired [\d,]+ runs/) });
    } else {
      console.log("script (util-linux) is not installed: the question on a terminal was not tried.");
      expect(run(file, ["retire", "--ingest", "1", "--yes"]).status).toBe(0);
    }
    expect(valid()).toBe(0);
    // Gone already: nothing to be sure of.
    expect(run(file, ["retire", "--ingest", "1", "--yes"]).stderr).toContain("Nothing to retire");
  });

  it("is deleted for good only when that is said twice, and the share links that break are named", () => {
    const { file, reports } = workplace();
    writeFileSync(path.join(reports, "mine.csv"), figures(4).replace(",s1,", ",series-only-here,"));
    run(file, ["ingest", reports]);
    expect(readFileSync(file).includes("series-only-here")).toBe(true);
    const writable = new SqliteDatabase(file);
    writable
      .prepare("INSERT INTO share (slug, query, revision, created_at) VALUES ('abcdefghij', 'model=me/tiny', 2, '')")
      .run();
    writable.close();

    const asked = run(file, ["purge", "--ingest", "2"]);
    expect(asked.status).toBe(1);
    expect(asked.stdout).toContain("Would delete 1 run, 1 load point and 1 report.");
    expect(asked.stdout).toContain("/s/abcdefghij");
    expect(asked.stderr).toContain("--yes");
    expect(ask(file, "SELECT count(*) FROM run WHERE source_name = 'me'")).toBe(1);

    const deleted = run(file, ["purge", "--ingest", "2", "--yes", "--reason", "personal data"]);
    expect(deleted.status, deleted.stderr).toBe(0);
    expect(deleted.stdout).toContain("Deleted 1 run, 1 load point and 1 report.");
    expect(ask(file, "SELECT count(*) FROM run WHERE source_name = 'me'")).toBe(0);
    expect(ask(file, "SELECT count(*) FROM model WHERE model_id = 'me/tiny'")).toBe(0);
    expect(ask(file, "SELECT slug FROM purged_share")).toBe("abcdefghij");
    expect(ask(file, "PRAGMA integrity_check")).toBe("ok");
    // Overwritten, not only unlinked.
    expect(readFileSync(file).includes("series-only-here")).toBe(false);
  });

  it("is looked for with filters that make sense, or not at all", () => {
    const { file } = workplace();
    const wrong = run(file, ["runs", "--from", "last tuesday"]);
    expect(wrong).toMatchObject({ status: 2, stdout: "" });
    expect(wrong.stderr).toMatch(/--from.*last tuesday.*expected a date/);
    expect(run(file, ["runs", "--to", "2026-12-31", "--retired"]).status).toBe(0);
  });

  it("goes out to a reader that has seen enough, and to no folder that is not there", () => {
    const { file, place } = workplace();
    const command = `"${process.execPath}" scripts/run.js scripts/iq.ts export | head -c 100`;
    const headed = spawnSync("bash", ["-o", "pipefail", "-c", command], {
      cwd: ROOT,
      env: { ...process.env, IQ_DATABASE: file },
      encoding: "utf8",
    });
    expect(headed).toMatchObject({ status: 0, stderr: "" });
    const nowhere = run(file, ["export", "-o", path.join(place, "missing", "out.jsonl")]);
    expect(nowhere.status).toBe(1);
    expect(nowhere.stderr).toMatch(/^\S+out\.jsonl cannot be written: ENOENT[^\n]*\n$/);
  });

  it("goes out as a file that brings it to another database", () => {
    const { file, reports, place } = workplace();
    writeFileSync(path.join(reports, "mine.csv"), figures(4));
    run(file, ["ingest", reports]);
    const out = path.join(place, "export.jsonl");
    expect(run(file, ["export", "--model", "me/tiny", "-o", out]).status).toBe(0);
    const other = workplace();
    const taken = run(other.file, ["ingest", out]);
    expect(taken.status, taken.stderr).toBe(0);
    const points = "SELECT group_concat(point_id) FROM load_point JOIN run USING (run_id) WHERE source_name = 'me'";
    expect(ask(other.file, points)).toBe(ask(file, points));
    expect(ask(other.file, "SELECT count(*) FROM report WHERE file_name = 'mine.csv'")).toBe(1);
    const csv = run(file, ["export", "--model", "me/tiny", "--format", "csv"]).stdout;
    expect(run(other.file, ["ingest", "-"], csv).stdout).toContain("Nothing new");
    expect(run(file, ["export", "--revision", "99"]).status).toBe(1);
  });
});
