import { describe, expect, it } from "vitest";
import type { Database } from "../../../../db/client";
import { listAudit } from "../../../../db/queries/list-audit";
import { retireRuns } from "../../../../db/store/retire-runs";
import { EVERY_RUN, type RunFilter } from "../../../../lib/params/run-params";
import { getRunPage } from "../../../../server/pages/get-run-page";
import { getRunsPage } from "../../../../server/pages/get-runs-page";
import { figuresCsv, ingestTexts, NOW, seededDatabase, temporaryDatabase } from "../../db/small-data";

const SECRET = "hf_abcdefghijklmnopqrstuvwxyz012345";

/** Shipped: alpha (two accelerators). A user's: beta, a model of its own, one date later, a caveat on one point. */
async function filled(): Promise<Database> {
  const db = await seededDatabase();
  const beta = figuresCsv("beta", [
    { concurrency: 1, outputTokensPerSecond: 40, ttftMs: 60, model: "org/unmeasured" },
    { concurrency: 4, outputTokensPerSecond: 150, ttftMs: 80, model: "org/unmeasured", flags: "replicate" },
  ]).replaceAll("2026-08-01", "2026-08-15");
  const outcome = await ingestTexts(db, { "folder/beta.csv": beta, "notes.txt": "nothing measured" });
  expect(outcome.loadPoints).toBe(2);
  return db;
}

async function sources(db: Database, change: Partial<RunFilter>): Promise<string[]> {
  const { runs } = await getRunsPage(db, { filter: { ...EVERY_RUN, ...change }, page: 1 });
  return runs.map((run) => `${run.sourceName} ${run.configuration.accelerator}`).sort();
}

const ALPHA = ["alpha h100-sxm-80gb", "alpha l4-24gb"];
const BETA = ["beta h100-sxm-80gb"];

describe("the list of runs", () => {
  it("is narrowed by model, accelerator, source, tool, caveat, date and ingest", async () => {
    const db = await filled();
    expect(await sources(db, {})).toEqual([...ALPHA, ...BETA]);
    expect(await sources(db, { model: "org/small" })).toEqual(ALPHA);
    expect(await sources(db, { accelerator: "l4-24gb" })).toEqual(["alpha l4-24gb"]);
    expect(await sources(db, { source: "beta" })).toEqual(BETA);
    expect(await sources(db, { format: "figures-csv" })).toEqual([...ALPHA, ...BETA]);
    expect(await sources(db, { format: "inference-perf" })).toEqual([]);
    expect(await sources(db, { flag: "replicate" })).toEqual(BETA);
    expect(await sources(db, { flag: "replica" }), "part of a name is no caveat").toEqual([]);
    expect(await sources(db, { measuredFrom: "2026-08-02" })).toEqual(BETA);
    expect(await sources(db, { measuredFrom: "2026-08-01", measuredTo: "2026-08-01" })).toEqual(ALPHA);
    expect(await sources(db, { ingestId: 2 })).toEqual(BETA);
    expect(await sources(db, { ingestId: 2, model: "org/small" })).toEqual([]);
  });

  it("offers the values that occur, and names the caveats of points", async () => {
    const db = await filled();
    const page = await getRunsPage(db, { filter: { ...EVERY_RUN, source: "beta" }, page: 1 });
    expect(page.facets).toEqual({
      models: ["org/small", "org/unmeasured"],
      accelerators: ["h100-sxm-80gb", "l4-24gb"],
      sources: ["alpha", "beta"],
      formats: ["figures-csv"],
      flags: expect.arrayContaining(["replicate"]),
    });
    expect(page.runs[0]?.pointFlags).toContain("replicate");
    expect(page).toMatchObject({ total: 1, loadPoints: 2, pages: 1, emptyDatabase: false, revision: 2 });
    expect(page.names.accelerators["h100-sxm-80gb"]).toBe("H100 SXM");
  });

  it("has its last page where a link names one past it", async () => {
    const db = await filled();
    expect(await getRunsPage(db, { filter: EVERY_RUN, page: 99 })).toMatchObject({ query: { page: 1 }, total: 3 });
    expect((await getRunsPage(db, { filter: EVERY_RUN, page: 99 })).runs).toHaveLength(3);
  });

  it("of an empty database says that it is empty", async () => {
    const page = await getRunsPage(await temporaryDatabase(), { filter: EVERY_RUN, page: 1 });
    expect(page).toMatchObject({ total: 0, runs: [], emptyDatabase: true, pages: 1 });
  });

  it("leaves retired runs out unless asked for", async () => {
    const db = await filled();
    await retireRuns(db, { ingestId: 2 }, "wrong server version", NOW);
    expect(await sources(db, {})).toEqual(ALPHA);
    expect(await sources(db, { withRetired: true })).toEqual([...ALPHA, ...BETA]);
    const { runs } = await getRunsPage(db, { filter: { ...EVERY_RUN, source: "beta", withRetired: true }, page: 1 });
    expect(runs[0]).toMatchObject({ addedInRevision: 2, retiredInRevision: 3 });
  });
});

describe("the page of a run", () => {
  it("has its files with what was blanked, the place of every point, and the ingest it came with", async () => {
    const db = await seededDatabase();
    const text = figuresCsv("beta", [{ concurrency: 1, outputTokensPerSecond: 40, ttftMs: 60 }]);
    const outcome = await ingestTexts(db, {
      "folder/beta.csv": text.replaceAll(",beta-series,", `,series ${SECRET},`),
    });
    const runId = outcome.runs[0]?.runId ?? "";
    const page = await getRunPage(db, runId);
    expect(page).toMatchObject({
      origin: "user",
      acceleratorName: "H100 SXM",
      added: { revision: 2, at: NOW.toISOString(), reason: "test" },
      retired: null,
      ingest: { id: 2, way: "cli", loadPoints: 1 },
    });
    expect(page?.files).toHaveLength(1);
    expect(page?.files[0]).toMatchObject({
      fileName: "folder/beta.csv",
      role: "points",
      redacted: ["Hugging Face token"],
    });
    const [pointId = ""] = page?.run.points.map((point) => point.pointId) ?? [];
    expect(page?.points[pointId]).toEqual({ reportAt: expect.stringContaining("2"), measuredOn: null, extras: {} });
  });

  it("says when and why it was retired, and is still there", async () => {
    const db = await filled();
    const { runs } = await getRunsPage(db, { filter: { ...EVERY_RUN, source: "beta" }, page: 1 });
    const runId = runs[0]?.runId ?? "";
    await retireRuns(db, { runIds: [runId] }, "wrong server version", NOW);
    expect(await getRunPage(db, runId)).toMatchObject({
      retired: { revision: 3, at: NOW.toISOString(), reason: "wrong server version" },
    });
    expect(await getRunPage(db, "nothing")).toBeNull();
  });
});

describe("the audit", () => {
  it("lists every ingest with what was taken and refused, newest first", async () => {
    const db = await filled();
    await ingestTexts(db, { "wrong.csv": "not,a,report\n1,2,3\n" });
    const { entries, total } = await listAudit(db, { page: 1, ingestId: null });
    expect(total).toBe(3);
    const [refused, user, shipped] = entries.map((entry) => (entry.kind === "ingest" ? entry.ingest : null));
    expect(refused).toMatchObject({ revision: null, loadPoints: 0, runs: 0 });
    expect(refused?.problems[0]?.message).toContain("wrong.csv");
    expect(user).toMatchObject({ id: 2, way: "cli", revision: 2, loadPoints: 2, runs: 1, validRuns: 1 });
    expect(shipped).toMatchObject({ id: 1, way: "shipped", runs: 2 });
  });

  it("has retirements too, with their reason", async () => {
    const db = await filled();
    await retireRuns(db, { ingestId: 2 }, "wrong server version", new Date(NOW.getTime() + 1000));
    const { entries } = await listAudit(db, { page: 1, ingestId: null });
    expect(entries[0]).toEqual({
      kind: "retirement",
      retirement: {
        revision: 3,
        at: "2026-09-01T12:00:01.000Z",
        reason: "wrong server version",
        runs: 1,
        loadPoints: 2,
      },
    });
    expect(entries[1]).toMatchObject({ kind: "ingest", ingest: { id: 2, runs: 1, validRuns: 0 } });
  });

  it("finds the page an ingest stands on", async () => {
    const db = await filled();
    for (let index = 0; index < 60; index += 1) await ingestTexts(db, { "wrong.csv": `no report ${index}` });
    const page = await listAudit(db, { page: 1, ingestId: 2 });
    expect(page).toMatchObject({ page: 2, pages: 2, total: 62 });
    expect(page.entries.some((entry) => entry.kind === "ingest" && entry.ingest.id === 2)).toBe(true);
    expect(await listAudit(db, { page: 99, ingestId: null })).toMatchObject({ page: 2 });
  });
});
