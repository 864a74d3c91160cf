import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { insertLoadPoints, loadPointColumns, loadPointFromValues, loadPointValues } from "../../../db/load-point-row";
import { preparedListQuestion } from "../../../db/per-handle";
import { countLoadPoints } from "../../../db/queries/count-load-points";
import { getConfiguration } from "../../../db/queries/get-configuration";
import { getReport } from "../../../db/queries/get-report";
import { getCurrentRevision } from "../../../db/queries/get-revision";
import { getRun } from "../../../db/queries/get-run";
import { listRuns } from "../../../db/queries/list-runs";
import { loadPoint } from "../../../db/schema";
import { type LatencyStatistics, latencyField, METRICS } from "../../../lib/measurement/latency";
import { emptyMeasurement, LOAD_KINDS, type Measurement, setMeasurement } from "../../../lib/measurement/measurement";
import type { QualityFlag } from "../../../lib/measurement/quality-flags";
import { NUMBER_FIELDS, QUANTITIES } from "../../../lib/measurement/quantities";
import { rawColumn, rawExecute, rawRows } from "../../support/raw-sql";
import { countRows, figuresCsv, ingestTexts, NOW, seededDatabase, snapshot, textOf } from "./small-data";

const MINE = figuresCsv("me", [
  { concurrency: 2, outputTokensPerSecond: 90, ttftMs: 55 },
  { concurrency: 16, outputTokensPerSecond: 650, ttftMs: 120 },
]);

async function seeded() {
  const db = await seededDatabase();
  return db;
}

describe("an ingest", () => {
  it("of very many rows tells PostgreSQL's planner of them before anybody asks", async () => {
    const db = await seededDatabase();
    if (db.engine.kind !== "postgres") return;
    const rows = Array.from({ length: 10_000 }, (_, index) => ({
      concurrency: index + 1,
      outputTokensPerSecond: 90 + index,
      ttftMs: 55,
    }));
    await ingestTexts(db, { "many.csv": figuresCsv("me", rows) });
    const [planned] = await rawColumn(db, "SELECT reltuples FROM pg_class WHERE relname = 'load_point'");
    expect(Number(planned)).toBeGreaterThanOrEqual(10_000);
  });

  it("takes a text with U+0000, which PostgreSQL holds as U+FFFD, and knows the report again", async () => {
    const db = await seeded();
    const report = readFileSync("test/fixtures/reports/aiperf/2026.json", "utf8").replace(
      /"aiperf_version": "[^"]*"/,
      '"aiperf_version": "1\\u00002"',
    );
    const given = { accelerator: "h100-sxm-80gb", acceleratorCount: 1 };
    const first = await ingestTexts(db, { "a.json": report }, { given });
    expect(first).toMatchObject({ problems: [], revision: 2 });
    const stored = await getRun(db, first.runs[0]?.runId ?? "");
    expect(stored?.run.toolVersion).toBe(db.engine.kind === "postgres" ? "1\uFFFD2" : "1\u00002");
    const again = await ingestTexts(db, { "a.json": report }, { given });
    expect(again).toMatchObject({ loadPoints: 0, duplicates: first.loadPoints });
    // Nor is it an error to ask for such a text.
    expect(await listRuns(db, 2, { curves: [{ configurationId: "\u0000", workloadId: "\u0000" }] })).toEqual([]);
  });

  it("stores runs, points and the original bytes as one revision", async () => {
    const db = await seeded();
    const outcome = await ingestTexts(db, { "folder/mine.csv": MINE });
    expect(outcome).toMatchObject({ revision: 2, loadPoints: 2, duplicates: 0, problems: [] });
    const stored = outcome.runs[0];
    const detail = await getRun(db, stored?.runId ?? "");
    expect(detail?.run).toEqual({ ...detail?.run, points: stored?.points, addedInRevision: 2 });
    const sha256 = createHash("sha256").update(MINE).digest("hex");
    expect(detail).toMatchObject({
      origin: "user",
      retiredInRevision: null,
      files: [{ sha256, fileName: "folder/mine.csv", role: "points" }],
    });
    expect(Object.values(detail?.points ?? {})).toHaveLength(2);
    const report = await getReport(db, sha256);
    expect(report).toMatchObject({
      fileName: "mine.csv",
      mediaType: "text/csv",
      byteLength: MINE.length,
      redacted: [],
    });
    expect(await textOf(report)).toBe(MINE);
  });

  it("of bytes that are stored under other facts says which facts stay and how to correct them", async () => {
    const db = await seeded();
    const report = readFileSync("test/fixtures/cases/ingest/wrong-accelerator-corrected/result.json", "utf8");
    const given = { model: "example/Model-8B", acceleratorCount: 8 };
    const first = await ingestTexts(db, { "result.json": report }, { given: { ...given, accelerator: "l4-24gb" } });
    const [stored] = first.runs;
    const second = await ingestTexts(
      db,
      { "result.json": report },
      { given: { ...given, accelerator: "h100-sxm-80gb" } },
    );
    expect(second.loadPoints).toBe(0);
    expect(second.runs[0]?.configuration.accelerator).toBe("l4-24gb");
    expect(second.notes.join()).toContain(
      `stored as run ${stored?.runId}, which says accelerator l4-24gb, not h100-sxm-80gb`,
    );
    expect(second.notes.join()).toContain(`iq retire ${stored?.runId}`);
  });

  it("takes the same file twice for nothing new, and says so", async () => {
    const db = await seeded();
    const first = await ingestTexts(db, { "mine.csv": MINE });
    const again = await ingestTexts(db, { "renamed.csv": MINE });
    expect(again).toMatchObject({ revision: 2, loadPoints: 0, duplicates: 2, problems: [] });
    expect(again.runs.map((run) => run.runId)).toEqual(first.runs.map((run) => run.runId));
    expect((await getCurrentRevision(db)).id).toBe(2);
    expect(await countRows(db, "report")).toBe(2);
  });

  it("adds only the new points of a file that has grown", async () => {
    const db = await seeded();
    await ingestTexts(db, { "mine.csv": MINE });
    const grown = figuresCsv("me", [
      { concurrency: 2, outputTokensPerSecond: 90, ttftMs: 55 },
      { concurrency: 16, outputTokensPerSecond: 650, ttftMs: 120 },
      { concurrency: 32, outputTokensPerSecond: 1200, ttftMs: 200 },
    ]);
    expect(await ingestTexts(db, { "mine.csv": grown })).toMatchObject({ revision: 3, loadPoints: 1, duplicates: 2 });
    expect(await countLoadPoints(db, 3)).toBe(7);
  });

  it("says when known bytes come with another description, and keeps the first", async () => {
    const db = await seeded();
    const text = MINE.replaceAll(",vllm,0.11.0,", ",,,");
    await ingestTexts(db, { "mine.csv": text });
    const again = await ingestTexts(db, { "mine.csv": text }, { given: { server: "sglang" } });
    expect(again).toMatchObject({ loadPoints: 0, duplicates: 2 });
    expect(again.notes).toHaveLength(1);
  });

  it("stores nothing in a dry run, and prints what the real one would", async () => {
    const db = await seeded();
    const before = await snapshot(db);
    const dry = await ingestTexts(db, { "mine.csv": MINE }, { dryRun: true });
    expect(await snapshot(db)).toBe(before);
    expect(await ingestTexts(db, { "mine.csv": MINE })).toEqual(dry);
  });

  it("stores nothing of a file with a problem, and all of the others", async () => {
    const db = await seeded();
    const wrong = figuresCsv("wrong", [
      { concurrency: 1, outputTokensPerSecond: 40, ttftMs: 50 },
      { concurrency: 2, outputTokensPerSecond: 80, ttftMs: -1 },
    ]);
    const outcome = await ingestTexts(db, { "wrong.csv": wrong, "mine.csv": MINE });
    expect(outcome.problems[0]).toMatchObject({ file: "wrong.csv", value: "-1" });
    expect(outcome.loadPoints).toBe(2);
    const names = await rawColumn(db, "SELECT file_name FROM report ORDER BY file_name");
    expect(names).toEqual(["alpha.csv", "mine.csv"]);
    expect(await rawColumn(db, "SELECT run_id FROM run WHERE source_name = 'wrong'")).toEqual([]);
  });

  it("leaves a line in the audit, also when everything was refused", async () => {
    const db = await seeded();
    await ingestTexts(db, { "mine.csv": "not,a,report\n1,2,3\n" });
    const [row] = await rawRows(db, "SELECT * FROM ingest ORDER BY id DESC LIMIT 1");
    expect(row).toMatchObject({ way: "cli", revision: null, load_points: 0, at: NOW.toISOString() });
    expect(String(row?.problems)).toContain("mine.csv");
    expect((await getCurrentRevision(db)).id).toBe(1);
  });

  it("finds a configuration only from the revision that brought it", async () => {
    const db = await seeded();
    const outcome = await ingestTexts(db, { "mine.csv": MINE.replaceAll("0.11.0", "0.12.0") });
    const id = outcome.runs[0]?.configuration.configurationId ?? "";
    expect(await getConfiguration(db, 1, id)).toBeNull();
    expect(await getConfiguration(db, 2, id)).toMatchObject({ serverVersion: "0.12.0" });
    expect(await listRuns(db, 2, { configurationId: id })).toHaveLength(1);
  });

  it("blanks secrets before storing, and remembers that it did", async () => {
    const db = await seeded();
    const secret = "hf_abcdefghijklmnopqrstuvwxyz012345";
    const text = MINE.replaceAll(",me-series,", `,series ${secret},`);
    const outcome = await ingestTexts(db, { "mine.csv": text });
    expect(outcome.loadPoints).toBe(2);
    const report = await getReport(db, createHash("sha256").update(text).digest("hex"));
    expect(report?.redacted.length).toBeGreaterThan(0);
    expect(await textOf(report)).not.toContain(secret);
  });
});

describe("a load point", () => {
  const quantity = fc.option(fc.double({ min: 0, max: 1e12, noNaN: true }), { nil: null });
  const count = fc.option(fc.nat(), { nil: null });
  const latency: fc.Arbitrary<LatencyStatistics | null> = fc
    .record({ mean: quantity, p50: quantity, p90: quantity, p95: quantity, p99: quantity })
    .map((statistics) => (Object.values(statistics).every((value) => value === null) ? null : statistics));
  const share = fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: null });
  const numbers = fc.tuple(
    ...QUANTITIES.map(({ kind }) => (kind === "count" ? count : kind === "share" ? share : quantity)),
  );
  const latencies = fc.tuple(...METRICS.map(() => latency));
  const measurement: fc.Arbitrary<Measurement> = fc
    .record({
      loadKind: fc.constantFrom(...LOAD_KINDS),
      numbers,
      latencies,
      qualityFlags: fc.uniqueArray(fc.constantFrom<QualityFlag>("no_date", "no_version", "replicate")),
      sourceRef: fc.option(fc.string(), { nil: null }),
    })
    .map(({ numbers, latencies, ...rest }) => {
      const measured = emptyMeasurement();
      setMeasurement(measured, {
        ...rest,
        number: (field) => numbers[NUMBER_FIELDS.indexOf(field)] ?? null,
        latency: (field) => latencies[METRICS.map(latencyField).indexOf(field)] ?? null,
      });
      return measured;
    });

  it("comes out of the database exactly as it went in", async () => {
    const db = await seeded();
    const outcome = await ingestTexts(db, { "mine.csv": MINE });
    const { runId = "", points: [stored] = [] } = outcome.runs[0] ?? {};
    const place = { runId, ordinal: 0, pointId: "p", reportSha256: stored?.reportSha256 ?? "", reportAt: "line 2" };
    const points = preparedListQuestion((of) => of.select(loadPointColumns).from(loadPoint));
    await fc.assert(
      fc.asyncProperty(measurement, async (point) => {
        await rawExecute(db, "DELETE FROM load_point");
        await insertLoadPoints(db, [loadPointValues(point, place)]);
        const [values] = await points(db, {});
        const { reportAt: _, ...identity } = place;
        // The database has one zero.
        expect(loadPointFromValues(values ?? [])).toEqual(JSON.parse(JSON.stringify({ ...point, ...identity })));
      }),
    );
  });
});

describe("a secret in a text that is stored beside the report", () => {
  it("is blanked there too, and the run says so", async () => {
    const db = await seeded();
    const secret = `hf_${"abcdefghijklmnopqrstuvwxyz"}012345`;
    const outcome = await ingestTexts(db, { "mine.csv": MINE.replaceAll(",me-series,", `,series ${secret},`) });
    expect(outcome.runs[0]?.seriesKey).toBe("series [redacted]");
    expect(outcome.runs[0]?.qualityFlags).toContain("secrets_redacted");
    const stored = await rawColumn(db, "SELECT series_key FROM run");
    expect(stored.join()).not.toContain(secret);
  });
});
