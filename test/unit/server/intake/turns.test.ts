import { describe, expect, it } from "vitest";
import { figuresCsv, seededDatabase } from "../../db/small-data";
import { ingest, intakeFiles } from "./intake-support";

const ROWS = 10_000;

describe("a table of very many rows", () => {
  it("is read while others get their turn, and not read on for somebody who has gone", async () => {
    const db = await seededDatabase();
    const row = { outputTokensPerSecond: 45, ttftMs: 50 };
    const text = figuresCsv(
      "me",
      Array.from({ length: ROWS }, (_, index) => ({ ...row, concurrency: index + 1 })),
    );
    let turns = 0;
    const others = setInterval(() => turns++, 1);
    try {
      const outcome = await ingest(db, intakeFiles({ "a.csv": text }, true), { dryRun: true });
      expect(outcome).toMatchObject({ loadPoints: ROWS, problems: [] });
      expect(turns).toBeGreaterThan(5);

      const gone = new AbortController();
      setTimeout(() => gone.abort(new Error("gone away")), 50);
      const broken = ingest(db, intakeFiles({ "a.csv": text }, true), { signal: gone.signal });
      await expect(broken).rejects.toThrow("gone away");
    } finally {
      clearInterval(others);
    }
  });
});
