/** Opens the database, creating and seeding it on the first run, and says what it holds. */
import { closeDatabases, database } from "../../db/client";
import { databaseTrouble } from "../../db/database-trouble";
import { countLoadPoints } from "../../db/queries/count-load-points";
import { getCurrentRevision } from "../../db/queries/get-revision";

async function main(): Promise<void> {
  const db = await database();
  const revision = await getCurrentRevision(db);
  const points = await countLoadPoints(db, revision.id);
  console.log(`Database ${db.engine.name}: revision ${revision.id}, ${points.toLocaleString("en-US")} load points.`);
  await closeDatabases();
}

main().catch((error: unknown) => {
  console.error(databaseTrouble(error)?.message ?? error);
  process.exitCode = 1;
});
