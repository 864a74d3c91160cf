import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Database } from "../../../db/client";
import { getReport } from "../../../db/queries/get-report";
import { getCurrentRevision } from "../../../db/queries/get-revision";
import { listPurges } from "../../../db/queries/list-audit";
import { listRuns } from "../../../db/queries/list-runs";
import { ingest, loadPointDetail } from "../../../db/schema";
import { checkDatabase } from "../../../db/store/check-database";
import { gzipMember } from "../../../db/store/file-to-store";
import { replaceContent, replaceRow } from "../../../db/store/replace-row";
import { rawColumn, rawExecute } from "../../support/raw-sql";
import { figuresCsv, ingestTexts, NOW, seededDatabase, textOf } from "./small-data";

const SECRET = `hf_${"kV4tQ9zB".repeat(5)}`;

/** A database as an earlier version may have left it: secrets in a report of two parts, in names and in the audit. */
async function withSecrets(): Promise<{ db: Database; sha256: string }> {
  const db = await seededDatabase();
  const text = figuresCsv("mine", [{ concurrency: 2, outputTokensPerSecond: 90, ttftMs: 55 }]);
  const outcome = await ingestTexts(db, { "mine.csv": text });
  const sha256 = outcome.runs[0]?.points[0]?.reportSha256 ?? "";
  const parts = [`{"env": ["HF_TOKEN=${SECRET}"], "api_`, `key": "hunter2hunter2", "n": 1}`];
  await db.engine.write(async (tx) => {
    await replaceContent(
      tx,
      sha256,
      parts.map((part) => gzipMember(Buffer.from(part))),
      [SECRET],
    );
    await replaceRow(
      tx,
      ingest,
      { id: 2 },
      { reason: `ingest HF_TOKEN=${SECRET}/`, problems: JSON.stringify([{ value: SECRET }]) },
    );
    for (const { runId, ordinal } of outcome.runs[0]?.points ?? []) {
      await tx
        .insert(loadPointDetail)
        .values({ runId, ordinal, measuredOn: null, extras: { api_key: "hunter2hunter2" } });
    }
  });
  return { db, sha256 };
}

async function contentOf(db: Database, sha256: string): Promise<string> {
  return textOf(await getReport(db, sha256));
}

describe("a check of the database", () => {
  it("finds nothing in one that is whole", async () => {
    const db = await seededDatabase();
    expect(await checkDatabase(db, { blank: false, now: NOW })).toMatchObject({
      faults: [],
      secretReports: [],
      secretRows: {},
    });
  });

  it.each([
    ["DELETE FROM run WHERE run_id = 'RUN'", /rows of load_point refer to what is not there in run \(run_id\)/],
    ["DELETE FROM load_point WHERE run_id = 'RUN'", /1 run have not the load points they say they have: RUN/],
    [
      `INSERT INTO load_point (run_id, ordinal, point_id, report_sha256, report_at, quality_flags, retired_in_revision)
       SELECT run_id, 99, point_id, report_sha256, '', '', 1 FROM load_point LIMIT 1`,
      /1 load point and their run were not taken back together/,
    ],
    ["DELETE FROM run_report WHERE run_id = 'RUN'", /1 run have no report they were read from: RUN/],
    ["DELETE FROM report", /rows of load_point refer to what is not there in report \(report_sha256\)/],
    ["DELETE FROM configuration", /rows of run refer to what is not there in configuration \(configuration_id\)/],
    ["DELETE FROM ingest", /rows of run refer to what is not there in ingest \(ingest_id\)/],
    ["UPDATE run_group SET load_points = load_points + 1", /list of runs would miscount: \d groups? of runs/],
    ["DELETE FROM run_group", /rows of run refer to what is not there in run_group \(group_id\)/],
    ["DELETE FROM coverage", /list of models would say 0 load points are valid, and 4 are/],
    ["DELETE FROM revision WHERE id = 0", /Of revisions 0 to 1 only 1 are there/],
    ["DELETE FROM revision WHERE id = 1", /rows of price refer to what is not there in revision \(added_in_revision\)/],
    ["INSERT INTO load_point_detail (run_id, ordinal) VALUES ('gone', 0)", /1 row of load_point_detail refer to what/],
    ["INSERT INTO purged_share (slug, purge_id) VALUES ('gone', 1)", /1 row of purged_share refer to what .* in share/],
    [
      `INSERT INTO report (sha256, file_name, media_type, byte_length, content, redacted)
       SELECT '${"0".repeat(64)}', 'a.json', 'application/json', 1, content, '["x"]' FROM report`,
      /No run refers to the stored report 0000/,
    ],
  ])("says what is lost or left over: %s", async (damage, words) => {
    const db = await seededDatabase();
    const [run = ""] = (await rawColumn(db, "SELECT min(run_id) FROM run")).map(String);
    const [off, on] =
      db.engine.kind === "sqlite"
        ? ["PRAGMA foreign_keys = OFF", "PRAGMA foreign_keys = ON"]
        : ["SET session_replication_role = replica", "RESET session_replication_role"];
    await rawExecute(db, `${off}; ${damage.replaceAll("RUN", run)}; ${on}`);
    const { faults } = await checkDatabase(db, { blank: false, now: NOW });
    expect(faults.map((fault) => fault.replaceAll(run, "RUN")).join("\n")).toMatch(words);
  });

  it("says where a sequence of PostgreSQL would give a number again", async () => {
    const db = await seededDatabase();
    if (db.engine.kind !== "postgres") return;
    await rawExecute(db, "SELECT setval(pg_get_serial_sequence('price', 'row_id'), 1)");
    const { faults } = await checkDatabase(db, { blank: false, now: NOW });
    expect(faults).toEqual([
      "price.row_id would go on with 2, and there are rows up to 2: SELECT setval('public.price_row_id_seq', 2) sets it right.",
    ]);
  });

  it("says how much room there is", async () => {
    const db = await seededDatabase();
    const { usedBytes, freeBytes } = await checkDatabase(db, { blank: false, now: NOW });
    expect(usedBytes).toBeGreaterThan(10_000);
    if (db.engine.kind === "sqlite") expect(freeBytes).toBeGreaterThan(0);
    else expect(freeBytes).toBeNull();
  });

  it("finds secrets that stand in reports, names and the audit, and leaves them", async () => {
    const { db, sha256 } = await withSecrets();
    const before = await contentOf(db, sha256);
    const found = await checkDatabase(db, { blank: false, now: NOW });
    expect(found.secretReports).toMatchObject([{ sha256 }]);
    expect(found.secretRows).toEqual({ ingest: 1, load_point_detail: 1 });
    expect(JSON.stringify(found)).not.toContain(SECRET);
    expect(await contentOf(db, sha256)).toBe(before);
  });

  it("blanks them when told to, for good, and keeps everything else", async () => {
    const { db, sha256 } = await withSecrets();
    const revision = (await getCurrentRevision(db)).id;
    const runs = await listRuns(db, revision, { every: true });
    expect(await checkDatabase(db, { blank: true, now: NOW })).toMatchObject({
      isBlanked: true,
      isErased: true,
      faults: [],
    });
    expect(await contentOf(db, sha256)).toBe('{"env": ["HF_TOKEN=[redacted]"], "api_key": "[redacted]", "n": 1}');
    expect((await getReport(db, sha256))?.redacted).toEqual(["[redacted]", "Hugging Face token", "api_key"]);
    expect(await listRuns(db, revision, { every: true })).toEqual(runs);
    expect((await listPurges(db)).map(({ reason }) => reason)).toEqual([
      "blank secrets in what is stored: 1 reports, 2 texts",
    ]);
    expect(await checkDatabase(db, { blank: false, now: NOW })).toMatchObject({
      faults: [],
      secretReports: [],
      secretRows: {},
    });
    if (db.engine.kind === "postgres") return;
    for (const suffix of ["", "-wal"]) {
      const bytes = readFileSync(`${db.engine.name}${suffix}`).toString("latin1");
      expect(bytes).not.toMatch(/hunter2|kV4tQ9zB/);
    }
  });

  it("says which report does not have the bytes its hash says", async () => {
    const { db, sha256 } = await withSecrets();
    await db.engine.write((tx) => replaceContent(tx, sha256, [gzipMember(Buffer.from("other"))], []));
    const { faults } = await checkDatabase(db, { blank: false, now: NOW });
    expect(faults).toEqual([expect.stringContaining(sha256)]);
  });
});
