import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import type { Database } from "../../../../db/client";
import { getCurrentRevision } from "../../../../db/queries/get-revision";
import { seedShipped } from "../../../../db/store/seed-shipped";
import type { ExportFormat } from "../../../../lib/api/export-request";
import { exportChunks } from "../../../../server/export-dataset";
import { ingestTexts, NOW, temporaryDatabase, temporaryDirectory, writeData } from "../../db/small-data";

const FIXTURES = path.resolve(import.meta.dirname, "../../../fixtures/reports/gke-inference-quickstart");
const SHIPPED = path.resolve(import.meta.dirname, "../../../../data");

/** A database with the real catalogue of accelerators and no figures. */
async function empty(): Promise<Database> {
  const db = await temporaryDatabase();
  const accelerators = readFileSync(path.join(SHIPPED, "accelerators.csv"), "utf8");
  const none =
    "provider,instance_type,region,accelerator,accelerator_count,usd_per_hour,kind,accelerator_only,as_of,source,notes\n";
  await seedShipped(db, writeData(temporaryDirectory(), {}, { accelerators, prices: none }), NOW);
  return db;
}

async function exported(db: Database, format: ExportFormat): Promise<string> {
  const revision = await getCurrentRevision(db);
  const chunks: string[] = [];
  for await (const chunk of exportChunks(db, revision, { format, reports: false, model: null })) chunks.push(chunk);
  return chunks.join("");
}

describe("what GKE Inference Quickstart exported", () => {
  for (const name of ["benchmarks-17.csv", "benchmarks-12.csv", "benchmarks-11.csv"]) {
    it(`${name} comes out of the database as it went in`, async () => {
      const text = readFileSync(path.join(FIXTURES, name), "utf8");
      const db = await empty();
      const outcome = await ingestTexts(db, { [name]: text }, { given: { acceleratorCount: 1 } });
      expect(outcome.problems).toEqual([]);
      expect(await exported(db, "giq-csv")).toBe(text);
    });
  }

  for (const name of ["profiles.json", "response.json"]) {
    it(`${name} comes out of the database as it went in`, async () => {
      const text = readFileSync(path.join(FIXTURES, name), "utf8");
      const db = await empty();
      const outcome = await ingestTexts(db, { [name]: text }, { given: { acceleratorCount: 1 } });
      expect(outcome.problems).toEqual([]);
      expect(JSON.parse(await exported(db, "giq-json"))).toEqual(JSON.parse(text));
    });
  }
});
