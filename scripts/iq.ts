import { Command, CommanderError } from "commander";
import { closeDatabases } from "../db/client";
import { databaseTrouble } from "../db/database-trouble";
import { addCatalogueCommand } from "./iq/catalogue";
import { addCheckCommand } from "./iq/check-database";
import { addClusterCommand } from "./iq/cluster";
import { addColumnsCommand } from "./iq/columns";
import { addCopyCommand } from "./iq/copy-database";
import { addExportCommand } from "./iq/export";
import { addIngestCommand } from "./iq/ingest";
import { addListCommands } from "./iq/list";
import { addManifestsCommand } from "./iq/manifests";
import { addRankCommand } from "./iq/rank";
import { addUndoCommands } from "./iq/undo";
import { EXIT_OK, EXIT_REFUSED, EXIT_USAGE, RefusedError, UsageError } from "./iq/usage-error";

/** The command line. Results go to stdout alone, messages to stderr; status 0 = done, 1 = refused, 2 = wrong usage. */
const program = new Command("iq")
  .description("Benchmark reports in; which accelerators, at what cost, and the manifest to apply out.")
  .addHelpText("after", "\nDatabase: IQ_DATABASE, or .iq/quickstart.db. Exit status: 0 done, 1 refused, 2 wrong usage.")
  .showHelpAfterError("(add --help for what is possible)");

addIngestCommand(program);
addColumnsCommand(program);
addListCommands(program);
addUndoCommands(program);
addExportCommand(program);
addRankCommand(program);
addManifestsCommand(program);
addCatalogueCommand(program);
addClusterCommand(program);
const databaseCommand = program.command("database").description("Look after the database itself.");
addCheckCommand(databaseCommand);
addCopyCommand(databaseCommand);

/** Subcommands must not end the process on their own: the status is decided here. */
function overrideExit(command: Command): void {
  command.exitOverride();
  for (const child of command.commands) overrideExit(child);
}
overrideExit(program);

/** Status for whatever ended the command; a bug is thrown on, with its stack. */
function statusOf(error: unknown): number {
  if (error instanceof CommanderError) {
    return error.exitCode === 0 && error.code !== "commander.help" ? EXIT_OK : EXIT_USAGE;
  }
  if (error instanceof UsageError) {
    console.error(`error: ${error.message}`);
    return EXIT_USAGE;
  }
  const reason = error instanceof RefusedError ? error.message : databaseTrouble(error)?.message;
  if (reason !== undefined) {
    console.error(reason);
    return EXIT_REFUSED;
  }
  throw error;
}

// A reader that has seen enough (`| head`) closes the pipe: that is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});

try {
  await program.parseAsync();
} catch (error) {
  // Not process.exit: output to a pipe would be cut off.
  process.exitCode = statusOf(error);
} finally {
  await closeDatabases();
}
