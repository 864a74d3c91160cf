import { describe, expect, it } from "vitest";
import { listRuns } from "../../../../db/queries/list-runs";
import { purgeRuns } from "../../../../db/store/purge-runs";
import { retireRuns } from "../../../../db/store/retire-runs";
import { keptRuns } from "../../../../server/pages/kept-runs";
import { figuresCsv, ingestTexts, NOW, seededDatabase } from "../../db/small-data";

const SELECTION = { modelId: "org/small", workloadId: "random-1024-1024" };

describe("runs that are kept", () => {
  it("are read once while the data stays as it is, and are those of the database after every change", async () => {
    const db = await seededDatabase();
    const upToDate = async (revision: number) => {
      const kept = await keptRuns(db, revision, SELECTION);
      expect(kept).toEqual(await listRuns(db, revision, SELECTION));
      expect(await keptRuns(db, revision, SELECTION)).toBe(kept);
      return kept.length;
    };
    const seeded = await upToDate(1);
    const mine = figuresCsv("me", [{ concurrency: 3, outputTokensPerSecond: 9, ttftMs: 9 }]);
    const { runs } = await ingestTexts(db, { "mine.csv": mine });
    const target = { runIds: runs.map(({ runId }) => runId) };
    expect([await upToDate(1), await upToDate(2)]).toEqual([seeded, seeded + 1]);
    await retireRuns(db, target, "test", NOW);
    expect([await upToDate(2), await upToDate(3)]).toEqual([seeded + 1, seeded]);
    // Nothing of a revision changes but by a purge, which takes points out of all of them.
    await purgeRuns(db, target, { reason: "test", dryRun: false, now: NOW });
    expect([await upToDate(1), await upToDate(2)]).toEqual([seeded, seeded]);
  });
});
