import { type CsvFile, csvRecords } from "../../parse/csv-table";
import type { CsvRecord } from "../../parse/cut-records";
import { withoutFormulaGuard } from "../../parse/formula-cells";
import type { ParsedFile } from "../../parse/parsed-file";
import { wholeOf } from "../../parse/steps";
import { problem } from "../../problem";
import type { Problem } from "../../report";
import { type GiqField, giqField, isGiqHeader } from "./giq-columns";
import { GIQ_FORM, GIQ_ROW, GIQ_TABLE_CRLF_FORM, GIQ_TABLE_FORM } from "./giq-extras";
import type { GiqRow } from "./giq-row";

/** A row of dashes between the header of a printed table and its rows. */
const RULE = /^[-+|\s]+$/;

/** True for a CSV or a printed table with GIQ's columns. */
export function isGiqTable(file: ParsedFile): boolean {
  if (file.kind === "csv") return isGiqHeader(file.header);
  return file.kind === "text" && isGiqHeader(printedColumns(firstLine(file.text)).map(({ name }) => name));
}

/** The rows of a GIQ table with every cell as written, or what is wrong with it. */
export function readGiqTable(file: ParsedFile): { rows: GiqRow[]; problems: Problem[] } {
  const problems: Problem[] = [];
  const fail = (location: string, value: string, expected: string, sentence: string) => {
    problems.push(problem(file.path, location, value, expected, `${file.path}, ${location}: ${sentence}`));
  };
  if (file.kind !== "csv" && file.kind !== "text") return { rows: [], problems };
  const table = file.kind === "csv" ? csvRows(file) : { records: printedRows(file.text), problems: [] };
  if (table.problems.length > 0) return { rows: [], problems: table.problems };
  const [head, ...body] = table.records;
  const columns = head?.cells ?? [];
  const seen = new Set<string>();
  for (const name of columns) {
    if (seen.has(name)) fail(`line ${head?.line ?? 1}, column ${name}`, name, "each column once", "stands twice.");
    seen.add(name);
  }
  const form = file.kind === "csv" && /^[^\n]*\r\n/.test(file.text) ? GIQ_TABLE_CRLF_FORM : GIQ_TABLE_FORM;
  const rows: GiqRow[] = [];
  for (const { cells, line } of problems.length > 0 ? [] : body) {
    if (cells.length !== columns.length) {
      const expected = `${columns.length} cells, as in the header`;
      fail(`line ${line}`, String(cells.length), expected, `has ${cells.length} cells; expected ${expected}.`);
      continue;
    }
    const values = new Map<GiqField, string>();
    const extras: [string, string | number][] = [];
    for (const [index, name] of columns.entries()) {
      const cell = cells[index] ?? "";
      extras.push([name, cell]);
      const field = giqField(name);
      if (field !== null && isFilled(cell)) values.set(field, cell.trim());
    }
    extras.push([GIQ_FORM, form], [GIQ_ROW, rows.length]);
    const places = new Map(columns.map((name) => [giqField(name), `line ${line}, column ${name.trim()}`] as const));
    rows.push({
      location: `line ${line}`,
      values,
      extras: Object.fromEntries(extras),
      acceleratorCount: null,
      topology: null,
      // Use cases came with a later release: until then every figure was measured with ShareGPT (GKE documentation).
      dataset: columns.some((name) => giqField(name) === "useCase") ? null : "sharegpt",
      locationOf: (field) => places.get(field) ?? `line ${line}`,
    });
  }
  if (rows.length === 0 && problems.length === 0) {
    problems.push(
      problem(file.path, "", "", "at least one row below the header", `${file.path}: the table has no rows.`),
    );
  }
  return { rows, problems };
}

/** Python's `None` and gcloud's word for an unknown cost are no values. */
function isFilled(cell: string): boolean {
  return !["", "N/A", "None", "null", "-"].includes(cell.trim());
}

function csvRows(file: CsvFile): { records: CsvRecord[]; problems: Problem[] } {
  const { records, problems } = wholeOf(csvRecords(file, { cells: "as written" }));
  return { records: records.map(({ cells, line }) => ({ cells: cells.map(withoutFormulaGuard), line })), problems };
}

/** A table as printed: cells between `|`, or aligned with the names in the header, which are two or more blanks apart. */
function printedRows(text: string): CsvRecord[] {
  const lines = text.split(/\r?\n/).map((content, index) => ({ content, line: index + 1 }));
  const start = lines.findIndex(({ content }) => content.trim() !== "");
  const columns = printedColumns(lines[start]?.content ?? "");
  const barred = (lines[start]?.content ?? "").includes("|");
  return lines.slice(Math.max(0, start)).flatMap(({ content, line }, index) => {
    if (content.trim() === "" || (index > 0 && RULE.test(content))) return [];
    const cells = barred
      ? content.replace(/^\s*\||\|\s*$/g, "").split("|")
      : columns.map(({ from, to }) => content.slice(from, to));
    return [{ cells: cells.map((cell) => cell.trim()), line }];
  });
}

function printedColumns(line: string): { name: string; from: number; to: number | undefined }[] {
  if (line.includes("|")) return line.split("|").map((name) => ({ name: name.trim(), from: 0, to: undefined }));
  const starts = [...line.matchAll(/(?<=^|\s{2})\S/g)].map((match) => match.index);
  return starts.map((from, index) => {
    const to = starts[index + 1];
    return { name: line.slice(from, to).trim(), from, to };
  });
}

function firstLine(text: string): string {
  return /^\s*([^\r\n]*)/.exec(text)?.[1] ?? "";
}
