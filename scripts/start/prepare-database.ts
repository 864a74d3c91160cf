/** Opens the database, creating and seeding it on the first run, and says what it holds. */
import { closeDatabases, database, databasePath } from "../../db/client";
import { countLoadPoints } from "../../db/queries/count-load-points";
import { getCurrentRevision } from "../../db/queries/get-revision";

async function main(): Promise<void> {
  const db = database();
  const revision = await getCurrentRevision(db);
  const points = await countLoadPoints(db, revision.id);
  console.log(`Database ${databasePath()}: revision ${revision.id}, ${points.toLocaleString("en-US")} load points.`);
  closeDatabases();
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
