import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Command } from "commander";
import { database } from "../../db/client";
import { exportChunks } from "../../db/queries/export-dataset";
import { resolveRevision } from "../../db/queries/resolve-revision";
import { EXPORT_FORMATS, type ExportFormat } from "../../lib/api/export-request";
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
  const db = database();
  const revision = await resolveRevision(db, options.revision ?? null);
  if (revision === null) throw new RefusedError(`There is no revision ${options.revision}.`);
  const chunks = exportChunks(db, revision, {
    format: options.format,
    reports: options.reports,
    model: options.model ?? null,
  });
  if (options.output === undefined) {
    for await (const chunk of chunks) {
      if (!process.stdout.write(chunk)) await new Promise((resolve) => process.stdout.once("drain", resolve));
    }
  } else {
    await pipeline(Readable.from(chunks), createWriteStream(options.output));
    console.error(`Wrote revision ${revision.id} to ${options.output}.`);
  }
}
