import path from "node:path";
import { describe, expect, it } from "vitest";
import { getLastShippedRevision } from "../../../../db/queries/get-configuration";
import { getCurrentRevision } from "../../../../db/queries/get-revision";
import { listRuns } from "../../../../db/queries/list-runs";
import { retireRuns } from "../../../../db/store/retire-runs";
import { seedShipped } from "../../../../db/store/seed-shipped";
import { DEFAULT_QUESTION } from "../../../../lib/answer/answer";
import { parseExplorerQuery } from "../../../../lib/params/explorer-params";
import { getChoice } from "../../../../server/pages/get-choice";
import { getConfigurationPage } from "../../../../server/pages/get-configuration-page";
import {
  figuresCsv,
  ingestTexts,
  NOW,
  SHIPPED_ROWS,
  smallData,
  temporaryDatabase,
  temporaryDirectory,
  writeData,
} from "../../db/small-data";

describe("a configuration whose shipped figures were corrected", () => {
  it("is shown at the last revision it had them, and says that they are another now", async () => {
    const db = await temporaryDatabase();
    await seedShipped(db, smallData(), NOW);
    const [run] = await listRuns(db, 1, { modelId: "org/small", workloadId: "random-1024-1024" });
    const configurationId = run?.configuration.configurationId ?? "";
    expect(await getLastShippedRevision(db, configurationId)).toBeNull();

    const corrected = SHIPPED_ROWS.map((row) => ({ ...row, serverVersion: "0.12.0" }));
    const directory = writeData(temporaryDirectory(), { "lab.csv": figuresCsv("lab", corrected) });
    await seedShipped(db, directory, NOW);
    expect((await getCurrentRevision(db)).id, path.basename(directory)).toBe(2);
    expect(await getLastShippedRevision(db, configurationId)).toBe(1);

    const page = await getConfigurationPage(
      db,
      { id: 1, createdAt: NOW.toISOString(), reason: "" },
      {
        ...{ configurationId, query: parseExplorerQuery({}).query, asked: {} },
      },
    );
    expect(page).toMatchObject({ isGone: true, newestRevision: 2 });
    const choice = await getChoice(db, 2, {
      configurationId,
      workloadId: null,
      question: DEFAULT_QUESTION,
      options: {},
    });
    expect(choice).toMatchObject({ ok: false, error: expect.stringContaining("last in revision 1") });
  });

  it("is not brought back where a user took figures back", async () => {
    const db = await temporaryDatabase();
    await seedShipped(db, smallData(), NOW);
    const mine = await ingestTexts(db, {
      "mine.csv": figuresCsv("mine", [
        { ...SHIPPED_ROWS[0], concurrency: 2, outputTokensPerSecond: 90, ttftMs: 60, serverVersion: "9.9.9" },
      ]),
    });
    const run = mine.runs[0];
    await retireRuns(db, { runIds: [run?.runId ?? ""] }, "wrong", NOW);
    expect(await getLastShippedRevision(db, run?.configuration.configurationId ?? "")).toBeNull();
  });
});
