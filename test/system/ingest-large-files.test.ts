import { randomBytes } from "node:crypto";
import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, readSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import type { Database } from "../../db/client";
import { diskSource, spoolSource } from "../../server/intake/byte-source";
import { type FilesIngestOutcome, ingestFiles } from "../../server/intake/ingest-files";
import { receiveUpload } from "../../server/intake/receive-upload";
import { Spool } from "../../server/intake/spool";
import { tarGzOf, tarOf, zipOf } from "../unit/db/archives";
import { NOW, seededDatabase } from "../unit/db/small-data";
import { databaseFaults, FACTS } from "../unit/server/intake/intake-support";

const MIB = 1024 * 1024;
const FIXTURE = path.resolve(import.meta.dirname, "../fixtures/reports/vllm-bench-serve/current.json");
const REPORT: Record<string, unknown> = JSON.parse(readFileSync(FIXTURE, "utf8"));

/** A report of one load point with a note that compressing does not shorten. */
function report(concurrency: number, mebibytes: number): string {
  const note = randomBytes((mebibytes * MIB * 3) / 4).toString("base64");
  return JSON.stringify({ ...REPORT, max_concurrency: concurrency, note });
}

/** More than the spool holds in memory; each entry more than is unpacked at once. */
const ENTRIES = [1, 2, 3, 4].map((index) => ({ name: `run-${index}/result.json`, content: report(index, 1.2) }));
/** Streamed: more than JSON is held of. */
const STREAMED = report(5, 9);
const ZIP = zipOf(ENTRIES);
const TGZ = await tarGzOf(ENTRIES);
const HALF_OF_STREAMED = STREAMED.slice(0, STREAMED.length / 2);

const STORED_ZIP = zipOf(ENTRIES.map((entry) => ({ ...entry, stored: true })));

const WHOLE = {
  "plain.json": { bytes: Buffer.from(STREAMED), loadPoints: 1 },
  "entries.zip": { bytes: ZIP, loadPoints: 4 },
  "stored.zip": { bytes: STORED_ZIP, loadPoints: 4 },
  "entries.tar": { bytes: await tarOf(ENTRIES), loadPoints: 4 },
  "entries.tgz": { bytes: TGZ, loadPoints: 4 },
  "one.json.gz": { bytes: gzipSync(report(6, 6)), loadPoints: 1 },
  "streamed.json.gz": { bytes: gzipSync(STREAMED), loadPoints: 1 },
  "entries.zip.gz": { bytes: gzipSync(ZIP), loadPoints: 4 },
  "tgz-in.zip": { bytes: zipOf([{ name: "inner.tgz", content: TGZ }]), loadPoints: 4 },
  "zip-in.tar": { bytes: await tarOf([{ name: "inner.zip", content: ZIP }]), loadPoints: 4 },
};

const DAMAGED_ZIP = Buffer.from(STORED_ZIP);
const MIDDLE = Math.floor(DAMAGED_ZIP.length / 2);
// In the middle of a base64 text: only the checksum tells.
DAMAGED_ZIP[MIDDLE] = DAMAGED_ZIP[MIDDLE] === 0x41 ? 0x42 : 0x41;

const BROKEN: Record<string, Buffer> = {
  "half.zip": ZIP.subarray(0, ZIP.length / 2),
  "damaged.zip": DAMAGED_ZIP,
  "half.tgz": TGZ.subarray(0, TGZ.length / 2),
  "half.json.gz": gzipSync(STREAMED).subarray(0, 5 * MIB),
  "half.zip.gz": gzipSync(ZIP.subarray(0, ZIP.length / 2)),
  "half-tgz-in.zip": zipOf([{ name: "inner.tgz", content: TGZ.subarray(0, TGZ.length / 2) }]),
  "cut-off.json": Buffer.from(HALF_OF_STREAMED),
  "broken-early.json": Buffer.from(STREAMED.replace(",", ",,")),
  "broken-early.json.gz": gzipSync(`${STREAMED} and more`),
};

const FOLDER = mkdtempSync(path.join(tmpdir(), "iq-large-"));
afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));

async function seeded(): Promise<Database> {
  const db = await seededDatabase();
  return db;
}

interface Sent {
  dryRun?: boolean;
  /** Breaks off once so many bytes of it were read. */
  breakOffAfter?: number;
}

/** The way of an upload: received into a spool, then read from it. */
async function upload(db: Database, fileName: string, bytes: Buffer, sent: Sent = {}): Promise<FilesIngestOutcome> {
  const spool = new Spool();
  const aborter = new AbortController();
  try {
    const kind = { contentType: "application/octet-stream", contentEncoding: "", fileName };
    const chunks = Array.from({ length: Math.ceil(bytes.length / 50_000) }, (_, index) =>
      bytes.subarray(index * 50_000, (index + 1) * 50_000),
    );
    const received = await receiveUpload(Readable.from(chunks, { objectMode: false }), kind, spool);
    const files = received.files.map(({ region, ...file }) => ({ ...file, source: spoolSource(spool, region) }));
    return await ingestFiles(db, files, {
      given: FACTS,
      way: "http",
      reason: "test",
      dryRun: sent.dryRun ?? false,
      now: NOW,
      signal: aborter.signal,
      onProgress: ({ bytesDone }) => {
        if (bytesDone > (sent.breakOffAfter ?? Number.POSITIVE_INFINITY)) aborter.abort();
      },
    });
  } finally {
    spool.close();
  }
}

/** Descriptors of this process, where the system lists them. */
function openDescriptors(): number {
  return process.platform === "linux" ? readdirSync("/proc/self/fd").length : 0;
}

describe("files above what the spool holds in memory", () => {
  it("are read and stored, the packed ones too", async () => {
    for (const name of ["entries.zip", "entries.tgz", "streamed.json.gz"] as const) {
      const db = await seeded();
      const { bytes, loadPoints } = WHOLE[name];
      const outcome = await upload(db, name, bytes);
      expect(outcome, name).toMatchObject({ loadPoints, problems: [] });
      expect(await databaseFaults(db), name).toEqual([]);
    }
  });

  it("are read from the disk likewise, with archives in archives", async () => {
    for (const name of ["streamed.json.gz", "tgz-in.zip", "zip-in.tar"] as const) {
      const { bytes, loadPoints } = WHOLE[name];
      const file = path.join(FOLDER, name);
      writeFileSync(file, bytes);
      const source = { path: name, named: true, source: diskSource(file) };
      const request = { given: FACTS, way: "cli", reason: "test", dryRun: true, now: NOW } as const;
      expect(await ingestFiles(await seeded(), [source], request), name).toMatchObject({ loadPoints, problems: [] });
    }
  });

  it("are refused with a problem where they are broken", async () => {
    const db = await seeded();
    for (const [name, bytes] of Object.entries(BROKEN)) {
      const outcome = await upload(db, name, bytes);
      expect(outcome.problems.length, name).toBeGreaterThan(0);
      expect(outcome.problems[0]?.message, name).not.toMatch(/EBADF|descriptor|temporary/);
    }
    expect(await databaseFaults(db)).toEqual([]);
  });

  it("keep to themselves when many come at once, broken or broken off", async () => {
    const db = await seeded();
    const other = path.join(FOLDER, "other");
    writeFileSync(other, "of somebody else");
    const before = openDescriptors();
    // Descriptors that somebody else opens meanwhile, as a server opens its sockets.
    const others: number[] = [];
    const timer = setInterval(() => others.push(openSync(other, "r")), 20);
    const whole = Object.entries(WHOLE);
    const asked = [
      ...whole.map(([name, { bytes }]) => upload(db, name, bytes, { dryRun: true })),
      ...Object.entries(BROKEN).map(([name, bytes]) => upload(db, name, bytes, { dryRun: true })),
      ...whole.map(([name, { bytes }]) => upload(db, name, bytes, { dryRun: true, breakOffAfter: MIB })),
    ];
    const answers = await Promise.allSettled(asked);
    clearInterval(timer);
    for (const handle of others) {
      const bytes = Buffer.alloc(16);
      expect(readSync(handle, bytes, 0, 16, 0)).toBe(16);
      expect(bytes.toString()).toBe("of somebody else");
      closeSync(handle);
    }
    const outcomes = answers.map((answer) => (answer.status === "fulfilled" ? answer.value : null));
    whole.forEach(([name, { loadPoints }], index) => {
      expect(outcomes[index], name).toMatchObject({ loadPoints, problems: [] });
    });
    for (const outcome of outcomes.slice(whole.length, whole.length + Object.keys(BROKEN).length)) {
      expect(outcome?.problems.length).toBeGreaterThan(0);
    }
    expect(outcomes.slice(-whole.length)).toEqual(whole.map(() => null));
    expect(openDescriptors()).toBe(before);
  }, 120_000);
});
