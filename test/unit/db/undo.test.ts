import { describe, expect, it } from "vitest";
import type { Database } from "../../../db/client";
import { getReport } from "../../../db/queries/get-report";
import { getRetireWarning } from "../../../db/queries/get-retire-warning";
import { getCurrentRevision } from "../../../db/queries/get-revision";
import { getSharePurge } from "../../../db/queries/get-share-purge";
import { listAudit, listPurges } from "../../../db/queries/list-audit";
import { listRuns } from "../../../db/queries/list-runs";
import { createShare } from "../../../db/store/create-share";
import { purgeRuns } from "../../../db/store/purge-runs";
import { retireRuns } from "../../../db/store/retire-runs";
import { structuralFaults } from "../../../db/store/structural-faults";
import { rawColumn } from "../../support/raw-sql";
import { ingest, intakeFiles } from "../server/intake/intake-support";
import { figuresCsv, ingestTexts, NOW, seededDatabase, snapshot } from "./small-data";

const MINE = figuresCsv("mine", [
  { concurrency: 2, outputTokensPerSecond: 90, ttftMs: 55 },
  { concurrency: 16, outputTokensPerSecond: 650, ttftMs: 120 },
]);

async function withMine(): Promise<{ db: Database; runId: string; sha256: string }> {
  const db = await seededDatabase();
  const outcome = await ingestTexts(db, { "mine.csv": MINE });
  const [run] = outcome.runs;
  return { db, runId: run?.runId ?? "", sha256: run?.points[0]?.reportSha256 ?? "" };
}

async function sourcesAt(db: Database, revision: number): Promise<string[]> {
  const runs = await listRuns(db, revision, { every: true });
  return [...new Set(runs.map((run) => run.source.name))].sort();
}

describe("a retired run", () => {
  it("is gone from the new revision on and stays in every earlier one", async () => {
    const { db, runId } = await withMine();
    const outcome = await retireRuns(db, { runIds: [runId, "no-such-run"] }, "wrong version", NOW);
    expect(outcome).toEqual({ revision: 3, runIds: [runId], loadPoints: 2, notValid: ["no-such-run"] });
    expect(await sourcesAt(db, 3)).toEqual(["alpha"]);
    expect(await sourcesAt(db, 2)).toEqual(["alpha", "mine"]);
    expect(await getCurrentRevision(db)).toMatchObject({ id: 3, reason: "wrong version" });
  });

  it("cannot be retired again: no revision without a change", async () => {
    const { db, runId } = await withMine();
    await retireRuns(db, { runIds: [runId] }, "once", NOW);
    const again = await retireRuns(db, { runIds: [runId] }, "twice", NOW);
    expect(again).toEqual({ revision: 3, runIds: [], loadPoints: 0, notValid: [runId] });
    expect((await getCurrentRevision(db)).id).toBe(3);
  });

  it("goes with its whole ingest, and others stay", async () => {
    const { db, runId } = await withMine();
    expect(await retireRuns(db, { ingestId: 2 }, "all of it", NOW)).toMatchObject({ runIds: [runId], revision: 3 });
    expect(await sourcesAt(db, 3)).toEqual(["alpha"]);
    expect(await retireRuns(db, { ingestId: 99 }, "nobody’s", NOW)).toMatchObject({ runIds: [], revision: 3 });
  });

  it("leaves its report to download", async () => {
    const { db, runId, sha256 } = await withMine();
    await retireRuns(db, { runIds: [runId] }, "wrong version", NOW);
    expect(await getReport(db, sha256)).toMatchObject({ byteLength: MINE.length });
  });
});

describe("what came with the program", () => {
  it("is not taken back without knowing how much it is and which links go on showing it", async () => {
    const { db } = await withMine();
    const shown = await createShare(db, "model=org/small", 1);
    await createShare(db, "model=org/unmeasured", 1);
    const warning = await getRetireWarning(db, 1);
    expect(warning?.shares.map((share) => share.slug)).toEqual([shown]);
    expect(warning?.text).toMatch(
      /^Ingest 1 came with the program\. \d+ runs? with \d+ load points? would not be shown.*1 share link goes on showing/,
    );
    const { entries } = await listAudit(db, { page: 1, ingestId: null });
    expect(entries.map((entry) => entry.kind === "ingest" && entry.warning)).toEqual([null, warning?.text]);
  });

  it("needs no second thought once it is gone; nor does an ingest of one's own", async () => {
    const { db } = await withMine();
    expect(await getRetireWarning(db, 2)).toBeNull();
    await retireRuns(db, { ingestId: 1 }, "own measurements alone", NOW);
    expect(await getRetireWarning(db, 1)).toBeNull();
  });
});

describe("why something was done", () => {
  it("is kept without the secrets it names", async () => {
    const { db, runId } = await withMine();
    const token = `hf_${"abcdefgh".repeat(4)}`;
    const other = { "other.csv": MINE.replaceAll("mine", "other") };
    await ingest(db, intakeFiles(other, true), { given: {}, reason: `ingest ${token}/` });
    await retireRuns(db, { runIds: [runId] }, `${token} was in it`, NOW);
    await purgeRuns(db, { runIds: [runId] }, { reason: `${token} was in it`, dryRun: false, now: NOW });
    const tables = ["revision", "ingest", "purge"];
    const kept = (await Promise.all(tables.map((table) => rawColumn(db, `SELECT reason FROM ${table}`)))).flat();
    expect(kept.filter((reason) => reason === "ingest [redacted]/")).toHaveLength(2);
    expect(kept.filter((reason) => reason === "[redacted] was in it")).toHaveLength(3);
    expect(kept.filter((reason) => String(reason).includes(token))).toEqual([]);
  });
});

describe("a purge", () => {
  const request = { reason: "measured under embargo", now: NOW };

  it("tried first says what would go and changes nothing", async () => {
    const { db, runId } = await withMine();
    const slug = await createShare(db, "model=org/small", 2);
    const before = await snapshot(db);
    const dry = await purgeRuns(db, { runIds: [runId] }, { ...request, dryRun: true });
    expect(dry).toMatchObject({ runIds: [runId], loadPoints: 2, reports: 1 });
    expect(dry.brokenShares.map((share) => share.slug)).toEqual([slug]);
    expect(await snapshot(db)).toBe(before);
    expect(await purgeRuns(db, { runIds: [runId] }, { ...request, dryRun: false })).toEqual(dry);
  });

  it("takes runs and reports out of every revision", async () => {
    const { db, runId, sha256 } = await withMine();
    await purgeRuns(db, { runIds: [runId] }, { ...request, dryRun: false });
    expect(await sourcesAt(db, 2)).toEqual(["alpha"]);
    expect(await getReport(db, sha256)).toBeNull();
    expect(await structuralFaults(db)).toEqual([]);
  });

  it("breaks the links that showed it, which say so from then on, and no others", async () => {
    const { db, runId } = await withMine();
    const before = await createShare(db, "model=org/small", 1);
    const shown = await createShare(db, "model=org/small", 2);
    const other = await createShare(db, "model=org/unmeasured", 2);
    await purgeRuns(db, { runIds: [runId] }, { ...request, dryRun: false });
    expect(await getSharePurge(db, shown)).toEqual({
      at: NOW.toISOString(),
      reason: expect.stringContaining("measured under embargo"),
    });
    expect(await getSharePurge(db, before)).toBeNull();
    expect(await getSharePurge(db, other)).toBeNull();
    expect(await getSharePurge(db, "nowhere")).toBeNull();
  });

  it("is in the audit, with what it took and the links it broke", async () => {
    const { db, runId } = await withMine();
    await createShare(db, "model=org/small", 2);
    await purgeRuns(db, { runIds: [runId] }, { ...request, dryRun: false });
    const [purge] = await listPurges(db);
    expect(purge).toMatchObject({ runs: 1, loadPoints: 2, reports: 1, brokenShares: 1, at: NOW.toISOString() });
    const { entries } = await listAudit(db, { page: 1, ingestId: null });
    expect(entries[0]).toEqual({ kind: "purge", purge });
    expect(entries[1]).toMatchObject({ kind: "ingest", ingest: { id: 2, loadPoints: 2, runs: 0 } });
  });
});
