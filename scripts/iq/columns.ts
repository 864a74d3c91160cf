import { readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Command } from "commander";
import { type ColumnMapping, columnMapping } from "../../lib/ingest/columns/column-mapping";
import { columnMappingYaml } from "../../lib/ingest/columns/column-mapping-write";
import { suggestMapping } from "../../lib/ingest/columns/suggest-mapping";
import { figuresCsvColumns } from "../../lib/ingest/figures/figures-columns";
import { figuresCsv } from "../../lib/ingest/figures/figures-csv";
import { detectFormat } from "../../lib/ingest/formats/detect-format";
import { tableColumns } from "../../lib/ingest/parse/csv-table";
import { parseFile } from "../../lib/ingest/parse/parse-file";
import { resolveNamed } from "./read-paths";
import { RefusedError, UsageError } from "./usage-error";

interface ColumnsOptions {
  output?: string;
  force?: boolean;
}

/** `iq columns TABLE` */
export function addColumnsCommand(program: Command): void {
  program
    .command("columns")
    .description("Suggest what the columns of a table mean, as a column mapping (iq.columns.yaml) to check and keep.")
    .argument("<table>", "CSV file with columns of its own")
    .option(
      "-o, --output <file>",
      "write there instead of printing; a bare name such as iq.columns.yaml beside the table",
    )
    .option("--force", "overwrite the file")
    .action(suggestColumns);
}

function suggestColumns(named: string, options: ColumnsOptions): void {
  const { columns, decimal, loadKind, samples } = suggestionFor(named);
  const settings: Omit<ColumnMapping, "columns"> = { loadKind, decimal, notMeasured: [] };
  const { mapping, faults } = columnMapping(columns, settings);
  const yaml = columnMappingYaml(mapping, samples);
  if (options.output === undefined) process.stdout.write(yaml);
  else {
    const target = targetOf(options.output, named);
    try {
      writeFileSync(target, yaml, { flag: options.force === true ? "w" : "wx" });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (reason.startsWith("EEXIST"))
        throw new RefusedError(`${options.output} is there already; --force overwrites it.`);
      throw new RefusedError(`${options.output} cannot be written: ${reason}.`);
    }
    console.error(`Wrote ${path.relative("", target)}: a suggestion, check it.`);
  }
  for (const { column, field, sure, note } of columns) {
    if (!sure) console.error(`check: "${column}" → ${field}${note === null ? "" : ` (${note})`}`);
  }
  for (const { sentence } of faults) console.error(`still to say: ${sentence}`);
}

/** Where `-o` means: a bare name beside the table, where ingest looks for it; a path from the folder the command was typed in. */
function targetOf(output: string, table: string): string {
  const isBare = path.basename(output) === output;
  return path.resolve(isBare ? path.dirname(resolveNamed(table)) : (process.env.INIT_CWD ?? "."), output);
}

/** @throws RefusedError where the file is no table, or one that needs no mapping */
function suggestionFor(named: string): ReturnType<typeof suggestMapping> & { samples: Map<string, string[]> } {
  const table = resolveNamed(named);
  if (statSync(table).isDirectory()) throw new UsageError(`${named} is a folder: name the table.`);
  const parse = parseFile({ path: named, bytes: readFileSync(table), named: true });
  if (parse.kind === "broken") throw new RefusedError(parse.problem.message);
  if (parse.kind === "unreadable") throw new RefusedError(`${named} is no table: ${parse.reason}.`);
  const { file } = parse;
  const columns = file.kind === "csv" ? tableColumns(file) : null;
  if (file.kind !== "csv" || columns === null) {
    throw new RefusedError(`${named} is no table with a header and rows below it.`);
  }
  const format = detectFormat(file);
  const isWhole = format !== figuresCsv || file.header.every((name) => figuresCsvColumns.includes(name));
  if (format !== null && isWhole) {
    throw new RefusedError(`${named} needs no mapping: it is read as ${format.label}.`);
  }
  const samples = new Map(
    columns.header.map((column, index) => [column, columns.sample.map((row) => row[index] ?? "")]),
  );
  return { ...suggestMapping(columns.header, columns.sample), samples };
}
