import { readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import autocannon from "autocannon";
import { openDatabase } from "../../db/client";
import { getCurrentRevision } from "../../db/queries/get-revision";
import { listAccelerators } from "../../db/queries/list-accelerators";
import { listModels } from "../../db/queries/list-models";
import { listRunSummaries } from "../../db/queries/list-run-summaries";
import { listWorkloads } from "../../db/queries/list-workloads";
import type { Accelerator } from "../../lib/catalogue/catalogue";
import { EVERY_RUN } from "../../lib/params/run-params";
import { startPostgres } from "../support/postgres-server";
import { generatedCsv } from "./generated-reports";
import { type Product, startProduct } from "./product";
import { atMost, figures, ms, type Row, type Section } from "./report";
import { quantile } from "./statistics";

const CLIENTS = 50;
/** What is sent in a second where the rate is the question. */
const NEW_PER_SECOND = 60;
const UPLOADS = 20;
const UPLOAD_BYTES = 50_000_000;
const STORED_ROWS = 100_000;
const ASKED_PER_SECOND = 50;
const MODEL = "example-org/Example-70B";
const BYTES_PER_MB = 1_000_000;
const MS_PER_S = 1000;
const HEADERS = { "accept-encoding": "gzip, deflate, br" };

interface Questions {
  /** Addresses of pages, API and manifests, mixed as people ask them. */
  seen: string[];
  /** Addresses nobody has asked for: the same with targets of their own. */
  fresh(): string;
  accelerators: readonly Accelerator[];
}

/** What clients ask of a database: its largest models, their configurations with manifests, the runs. */
async function questionsOf(address: string): Promise<Questions> {
  const db = await openDatabase(address);
  try {
    const revision = (await getCurrentRevision(db)).id;
    const models = (await listModels(db, revision)).slice(0, 8);
    const pages: string[] = [];
    for (const { model } of models) {
      const [largest] = await listWorkloads(db, revision, model.id);
      if (largest !== undefined) pages.push(`/?model=${model.id}&workload=${largest.workload.workloadId}`);
    }
    const { runs } = await listRunSummaries(db, EVERY_RUN, { limit: 10, offset: 0 });
    const configurations = [...new Set(runs.map((run) => run.configuration.configurationId))];
    const seen = [
      "/",
      "/runs",
      "/api/v1/runs?limit=20",
      ...pages,
      ...configurations.map((id) => `/configurations/${id}`),
      ...configurations.map((id) => `/api/v1/manifests?configuration=${id}`),
      ...runs.map(({ runId }) => `/runs/${runId}`),
    ];
    let asked = 0;
    const bases = [...pages, ...configurations.map((id) => `/api/v1/manifests?configuration=${id}`)];
    return {
      seen,
      fresh() {
        asked += 1;
        const base = bases[asked % bases.length] ?? "/?";
        return `${base}&slo=ttft:mean:${1000 + asked}&qps=${1 + (asked % 50)}`;
      },
      accelerators: await listAccelerators(db, revision),
    };
  } finally {
    await db.engine.close();
  }
}

/** Many clients at once on each engine that is to be had. */
export async function benchClients(folder: string, seconds: number): Promise<Section[]> {
  const sections = [await benchEngine("SQLite", path.join(folder, "load.db"), seconds)];
  const server = await startPostgres();
  if (server === null) return sections;
  try {
    sections.push(await benchEngine("PostgreSQL", server.url, seconds));
  } finally {
    await server.stop();
  }
  return sections;
}

async function benchEngine(engine: string, address: string, seconds: number): Promise<Section> {
  const product = await startProduct(address);
  const rows: Row[] = [];
  try {
    const questions = await questionsOf(address);
    for (const asked of questions.seen) await fetch(product.origin + asked, { headers: HEADERS });
    rows.push(await seenRow(product, questions, seconds), await freshRow(product, questions, seconds));
    rows.push(await storingRow(product, questions));
    // The same on both engines: nothing is stored.
    if (engine === "SQLite") rows.push(await uploadsRow(product, questions));
  } finally {
    await product.stop();
  }
  return { title: `Many clients, ${engine}`, rows };
}

async function seenRow(product: Product, questions: Questions, seconds: number): Promise<Row> {
  const result = await autocannon({
    url: product.origin,
    connections: CLIENTS,
    duration: seconds,
    headers: HEADERS,
    requests: questions.seen.map((asked) => ({ path: asked })),
  });
  const perSecond = result.requests.average;
  return {
    what: "answers seen before, a second",
    value: `${figures(perSecond)}, p99 ${ms(result.latency.p99)}`,
    compared: `${result.non2xx + result.errors} failed`,
    budget: {
      text: "≥ 500/s, p99 ≤ 100 ms",
      met: perSecond >= 500 && result.latency.p99 <= 100 && result.non2xx + result.errors === 0,
    },
    how: `${CLIENTS} clients, each asking again at once, ${seconds} s, ${questions.seen.length} addresses in turn (pages, lists, manifests), Brotli; the clients run on the same machine.`,
  };
}

async function freshRow(product: Product, questions: Questions, seconds: number): Promise<Row> {
  const times: number[] = [];
  let failed = 0;
  const ask = async () => {
    const start = performance.now();
    const response = await fetch(product.origin + questions.fresh(), { headers: HEADERS });
    await response.arrayBuffer();
    times.push(performance.now() - start);
    // A manifest that cannot be made is an answer.
    if (response.status !== 200 && response.status !== 422) failed += 1;
  };
  await atRate(NEW_PER_SECOND, seconds, ask);
  const p99 = quantile(times, 0.99);
  return {
    what: `answers never asked for before, ${NEW_PER_SECOND} a second`,
    value: `p50 ${ms(quantile(times, 0.5))}, p99 ${ms(p99)}`,
    compared: `${failed} failed`,
    budget: { text: "p99 ≤ 400 ms", met: p99 <= 400 && failed === 0 },
    how: `${NEW_PER_SECOND} requests sent each second whether or not earlier ones were answered, ${seconds} s, each with targets nobody asked for; explorer pages and manifests.`,
  };
}

async function storingRow(product: Product, questions: Questions): Promise<Row> {
  const csv = Buffer.from(generatedCsv(STORED_ROWS, questions.accelerators, MODEL).bytes);
  const times: number[] = [];
  let stored: Response | null = null;
  const start = performance.now();
  const sent = fetch(`${product.origin}/api/v1/reports`, { method: "POST", body: csv }).then((response) => {
    stored = response;
    return response.arrayBuffer();
  });
  const asked: Promise<void>[] = [];
  while (stored === null) {
    asked.push(
      (async () => {
        const begun = performance.now();
        await (await fetch(product.origin, { headers: HEADERS })).arrayBuffer();
        times.push(performance.now() - begun);
      })(),
    );
    await sleep(MS_PER_S / ASKED_PER_SECOND);
  }
  await Promise.all([sent, ...asked]);
  const seconds = (performance.now() - start) / MS_PER_S;
  const p99 = quantile(times, 0.99);
  const { status } = stored as Response;
  return {
    what: `the first page while ${STORED_ROWS.toLocaleString("en-US")} rows are stored`,
    value: `p50 ${ms(quantile(times, 0.5))}, p99 ${ms(p99)}`,
    compared: `stored in ${figures(seconds)} s, status ${status}`,
    budget: { text: "p99 ≤ 250 ms", met: p99 <= 250 && status === 200 },
    how: `a figures CSV of ${figures(csv.byteLength / BYTES_PER_MB)} MB sent by HTTP; / asked for ${ASKED_PER_SECOND} times a second meanwhile, ${times.length} times.`,
  };
}

async function uploadsRow(product: Product, questions: Questions): Promise<Row> {
  const one = generatedCsv(20_000, questions.accelerators, MODEL).bytes;
  const [header = "", ...lines] = Buffer.from(one).toString("utf8").split("\n");
  const text = lines.join("\n");
  const copies = Math.floor(UPLOAD_BYTES / text.length);
  const body = Buffer.from(`${header}\n${text.repeat(copies)}`);
  let peakBytes = 0;
  const watch = setInterval(() => {
    peakBytes = Math.max(peakBytes, residentBytes(product.processId));
  }, 50);
  const statuses = await Promise.all(
    Array.from({ length: UPLOADS }, async () => {
      try {
        const response = await fetch(`${product.origin}/api/v1/reports?dryRun=true`, { method: "POST", body });
        await response.arrayBuffer();
        return String(response.status);
      } catch {
        // A refusal may close the connection while the rest of the file is still on its way: fetch then drops the answer.
        return "closed while sending";
      }
    }),
  );
  clearInterval(watch);
  const counted = [...new Set(statuses)].map(
    (status) => `${statuses.filter((one) => one === status).length} × ${status}`,
  );
  return {
    what: `memory with ${UPLOADS} uploads of ${figures(body.byteLength / BYTES_PER_MB)} MB at once`,
    value: `${figures(peakBytes / BYTES_PER_MB)} MB`,
    compared: counted.join(", "),
    budget: atMost(peakBytes, 2_000_000_000, "≤ 2,000 MB"),
    how: "figures CSV, each sent whole at the same moment, read and not stored; the largest resident set of the server's process, looked at every 50 ms.",
  };
}

/** Resident set of a process, where the system says it. */
function residentBytes(processId: number): number {
  try {
    const kilobytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${processId}/status`, "utf8"))?.[1];
    return Number(kilobytes ?? 0) * 1024;
  } catch {
    return 0;
  }
}

/** Calls `ask` so many times a second, whether or not earlier calls are done. */
async function atRate(perSecond: number, seconds: number, ask: () => Promise<void>): Promise<void> {
  const start = performance.now();
  const asked: Promise<void>[] = [];
  for (let index = 0; index < perSecond * seconds; index++) {
    const due = start + (index * MS_PER_S) / perSecond;
    const wait = due - performance.now();
    if (wait > 0) await sleep(wait);
    asked.push(ask());
  }
  await Promise.all(asked);
}
