import { type CsvFile, csvRecords } from "../../parse/csv-table";
import type { JsonRecord } from "../../parse/fields";
import type { ParsedFile } from "../../parse/parsed-file";
import { wholeOf } from "../../parse/steps";
import type { Problem } from "../../report";
import type { MetricEntry, MetricTable } from "./nvidia-metrics";

/** Thousands separators as Python writes them: `1,234.56`. */
const THOUSANDS = /^-?\d{1,3}(?:,\d{3})+(?:\.\d+)?$/;

/** Longest name of a metric. */
const MAX_NAME_CHARACTERS = 200;

/** Which of the two tools wrote a CSV of metric rows. */
export type NvidiaCsvTool = "genai-perf" | "aiperf";

/**
 * The tool behind a CSV whose first line is `Metric,avg,min,max,…`: GenAI-Perf orders percentiles downwards and has no `std`,
 * AIPerf upwards. `null` for any other header (the telemetry tables have a column `GPU`).
 */
export function nvidiaCsvTool(file: ParsedFile): NvidiaCsvTool | null {
  if (file.kind !== "csv" || file.header[0] !== "Metric" || !file.header.includes("avg")) return null;
  const last = file.header.indexOf("p99");
  const middle = file.header.indexOf("p50");
  if (last < 0 || middle < 0 || file.header.includes("GPU")) return null;
  return file.header.includes("std") || middle < last ? "aiperf" : "genai-perf";
}

/**
 * The metric rows of such a CSV: a block with statistics as columns (whatever their order), then `Metric,Value` rows; early
 * versions put the single values right below the others. Tables of GPUs behind them are left out. A text that is not CSV has a
 * problem and no metrics.
 */
export function metricsOfCsv(file: CsvFile): { table: MetricTable; problems: Problem[] } {
  const { records, problems } = wholeOf(csvRecords(file));
  const table = new Map<string, MetricEntry>();
  let columns: readonly string[] | null = null;
  for (const { cells: record, line } of records) {
    const [name = "", ...cells] = record;
    if (name === "Metric") {
      columns = cells.includes("GPU") ? null : cells.map((cell) => (cell === "Value" ? "avg" : cell));
      continue;
    }
    if (name === "Endpoint") columns = null;
    if (columns === null || name === "" || name.length > MAX_NAME_CHARACTERS) continue;
    const labelled = /^(.*?)\s*(?:\(([^()]*)\))?$/.exec(name);
    const tag = (labelled?.[1] ?? name).toLowerCase().replace(/[\s-]+/g, "_");
    const filled = cells.filter((cell) => cell !== "");
    const values: JsonRecord = {};
    if (filled.length === 1) values.avg = plain(filled[0] ?? "");
    else for (const [index, column] of columns.entries()) values[column] = plain(cells[index] ?? "");
    if (!table.has(tag)) {
      table.set(tag, {
        unit: labelled?.[2] ?? null,
        values,
        where: (statistic) => `line ${line}, ${statistic === "unit" ? "column Metric" : `column ${statistic}`}`,
      });
    }
  }
  return { table, problems };
}

function plain(cell: string): string {
  return THOUSANDS.test(cell) ? cell.replaceAll(",", "") : cell;
}
