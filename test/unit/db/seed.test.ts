import { rmSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { countLoadPoints } from "../../../db/queries/count-load-points";
import { getModel } from "../../../db/queries/get-model";
import { getCurrentRevision } from "../../../db/queries/get-revision";
import { listModels } from "../../../db/queries/list-models";
import { listPrices } from "../../../db/queries/list-prices";
import { listRuns } from "../../../db/queries/list-runs";
import { listWorkloads } from "../../../db/queries/list-workloads";
import { seedShipped } from "../../../db/store/seed-shipped";
import {
  countRows,
  figuresCsv,
  ingestTexts,
  NOW,
  pricesCsv,
  SHIPPED_ROWS,
  smallData,
  snapshot,
  temporaryDatabase,
  writeData,
} from "./small-data";

const SELECTION = { modelId: "org/small", workloadId: "random-1024-1024" };

describe("shipped data", () => {
  it("fills an empty database as one revision", async () => {
    const db = await temporaryDatabase();
    expect(await getCurrentRevision(db)).toMatchObject({ id: 0 });
    const outcome = await seedShipped(db, smallData(), NOW);
    expect(outcome).toEqual({ changed: true, revision: 1, loadPointsAdded: 4, runsRetired: 0 });
    expect(await countLoadPoints(db, 1)).toBe(4);
    expect(await countLoadPoints(db, 0)).toBe(0);
    expect(await getCurrentRevision(db)).toMatchObject({ id: 1, createdAt: NOW.toISOString() });
  });

  it("lists models without data after those with data", async () => {
    const db = await temporaryDatabase();
    await seedShipped(db, smallData(), NOW);
    expect(await listModels(db, 1)).toMatchObject([
      { model: { id: "org/small" }, loadPoints: 4, configurations: 2, accelerators: ["h100-sxm-80gb", "l4-24gb"] },
      { model: { id: "org/unmeasured", gated: null }, loadPoints: 0, configurations: 0, accelerators: [] },
    ]);
    expect(await listWorkloads(db, 1, "org/small")).toEqual([
      {
        workload: { workloadId: "random-1024-1024", dataset: "random", inputTokens: 1024, outputTokens: 1024 },
        loadPoints: 4,
        configurations: 2,
        accelerators: ["h100-sxm-80gb", "l4-24gb"],
      },
    ]);
  });

  it("changes nothing when the same state comes again", async () => {
    const db = await temporaryDatabase();
    const data = smallData();
    await seedShipped(db, data, NOW);
    const before = await snapshot(db);
    expect(await seedShipped(db, data, new Date("2027-01-01T00:00:00Z"))).toMatchObject({ changed: false });
    expect(await snapshot(db)).toBe(before);
  });

  it("comes as a new revision when it is newer, and the old revision still shows the old answer", async () => {
    const db = await temporaryDatabase();
    const data = smallData();
    await seedShipped(db, data, NOW);
    const runsBefore = await listRuns(db, 1, SELECTION);
    const pricesBefore = await listPrices(db, 1);

    const rows = SHIPPED_ROWS.map((row) => (row.concurrency === 64 ? { ...row, outputTokensPerSecond: 2500 } : row));
    writeData(data, { "alpha.csv": figuresCsv("alpha", rows) }, { prices: pricesCsv(3) });
    const outcome = await seedShipped(db, data, NOW);
    expect(outcome).toEqual({ changed: true, revision: 2, loadPointsAdded: 3, runsRetired: 1 });

    expect(await listRuns(db, 1, SELECTION)).toEqual(runsBefore);
    expect(await listPrices(db, 1)).toEqual(pricesBefore);
    expect(await countLoadPoints(db, 2)).toBe(4);
    const best = (await listRuns(db, 2, SELECTION)).flatMap((run) => run.points.map((p) => p.outputTokensPerSecond));
    expect(best).toContain(2500);
    expect(best).not.toContain(2000);
    expect((await listPrices(db, 2)).map((price) => price.usdPerHour)).toEqual([3, 1]);
    expect((await listPrices(db, 2)).map((price) => price.priceId)).toEqual(pricesBefore.map((price) => price.priceId));
  });

  it("replaces a run that only got a new caveat", async () => {
    const db = await temporaryDatabase();
    const data = smallData();
    await seedShipped(db, data, NOW);
    const rows = SHIPPED_ROWS.map((row) => (row.concurrency === 64 ? { ...row, flags: "curve_not_monotonic" } : row));
    writeData(data, { "alpha.csv": figuresCsv("alpha", rows) });
    expect(await seedShipped(db, data, NOW)).toMatchObject({ loadPointsAdded: 3, runsRetired: 1 });
    const flags = (await listRuns(db, 2, SELECTION)).flatMap((run) =>
      run.points.flatMap((point) => point.qualityFlags),
    );
    expect(flags).toContain("curve_not_monotonic");
  });

  it("comes back when it returns to an earlier state", async () => {
    const db = await temporaryDatabase();
    const data = smallData();
    await seedShipped(db, data, NOW);
    writeData(data, { "alpha.csv": figuresCsv("alpha", SHIPPED_ROWS.slice(0, 2)) });
    await seedShipped(db, data, NOW);
    expect(await countLoadPoints(db, 2)).toBe(2);
    writeData(data, { "alpha.csv": figuresCsv("alpha", SHIPPED_ROWS) });
    expect(await seedShipped(db, data, NOW)).toMatchObject({ changed: true, revision: 3 });
    expect(await countLoadPoints(db, 3)).toBe(4);
    // And a state that is in changes nothing, also after coming back.
    expect(await seedShipped(db, data, NOW)).toMatchObject({ changed: false });
    writeData(data, { "alpha.csv": figuresCsv("alpha", SHIPPED_ROWS), "beta.csv": figuresCsv("beta", SHIPPED_ROWS) });
    expect(await seedShipped(db, data, NOW)).toMatchObject({ loadPointsAdded: 4, runsRetired: 0 });
  });

  it("leaves what users added as it was", async () => {
    const db = await temporaryDatabase();
    const data = smallData();
    await seedShipped(db, data, NOW);
    const mine = await ingestTexts(db, {
      "mine.csv": figuresCsv("me", [
        { concurrency: 4, outputTokensPerSecond: 170, ttftMs: 60, model: "me/private" },
        { concurrency: 4, outputTokensPerSecond: 170, ttftMs: 60 },
      ]),
    });
    expect(mine).toMatchObject({ revision: 2, loadPoints: 2 });
    const before = await listRuns(db, 2, { modelId: "me/private", workloadId: "random-1024-1024" });

    rmSync(path.join(data, "figures", "alpha.csv"));
    writeData(data, { "beta.csv": figuresCsv("beta", SHIPPED_ROWS) });
    expect(await seedShipped(db, data, NOW)).toMatchObject({ revision: 3, loadPointsAdded: 4, runsRetired: 2 });
    expect(await listRuns(db, 3, { modelId: "me/private", workloadId: "random-1024-1024" })).toEqual(before);
    expect(await getModel(db, 3, "me/private")).toMatchObject({ displayName: "private", source: "me" });
    expect(await countLoadPoints(db, 3)).toBe(6);
  });

  it("keeps a catalogue row that valid runs still speak of", async () => {
    const db = await temporaryDatabase();
    const data = smallData();
    await seedShipped(db, data, NOW);
    const header =
      "id,display_name,family,total_parameters_billions,active_parameters_billions,context_length_tokens,weights_precision,weight_bytes,licence,gated,source\n";
    writeData(data, {}, { models: `${header}org/other,Other,,,,,,,,,test\n` });
    await seedShipped(db, data, NOW);
    expect((await listModels(db, 2)).map((entry) => entry.model.id)).toEqual(["org/small", "org/other"]);
  });

  it("is taken in whole or not at all: a wrong file leaves the database as it was", async () => {
    const db = await temporaryDatabase();
    const data = smallData();
    await seedShipped(db, data, NOW);
    const before = await snapshot(db);
    writeData(data, { "wrong.csv": figuresCsv("wrong", [{ concurrency: 1, outputTokensPerSecond: -5, ttftMs: 1 }]) });
    await expect(seedShipped(db, data, NOW)).rejects.toThrow(/wrong\.csv/);
    expect(await snapshot(db)).toBe(before);
  });

  it("is stored with the bytes it came from", async () => {
    const db = await temporaryDatabase();
    await seedShipped(db, smallData(), NOW);
    expect(await countRows(db, "report")).toBe(1);
    expect(await countRows(db, "run_report")).toBe(2);
  });
});
