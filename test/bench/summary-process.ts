/**
 * Measures the ingest of summary reports and prints the section as JSON: in a process of its own, as every ingest of the
 * command line is. What other measurements leave behind in a process (compiled for other reports, a larger heap) slows it.
 * Arguments: a folder, and a seeded database.
 */
import { catalogueOf } from "./database-bench";
import { benchSummaryReports } from "./ingest-bench";

async function main([folder, seeded]: string[]): Promise<void> {
  if (folder === undefined || seeded === undefined) throw new Error("Expected a folder and a seeded database.");
  process.stdout.write(JSON.stringify(await benchSummaryReports(folder, seeded, await catalogueOf(seeded))));
}

await main(process.argv.slice(2));
