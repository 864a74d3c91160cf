import { CsvError, parse } from "csv-parse/sync";
import { LOAD_KINDS } from "../domain";
import type { Adapter, AdapterResult } from "./adapter";
import type { DraftRun } from "./complete-run";
import { FACT_NAMES, factsFromKeys } from "./facts";
import { emptyMeasurement } from "./fields";
import {
  FIGURES_COLUMNS,
  type FiguresColumn,
  figuresCsvColumns,
  LATENCY_COLUMNS,
  MEASURED_COLUMNS,
  MEASUREMENT_COLUMNS,
} from "./figures-columns";
import { UNDATED_POINT_FLAG } from "./figures-csv-write";
import type { ParsedFile } from "./parse-file";
import { problem } from "./problem";
import { impossibleValue } from "./quality";
import type { Problem, ReadPoint } from "./report";
import { nearestNames } from "./suggest";

type CsvFile = Extract<ParsedFile, { kind: "csv" }>;

/** Known columns a header must have before it is taken for ours: fewer, and it is some other table. */
const COLUMNS_TO_RECOGNISE = 3;

const MAX_RECORD_BYTES = 1_000_000;
const SOURCE_REF_MAX_LENGTH = 1000;
const SERIES_MAX_LENGTH = 200;

/** Our own figures format: one load point a row, each row with all its facts. See docs/figures-format.md. */
export const figuresCsv: Adapter = {
  format: "figures-csv",
  label: "figures CSV (one load point a row)",
  factsWin: "report",
  sniff: (file) =>
    file.kind === "csv" &&
    file.header.filter((name) => figuresCsvColumns.includes(name)).length >= COLUMNS_TO_RECOGNISE,
  read: (files) => {
    const result: AdapterResult = { drafts: [], problems: [], skipped: [] };
    for (const file of files) {
      if (file.kind !== "csv") continue;
      const { drafts, problems } = readFiguresCsv(file);
      result.problems.push(...problems);
      if (problems.length === 0) result.drafts.push(...drafts);
    }
    return result;
  },
};

interface Row {
  line: number;
  cells: ReadonlyMap<string, string>;
  /** Columns of the table, for saying whether a cell is empty or its column is not there. */
  columns: ReadonlySet<string>;
}

/** One draft a row (rows that belong together are joined once their facts are complete), or every problem of the table. */
export function readFiguresCsv(file: CsvFile): { drafts: DraftRun[]; problems: Problem[] } {
  const table = readTable(file);
  if (table.problems.length > 0) return { drafts: [], problems: table.problems };
  const fileName = file.path.slice(file.path.lastIndexOf("/") + 1).replace(/\.[^.]*$/, "");
  const drafts: DraftRun[] = [];
  const problems: Problem[] = [];
  for (const row of table.rows) {
    const read = readRow(file.path, row, fileName);
    if (read.kind === "draft") drafts.push(read.draft);
    else problems.push(...read.problems);
  }
  if (table.rows.length === 0) {
    problems.push(
      problem(file.path, "", "", "at least one row below the header", `${file.path}: the table has no rows.`),
    );
  }
  return { drafts, problems };
}

/** Header checked, rows with their line numbers; rows without any value (as spreadsheets export) are left out. */
function readTable(file: CsvFile): { rows: Row[]; problems: Problem[] } {
  const problems: Problem[] = [];
  const fail = (at: string, value: string, expected: string, sentence: string) => {
    problems.push(problem(file.path, at, value, expected, `${file.path}, ${at}: ${sentence}`));
  };
  let records: { record: string[]; info: { lines: number } }[];
  try {
    // With `info`, each record comes with the line it ends on; the declared result type does not know this option.
    records = parse(file.text, {
      delimiter: file.delimiter,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
      max_record_size: MAX_RECORD_BYTES,
    }) as unknown as { record: string[]; info: { lines: number } }[];
  } catch (error) {
    const line = csvErrorLine(error);
    fail(`line ${line}`, "", "CSV", "is not valid CSV; check the quotes.");
    return { rows: [], problems };
  }
  const [head, ...body] = records;
  const header = head?.record ?? [];
  const seen = new Set<string>();
  header.forEach((name, index) => {
    const at = `line ${head?.info.lines ?? 1}, column ${name === "" ? index + 1 : name}`;
    if (!figuresCsvColumns.includes(name)) {
      const nearest = nearestNames(name, figuresCsvColumns, 1)[0] ?? "";
      fail(at, name, `a known column, e.g. ${nearest}`, `unknown column; the nearest known one is ${nearest}.`);
    } else if (seen.has(name)) {
      fail(at, name, "each column once", "the column stands twice.");
    }
    seen.add(name);
  });
  // Other required facts may come from flags or a side file; the load of a row cannot.
  if (!seen.has("load_kind")) fail("line 1", "", "a column load_kind", "the column load_kind is missing.");
  const rows: Row[] = [];
  for (const { record, info } of problems.length > 0 ? [] : body) {
    if (record.every((cell) => cell === "")) continue;
    if (record.length !== header.length) {
      const expected = `${header.length} cells, as in the header`;
      fail(`line ${info.lines}`, String(record.length), expected, `has ${record.length} cells; expected ${expected}.`);
      continue;
    }
    const cells = new Map<string, string>();
    header.forEach((name, index) => {
      const cell = record[index] ?? "";
      if (cell !== "") cells.set(name, cell);
    });
    rows.push({ line: info.lines, cells, columns: seen });
  }
  return { rows, problems };
}

function readRow(
  path: string,
  row: Row,
  fileName: string,
): { kind: "draft"; draft: DraftRun } | { kind: "problems"; problems: Problem[] } {
  const problems: Problem[] = [];
  const at = `line ${row.line}`;
  const fail = (name: string, value: string, expected: string) => {
    const place = `${at}, column ${name}`;
    problems.push(problem(path, place, value, expected, `${path}, ${place}: expected ${expected}.`));
  };
  const numbers = new Map<string, number>();
  const facts = new Map<string, string | number>();
  for (const column of FIGURES_COLUMNS) {
    const cell = row.cells.get(column.name);
    if (cell === undefined) continue;
    if (column.kind === "text") {
      facts.set(column.name, cell);
    } else if (column.kind !== "flags" && column.kind !== "loadKind") {
      const number = numberIn(cell, column);
      if (typeof number === "string") fail(column.name, cell, number);
      else numbers.set(column.name, number);
      if (column.kind === "count" && typeof number === "number") facts.set(column.name, number);
    }
  }
  const loadText = row.cells.get("load_kind");
  const loadKind = LOAD_KINDS.find((kind) => kind === loadText);
  if (loadKind === undefined) fail("load_kind", loadText ?? "", `one of ${LOAD_KINDS.join(", ")}`);
  const loadCell = row.cells.get("load_value");
  if (loadKind === "max" ? loadCell !== undefined : loadKind !== undefined && loadCell === undefined) {
    fail(
      "load_value",
      loadCell ?? "",
      loadKind === "max" ? "an empty cell, because load_kind is max" : "the load, because load_kind is not max",
    );
  }
  if (problems.length === 0 && !MEASURED_COLUMNS.some((name) => numbers.has(name))) {
    problems.push(
      problem(path, at, "", "at least one measured value", `${path}, ${at}: the row holds no measured value.`),
    );
  }
  const flags = flagsIn(row.cells.get("quality_flags") ?? "");
  if (flags === null)
    fail("quality_flags", row.cells.get("quality_flags") ?? "", "names of letters, digits and _, separated by ;");
  for (const [name, limit] of [
    ["source_ref", SOURCE_REF_MAX_LENGTH],
    ["series", SERIES_MAX_LENGTH],
  ] as const) {
    const cell = row.cells.get(name);
    if (cell !== undefined && cell.length > limit) fail(name, cell, `at most ${limit} characters`);
  }
  if (problems.length > 0 || flags === null || loadKind === undefined) return { kind: "problems", problems };

  const point: ReadPoint = {
    ...emptyMeasurement(),
    loadKind,
    qualityFlags: flags,
    sourceRef: row.cells.get("source_ref") ?? null,
    file: path,
    at,
  };
  for (const { name, field } of MEASUREMENT_COLUMNS) point[field] = numbers.get(name) ?? null;
  for (const { field, columns } of LATENCY_COLUMNS) {
    if (!columns.some(({ name }) => numbers.has(name))) continue;
    const statistics = { mean: null, p50: null, p90: null, p95: null, p99: null };
    point[field] = Object.assign(
      statistics,
      Object.fromEntries(columns.map(({ statistic, name }) => [statistic, numbers.get(name) ?? null])),
    );
  }
  fillNominalLengths(point, numbers);
  if (point.outputTokensPerSecondDerived !== null && !flags.includes("est_throughput")) flags.push("est_throughput");
  // A series may span several days: each point keeps the date of its own row.
  const measuredOn = row.cells.get("measured_on") ?? null;
  point.measuredOn = flags.includes(UNDATED_POINT_FLAG) ? null : measuredOn;
  return {
    kind: "draft",
    draft: {
      format: figuresCsv.format,
      tool: null,
      measuredOn,
      stated: factsFromKeys(facts),
      // The lowest of all: a name a person gives goes before the file's.
      hints: { sourceName: fileName },
      seriesKey: row.cells.get("series") ?? null,
      qualityFlags: [],
      points: [point],
      files: [path],
      place: (field) => placeOf(row, columnOf(field)),
    },
  };
}

/** Where only nominal lengths are stated they stand for the measured ones, and the point says so. */
function fillNominalLengths(point: ReadPoint, numbers: ReadonlyMap<string, number>): void {
  const input = numbers.get("input_tokens");
  const output = numbers.get("output_tokens");
  let filled = false;
  if (point.inputTokensMean === null && input !== undefined) {
    point.inputTokensMean = input;
    filled = true;
  }
  if (point.outputTokensMean === null && output !== undefined) {
    point.outputTokensMean = output;
    filled = true;
  }
  if (filled && !point.qualityFlags.includes("nominal_token_lengths")) point.qualityFlags.push("nominal_token_lengths");
}

/** The number in a cell, or what was expected there. */
function numberIn(cell: string, column: FiguresColumn): number | string {
  const number = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/.test(cell) ? Number(cell) : null;
  if (column.kind === "count") {
    return number !== null && Number.isSafeInteger(number) && number >= 1 ? number : "a whole number, 1 or more";
  }
  if (number === null) return "a number such as 1234.5 (no thousands separators, no units)";
  const impossible = impossibleValue(number);
  if (impossible !== null) return impossible;
  if (column.kind === "wholeNumber" && !Number.isInteger(number)) return "a whole number, 0 or more";
  return column.kind === "positiveNumber" && number === 0 ? "a number above 0" : number;
}

function flagsIn(cell: string): string[] | null {
  const flags = cell
    .split(";")
    .map((flag) => flag.trim())
    .filter((flag) => flag !== "");
  return flags.every((flag) => /^[A-Za-z0-9_]{1,80}$/.test(flag)) ? [...new Set(flags)] : null;
}

/** A missing column is one fault of the header, not one of each row. */
function placeOf(row: Row, name: string): string {
  return row.columns.has(name) ? `line ${row.line}, column ${name}` : `line 1, no column ${name}`;
}

function columnOf(field: string): string {
  return FACT_NAMES.find((fact) => fact.field === field)?.key ?? field;
}

/** csv-parse puts the line into an open record of context values. */
function csvErrorLine(error: unknown): number {
  const context: Record<string, unknown> = error instanceof CsvError ? { ...error } : {};
  return typeof context.lines === "number" ? context.lines : 1;
}
