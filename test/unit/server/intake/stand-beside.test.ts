import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { GivenFacts } from "../../../../lib/ingest/report";
import { diskSource } from "../../../../server/intake/byte-source";
import { ingestFiles } from "../../../../server/intake/ingest-files";
import { NOW, temporaryDatabase } from "../../db/small-data";

const folder = mkdtempSync(path.join(tmpdir(), "iq-beside-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let written = 0;

async function beside(
  db: Awaited<ReturnType<typeof temporaryDatabase>>,
  change: object,
  given: GivenFacts,
  dryRun = true,
) {
  const result = {
    ...{ model_id: "org/Model-8B", completed: 10, duration: 5, request_throughput: 2, output_throughput: 100 },
    ...{ mean_ttft_ms: 10 + written, mean_tpot_ms: 5, request_rate: "inf", max_concurrency: 4 },
    ...{ dataset_name: "random", random_input_len: 1024, random_output_len: 128, ...change },
  };
  const file = path.join(folder, `${written++}.json`);
  writeFileSync(file, JSON.stringify(result));
  const outcome = await ingestFiles(db, [{ path: "r.json", named: true, source: diskSource(file) }], {
    given,
    way: "cli",
    reason: "test",
    dryRun,
    now: NOW,
  });
  expect(outcome.problems).toEqual([]);
  return outcome.beside.join("\n");
}

describe("what an ingest will stand beside", () => {
  it("is said before anything is stored, with what would change it where it is nothing", async () => {
    const db = await temporaryDatabase();
    // Accelerators come from the catalogue: a row of one's own is enough here.
    const { storeOwnCatalogue } = await import("../../../../db/store/edit-catalogue");
    const { readOwnRows } = await import("../../../../db/store/own-rows");
    const rows = readOwnRows({ accelerators: [{ id: "chip-a" }, { id: "chip-b" }] });
    if (!rows.ok) throw new Error(rows.error.join());
    await storeOwnCatalogue(db, rows.value, { reason: "test", now: NOW });
    const onA = { accelerator: "chip-a", acceleratorCount: 1 };
    const onB = { accelerator: "chip-b", acceleratorCount: 1 };

    expect(await beside(db, {}, onA, false)).toBe(
      "org/Model-8B under random-1024-128 stands alone: nothing else of this model is stored.",
    );
    expect(await beside(db, {}, onB)).toBe(
      "org/Model-8B under random-1024-128 stands beside 1 stored configuration (1 load point) on chip-a.",
    );
    expect(await beside(db, { dataset_name: "sonnet" }, onB)).toContain(
      "If it was that, --dataset random sets it beside them.",
    );
    expect(await beside(db, { random_input_len: 1000 }, onB)).toContain("--input-tokens 1024 sets it beside them.");
    expect(await beside(db, { random_input_len: 8192 }, onB)).toContain("of other lengths (random-1024-128)");
    expect(await beside(db, { model_id: "my/Model-8B" }, onB)).toContain("If it is org/Model-8B, --model org/Model-8B");
  });
});
