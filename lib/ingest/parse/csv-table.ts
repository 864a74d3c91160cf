import { CsvError, parse } from "csv-parse/sync";
import { appendAll } from "../../append-all";
import { MAX_RESULTS_PER_FILE, MAX_VALUE_TEXT_LENGTH } from "../../limits";
import { problem, shownValue, tooManyResults } from "../problem";
import type { Problem } from "../report";
import { type CsvFault, csvPieces } from "./csv-pieces";
import { type CsvRecord, cutRecords } from "./cut-records";
import type { ParsedFile } from "./parsed-file";
import type { Steps } from "./steps";

/** A file that was parsed as a table. */
export type CsvFile = Extract<ParsedFile, { kind: "csv" }>;

const SAMPLE_ROWS = 5;

/** Columns a person can be asked about; a table with more is no table of results. */
const MAX_COLUMNS_ASKED = 300;

/** Characters parsed in one step. */
const STEP_CHARACTERS = 64 * 1024;

/** Characters read at a time until the first rows are complete. */
const SAMPLE_CHARACTERS = 4 * 1024;

/** How the cells of a table are read. */
export interface CsvForm {
  /** Whether blanks around a cell are kept. */
  cells?: "trimmed" | "as written";
  /** The longest row, for tools that write whole lists into a cell. */
  maxRowCharacters?: number;
}

/**
 * The records of a table, its header first; empty lines are left out.
 * @returns the records, or the one problem of a text that is not CSV
 */
export function* csvRecords(file: CsvFile, form: CsvForm = {}): Steps<{ records: CsvRecord[]; problems: Problem[] }> {
  const records: CsvRecord[] = [];
  const batches = csvRecordBatches(file, form);
  for (;;) {
    const batch = batches.next();
    if (batch.done === true) {
      return batch.value === null ? { records, problems: [] } : { records: [], problems: [batch.value] };
    }
    appendAll(records, batch.value);
    yield;
  }
}

/**
 * The same records as they come, some thousand characters at a time, for who need not have them all at once.
 * @returns the one problem of a text that is not CSV: what came before it is then no table either; else `null`
 */
export function* csvRecordBatches(file: CsvFile, form: CsvForm = {}): Generator<CsvRecord[], Problem | null> {
  let count = 0;
  let linesBefore = 0;
  try {
    const pieces = csvPieces(file.text, file.delimiter, STEP_CHARACTERS, form.maxRowCharacters);
    for (;;) {
      const piece = pieces.next();
      if (piece.done === true) return piece.value === null ? null : faultOf(file, piece.value);
      const records = parsedRecords(piece.value.text, file.delimiter, form.cells ?? "trimmed", linesBefore);
      count += records.length;
      if (count > MAX_RESULTS_PER_FILE + 1) return tooManyResults(file.path);
      linesBefore += piece.value.lines;
      yield records;
    }
  } catch (error) {
    const location = `line ${linesBefore + csvErrorLine(error)}`;
    const message = `${file.path}, ${location}: is not valid CSV; check the quotes.`;
    return problem(file.path, location, "", "CSV", message);
  }
}

function faultOf(file: CsvFile, { line, index, message }: CsvFault): Problem {
  const location = `line ${line}`;
  const value = file.text.slice(index, index + MAX_VALUE_TEXT_LENGTH * 2);
  return problem(file.path, location, value, "CSV", `${file.path}, ${location}: ${message}`);
}

/**
 * Header and first rows of a table, for asking what its columns mean; `null` if it has no rows or too many columns to ask
 * about.
 */
export function tableColumns(file: CsvFile): { header: string[]; sample: string[][] } | null {
  if (file.header.length > MAX_COLUMNS_ASKED) return null;
  const sample = firstRows(file).map((row) => row.map(shownValue));
  return sample.length === 0 ? null : { header: file.header, sample };
}

function firstRows(file: CsvFile): string[][] {
  const rows: string[][] = [];
  try {
    for (const { text } of csvPieces(file.text, file.delimiter, SAMPLE_CHARACTERS)) {
      for (const { cells } of parsedRecords(text, file.delimiter, "trimmed", 0)) rows.push(cells);
      if (rows.length > SAMPLE_ROWS) break;
    }
  } catch {
    return [];
  }
  return rows.slice(1, SAMPLE_ROWS + 1);
}

/** The records of whole lines, as {@link csvPieces} cuts them. @throws CsvError */
function parsedRecords(
  text: string,
  delimiter: string,
  cells: "trimmed" | "as written",
  linesBefore: number,
): CsvRecord[] {
  // Blanks around quotes are no CSV where they are kept.
  if (cells === "trimmed" || !text.includes('"')) return cutRecords(text, delimiter, cells === "trimmed", linesBefore);
  // With `info`, each record comes with the line it ends on; the declared result type does not know this option.
  const read = parse(text, {
    delimiter,
    record_delimiter: ["\r\n", "\n", "\r"],
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
  }) as unknown as { record: string[]; info: { lines: number } }[];
  return read.map(({ record, info }) => ({ line: linesBefore + info.lines, cells: record }));
}

/** csv-parse puts the line into an open record of context values. */
function csvErrorLine(error: unknown): number {
  const context: Record<string, unknown> = error instanceof CsvError ? { ...error } : {};
  return typeof context.lines === "number" ? context.lines : 1;
}
