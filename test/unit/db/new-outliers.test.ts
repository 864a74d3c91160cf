import { describe, expect, it } from "vitest";
import { getCurrentRevision } from "../../../db/queries/get-revision";
import { ingest, intakeFiles } from "../server/intake/intake-support";
import { type FigureRow, figuresCsv, seededDatabase } from "./small-data";

async function seeded() {
  const db = await seededDatabase();
  return db;
}

const files = (source: string, rows: FigureRow[]) => intakeFiles({ [`${source}.csv`]: figuresCsv(source, rows) }, true);

describe("the new load points of an ingest", () => {
  it("are outliers where they beat the memory's bandwidth, which is said with both figures", async () => {
    const db = await seeded();
    const outcome = await ingest(
      db,
      files("me", [
        { concurrency: 1, outputTokensPerSecond: 900, ttftMs: 50, tpotMs: 1 },
        { concurrency: 4, outputTokensPerSecond: 180, ttftMs: 50 },
      ]),
      { dryRun: true },
    );
    const [run] = outcome.runs;
    expect(run?.outliers).toEqual([
      {
        pointId: run?.points[0]?.pointId,
        loadKind: "concurrency",
        loadValue: 1,
        reasons: [
          "1 in flight: TPOT p50 1 ms is less than the 4.78 ms it takes to read the model’s active weights from memory once.",
        ],
      },
    ]);
    expect(outcome.notes).toEqual([]);
    expect((await getCurrentRevision(db)).id, "a dry run stores nothing").toBe(1);
  });

  it("are outliers where they contradict a stored run, which is named; a stored one is told of the other way round", async () => {
    const db = await seeded();
    // The shipped run has 20 ms at one request in flight.
    const faster = await ingest(
      db,
      files("fast", [{ concurrency: 16, outputTokensPerSecond: 900, ttftMs: 90, tpotMs: 10 }]),
    );
    expect(faster.dryRun).toBe(false);
    expect(faster.runs[0]?.outliers[0]?.reasons).toEqual([
      expect.stringMatching(
        /^16 in flight: TPOT p50 10 ms, but 20 ms already at [14] in flight in run \w+ of the same configuration/,
      ),
    ]);

    const slower = await ingest(
      db,
      files("slow", [{ concurrency: 1, outputTokensPerSecond: 20, ttftMs: 90, tpotMs: 60 }]),
      { dryRun: true },
    );
    expect(slower.runs[0]?.outliers).toEqual([]);
    expect(slower.notes).toEqual([
      expect.stringMatching(/^\d+ stored load points? of run \w+ \(.*\) would be kept off/),
    ]);
  });

  it("are not looked at where nothing is new", async () => {
    const db = await seeded();
    const rows: FigureRow[] = [{ concurrency: 1, outputTokensPerSecond: 900, ttftMs: 50, tpotMs: 1 }];
    expect((await ingest(db, files("me", rows))).runs[0]?.outliers).toHaveLength(1);
    expect((await ingest(db, files("me", rows))).runs[0]?.outliers).toEqual([]);
  });
});
