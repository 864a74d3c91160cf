import { CsvError, parse } from "csv-parse/sync";
import { MAX_RESULTS_PER_FILE } from "./limits";
import type { ParsedFile } from "./parse-file";
import { problem, shownValue, tooManyResults } from "./problem";
import type { Problem } from "./report";
import type { Steps } from "./steps";

/** A file that was parsed as a table. */
export type CsvFile = Extract<ParsedFile, { kind: "csv" }>;

/** One line of a table, its cells trimmed. */
export interface CsvRecord {
  /** Line of the file it ends on, from 1. */
  line: number;
  cells: string[];
}

const MAX_RECORD_BYTES = 1_000_000;

const SAMPLE_ROWS = 5;

/** Columns a person can be asked about; a table with more is no table of results. */
const MAX_COLUMNS_ASKED = 300;

/** Characters parsed in one step. */
const STEP_CHARACTERS = 64 * 1024;

/**
 * The records of a table, its header first; empty lines are left out.
 * @returns the records, or the one problem of a text that is not CSV
 */
export function* csvRecords(file: CsvFile): Steps<{ records: CsvRecord[]; problems: Problem[] }> {
  const records: CsvRecord[] = [];
  let linesBefore = 0;
  try {
    for (const text of piecesBetweenLines(file.text, STEP_CHARACTERS)) {
      for (const { line, cells } of parsedRecords({ ...file, text })) records.push({ line: linesBefore + line, cells });
      if (records.length > MAX_RESULTS_PER_FILE + 1) return { records: [], problems: [tooManyResults(file.path)] };
      linesBefore += linesIn(text);
      yield;
    }
    return { records, problems: [] };
  } catch (error) {
    const at = `line ${linesBefore + csvErrorLine(error)}`;
    const message = `${file.path}, ${at}: is not valid CSV; check the quotes.`;
    return { records: [], problems: [problem(file.path, at, "", "CSV", message)] };
  }
}

/** Header and first rows of a table, for asking what its columns mean; `null` where there are none, or too many to ask. */
export function tableColumns(file: CsvFile): { header: string[]; sample: string[][] } | null {
  if (file.header.length > MAX_COLUMNS_ASKED) return null;
  const sample = firstRows(file).map((row) => row.map(shownValue));
  return sample.length === 0 ? null : { header: file.header, sample };
}

function firstRows(file: CsvFile): string[][] {
  try {
    return parsedRecords(file, { to: SAMPLE_ROWS + 1 })
      .slice(1)
      .map((record) => record.cells);
  } catch {
    return [];
  }
}

/** The text in pieces of about `size` characters that end behind a line break outside quotes. */
export function* piecesBetweenLines(text: string, size: number): Generator<string> {
  for (let from = 0; from < text.length; ) {
    let to = from;
    let quotes = 0;
    do {
      const wanted = to === from ? from + size : to;
      const lineBreak = text.indexOf("\n", wanted);
      const end = lineBreak < 0 ? text.length : lineBreak + 1;
      for (let at = text.indexOf('"', to); at >= 0 && at < end; at = text.indexOf('"', at + 1)) quotes++;
      to = end;
      // A quote written as two leaves the count even.
    } while (quotes % 2 === 1 && to < text.length);
    yield text.slice(from, to);
    from = to;
  }
}

function linesIn(text: string): number {
  return text.match(/\r\n|\n|\r/g)?.length ?? 0;
}

function parsedRecords(file: CsvFile, limits: { to?: number } = {}): CsvRecord[] {
  // With `info`, each record comes with the line it ends on; the declared result type does not know this option.
  const read = parse(file.text, {
    ...limits,
    delimiter: file.delimiter,
    record_delimiter: ["\r\n", "\n", "\r"],
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    trim: true,
    max_record_size: MAX_RECORD_BYTES,
  }) as unknown as { record: string[]; info: { lines: number } }[];
  return read.map(({ record, info }) => ({ line: info.lines, cells: record }));
}

/** csv-parse puts the line into an open record of context values. */
function csvErrorLine(error: unknown): number {
  const context: Record<string, unknown> = error instanceof CsvError ? { ...error } : {};
  return typeof context.lines === "number" ? context.lines : 1;
}
