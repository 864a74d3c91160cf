import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { ingestJson } from "../../../lib/api/ingest-json";
import { rawColumn, rawRows } from "../../support/raw-sql";
import { databaseFaults, FACTS, ingest, intakeFiles } from "../server/intake/intake-support";
import { countRows, seededDatabase } from "./small-data";

const TABLE = "users,TTFT p95 (s),Tok/s/GPU\n1,0.05,120\n16,0.09,900\n";
const MAPPING = `columns:
  users: load_value
  "TTFT p95 (s)": { field: ttft_ms_p95, unit: s }
  Tok/s/GPU: { field: output_tokens_per_second, unit: tokens/s per accelerator }
load_kind: concurrency
`;

async function database() {
  const db = await seededDatabase();
  return db;
}

describe("a table of one's own on its way in", () => {
  it("is asked about, answered and stored, and its answer is kept as its provenance", async () => {
    const db = await database();
    const asked = await ingest(db, intakeFiles({ "results.csv": TABLE }, true));
    expect(asked.runs).toEqual([]);
    const [problem] = ingestJson(asked).problems;
    expect(problem?.columns).toEqual({
      header: ["users", "TTFT p95 (s)", "Tok/s/GPU"],
      sample: [
        ["1", "0.05", "120"],
        ["16", "0.09", "900"],
      ],
    });

    const answered = { "results.csv": TABLE, "iq.columns.answers.yaml": MAPPING };
    const stored = await ingest(db, intakeFiles(answered, true));
    expect(stored.problems).toEqual([]);
    expect(
      stored.runs.map((run) => run.points.map((point) => [point.ttftMs?.p95, point.outputTokensPerSecond])),
    ).toEqual([
      [
        [50, 240],
        [90, 1800],
      ],
    ]);
    expect(stored.runs[0]?.files).toEqual(["results.csv", "iq.columns.answers.yaml"]);
    const kept = await rawColumn(db, "SELECT sha256 FROM report");
    expect(kept).toContain(createHash("sha256").update(MAPPING).digest("hex"));
    expect(await databaseFaults(db)).toEqual([]);

    const again = await ingest(db, intakeFiles({ "x/results.csv": TABLE, "x/iq.columns.yaml": MAPPING }));
    expect(again).toMatchObject({ loadPoints: 0, duplicates: 2 });
  });

  it("leaves none of its rows in the list of what was refused", async () => {
    const db = await database();
    await ingest(db, intakeFiles({ "results.csv": TABLE }, true), { given: FACTS });
    const [row] = await rawRows(db, "SELECT problems FROM ingest ORDER BY id DESC");
    expect(row?.problems).toContain("results.csv is a table in no format we read");
    expect(row?.problems).not.toContain("sample");
    expect(await countRows(db, "ingest")).toBeGreaterThan(0);
  });
});
