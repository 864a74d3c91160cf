import { describe, expect, it } from "vitest";
import { getCurrentRevision } from "../../../db/queries/get-revision";
import { listIngests } from "../../../db/queries/list-ingests";
import { commitIngest } from "../../../db/store/commit-ingest";
import { retireRuns } from "../../../db/store/retire-runs";
import { structuralFaults } from "../../../db/store/structural-faults";
import { countRows, figuresCsv, ingestTexts, NOW, seededDatabase } from "./small-data";

const A_DAY_MS = 86_400_000;
const YESTERDAY = new Date(NOW.getTime() - A_DAY_MS);

describe("a clock that goes backwards", () => {
  it("changes nothing in the order of revisions and of what was brought: numbers say it, not times", async () => {
    const db = await seededDatabase();
    const first = await ingestTexts(db, {
      "one.csv": figuresCsv("one", [{ concurrency: 3, outputTokensPerSecond: 90, ttftMs: 55 }]),
    });
    const retired = await retireRuns(db, { runIds: first.runs.map(({ runId }) => runId) }, "wrong", YESTERDAY);
    expect(retired.revision).toBe(first.revision + 1);
    const newest = await getCurrentRevision(db);
    expect(newest).toMatchObject({ id: first.revision + 1, createdAt: YESTERDAY.toISOString() });
    const empty = await commitIngest(db, {
      result: { runs: [], problems: [], skipped: [], carried: [] },
      files: [],
      way: "cli",
      reason: "later, by an earlier clock",
      origin: "user",
      dryRun: false,
      now: YESTERDAY,
    });
    expect(empty.revision).toBe(newest.id);
    const [latest] = (await listIngests(db, { limit: 10, offset: 0 })).ingests;
    expect(latest?.reason).toBe("later, by an earlier clock");
    expect(await countRows(db, "revision")).toBe(newest.id + 1);
    expect(await structuralFaults(db)).toEqual([]);
  });
});
