import type { Command } from "commander";
import { database } from "../../db/client";
import { checkDatabase, type DatabaseCheck } from "../../db/store/check-database";
import { formatBytes, plural } from "../../lib/format";
import { RefusedError } from "./usage-error";

interface CheckOptions {
  blankSecrets?: boolean;
  json?: boolean;
}

/** `iq database check` */
export function addCheckCommand(databaseCommand: Command): void {
  databaseCommand
    .command("check")
    .description(
      "Look through all that is stored: damage, bytes that are not what their hash says, leftovers, secrets.",
    )
    .option("--blank-secrets", "blank the secrets found, for good and in every revision")
    .option("--json", "one JSON object on stdout")
    .action(check);
}

async function check(options: CheckOptions): Promise<void> {
  const found = await checkDatabase(await database(), { blank: options.blankSecrets === true, now: new Date() });
  if (options.json === true) console.log(JSON.stringify(found, null, 2));
  else for (const line of checkLines(found)) console.log(line);
  const secrets = found.secretReports.length + Object.keys(found.secretRows).length;
  if (!found.isErased) {
    throw new RefusedError(
      "The secrets are blanked, but the file still holds them until every other process that reads the database has ended: end them and run any command.",
    );
  }
  if (secrets > 0 && !found.isBlanked) {
    throw new RefusedError("Secrets are stored: add --blank-secrets to blank them. This cannot be undone.");
  }
  if (found.faults.length > 0) throw new RefusedError("The database has faults.");
}

function checkLines(found: DatabaseCheck): string[] {
  const { reports, faults, secretReports, secretRows, isBlanked } = found;
  const verb = isBlanked ? "Blanked" : "Found";
  const lines = [
    ...faults,
    ...secretReports.map(
      ({ sha256, fileName, found }) => `${verb} in the report ${sha256} (${fileName}): ${found.join(", ")}.`,
    ),
    ...Object.entries(secretRows).map(
      ([table, rows]) => `${verb} in texts of ${plural(rows, "row")} of the table ${table}.`,
    ),
  ];
  const outcome =
    lines.length > 0 ? lines : [`All is well: ${plural(reports, "report")} looked through, no fault, no secret.`];
  return [...outcome, spaceLine(found)];
}

function spaceLine({ usedBytes, freeBytes }: DatabaseCheck): string {
  const free = freeBytes === null ? "how much the server has left is for it to say" : `${formatBytes(freeBytes)} free`;
  return `The database takes ${formatBytes(usedBytes)}; ${free}.`;
}
