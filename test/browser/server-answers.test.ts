/**
 * Nobody waits for somebody else's work: while the server does the heaviest things there are, the smallest question is answered
 * at once. On a server and a database of its own.
 */
import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import SqliteDatabase from "better-sqlite3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { freePort } from "../support/free-port";
import { figuresCsv } from "../unit/db/small-data";
import { type Product, signalProduct, startProduct } from "./product";
import { report, zipOf } from "./upload-files";

const LONGEST_ANSWER_MS = 250;
const MIB = 1024 * 1024;
const FACTS = "accelerator=h100-sxm-80gb&accelerator_count=2";

/** Storing takes a quarter of a minute on two free processors. */
const STORING_TIMEOUT_MS = 240_000;

/** How long another program keeps writing. */
const LOCK_HELD_MS = 2000;

/** Who sends what is never read to its end leaves after so long. */
const PATIENCE_MS = 4000;

/**
 * Asks from a thread of its own, so that what the test does meanwhile is not measured: every 50 ms, in parallel if need be. Where
 * the system tells how long a thread waited for a processor, that of the two threads is taken off: on a busy machine the tests of
 * others are not measured either, only what the server's thread does before it answers.
 */
const ASK = `
const { parentPort, workerData } = require("node:worker_threads");
const http = require("node:http");
const { readFileSync } = require("node:fs");
const { address, pid } = workerData;
const waitedMs = () => ["/proc/thread-self/schedstat", "/proc/" + pid + "/schedstat"].reduce((sum, file) => {
  try { return sum + Number(readFileSync(file, "latin1").split(" ")[1]) / 1e6; } catch { return sum; }
}, 0);
const agent = new http.Agent({ keepAlive: true });
const took = [];
let waiting = 0;
let over = false;
const end = () => { if (over && waiting === 0) { parentPort.postMessage(took); parentPort.close(); agent.destroy(); } };
const ask = () => {
  const [started, waited] = [performance.now(), waitedMs()];
  waiting += 1;
  const answered = (status) => { waiting -= 1; took.push(status === 200 ? performance.now() - started - (waitedMs() - waited) : Infinity); end(); };
  http.get(address, { agent }, (response) => {
    response.resume();
    response.once("end", () => answered(response.statusCode));
  }).once("error", () => answered(0));
};
const timer = setInterval(ask, 50);
ask();
parentPort.once("message", () => { clearInterval(timer); over = true; end(); });
`;

let folder = "";
let product: Product | null = null;
let baseUrl = "";

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "iq-answers-"));
  product = startProduct(path.join(folder, "quickstart.db"), await freePort());
  baseUrl = await product.ready;
  // A build's first answer loads the route.
  await fetch(`${baseUrl}/api/v1/revision`);
});

afterAll(() => {
  signalProduct(product, "SIGKILL");
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** The longest time `/api/v1/revision` took to answer while some work was done, and what that came to. */
async function asking<T>(work: () => Promise<T>): Promise<{ slowestMs: number; outcome: T }> {
  const workerData = { address: `${baseUrl}/api/v1/revision`, pid: product?.process.pid };
  const asker = new Worker(ASK, { eval: true, workerData, execArgv: [] });
  const answers = new Promise<number[]>((resolve, reject) => {
    asker.once("message", (took: number[]) => resolve(took));
    asker.once("error", reject);
  });
  const outcome = await work();
  asker.postMessage("end");
  return { slowestMs: Math.max(...(await answers)), outcome };
}

async function send(name: string, body: string | Uint8Array<ArrayBuffer>, search = ""): Promise<Response> {
  return fetch(`${baseUrl}/api/v1/reports?${FACTS}&fileName=${name}${search}`, { method: "POST", body });
}

function share(query: string): Promise<Response> {
  const headers = { "content-type": "application/json" };
  return fetch(`${baseUrl}/api/v1/shares`, { method: "POST", headers, body: JSON.stringify({ query, revision: 1 }) });
}

/** Sends what may take very long to read, and leaves. */
async function sendAndLeave(name: string, body: string): Promise<void> {
  const address = `${baseUrl}/api/v1/reports?${FACTS}&fileName=${name}&dryRun=true`;
  await fetch(address, { method: "POST", body, signal: AbortSignal.timeout(PATIENCE_MS) }).catch(() => null);
}

/** A report with so much else in it. */
function largeReport(bytes: number): string {
  const text = report("answers-lab/Large", 4);
  return `${text.slice(0, -1)},"notes":"${randomBytes(bytes / 2).toString("hex")}"}`;
}

const Stored = z.object({ loadPoints: z.number(), problems: z.array(z.unknown()) });

describe("while somebody", () => {
  it("asks for the method page for the first time, others are answered", async () => {
    const { slowestMs, outcome } = await asking(() => fetch(`${baseUrl}/method`));
    expect(outcome.status).toBe(200);
    expect(slowestMs).toBeLessThan(LONGEST_ANSWER_MS);
  });

  it("exports everything, others are answered", async () => {
    const { slowestMs, outcome } = await asking(async () => (await fetch(`${baseUrl}/api/v1/export`)).text());
    expect(outcome.split("\n").length).toBeGreaterThan(1000);
    expect(slowestMs).toBeLessThan(LONGEST_ANSWER_MS);
  });

  it("holds the write lock from another program, others are answered and writes wait for it", async () => {
    const file = path.join(folder, "quickstart.db");
    const other = new SqliteDatabase(file);
    other.exec("BEGIN IMMEDIATE");
    const { slowestMs, outcome } = await asking(async () => {
      const shared = share("model=openai/gpt-oss-120b");
      const first = await Promise.race([shared, sleep(LOCK_HELD_MS, "still waiting")]);
      other.exec("ROLLBACK");
      other.close();
      return { first, answered: (await shared).status };
    });
    expect(outcome).toEqual({ first: "still waiting", answered: 200 });
    expect(slowestMs).toBeLessThan(LONGEST_ANSWER_MS);
    // The other program has gone and has not taken the server's log for one nobody uses.
    expect(existsSync(`${file}-wal`)).toBe(true);
    const stored = await send("after.json", report("answers-lab/After", 4));
    expect(stored.status).toBe(200);
    const reader = new SqliteDatabase(file, { readonly: true });
    expect(reader.prepare("SELECT count(*) FROM configuration WHERE model = 'answers-lab/After'").pluck().get()).toBe(
      1,
    );
    reader.close();
  });

  it("sends an archive of more than 4 MiB, others are answered", async () => {
    const archive = zipOf({ "run/result.json": largeReport(6 * MIB) });
    const { slowestMs, outcome } = await asking(() => send("runs.zip", new Uint8Array(archive), "&dryRun=true"));
    expect(outcome.status).toBe(200);
    expect(slowestMs).toBeLessThan(LONGEST_ANSWER_MS);
  });

  it("sends six files of 10 MB at once, others are answered", async () => {
    const file = largeReport(10 * MIB);
    const { slowestMs, outcome } = await asking(() =>
      Promise.all(Array.from({ length: 6 }, (_, index) => send(`${index}.json`, file, "&dryRun=true"))),
    );
    expect(outcome.map((answer) => answer.status)).toEqual([200, 200, 200, 200, 200, 200]);
    expect(slowestMs).toBeLessThan(LONGEST_ANSWER_MS);
  });

  it("sends a log file that looks like YAML, others are answered", async () => {
    const log = Array.from({ length: 43_000 }, (_, index) => `request-${index}: 3ms`).join("\n");
    const { slowestMs } = await asking(() => sendAndLeave("server.log", log));
    expect(slowestMs).toBeLessThan(LONGEST_ANSWER_MS);
  });

  it("sends a table with an unclosed quote, others are answered", async () => {
    const header = "model,accelerator,accelerator_count,load_kind,load_value,output_tokens_per_second";
    const { slowestMs } = await asking(() => sendAndLeave("table.csv", `${header}\n"${"\n".repeat(2 * MIB)}`));
    expect(slowestMs).toBeLessThan(LONGEST_ANSWER_MS);
  });

  it(
    "stores a table of 100,000 rows, others are answered",
    async () => {
      const rows = Array.from({ length: 100_000 }, (_, index) => ({
        model: `answers-lab/m-${Math.floor(index / 10) % 500}`,
        concurrency: 2 ** (index % 10),
        outputTokensPerSecond: 40 * 2 ** (index % 10),
        ttftMs: 50 + index,
      }));
      const table = figuresCsv("answers-lab", rows);
      const { slowestMs, outcome } = await asking(() => send("figures.csv", table));
      expect(outcome.status).toBe(200);
      expect(Stored.parse(await outcome.json())).toEqual({ loadPoints: 100_000, problems: [] });
      expect(slowestMs).toBeLessThan(LONGEST_ANSWER_MS);
    },
    STORING_TIMEOUT_MS,
  );
});
