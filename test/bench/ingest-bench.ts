import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, createReadStream, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { type IncomingMessage, request } from "node:http";
import path from "node:path";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { type Database, openDatabase } from "../../db/client";
import { projectRoot } from "../../db/project-root";
import { sqliteClient } from "../../db/sqlite/engine";
import type { HeldFile } from "../../lib/ingest/report";
import { diskSource } from "../../server/intake/byte-source";
import { ingestFiles } from "../../server/intake/ingest-files";
import type { Catalogue } from "./database-bench";
import { generatedStageReports, generatedVllmReports } from "./generated-reports";
import { writeAiperfRecords, writePerRequestFile, writeZip } from "./large-files";
import { startProduct } from "./product";
import { atMost, figures, ms, type Row, type Section } from "./report";
import { median } from "./statistics";

const REPORTS = 1000;
/** The first times are those of a program that was just started: its code is not yet compiled to the machine's own. */
const WARM_UPS = 8;
const TIMES = 5;
const MOST_TIMES_THE_FLOOR = 3;

const LARGE_FILE_BYTES = 1_000_000_000;
const ZIPPED_REPORTS = 10_000;
const MOST_PEAK_BYTES = 500_000_000;
const BYTES_PER_MB = 1_000_000;
const MS_PER_S = 1000;
const MODEL = "example-org/Example-70B";
const PEAK_MEMORY = path.join(projectRoot(), "test", "bench", "peak-memory.mjs");
const FACTS = ["--model", MODEL, "--accelerator", "h100-sxm-80gb", "--accelerator-count", "2"];

/** Tables an ingest writes, each row after those it refers to. */
const TABLES = ["ingest", "configuration", "workload", "model", "report", "run", "run_report", "load_point"];

async function freshDatabase(seeded: string, file: string): Promise<Database> {
  for (const suffix of ["", "-wal", "-shm"]) rmSync(`${file}${suffix}`, { force: true });
  copyFileSync(seeded, file);
  return openDatabase(file);
}

/** Reports through the one way in, beside the least that could be done: `JSON.parse` and the very same rows inserted. */
export async function benchSummaryReports(folder: string, seeded: string, catalogue: Catalogue): Promise<Section> {
  return {
    title: "Ingest of summary reports",
    rows: [
      await summaryRow("vLLM results", generatedVllmReports(REPORTS, catalogue.accelerators, MODEL)),
      await summaryRow("inference-perf stages", generatedStageReports(REPORTS, catalogue.accelerators, MODEL)),
    ],
  };

  async function summaryRow(what: string, reports: readonly HeldFile[]): Promise<Row> {
    const root = path.join(folder, "reports");
    rmSync(root, { recursive: true, force: true });
    for (const { path: name, bytes } of reports) {
      mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
      writeFileSync(path.join(root, name), bytes);
    }
    const ours: number[] = [];
    const floor: number[] = [];
    for (let time = 0; time < WARM_UPS + TIMES; time += 1) {
      const db = await freshDatabase(seeded, path.join(folder, "summary.db"));
      const start = performance.now();
      const outcome = await ingestFiles(
        db,
        reports.map(({ path: name }) => ({ path: name, named: false, source: diskSource(path.join(root, name)) })),
        { given: {}, way: "cli", reason: "bench", dryRun: false, now: new Date() },
      );
      if (time >= WARM_UPS) ours.push(performance.now() - start);
      const problem = outcome.problems[0];
      if (problem !== undefined || outcome.loadPoints !== REPORTS)
        throw new Error(`Not all was read: ${problem?.message}`);
      const rows = TABLES.map((table) => ({ table, rows: newRows(db, table, outcome.revision) }));
      await db.engine.close();
      const taken = await floorMs(
        root,
        reports,
        await freshDatabase(seeded, path.join(folder, "floor.db")),
        rows,
        outcome.revision,
      );
      if (time >= WARM_UPS) floor.push(taken);
    }
    const [oursMs, leastMs] = [median(ours), median(floor)];
    const times = oursMs / leastMs;
    const bytes = reports.reduce((sum, file) => sum + file.bytes.byteLength, 0);
    return {
      what: `${REPORTS.toLocaleString("en-US")} ${what}, read and stored`,
      value: `${ms(oursMs)}, ${figures(times)} times the floor`,
      compared: `JSON.parse and inserting the rows alone: ${ms(leastMs)}`,
      budget: atMost(times, MOST_TIMES_THE_FLOOR, `${MOST_TIMES_THE_FLOOR} times the floor`),
      how: `${figures(bytes / 1000)} kB in ${reports.length.toLocaleString("en-US")} files (a side file to each ten reports) from disk through the one way in, committed with their bytes to a copy of the seeded database; the floor reads the same files, parses them with JSON.parse and inserts the same rows, made beforehand, in one transaction. In a process of its own, as iq ingest is; median of ${TIMES} after ${WARM_UPS} warm-ups.`,
    };
  }
}

function newRows(db: Database, table: string, revision: number): unknown[][] {
  const runs = `SELECT run_id FROM run WHERE added_in_revision = ${revision}`;
  const where: Record<string, string> = {
    ingest: `revision = ${revision}`,
    model: `added_in_revision = ${revision}`,
    run: `added_in_revision = ${revision}`,
    report: `sha256 IN (SELECT sha256 FROM run_report WHERE run_id IN (${runs}))`,
    configuration: `configuration_id IN (SELECT configuration_id FROM run WHERE added_in_revision = ${revision})`,
    workload: `workload_id IN (SELECT workload_id FROM run WHERE added_in_revision = ${revision})`,
  };
  const sql = `SELECT * FROM ${table} WHERE ${where[table] ?? `run_id IN (${runs})`}`;
  return sqliteClient(db).prepare<[], unknown[]>(sql).raw().all();
}

async function floorMs(
  root: string,
  reports: readonly HeldFile[],
  db: Database,
  tables: readonly { table: string; rows: readonly unknown[][] }[],
  revision: number,
): Promise<number> {
  const start = performance.now();
  for (const { path: name } of reports) {
    if (name.endsWith(".json")) JSON.parse(readFileSync(path.join(root, name), "utf8"));
  }
  sqliteClient(db).transaction(() => {
    sqliteClient(db).prepare("INSERT INTO revision (id, created_at, reason) VALUES (?, '', 'floor')").run(revision);
    for (const { table, rows } of tables) {
      const places = (rows[0] ?? []).map(() => "?").join(", ");
      if (places === "") continue;
      // What the seeded database has already (a workload, a model) is left as it is.
      const insert = sqliteClient(db).prepare<unknown[]>(
        `INSERT INTO ${table} VALUES (${places}) ON CONFLICT DO NOTHING`,
      );
      for (const row of rows) insert.run(...row);
    }
  })();
  const taken = performance.now() - start;
  await db.engine.close();
  return taken;
}

/** Files far larger than the memory they may take, through the command line. */
export async function benchLargeFiles(folder: string, seeded: string, catalogue: Catalogue): Promise<Section> {
  const file = path.join(folder, "per_request_lifecycle_metrics.json");
  writePerRequestFile(file, LARGE_FILE_BYTES);
  const perRequest = await largeRow("inference-perf per-request file", file, FACTS);
  const posted = await postedRow(file);
  rmSync(file);
  const lines = path.join(folder, "profile_export.jsonl");
  writeAiperfRecords(lines, LARGE_FILE_BYTES);
  const aiperf = await largeRow("AIPerf JSONL", lines, FACTS);
  rmSync(lines);
  const zip = path.join(folder, "reports.zip");
  writeZip(zip, generatedVllmReports(ZIPPED_REPORTS, catalogue.accelerators, MODEL));
  const zipped = await largeRow(`zip of ${ZIPPED_REPORTS.toLocaleString("en-US")} reports`, zip, []);
  rmSync(zip);
  return { title: "Ingest of large files", rows: [perRequest, posted, aiperf, zipped] };

  async function largeRow(what: string, file: string, facts: readonly string[]): Promise<Row> {
    const megabytes = statSync(file).size / BYTES_PER_MB;
    const database = path.join(folder, "large.db");
    await (await freshDatabase(seeded, database)).engine.close();
    const start = performance.now();
    const peakBytes = await peakOfIngest(database, path.join(folder, "peak"), [file, ...facts]);
    const seconds = (performance.now() - start) / MS_PER_S;
    rmSync(database);
    return {
      what: `${what}, ${figures(megabytes)} MB`,
      value: `${figures(seconds)} s, at most ${figures(peakBytes / BYTES_PER_MB)} MB of memory`,
      budget: atMost(peakBytes, MOST_PEAK_BYTES, `${MOST_PEAK_BYTES / BYTES_PER_MB} MB`),
      how: "iq ingest as a process of its own on a copy of the seeded database, its start included; memory is the largest resident set the process had.",
    };
  }

  /** To a server that starts for the first time, and so seeds its database before. */
  async function postedRow(file: string): Promise<Row> {
    const megabytes = statSync(file).size / BYTES_PER_MB;
    const database = path.join(folder, "posted.db");
    const peakFile = path.join(folder, "peak");
    const product = await startProduct(database, {
      imports: [PEAK_MEMORY],
      environment: { PEAK_MEMORY_FILE: peakFile },
    });
    const facts = new URLSearchParams({
      fileName: path.basename(file),
      model: MODEL,
      accelerator: "h100-sxm-80gb",
      accelerator_count: "2",
    });
    const start = performance.now();
    try {
      await post(`${product.origin}/api/v1/reports?${facts}`, file);
    } finally {
      await product.stop();
    }
    const seconds = (performance.now() - start) / MS_PER_S;
    const peakBytes = Number(readFileSync(peakFile, "utf8"));
    rmSync(database);
    return {
      what: `the same sent to a server, ${figures(megabytes)} MB`,
      value: `${figures(seconds)} s, at most ${figures(peakBytes / BYTES_PER_MB)} MB of memory`,
      budget: atMost(peakBytes, MOST_PEAK_BYTES, `${MOST_PEAK_BYTES / BYTES_PER_MB} MB`),
      how: "POST /api/v1/reports with the file as the body, to a server just started on a new database; memory is the largest resident set of the server's process.",
    };
  }
}

/** Sends a file as the body, a piece at a time. */
async function post(address: string, file: string): Promise<void> {
  const sending = request(address, { method: "POST" });
  const answered = once(sending, "response") as Promise<[IncomingMessage]>;
  await pipeline(createReadStream(file), sending);
  const [answer] = await answered;
  const body = await text(answer);
  if (answer.statusCode !== 200) throw new Error(`The server answered ${answer.statusCode}: ${body}`);
}

/** Runs `iq ingest` and returns the most memory it had, in bytes. */
async function peakOfIngest(database: string, peakFile: string, args: readonly string[]): Promise<number> {
  const root = projectRoot();
  const child = spawn(
    process.execPath,
    ["--import", PEAK_MEMORY, "scripts/run.js", "scripts/iq.ts", "ingest", ...args],
    {
      cwd: root,
      env: { ...process.env, IQ_DATABASE: database, PEAK_MEMORY_FILE: peakFile },
      stdio: "ignore",
    },
  );
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  if (code !== 0) throw new Error(`iq ingest ended with ${code}.`);
  return Number(readFileSync(peakFile, "utf8"));
}
