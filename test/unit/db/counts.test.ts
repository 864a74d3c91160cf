import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Database } from "../../../db/client";
import { countLoadPoints } from "../../../db/queries/count-load-points";
import { getCurrentRevision } from "../../../db/queries/get-revision";
import { listModels } from "../../../db/queries/list-models";
import { countRunFacets, listRunFacets, listRunSummaries } from "../../../db/queries/list-run-summaries";
import { listWorkloads } from "../../../db/queries/list-workloads";
import { purgeRuns } from "../../../db/store/purge-runs";
import { retireRuns } from "../../../db/store/retire-runs";
import type { RunFilter } from "../../../lib/params/run-params";
import { rawRows } from "../../support/raw-sql";
import { type FigureRow, figuresCsv, ingestTexts, NOW, seededDatabase } from "./small-data";

const MODELS = ["org/small", "org/other"] as const;
const VERSIONS = ["0.11.0", "0.12.0"] as const;
const ACCELERATORS = ["h100-sxm-80gb", "l4-24gb"] as const;
const SOURCES = ["alpha", "mine", "theirs"] as const;
const FLAGS = ["", "consumer_gpu", "batch_size_unknown;consumer_gpu"] as const;
const DAYS = ["", "2026-07-31", "2026-08-01", "2026-08-02"] as const;
const WORKLOADS = ["random-1024-1024", "short"] as const;

const row = fc.record({
  model: fc.constantFrom(...MODELS),
  accelerator: fc.constantFrom(...ACCELERATORS),
  measuredOn: fc.constantFrom(...DAYS),
  workload: fc.constantFrom(...WORKLOADS),
  serverVersion: fc.constantFrom(...VERSIONS),
  concurrency: fc.integer({ min: 1, max: 1000 }),
  flags: fc.constantFrom(...FLAGS),
});

/** What may happen to a database; which run or ingest is meant is settled when it happens. */
const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("ingest" as const),
      source: fc.constantFrom(...SOURCES),
      rows: fc.array(row, { minLength: 2, maxLength: 8 }),
    }),
  },
  fc.record({ kind: fc.constant("retire run" as const), which: fc.nat() }),
  fc.record({ kind: fc.constant("retire ingest" as const), which: fc.nat() }),
  fc.record({ kind: fc.constant("purge run" as const), which: fc.nat() }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

async function take(db: Database, item: Step): Promise<void> {
  if (item.kind === "ingest") {
    const rows = item.rows.map((figure): FigureRow => ({ ...figure, outputTokensPerSecond: 90, ttftMs: 55 }));
    await ingestTexts(db, { "some.csv": figuresCsv(item.source, rows) });
    return;
  }
  const column = item.kind === "retire ingest" ? "ingest_id" : "run_id";
  const found = await rawRows(db, `SELECT DISTINCT ${column} AS id FROM run ORDER BY ${column}`);
  const id = found[item.which % Math.max(1, found.length)]?.id;
  if (id === undefined) return;
  if (item.kind === "purge run") {
    await purgeRuns(db, { runIds: [String(id)] }, { reason: "gone", dryRun: false, now: NOW });
  } else {
    const target = item.kind === "retire run" ? { runIds: [String(id)] } : { ingestId: Number(id) };
    await retireRuns(db, target, "back", NOW);
  }
}

interface CountedRun {
  runId: string;
  configurationId: string;
  workloadId: string;
  model: string;
  accelerator: string;
  source: string;
  format: string;
  measuredOn: string | null;
  loadPoints: number;
  ingestId: number;
  added: number;
  retired: number | null;
  /** Of the run and its points. */
  flags: string[];
}

/** All runs that are stored, read past all questions of ours. */
async function storedRuns(db: Database): Promise<CountedRun[]> {
  const points = await rawRows(db, "SELECT run_id, quality_flags FROM load_point");
  const rows = await rawRows(
    db,
    "SELECT run.*, model, accelerator FROM run JOIN configuration ON configuration.configuration_id = run.configuration_id",
  );
  const listed = (flags: unknown) => String(flags).split(";").filter(Boolean);
  return rows.map((item) => {
    const own = points.filter((point) => point.run_id === item.run_id);
    const flags = [item, ...own].flatMap((flagged) => listed(flagged.quality_flags));
    return {
      runId: String(item.run_id),
      configurationId: String(item.configuration_id),
      workloadId: String(item.workload_id),
      model: String(item.model),
      accelerator: String(item.accelerator),
      source: String(item.source_name),
      format: String(item.format),
      measuredOn: item.measured_on === null ? null : String(item.measured_on),
      loadPoints: own.length,
      ingestId: Number(item.ingest_id),
      added: Number(item.added_in_revision),
      retired: item.retired_in_revision === null ? null : Number(item.retired_in_revision),
      flags: [...new Set(flags)].sort(),
    };
  });
}

function isValidAt(revision: number): (item: CountedRun) => boolean {
  return ({ added, retired }) => added <= revision && (retired === null || retired > revision);
}

function pointsOf(runs: readonly CountedRun[]): number {
  return runs.reduce((sum, { loadPoints }) => sum + loadPoints, 0);
}

function distinct(values: readonly string[]): string[] {
  return [...new Set(values)].sort();
}

/** What the lists say of models with runs at a revision, beside what there is. */
async function expectCountsAt(db: Database, revision: number, runs: readonly CountedRun[]): Promise<void> {
  const valid = runs.filter(isValidAt(revision));
  expect(await countLoadPoints(db, revision)).toBe(pointsOf(valid));
  const counted = (some: readonly CountedRun[]) => ({
    loadPoints: pointsOf(some),
    configurations: new Set(some.map(({ configurationId }) => configurationId)).size,
    accelerators: distinct(some.map(({ accelerator }) => accelerator)),
  });
  const listed = (await listModels(db, revision)).filter(({ loadPoints }) => loadPoints > 0);
  for (const { model, ...counts } of listed) {
    expect(counts).toEqual(counted(valid.filter((item) => item.model === model.id)));
    for (const { workload, ...under } of await listWorkloads(db, revision, model.id)) {
      const { workloadId } = workload;
      expect(under).toEqual(counted(valid.filter((item) => item.model === model.id && item.workloadId === workloadId)));
    }
  }
  expect(distinct(listed.map(({ model }) => model.id))).toEqual(distinct(valid.map(({ model }) => model)));
}

function matches(item: CountedRun, filter: RunFilter): boolean {
  const { search, model, accelerator, source, format, flag, ingestId, measuredFrom, measuredTo } = filter;
  const text = [item.model, item.accelerator, item.source, item.format].join(" ").toLowerCase();
  return (
    (search === null ||
      search
        .toLowerCase()
        .split(" ")
        .every((word) => text.includes(word))) &&
    (filter.withRetired || item.retired === null) &&
    (model === null || item.model === model) &&
    (accelerator === null || item.accelerator === accelerator) &&
    (source === null || item.source === source) &&
    (format === null || item.format === format) &&
    (flag === null || item.flags.includes(flag)) &&
    (ingestId === null || item.ingestId === ingestId) &&
    (measuredFrom === null || (item.measuredOn !== null && item.measuredOn >= measuredFrom)) &&
    (measuredTo === null || (item.measuredOn !== null && item.measuredOn <= measuredTo))
  );
}

/** What the list of runs says under a filter, page by page, beside what there is. */
async function expectListed(db: Database, filter: RunFilter, limit: number, runs: readonly CountedRun[]) {
  const matching = runs.filter((item) => matches(item, filter));
  const order = matching.sort((a, b) => {
    if (a.measuredOn !== b.measuredOn) return (a.measuredOn ?? "") < (b.measuredOn ?? "") ? 1 : -1;
    return b.added - a.added || (a.runId < b.runId ? -1 : 1);
  });
  const ids = order.map(({ runId }) => runId);
  for (let offset = 0; offset <= ids.length; offset += limit) {
    const list = await listRunSummaries(db, filter, { limit, offset });
    expect({ total: list.total, loadPoints: list.loadPoints }).toEqual({
      total: matching.length,
      loadPoints: pointsOf(matching),
    });
    expect(list.runs.map(({ runId }) => runId)).toEqual(ids.slice(offset, offset + limit));
  }
  const asked = { ...filter, ingestId: null };
  const others = runs.filter((item) => matches(item, { ...asked, source: null }));
  expect((await countRunFacets(db, asked)).sources).toEqual(
    Object.fromEntries(
      distinct(others.map(({ source }) => source)).map((source) => [
        source,
        others.filter((item) => item.source === source).length,
      ]),
    ),
  );
}

/** Mostly any: filters together match next to nothing. */
const maybe = <T extends string | number>(...values: T[]) =>
  fc.oneof({ weight: 5, arbitrary: fc.constant(null) }, fc.constantFrom(...values));

const filter: fc.Arbitrary<RunFilter> = fc.record({
  search: maybe("csv", "FIGURES csv", "no such words", ...SOURCES),
  model: maybe(...MODELS),
  accelerator: maybe(...ACCELERATORS),
  source: maybe(...SOURCES),
  format: maybe("figures-csv", "no-such-format"),
  measuredFrom: maybe(...DAYS.slice(1)),
  measuredTo: maybe(...DAYS.slice(1)),
  flag: maybe("consumer_gpu", "batch_size_unknown"),
  ingestId: maybe(1, 2, 3),
  withRetired: fc.boolean(),
});

describe("what is counted of all runs", () => {
  it("is what a recount gives in every revision, whatever was taken in, taken back and deleted", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 8 }), async (steps) => {
        const db = await seededDatabase();
        for (const item of steps) await take(db, item);
        const runs = await storedRuns(db);
        const newest = (await getCurrentRevision(db)).id;
        for (let revision = 0; revision <= newest; revision++) await expectCountsAt(db, revision, runs);
        expect(await listRunFacets(db)).toEqual({
          models: distinct(runs.map(({ model }) => model)),
          accelerators: distinct(runs.map(({ accelerator }) => accelerator)),
          sources: distinct(runs.map(({ source }) => source)),
          formats: distinct(runs.map(({ format }) => format)),
          flags: distinct(runs.flatMap(({ flags }) => flags)),
        });
      }),
      { numRuns: 12 },
    );
  });

  it("leads the list of runs to every run that matches, once, in order, on whatever page", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 2, maxLength: 6 }),
        fc.array(filter, { minLength: 5, maxLength: 10 }),
        fc.integer({ min: 1, max: 3 }),
        async (steps, filters, limit) => {
          const db = await seededDatabase();
          for (const item of steps) await take(db, item);
          const runs = await storedRuns(db);
          for (const asked of filters) await expectListed(db, asked, limit, runs);
        },
      ),
      { numRuns: 12 },
    );
  });
});
