import type { Command } from "commander";
import { openDatabase, openExistingDatabase } from "../../db/client";
import type { Database } from "../../db/handle";
import { type CopyProgress, copyDatabase } from "../../db/store/copy-database";
import { formatCount, plural } from "../../lib/format";
import { RefusedError } from "./usage-error";

/** Time between two lines of progress. */
const LINE_EVERY_MS = 2000;

const HELP = `
A database is the path of a SQLite file or postgres://user:password@host/database. A file that --to names is made; a database on a
server is made before, empty (createdb NAME). Everything goes along: data, revisions, share links, reports, audit. The copy is one
transaction: a copy that is broken off leaves nothing, and can be started again. What is stored in --from meanwhile is not in it.

  npm run iq -- database copy --from .iq/quickstart.db --to postgres://iq@localhost/quickstart
`;

/** `iq database copy --from … --to …` */
export function addCopyCommand(databaseCommand: Command): void {
  databaseCommand
    .command("copy")
    .description("Copy everything into an empty database, of either engine.")
    .requiredOption("--from <database>", "the database to copy; it stays as it is")
    .requiredOption("--to <database>", "the database to fill; empty, or a file that does not exist")
    .addHelpText("after", HELP)
    .action(copy);
}

async function copy(options: { from: string; to: string }): Promise<void> {
  const from = await openExistingDatabase(options.from);
  try {
    const to = await openDatabase(options.to);
    try {
      await copyInto(from, to);
    } finally {
      await to.engine.close();
    }
  } finally {
    await from.engine.close();
  }
}

async function copyInto(from: Database, to: Database): Promise<void> {
  const copied = await copyDatabase(from, to, progressLines());
  if (!copied.ok) throw new RefusedError(`${copied.error} Name an empty database in --to; nothing was copied.`);
  const { rows, revision } = copied.value;
  console.log(`Copied ${plural(rows, "row")} to ${to.engine.name}, dataset revision ${revision}.`);
}

/** At the beginning and then now and then a line on standard error that says how far it is. */
function progressLines(): (progress: CopyProgress) => void {
  let next = 0;
  return ({ rowsDone, rows }) => {
    if (Date.now() < next) return;
    next = Date.now() + LINE_EVERY_MS;
    console.error(
      `copied: ${formatCount(rowsDone)} of ${formatCount(rows)} rows (${Math.floor((rowsDone / rows) * 100)}%)`,
    );
  };
}
