import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Command } from "commander";
import { database } from "../../db/client";
import { EXPORT_FORMATS, type ExportFormat } from "../../lib/api/export-request";
import { exportChunks } from "../../server/export-dataset";
import { resolveRevision } from "../../server/pages/resolve-revision";
import { oneOf, positiveInteger } from "./parse-options";
import { RefusedError } from "./usage-error";

interface ExportOptions {
  format: ExportFormat;
  revision?: number;
  model?: string;
  reports: boolean;
  output?: string;
}

/** `iq export` */
export function addExportCommand(program: Command): void {
  program
    .command("export")
    .description("Everything at a revision, for another database or another tool.")
    .option("--format <name>", EXPORT_FORMATS.join(", "), oneOf(EXPORT_FORMATS), "json")
    .option("--revision <n>", "dataset revision; otherwise the newest", positiveInteger)
    .option("--model <id>", "runs of this model alone")
    .option("--no-reports", "JSON without the reports' own bytes")
    .option("-o, --output <file>", "write there instead of printing")
    .action(exportDataset);
}

async function exportDataset(options: ExportOptions): Promise<void> {
  const db = await database();
  const revision = await resolveRevision(db, options.revision ?? null);
  if (revision === null) throw new RefusedError(`There is no revision ${options.revision}.`);
  const chunks = exportChunks(db, revision, {
    format: options.format,
    reports: options.reports,
    model: options.model ?? null,
  });
  if (options.output === undefined) {
    await print(chunks);
    return;
  }
  try {
    await pipeline(Readable.from(chunks), createWriteStream(options.output));
  } catch (error) {
    if (!(error instanceof Error && "syscall" in error)) throw error;
    throw new RefusedError(`${options.output} cannot be written: ${error.message}.`);
  }
  console.error(`Wrote revision ${revision.id} to ${options.output}.`);
}

/** To standard output, as fast as it is read there; a reader that has seen enough ends it. */
async function print(chunks: AsyncIterable<string>): Promise<void> {
  try {
    await pipeline(Readable.from(chunks), process.stdout, { end: false });
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EPIPE")) throw error;
  }
}
