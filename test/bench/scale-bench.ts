/**
 * `npm run bench:scale -- --points 1e7 --engine postgres`: how long questions about a large database take, asked in this process, one
 * after another, each time about something else. `--database` names a file or an address to use, filled where it is empty; without
 * it both engines get a temporary one.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { and, asc, eq, gt, isNull } from "drizzle-orm";
import { openDatabase } from "../../db/client";
import type { Database } from "../../db/handle";
import { getCurrentRevision, getRevision, type Revision } from "../../db/queries/get-revision";
import { listAudit } from "../../db/queries/list-audit";
import { listModels } from "../../db/queries/list-models";
import { listRunFacets, listRunSummaries } from "../../db/queries/list-run-summaries";
import { listWorkloads } from "../../db/queries/list-workloads";
import { configuration, run } from "../../db/schema";
import { parseExplorerQuery } from "../../lib/params/explorer-params";
import { rawParams } from "../../lib/params/param";
import { parseRunQuery } from "../../lib/params/run-params";
import { exportChunks } from "../../server/export-dataset";
import { getConfigurationPage } from "../../server/pages/get-configuration-page";
import { getExplorerData } from "../../server/pages/get-explorer-data";
import { getRunsPage } from "../../server/pages/get-runs-page";
import { startPostgres } from "../support/postgres-server";
import { generateDatabase, LARGE_MODEL } from "./generated-database";
import { median, pseudoRandom, quantile } from "./statistics";
import { tableIngestRates } from "./table-ingest-bench";

/** As somebody sets up a server of a few gigabytes: the tests' own is as small as can be, and careless. */
const SERVER_SETTINGS = [
  "shared_buffers=1GB",
  "fsync=on",
  "synchronous_commit=on",
  "full_page_writes=on",
  "max_wal_size=4GB",
];

const INGESTED_ROWS = 50_000;
const TIMES = 40;
const UNTIMED = 5;
const SLOW_MS = 3000;
const TIMES_WHERE_SLOW = 5;

interface Question {
  what: string;
  ask(): Promise<unknown>;
}

const { values: flags } = parseArgs({
  options: {
    points: { type: "string", default: "1e6" },
    engine: { type: "string", default: "sqlite" },
    database: { type: "string" },
    only: { type: "string", default: "" },
  },
});

interface Measured {
  medianMs: number;
  p99Ms: number;
  /** Of this process, the median: a busy machine does not make it longer. */
  processorMs: number;
  times: number;
}

async function measured({ ask }: Question): Promise<Measured> {
  const taken: number[] = [];
  const used: number[] = [];
  for (let time = 0; time < UNTIMED + TIMES; time += 1) {
    const before = process.cpuUsage();
    const start = performance.now();
    await ask();
    const ms = performance.now() - start;
    const { user, system } = process.cpuUsage(before);
    if (time >= UNTIMED || ms > SLOW_MS) {
      taken.push(ms);
      used.push((user + system) / 1000);
    }
    if (taken.length >= TIMES_WHERE_SLOW && median(taken) > SLOW_MS) break;
  }
  return { medianMs: median(taken), p99Ms: quantile(taken, 0.99), processorMs: median(used), times: taken.length };
}

async function questionsAbout(db: Database): Promise<Question[]> {
  const random = pseudoRandom(1);
  const pick = <T>(values: readonly T[]): T => {
    const value = values[Math.floor(random() * values.length)];
    if (value === undefined) throw new Error("Nothing to ask about.");
    return value;
  };
  const newest = await getCurrentRevision(db);
  const someRevision = async (): Promise<Revision> => {
    const id = Math.ceil(newest.id / 2 + (random() * newest.id) / 2);
    return (await getRevision(db, id)) ?? newest;
  };
  const models = (await listModels(db, newest.id))
    .filter(({ model, loadPoints }) => loadPoints > 0 && model.id !== LARGE_MODEL)
    .map(({ model }) => model.id);
  const accelerators = (await listModels(db, newest.id))[0]?.accelerators ?? [];
  const measuredPairs = await Promise.all(
    Array.from({ length: 20 }, async () => {
      const model = pick(models);
      const workloads = await listWorkloads(db, newest.id, model);
      return { model, workload: pick(workloads).workload.workloadId };
    }),
  );
  const configurations = await Promise.all(
    measuredPairs.map(async ({ model }) => {
      const [first] = await db
        .select({ id: configuration.configurationId })
        .from(configuration)
        .innerJoin(run, eq(run.configurationId, configuration.configurationId))
        .where(and(eq(configuration.model, model), isNull(run.retiredInRevision), gt(run.runId, random().toString(16))))
        .orderBy(asc(configuration.configurationId))
        .limit(1);
      return first?.id ?? "";
    }),
  );
  const total = (await listRunSummaries(db, parseRunQuery({}).query.filter, { limit: 1, offset: 0 })).total;
  const facets = await listRunFacets(db);
  const query = (text: string) => parseExplorerQuery(rawParams(new URLSearchParams(text))).query;
  const runs = (text: string) => getRunsPage(db, parseRunQuery(rawParams(new URLSearchParams(text))).query);
  const summaries = (text: string, offset: number) =>
    listRunSummaries(db, parseRunQuery(rawParams(new URLSearchParams(text))).query.filter, { limit: 100, offset });
  const pageOf = (share: number) => Math.max(1, Math.floor((total / 50) * share));
  const explorerQuery = () => {
    const { model, workload } = pick(measuredPairs);
    return query(`model=${encodeURIComponent(model)}&workload=${workload}`);
  };
  const firstPieces = async (model: string | null, format: "csv" | "json") => {
    const chunks = exportChunks(db, await someRevision(), { format, model, reports: true });
    await chunks.next();
    await chunks.next();
    await chunks.return(undefined);
  };
  return [
    { what: "revision", ask: () => getCurrentRevision(db) },
    { what: "explorer, newest revision", ask: () => getExplorerData(db, explorerQuery(), newest) },
    {
      what: "explorer, pinned revision",
      ask: async () => {
        const revision = await someRevision();
        return getExplorerData(db, { ...explorerQuery(), revision: revision.id }, revision);
      },
    },
    {
      what: "configuration",
      ask: () =>
        getConfigurationPage(db, newest, { configurationId: pick(configurations), query: query(""), asked: {} }),
    },
    { what: "models list, pinned revision", ask: async () => listModels(db, (await someRevision()).id) },
    { what: "workloads list", ask: async () => listWorkloads(db, (await someRevision()).id, pick(models)) },
    { what: "/runs, first page", ask: () => runs("") },
    { what: "/runs, a page deep in the list", ask: () => runs(`page=${pageOf(random())}`) },
    { what: "/runs of a model", ask: () => runs(`model=${encodeURIComponent(pick(models))}`) },
    {
      what: "/runs of an accelerator",
      ask: () => runs(`accelerator=${pick(accelerators)}&page=${1 + Math.floor(random() * 20)}`),
    },
    { what: "/runs of a source", ask: () => runs(`source=${encodeURIComponent(pick(facets.sources))}`) },
    { what: "/runs of a format, deep", ask: () => runs(`format=${pick(facets.formats)}&page=${pageOf(random() / 5)}`) },
    { what: "/runs with a caveat", ask: () => runs(`flag=${pick(facets.flags)}`) },
    { what: "/runs of an ingest", ask: () => runs(`ingest=${1 + Math.floor(random() * (newest.id - 1))}`) },
    {
      what: "/runs measured in a month",
      ask: () => runs(`from=2024-0${1 + Math.floor(random() * 9)}-01&to=2024-0${1 + Math.floor(random() * 9)}-28`),
    },
    { what: "/api/v1/runs", ask: () => summaries("", Math.floor(random() * total)) },
    { what: "/api/v1/runs of a model", ask: () => summaries(`model=${encodeURIComponent(pick(models))}`, 0) },
    { what: "audit", ask: () => listAudit(db, { page: 1 + Math.floor(random() * 5), ingestId: null }) },
    { what: "export as CSV, first bytes", ask: () => firstPieces(null, "csv") },
    { what: "export of a model, first bytes", ask: () => firstPieces(pick(models), "json") },
  ];
}

async function benchQuestions(address: string, points: number): Promise<void> {
  let db = await openDatabase(address);
  if ((await getCurrentRevision(db)).id === 0) {
    await db.engine.close();
    const start = performance.now();
    await generateDatabase(address, points, (text) => console.error(`${text} …`));
    console.error(`Generated in ${Math.round((performance.now() - start) / 1000)} s`);
    db = await openDatabase(address);
  }
  const { usedBytes } = await db.engine.space();
  console.log(`${db.engine.kind}, ${points.toLocaleString("en-US")} load points, ${Math.round(usedBytes / 1e6)} MB`);
  for (const question of await questionsAbout(db)) {
    if (!question.what.includes(flags.only)) continue;
    const { medianMs, p99Ms, processorMs, times } = await measured(question);
    console.log(
      `${question.what.padEnd(34)} ${medianMs.toFixed(1).padStart(9)} ms  p99 ${p99Ms.toFixed(1).padStart(9)} ms  processor ${processorMs.toFixed(1).padStart(7)} ms  (${times} calls)`,
    );
  }
  if ("ingest of a table".includes(flags.only)) {
    const rates = await tableIngestRates(db, address, INGESTED_ROWS);
    const said = (rate: number | null) =>
      rate === null ? "not there" : `${Math.round(rate).toLocaleString("en-US")} rows/s`;
    console.log(
      `ingest of a table of ${INGESTED_ROWS.toLocaleString("en-US")} rows: ${said(rates.ingested)} (by processor time ${said(rates.ingestedByProcessor)}); csv-parse alone ${said(rates.parsed)}; the engine's own import ${said(rates.imported)}`,
    );
  }
  await db.engine.close();
}

const points = Number(flags.points);
const folder = mkdtempSync(path.join(tmpdir(), "iq-scale-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => process.exit(1));
if (flags.database !== undefined) await benchQuestions(flags.database, points);
else if (flags.engine === "sqlite") await benchQuestions(path.join(folder, "scale.db"), points);
else {
  const server = await startPostgres(SERVER_SETTINGS);
  if (server === null) throw new Error("PostgreSQL was not found: install it, or name a database with --database.");
  try {
    await benchQuestions(server.url, points);
  } finally {
    await server.stop();
  }
}
