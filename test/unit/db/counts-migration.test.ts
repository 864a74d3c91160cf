import path from "node:path";
import { describe, expect, it } from "vitest";
import type { Database } from "../../../db/client";
import { getCurrentRevision } from "../../../db/queries/get-revision";
import { readMigrations } from "../../../db/read-migrations";
import { purgeRuns } from "../../../db/store/purge-runs";
import { retireRuns } from "../../../db/store/retire-runs";
import { structuralFaults } from "../../../db/store/structural-faults";
import { type RawRow, rawExecute, rawRows } from "../../support/raw-sql";
import { EARLIER_VERSIONS, writeEarlierVersion } from "./earlier-version";
import { figuresCsv, ingestTexts, NOW, seededDatabase, temporaryDatabase, temporaryDirectory } from "./small-data";

/** A database with runs of all kinds: flagged, undated, of several models, retired, come again, deleted. */
async function eventfulDatabase(): Promise<Database> {
  const db = await seededDatabase();
  const figure = { outputTokensPerSecond: 90, ttftMs: 55 };
  const mine = figuresCsv("mine", [
    { ...figure, concurrency: 2, flags: "consumer_gpu;batch_size_unknown" },
    { ...figure, concurrency: 4, flags: "batch_size_unknown" },
    { ...figure, concurrency: 8, model: "org/other", measuredOn: "" },
    { ...figure, concurrency: 8, accelerator: "l4-24gb", measuredOn: "2026-08-02" },
  ]);
  const first = await ingestTexts(db, { "mine.csv": mine });
  await ingestTexts(db, { "more.csv": figuresCsv("theirs", [{ ...figure, concurrency: 16 }]) });
  await retireRuns(db, { runIds: first.runs.slice(0, 2).map(({ runId }) => runId) }, "wrong", NOW);
  await ingestTexts(db, { "mine.csv": mine });
  await retireRuns(db, { ingestId: 1 }, "own measurements alone", NOW);
  await purgeRuns(
    db,
    { runIds: first.runs.slice(2, 3).map(({ runId }) => runId) },
    { reason: "gone", dryRun: false, now: NOW },
  );
  return db;
}

/** All that is counted, without the numbers of rows. */
async function counted(db: Database): Promise<unknown> {
  const groups = await rawRows(
    db,
    `SELECT run_id, model, accelerator, run_group.source_name, run_group.format, run_group.quality_flags, measured_day, runs,
       run_group.load_points, retired_runs, retired_load_points
     FROM run JOIN run_group ON run_group.group_id = run.group_id ORDER BY run_id`,
  );
  const facets = await rawRows(db, "SELECT facet, value FROM run_facet ORDER BY facet, value");
  const coverage = await rawRows(
    db,
    `SELECT model, accelerator, configurations, load_points, added_in_revision, left_in_revision
     FROM coverage ORDER BY model, accelerator, added_in_revision`,
  );
  return { groups, facets, coverage };
}

/** Of each load point, when it was taken back. */
function retirements(db: Database): Promise<RawRow[]> {
  return rawRows(db, "SELECT run_id, point_id, retired_in_revision FROM load_point ORDER BY run_id, ordinal");
}

const isPostgres = process.env.IQ_TEST_ENGINE === "postgres";

describe("a database from before there were counts", () => {
  it.skipIf(isPostgres).each(EARLIER_VERSIONS)("of version %i gets those it would have", async (version) => {
    const db = await eventfulDatabase();
    const file = path.join(temporaryDirectory(), "earlier.db");
    writeEarlierVersion(db, file, version);
    const migrated = await temporaryDatabase(file);
    expect(await counted(migrated)).toEqual(await counted(db));
    expect(await migrated.engine.faults()).toEqual([]);
    expect((await getCurrentRevision(migrated)).id).toBe((await getCurrentRevision(db)).id);
  });

  it.skipIf(!isPostgres)("gets those it would have", async () => {
    const db = await eventfulDatabase();
    const before = await counted(db);
    await rawExecute(
      db,
      `ALTER TABLE run DROP COLUMN group_id CASCADE; DROP TABLE run_group, run_facet, coverage;
       DROP INDEX run_by_configuration, run_by_ingest, run_by_revision, run_by_retirement;
       CREATE INDEX run_by_configuration ON run (configuration_id, workload_id); CREATE INDEX run_by_ingest ON run (ingest_id);
       CREATE TRIGGER run_is_append_only BEFORE UPDATE OF tool ON run FOR EACH ROW EXECUTE FUNCTION refuse('x')`,
    );
    const migration = readMigrations("postgres").find(({ name }) => name === "0002_counts.sql");
    await rawExecute(db, migration?.sql ?? "");
    expect(await counted(db)).toEqual(before);
  });
});

describe("a database from before load points said when they were taken back", () => {
  const ofTheirRuns =
    "SELECT run_id, point_id, run.retired_in_revision FROM load_point JOIN run USING (run_id) ORDER BY run_id, ordinal";

  it.skipIf(isPostgres).each(EARLIER_VERSIONS)("of version %i gets what its runs say", async (version) => {
    const db = await eventfulDatabase();
    const file = path.join(temporaryDirectory(), "earlier.db");
    writeEarlierVersion(db, file, version);
    const migrated = await temporaryDatabase(file);
    const points = await retirements(migrated);
    expect(new Set(points.map((point) => point.retired_in_revision === null)).size).toBe(2);
    expect(points).toEqual(await rawRows(db, ofTheirRuns));
    expect(await structuralFaults(migrated)).toEqual([]);
  });

  it.skipIf(!isPostgres)("gets what its runs say", async () => {
    const db = await eventfulDatabase();
    await rawExecute(
      db,
      `DROP TRIGGER load_point_retires_with_its_run ON run; DROP TRIGGER load_point_is_append_only ON load_point;
       DROP FUNCTION retire_load_points, refuse_changed_load_point; ALTER TABLE load_point DROP COLUMN retired_in_revision;
       CREATE INDEX load_point_by_point ON load_point (point_id);
       CREATE FUNCTION refuse_live_load_point() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
       CREATE TRIGGER load_point_is_live_once BEFORE INSERT ON load_point FOR EACH ROW EXECUTE FUNCTION refuse_live_load_point();
       CREATE TRIGGER load_point_is_append_only BEFORE UPDATE ON load_point FOR EACH ROW EXECUTE FUNCTION refuse('x')`,
    );
    const migration = readMigrations("postgres").find(({ name }) => name === "0005_points_retire.sql");
    await rawExecute(db, migration?.sql ?? "");
    expect(await retirements(db)).toEqual(await rawRows(db, ofTheirRuns));
    expect(await structuralFaults(db)).toEqual([]);
  });
});
