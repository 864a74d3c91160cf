import { createReadStream, createWriteStream, linkSync, mkdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { createGzip } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";
import { openDatabase } from "../../db/client";
import { getReport } from "../../db/queries/get-report";
import { writeAiperfRecords, writePerRequestFile } from "../bench/large-files";
import { countRows } from "../unit/db/small-data";
import { databaseFaults } from "../unit/server/intake/intake-support";
import { copyDatabase, leftBehind, seededDatabase, startIq, testFolder } from "./ingest-support";

const FILE_BYTES = 120 * 1024 * 1024;
/** A file of 1 GB may take 500 MB. This one is smaller and may take less: held in memory as text or records, it would take more. */
const MAX_PEAK_BYTES = 300 * 1000 * 1000;
const FACTS = [
  "--model",
  "example-org/Example-8B-Instruct",
  "--accelerator",
  "h100-sxm-80gb",
  "--accelerator-count",
  "2",
];
const EXIT_INTERRUPTED = 130;

interface Outcome {
  loadPoints: number;
  runs: { points: { reportSha256: string; requestsCompleted: number; ttftMs: { p50: number; p99: number } }[] }[];
}

describe("a file far larger than the memory it may take", () => {
  const { folder, temporary } = testFolder();
  let template = "";
  const perRequest = path.join(folder, "per_request_lifecycle_metrics.json");
  let requests = 0;

  beforeAll(async () => {
    template = await seededDatabase(path.join(folder, "template.db"));
    requests = writePerRequestFile(perRequest, FILE_BYTES);
  });

  async function ingestLarge(file: string): Promise<{ outcome: Outcome; database: string }> {
    const database = copyDatabase(template, path.join(folder, "large.db"));
    const peak = path.join(folder, "peak");
    const { code, stdout, stderr } = await startIq(database, temporary, ["ingest", "--json", file, ...FACTS], peak)
      .ended;
    expect(code, stderr).toBe(0);
    expect(Number(readFileSync(peak, "utf8"))).toBeLessThan(MAX_PEAK_BYTES);
    expect(leftBehind(temporary)).toEqual([]);
    return { outcome: JSON.parse(stdout) as Outcome, database };
  }

  it("is read record by record and kept whole: inference-perf", async () => {
    const { outcome, database } = await ingestLarge(perRequest);
    const point = outcome.runs[0]?.points[0];
    expect(point).toMatchObject({ requestsCompleted: requests });
    // Every seventh request answers as fast; milliseconds of the clock of a run that goes on for hours.
    expect(point?.ttftMs.p50).toBeCloseTo(53, 3);
    expect(point?.ttftMs.p99).toBeCloseTo(56, 3);
    const db = await openDatabase(database);
    const report = await getReport(db, point?.reportSha256 ?? "");
    let bytes = 0;
    for await (const part of report?.parts() ?? []) bytes += part.byteLength;
    expect(bytes).toBe(statSync(perRequest).size);
    expect(await databaseFaults(db)).toEqual([]);
    await db.engine.close();
  });

  it("is read record by record: AIPerf, compressed", async () => {
    const file = path.join(folder, "profile_export.jsonl");
    const records = writeAiperfRecords(file, FILE_BYTES / 2);
    const compressed = `${file}.gz`;
    await pipeline(createReadStream(file), createGzip({ level: 1 }), createWriteStream(compressed));
    const { outcome } = await ingestLarge(compressed);
    expect(outcome.runs[0]?.points[0]).toMatchObject({ requestsCompleted: records });
  });

  it("can be interrupted: nothing is stored, nothing is left behind", async () => {
    const database = copyDatabase(template, path.join(folder, "interrupted.db"));
    const before = await openDatabase(database);
    const points = await countRows(before, "load_point");
    const ingests = await countRows(before, "ingest");
    await before.engine.close();
    // The same file under several names, so that no machine is done before it is interrupted.
    const links = Array.from({ length: 6 }, (_, index) => path.join(folder, "links", String(index), "requests.json"));
    for (const link of links) {
      mkdirSync(path.dirname(link), { recursive: true });
      linkSync(perRequest, link);
    }
    const command = startIq(database, temporary, ["ingest", ...links, ...FACTS]);
    // In the middle: it says so every two seconds.
    while (!command.stderr().includes("reading:") && command.process.exitCode === null) await sleep(20);
    command.process.kill("SIGINT");
    const { code, stdout, stderr } = await command.ended;
    expect({ code, stdout }, stderr).toEqual({ code: EXIT_INTERRUPTED, stdout: "" });
    expect(stderr).toContain("nothing was stored");
    const db = await openDatabase(database);
    expect([await countRows(db, "load_point"), await countRows(db, "ingest")]).toEqual([points, ingests]);
    expect(await databaseFaults(db)).toEqual([]);
    await db.engine.close();
    expect(leftBehind(temporary)).toEqual([]);
  });
});
