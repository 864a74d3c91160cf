/**
 * Measures the ingest of summary reports and prints the section as JSON: in a process of its own, as every ingest of the
 * command line is. What other measurements leave behind in a process (compiled for other reports, a larger heap) slows it.
 * Arguments: a folder, and a seeded database.
 */
import { closeDatabase, openDatabase } from "../../db/client";
import { getCurrentRevision } from "../../db/queries/get-revision";
import { listAccelerators } from "../../db/queries/list-accelerators";
import { listCatalogueModels } from "../../db/queries/list-models";
import { benchSummaryReports } from "./ingest-bench";

async function main([folder, seeded]: string[]): Promise<void> {
  if (folder === undefined || seeded === undefined) throw new Error("Expected a folder and a seeded database.");
  const db = openDatabase(seeded);
  const revision = (await getCurrentRevision(db)).id;
  const catalogue = {
    accelerators: await listAccelerators(db, revision),
    models: listCatalogueModels(db, revision),
  };
  closeDatabase(db);
  process.stdout.write(JSON.stringify(await benchSummaryReports(folder, seeded, catalogue)));
}

await main(process.argv.slice(2));
