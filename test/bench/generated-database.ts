import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { openDatabase, shippedDataDirectory } from "../../db/client";
import type { Database } from "../../db/handle";
import { insertLoadPoints, loadPointValues } from "../../db/load-point-row";
import { insertInto } from "../../db/per-handle";
import { isPostgresAddress } from "../../db/postgres/is-postgres-address";
import { getCurrentRevision } from "../../db/queries/get-revision";
import { listAccelerators } from "../../db/queries/list-accelerators";
import { configuration, ingest, model, report, revision, run, runGroup, runReport, workload } from "../../db/schema";
import { sqliteClient } from "../../db/sqlite/engine";
import { configurationRow } from "../../db/store/configuration-row";
import { recountCoverage } from "../../db/store/coverage";
import { CATALOGUE_FILES } from "../../db/store/read-catalogue";
import { type GroupedRun, groupsOfRuns, recountGroups } from "../../db/store/run-groups";
import { seedShipped } from "../../db/store/seed-shipped";
import type { ConfigurationFacts } from "../../lib/domain";
import { configurationId } from "../../lib/measurement/identity";
import type { QualityFlag } from "../../lib/measurement/quality-flags";
import { UNKNOWN_SETTINGS } from "../../lib/measurement/settings";
import { onPostgres } from "../support/postgres-databases";
import { generatedPoint, POINTS_PER_CURVE } from "./generated-curves";
import { pseudoRandom } from "./statistics";

/**
 * A database as years of a company's own benchmarks leave it: release after release of the server, each model measured under
 * several workloads on several accelerators in several sizes and precisions, ten loads a run, a few hundred ingests, some runs
 * taken back. Model and workload have 150 to 1,000 load points whatever the size of the database, which has more models then;
 * from a million on, one model has 100,000 points under one workload. The same for equal arguments.
 */

/** Models of the catalogue that are there anyway; the generated ones are named after their number. */
export function generatedModel(index: number): string {
  return `example-org/Model-${index}`;
}

export const LARGE_MODEL = "example-org/Large-Model";
export const LARGE_WORKLOAD = "random-128-128";

const WORKLOADS_PER_MODEL = 8;
const ACCELERATORS_PER_MODEL = 4;
const ACCELERATORS = 12;
const COUNTS = [1, 2, 4, 8] as const;
const PRECISIONS = ["bf16", "fp8", "fp4"] as const;
const RELEASES = 20;
const FEWEST_RUNS = 15;
const MOST_RUNS = 100;
const LARGE_MODEL_RUNS = 10_000;
const LARGE_MODEL_FROM = 1_000_000;
const MOST_INGESTS = 500;
const FEWEST_RUNS_OF_AN_INGEST = 20;
const RETIRED_SHARE = 0.02;
const UNDATED_SHARE = 0.03;
const FLAGGED_SHARE = 0.1;
const DAY_MS = 86_400_000;
const FIRST_DAY = Date.UTC(2024, 0, 1);
const FORMATS = ["vllm-bench-serve", "inference-perf", "guidellm", "figures-csv"] as const;
const SOURCES = ["nightly", "release", "capacity planning", "field", "vendor visit"] as const;
const FLAGS: readonly QualityFlag[] = [
  "approximate_input_length",
  "client_limited_concurrency_unclear",
  "curve_not_monotonic",
];

interface PlannedCurve {
  model: string;
  modelNumber: number;
  workloadId: string;
  runs: number;
}

/** Which model has how many runs under which workload. */
function plannedCurves(points: number, random: () => number): PlannedCurve[] {
  let left = Math.floor(points / POINTS_PER_CURVE);
  const curves: PlannedCurve[] = [];
  if (points >= LARGE_MODEL_FROM) {
    curves.push({ model: LARGE_MODEL, modelNumber: 0, workloadId: LARGE_WORKLOAD, runs: LARGE_MODEL_RUNS });
    left -= LARGE_MODEL_RUNS;
  }
  for (let number = 1; left > 0; number += 1) {
    for (let index = 0; index < WORKLOADS_PER_MODEL && left > 0; index += 1) {
      const runs = Math.min(left, FEWEST_RUNS + Math.floor(random() * (MOST_RUNS - FEWEST_RUNS + 1)));
      left -= runs;
      curves.push({ model: generatedModel(number), modelNumber: number, workloadId: workloadIdOf(index), runs });
    }
  }
  return curves;
}

function workloadTokens(index: number): number {
  return 2 ** (7 + index);
}

function workloadIdOf(index: number): string {
  return `random-${workloadTokens(index)}-${workloadTokens(index)}`;
}

function* inReleases(curves: readonly PlannedCurve[]): Generator<{ curve: PlannedCurve; release: number }> {
  for (let release = 0; release < RELEASES; release += 1) {
    for (const curve of curves) {
      const first = Math.ceil((release * curve.runs) / RELEASES);
      const end = Math.ceil(((release + 1) * curve.runs) / RELEASES);
      for (let index = first; index < end; index += 1) yield { curve, release };
    }
  }
}

function hex(random: () => number, digits: number): string {
  let text = "";
  while (text.length < digits)
    text += Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(8, "0");
  return text.slice(0, digits);
}

/**
 * Fills an empty database of either engine.
 * @param points load points, in tens
 */
export async function generateDatabase(address: string, points: number, say: (text: string) => void): Promise<void> {
  const db = await openDatabase(address);
  try {
    await seedCatalogue(db);
    const bulk = await bulkLoading(db, address);
    await fill(db, points, say);
    say("Indexes");
    await bulk.end();
  } finally {
    await db.engine.close();
  }
}

/** The catalogue that comes with the program, without its figures. */
async function seedCatalogue(db: Database): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), "iq-bench-data-"));
  try {
    for (const name of CATALOGUE_FILES) cpSync(path.join(shippedDataDirectory(), name), path.join(folder, name));
    mkdirSync(path.join(folder, "figures"));
    await seedShipped(db, folder, new Date(FIRST_DAY));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const insertRevisions = insertInto(revision);
const insertIngests = insertInto(ingest);
const insertModels = insertInto(model);
const insertWorkloads = insertInto(workload);
const insertConfigurations = insertInto(configuration);
const insertReports = insertInto(report);
const insertRuns = insertInto(run);
const insertRunReports = insertInto(runReport);

async function fill(db: Database, points: number, say: (text: string) => void): Promise<void> {
  const random = pseudoRandom(points);
  const accelerators = (await listAccelerators(db, (await getCurrentRevision(db)).id))
    .filter(({ vendor }) => vendor === "NVIDIA" || vendor === "AMD")
    .slice(0, ACCELERATORS);
  const curves = plannedCurves(points, random);
  const totalRuns = curves.reduce((sum, curve) => sum + curve.runs, 0);
  const ingests = Math.max(1, Math.min(MOST_INGESTS, Math.floor(totalRuns / FEWEST_RUNS_OF_AN_INGEST)));
  const runsOfIngest = Math.ceil(totalRuns / ingests);
  const firstRevision = (await getCurrentRevision(db)).id + 1;
  const lastRevision = firstRevision + ingests - 1;
  const at = (index: number) => new Date(FIRST_DAY + index * DAY_MS).toISOString();
  await db.engine.write(async (tx) => {
    await insertRevisions(
      tx,
      Array.from({ length: ingests }, (_, index) => ({
        id: firstRevision + index,
        createdAt: at(index),
        reason: `ingest night-${index}/`,
      })),
    );
    await insertWorkloads(
      tx,
      Array.from({ length: WORKLOADS_PER_MODEL }, (_, index) => ({
        workloadId: workloadIdOf(index),
        dataset: "random",
        inputTokens: workloadTokens(index),
        outputTokens: workloadTokens(index),
      })),
    );
  });

  const known = { models: new Set<string>(), configurations: new Set<string>() };
  const pairs = new Map<string, { model: string; accelerator: string }>();
  const upcoming = inReleases(curves);
  for (let index = 0; index < ingests; index += 1) {
    const batch = emptyBatch();
    const revisionId = firstRevision + index;
    const sha256 = hex(random, 64);
    const measuredOn = at(index).slice(0, 10);
    let line = 2;
    for (let count = 0; count < runsOfIngest; count += 1) {
      const next = upcoming.next();
      if (next.done === true) break;
      const { curve, release } = next.value;
      const accelerator =
        accelerators[(curve.modelNumber + Math.floor(random() * ACCELERATORS_PER_MODEL)) % ACCELERATORS];
      if (accelerator === undefined) throw new Error("The catalogue has too few accelerators.");
      const acceleratorCount = pick(COUNTS, random);
      const facts: ConfigurationFacts = {
        model: curve.model,
        checkpoint: null,
        accelerator: accelerator.id,
        acceleratorCount,
        nodes: 1,
        server: "vllm",
        serverVersion: `0.${release}.0`,
        precision: pick(PRECISIONS, random),
        parallelism: {
          label: `tp${acceleratorCount}`,
          tensor: acceleratorCount,
          pipeline: null,
          data: null,
          expert: null,
          context: null,
        },
        speculative: null,
        speculativeTokens: null,
        servingMode: "aggregated",
        prefillAccelerators: null,
        decodeAccelerators: null,
        settings: UNKNOWN_SETTINGS,
      };
      const id = configurationId(facts);
      if (!known.models.has(curve.model)) {
        known.models.add(curve.model);
        batch.models.push(modelRow(curve.model, revisionId));
      }
      if (!known.configurations.has(id)) {
        known.configurations.add(id);
        batch.configurations.push(configurationRow({ ...facts, configurationId: id }));
      }
      const runId = hex(random, 16);
      pairs.set(`${curve.model} ${accelerator.id}`, { model: curve.model, accelerator: accelerator.id });
      const isRetired = revisionId < lastRevision && random() < RETIRED_SHARE;
      const isFlagged = random() < FLAGGED_SHARE;
      const flags = isFlagged ? [pick(FLAGS, random)] : [];
      batch.runs.push({
        runId,
        configurationId: id,
        workloadId: curve.workloadId,
        format: FORMATS[curve.modelNumber % FORMATS.length] ?? FORMATS[0],
        tool: "vllm bench serve",
        toolVersion: facts.serverVersion,
        measuredOn: random() < UNDATED_SHARE ? null : measuredOn,
        sourceName: SOURCES[index % SOURCES.length] ?? SOURCES[0],
        sourceUrl: null,
        licence: null,
        seriesKey: runId,
        qualityFlags: [],
        origin: "user",
        loadPoints: POINTS_PER_CURVE,
        ingestId: index + 1,
        addedInRevision: revisionId,
        groupId: null,
        retiredInRevision: isRetired ? revisionId + 1 + Math.floor(random() * (lastRevision - revisionId)) : null,
      });
      batch.grouped.push({
        configuration: facts,
        source: { name: SOURCES[index % SOURCES.length] ?? SOURCES[0] },
        format: FORMATS[curve.modelNumber % FORMATS.length] ?? FORMATS[0],
        measuredOn: batch.runs.at(-1)?.measuredOn ?? null,
        qualityFlags: [],
        points: [{ qualityFlags: flags }],
      });
      batch.runReports.push({ runId, sha256, fileName: `night-${index}/results.csv`, role: "points" });
      const shape = { idleTpotMs: 4 + random() * 30, idleTtftMs: 30 + random() * 200, saturation: 8 + random() * 120 };
      for (let ordinal = 0; ordinal < POINTS_PER_CURVE; ordinal += 1) {
        const point = generatedPoint(runId, ordinal, shape, random);
        if (ordinal > POINTS_PER_CURVE / 2) point.qualityFlags = flags;
        const identity = { runId, ordinal, pointId: hex(random, 32), reportSha256: sha256, reportAt: `line ${line++}` };
        batch.points.push(loadPointValues(point, identity));
      }
    }
    await db.engine.write((tx) => storeBatch(tx, batch, { index, revisionId, sha256, at: at(index) }));
    if (index % 50 === 49) say(`${index + 1} of ${ingests} ingests`);
  }
  say("Counts");
  await db.engine.write(async (tx) => {
    const groups = await tx.select({ groupId: runGroup.groupId }).from(runGroup);
    await recountGroups(
      tx,
      groups.map(({ groupId }) => groupId),
    );
    await recountCoverage(tx, [...pairs.values()]);
  });
}

function pick<T>(values: readonly [T, ...T[]] | readonly T[], random: () => number): T {
  const value = values[Math.floor(random() * values.length)];
  if (value === undefined) throw new Error("Nothing to pick from.");
  return value;
}

interface Batch {
  models: (typeof model.$inferSelect)[];
  configurations: (typeof configuration.$inferSelect)[];
  runs: (typeof run.$inferSelect)[];
  /** What the groups of the runs are made from, in their order. */
  grouped: GroupedRun[];
  runReports: (typeof runReport.$inferSelect)[];
  points: ReturnType<typeof loadPointValues>[];
}

function emptyBatch(): Batch {
  return { models: [], configurations: [], runs: [], grouped: [], runReports: [], points: [] };
}

/** Numbers of rows of the catalogue that no seeded row has. */
let nextModelRow = 1_000_000;

function modelRow(id: string, revisionId: number): typeof model.$inferSelect {
  return {
    id,
    displayName: id.split("/").at(-1) ?? id,
    family: "Example",
    totalParametersBillions: 70,
    activeParametersBillions: 70,
    contextLengthTokens: 131_072,
    weightsPrecision: "bf16",
    weightBytes: 140e9,
    quantisedCheckpoints: [],
    licence: null,
    gated: null,
    source: "generated",
    rowId: nextModelRow++,
    origin: "user",
    addedInRevision: revisionId,
    leftInRevision: null,
  };
}

async function storeBatch(
  db: Database,
  batch: Batch,
  of: { index: number; revisionId: number; sha256: string; at: string },
): Promise<void> {
  await insertModels(db, batch.models);
  await insertConfigurations(db, batch.configurations);
  const text = `results of night ${of.index}\n`;
  await insertReports(db, [
    {
      sha256: of.sha256,
      fileName: "results.csv",
      mediaType: "text/csv",
      byteLength: text.length,
      content: gzipSync(text),
      redacted: [],
    },
  ]);
  await insertIngests(db, [
    {
      id: of.index + 1,
      at: of.at,
      way: "cli",
      reason: `ingest night-${of.index}/`,
      revision: of.revisionId,
      files: 1,
      loadPoints: batch.points.length,
      duplicates: 0,
      problems: [],
      skipped: [],
    },
  ]);
  const groups = await groupsOfRuns(db, batch.grouped);
  await insertRuns(
    db,
    batch.runs.map((row, index) => ({ ...row, groupId: groups[index] ?? null })),
  );
  await insertRunReports(db, batch.runReports);
  await insertLoadPoints(db, batch.points);
}

/** Indexes that are made at the end. */
const LATER_INDEXES = ["load_point_is_live_once", "load_point_by_report"];

async function bulkLoading(db: Database, address: string): Promise<{ end(): Promise<void> }> {
  if (!isPostgresAddress(address)) {
    const client = sqliteClient(db);
    const made = client
      .prepare<string[], { name: string; sql: string }>(
        `SELECT name, sql FROM sqlite_master WHERE name IN (${LATER_INDEXES.map(() => "?").join(", ")})`,
      )
      .all(...LATER_INDEXES);
    for (const { name } of made) client.exec(`DROP INDEX ${name}`);
    await db.engine.write(async (tx) => {
      // Pages of the index of runs change with every run: they are written when many of their rows have come.
      sqliteClient(tx).pragma("cache_size = -1000000");
      sqliteClient(tx).pragma("wal_autocheckpoint = 200000");
    });
    return {
      async end() {
        client.pragma("cache_size = -1000000");
        for (const { sql } of made) client.exec(sql);
        client.pragma("wal_checkpoint(TRUNCATE)");
      },
    };
  }
  return onPostgres(address, async (client) => {
    const { rows } = await client.query<{ name: string; sql: string }>(
      "SELECT indexname AS name, indexdef AS sql FROM pg_indexes WHERE indexname = ANY($1)",
      [LATER_INDEXES],
    );
    for (const { name } of rows) await client.query(`DROP INDEX ${name}`);
    await client.query("ALTER TABLE load_point DISABLE TRIGGER ALL");
    return {
      end: () =>
        onPostgres(address, async (later) => {
          await later.query("SET maintenance_work_mem = '1GB'");
          for (const { sql } of rows) await later.query(sql);
          await later.query("ALTER TABLE load_point ENABLE TRIGGER ALL");
          await later.query("VACUUM (ANALYZE)");
        }),
    };
  });
}
