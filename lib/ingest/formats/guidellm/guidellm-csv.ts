import type { Statistic } from "../../../measurement/latency";
import { type CsvFile, csvRecords } from "../../parse/csv-table";
import type { CsvRecord } from "../../parse/cut-records";
import { isRecord, type JsonRecord, numberOf, own, recordAt, textAt } from "../../parse/fields";
import type { ParsedFile } from "../../parse/parsed-file";
import { wholeOf } from "../../parse/steps";
import { problem } from "../../problem";
import type { Problem } from "../../report";
import type { Cell, GuidellmBenchmark, GuidellmMetric } from "./guidellm-benchmark";

const MAX_ROW_CHARACTERS = 4_000_000;

/** Columns every table of v0.2 and v0.3 begins with. */
const FLAT_COLUMNS = ["Type", "Run Id", "Id", "Name", "Start Time", "End Time", "Duration"];

/** Groups of the first of the three header rows, since v0.4. */
const GROUPS = ["Run Info", "Benchmark", "Timings", "Request Counts"];
const GROUPED_HEADER_ROWS = 3;

/** One cell lists `[min, 0.1, 1, 5, 10, 25, 75, 90, 95, 99, max]`; the median has a column of its own. */
const LIST_LENGTH = 11;
const LIST_POSITIONS: Record<Exclude<Statistic, "mean" | "p50">, number> = { p90: 7, p95: 8, p99: 9 };
const FLAT_LIST_SUFFIX = "[min, 0.1, 1, 5, 10, 25, 75, 90, 95, 99, max]";

/** Group and unit of a metric's columns since v0.4. */
const GROUPED_NAMES: Record<GuidellmMetric, string> = {
  request_latency: "Request Latency / Successful Sec",
  time_to_first_token_ms: "Time to First Token / Successful ms",
  inter_token_latency_ms: "Inter Token Latency / Successful ms",
  time_per_output_token_ms: "Time per Output Token / Successful ms",
  requests_per_second: "Server Throughput / Successful Requests/Sec",
  output_tokens_per_second: "Token Throughput / Successful Output Tokens/Sec",
  prompt_tokens_per_second: "Token Throughput / Successful Input Tokens/Sec",
  tokens_per_second: "Token Throughput / Successful Total Tokens/Sec",
  prompt_token_count: "Token Metrics / Successful Input Tokens",
  output_token_count: "Token Metrics / Successful Output Tokens",
};

/** Which of the two tables a CSV file is; `null` for any other. */
export function guidellmTableOf(file: ParsedFile): "flat" | "grouped" | null {
  if (file.kind !== "csv") return null;
  const names = new Set(file.header);
  if (FLAT_COLUMNS.every((name) => names.has(name)) && names.has("Successful Requests")) return "flat";
  return GROUPS.every((name) => names.has(name)) ? "grouped" : null;
}

/**
 * The benchmarks of a CSV table, one a row. After the descriptions of the writers of v0.3 and v0.5; no public table was at hand.
 */
export function benchmarksOfTable(file: CsvFile): { benchmarks: GuidellmBenchmark[]; problems: Problem[] } {
  const table = wholeOf(csvRecords(file, { cells: "as written", maxRowCharacters: MAX_ROW_CHARACTERS }));
  if (table.problems.length > 0) return { benchmarks: [], problems: table.problems };
  const grouped = guidellmTableOf(file) === "grouped";
  const headerRows = grouped ? GROUPED_HEADER_ROWS : 1;
  const header = table.records.slice(0, headerRows).map((row) => row.cells);
  const width = header[0]?.length ?? 0;
  const names = Array.from({ length: width }, (_, column) =>
    header
      .map((row) => row[column]?.trim() ?? "")
      .filter((name) => name !== "")
      .join(" / "),
  );
  const problems: Problem[] = [];
  const refuse = (row: CsvRecord, value: unknown, expected: string, sentence: string) => {
    const location = `line ${row.line}`;
    problems.push(problem(file.path, location, value, expected, `${file.path}, ${location}: ${sentence}`));
  };
  const benchmarks: GuidellmBenchmark[] = [];
  const rows = table.records.slice(headerRows);
  for (const [index, row] of rows.entries()) {
    if (row.cells.length !== width) {
      const sentence = `has ${row.cells.length} cells under ${width} column names. GuideLLM leaves out columns without data, so it cannot be told which is which; give the JSON form of this report.`;
      refuse(row, row.cells.length, `${width} cells`, sentence);
      continue;
    }
    const record = recordOf(names, row.cells);
    const type = textAt(record, grouped ? "Benchmark / Type" : "Type");
    if (type !== null && type !== "generative_benchmark") {
      refuse(row, type, "generative_benchmark", `is a ${type}, which measures no text generation.`);
      continue;
    }
    benchmarks.push(grouped ? groupedBenchmark(record, index, row.line) : flatBenchmark(record, index, row.line));
  }
  if (rows.length === 0) {
    const expected = "one row a benchmark";
    problems.push(problem(file.path, "", "", expected, `${file.path} has a header and no rows; expected ${expected}.`));
  }
  return { benchmarks, problems };
}

/** The row by column name, empty cells left out, and each list of percentiles taken apart. */
function recordOf(names: readonly string[], cells: readonly string[]): JsonRecord {
  const entries = names.flatMap((name, column): [string, unknown][] => {
    const text = cells[column]?.trim() ?? "";
    if (text === "" || text === "None") return [];
    if (!name.endsWith(FLAT_LIST_SUFFIX) && !name.endsWith(" / Percentiles")) return [[name, text]];
    const values =
      /^\[(.*)\]$/s
        .exec(text)?.[1]
        ?.split(",")
        .map((value) => value.trim()) ?? [];
    return Object.entries(LIST_POSITIONS).map(([statistic, position]) => [
      `${name} ${statistic}`,
      values.length === LIST_LENGTH ? noneAsNull(values[position]) : text,
    ]);
  });
  return Object.fromEntries(entries);
}

function noneAsNull(text: string | undefined): string | null {
  return text === undefined || text === "None" ? null : text;
}

function flatBenchmark(record: JsonRecord, index: number, line: number): GuidellmBenchmark {
  const location = `line ${line}`;
  const args = parsedAt(record, "Args");
  // `concurrent@8`, `constant@10.50` (rounded), where the arguments are missing.
  const named = /^([a-z]+)(?:@([\d.]+))?$/.exec(textAt(record, "Name") ?? "");
  const value = numberOf(named?.[2]);
  const cellOf = (key: string): Cell => ({ record, key, location });
  return {
    location,
    id: textAt(record, "Id"),
    countsFromRequestStart: false,
    load: {
      strategy:
        recordAt(args, "strategy") ?? (named === null ? null : { type_: named[1], streams: value, rate: value }),
      strategyType: null,
      profile: recordAt(args, "profile"),
      index,
    },
    cell: (metric, statistic) => {
      const words = metric.replaceAll("_", " ");
      const name = `Successful ${words.charAt(0).toUpperCase()}${words.slice(1)}`;
      if (statistic === "mean") return cellOf(`${name} mean`);
      return cellOf(statistic === "p50" ? `${name} median` : `${name} ${FLAT_LIST_SUFFIX} ${statistic}`);
    },
    count: (status) => cellOf(`${status.charAt(0).toUpperCase()}${status.slice(1)} Requests`),
    duration: cellOf("Duration"),
    startedOn: localDate(textAt(record, "Start Time")),
    report: {},
    element: {
      worker: parsedAt(record, "Worker"),
      request_loader: parsedAt(record, "Request Loader"),
      extras: parsedAt(record, "Extras"),
    },
  };
}

function groupedBenchmark(record: JsonRecord, index: number, line: number): GuidellmBenchmark {
  const location = `line ${line}`;
  const cellOf = (key: string): Cell => ({ record, key, location });
  const runArguments = parsedAt(record, "Runtime Info / Arguments");
  // Since 0.8 the arguments are the specification of the run.
  const isSpecification = runArguments !== null && own(runArguments, "spec") !== undefined;
  return {
    location,
    id: textAt(record, "Benchmark / ID"),
    countsFromRequestStart: true,
    load: {
      strategy: null,
      strategyType: textAt(record, "Benchmark / Strategy"),
      profile: parsedAt(record, "Run Info / Profile"),
      index: numberOf(own(record, "Run Info / Run Index")) ?? index,
    },
    cell: (metric, statistic) => {
      const name = GROUPED_NAMES[metric];
      if (statistic === "mean") return cellOf(`${name} / Mean`);
      return cellOf(statistic === "p50" ? `${name} / Median` : `${name} / Percentiles ${statistic}`);
    },
    count: (status) => cellOf(`Request Counts / ${status.charAt(0).toUpperCase()}${status.slice(1)}`),
    duration: cellOf("Timings / Duration / Sec"),
    startedOn: localDate(textAt(record, "Timings / Measure Start Time") ?? textAt(record, "Timings / Start Time")),
    report: {
      metadata: parsedAt(record, "Runtime Info / Metadata"),
      ...(isSpecification ? { config: runArguments } : { args: runArguments }),
    },
    element: {
      config: {
        backend: parsedAt(record, "Run Info / Backend"),
        requests: parsedAt(record, "Run Info / Requests"),
      },
    },
  };
}

/** The object a cell holds as JSON; `null` where it holds none. */
function parsedAt(record: JsonRecord, key: string): JsonRecord | null {
  const text = textAt(record, key);
  if (text === null || !text.startsWith("{")) return null;
  try {
    const value = JSON.parse(text) as unknown;
    return isRecord(value) ? value : null;
  } catch {
    return null;
  }
}

/** `2025-05-01 10:00:00`, local time without a zone → `2025-05-01T10:00:00`. */
function localDate(text: string | null): string | null {
  const match = /^(20\d{2}-\d{2}-\d{2}) ((?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d)$/.exec(text ?? "");
  return match === null ? null : `${match[1]}T${match[2]}`;
}
