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
