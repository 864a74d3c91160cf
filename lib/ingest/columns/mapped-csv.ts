import { appendAll } from "../../append-all";
import { plural } from "../../format";
import { addFlag } from "../../measurement/quality-flags";
import type { AdapterResult } from "../facts/draft-run";
import { factsFromKeys, overlayFacts } from "../facts/facts";
import { acceleratorCountOf } from "../facts/join-facts";
import { FIGURES_COLUMNS, type FiguresColumn, figuresCsvColumns, RESULT_COLUMNS } from "../figures/figures-columns";
import { type FiguresTable, figuresTable, inColumnOrder, readFiguresRow } from "../figures/figures-row";
import type { Adapter } from "../formats/adapter";
import { isNotMeasured } from "../parse/cell-number";
import { type CsvFile, csvRecords } from "../parse/csv-table";
import type { CsvRecord } from "../parse/cut-records";
import type { ParsedFile } from "../parse/parsed-file";
import { type Steps, wholeOf } from "../parse/steps";
import { problem } from "../problem";
import type { GivenFacts, Problem } from "../report";
import { type ColumnMapping, type MappedColumn, neededColumns } from "./column-mapping";
import { mappedNumber } from "./mapped-number";

/** Stored with each run read from a table by its mapping. */
const MAPPED_CSV_FORMAT = "csv-with-mapping";

/** Flag of points whose throughput the table gives per accelerator. */
const PER_ACCELERATOR_FLAG = "derived_from_per_gpu";

/** A mapping with the file it stands in. */
export interface MappingFile {
  path: string;
  mapping: ColumnMapping;
}

/** How many lines without a measured value are listed; the rest is counted. */
const MAX_LINES_LISTED = 10;

/**
 * Tables with columns of their own, read by a mapping: one load point a row, every value converted here and nowhere else.
 * @param facts given by the person: values per accelerator are multiplied by its number of accelerators
 */
export function mappedCsv({ path, mapping }: MappingFile, facts: GivenFacts): Adapter {
  return {
    format: MAPPED_CSV_FORMAT,
    label: "CSV with a column mapping (iq.columns.yaml)",
    factsWin: "report",
    sideFiles: [path],
    sniff: (file) => file.kind === "csv",
    read: (files) => wholeOf(readTables(files, { path, mapping }, facts)),
    readInSteps: (files) => readTables(files, { path, mapping }, facts),
  };
}

function* readTables(files: readonly ParsedFile[], mapping: MappingFile, facts: GivenFacts): Steps<AdapterResult> {
  const result: AdapterResult & { notes: string[] } = { drafts: [], problems: [], skipped: [], notes: [] };
  for (const file of files) if (file.kind === "csv") yield* readTable(file, mapping, facts, result);
  return result;
}

/** The first mapping all of whose columns the table has; `null` where there is none, or the table is a whole figures CSV. */
export function fittingMapping(file: ParsedFile, mappings: readonly MappingFile[]): MappingFile | null {
  if (file.kind !== "csv" || file.header.every((name) => figuresCsvColumns.includes(name))) return null;
  const header = new Set(file.header);
  return mappings.find(({ mapping }) => neededColumns(mapping).every((name) => header.has(name))) ?? null;
}

/** A column of the table that is read. */
interface ColumnUse extends MappedColumn {
  /** What it is read as. */
  target: FiguresColumn;
  /** Its index in the header. */
  index: number;
}

/** A table being read. */
interface MappedTable extends FiguresTable {
  file: CsvFile;
  mapping: ColumnMapping;
  uses: readonly ColumnUse[];
  facts: GivenFacts;
  /** Zeros taken as not measured, by column. */
  zeros: Map<string, number>;
}

/** A row with what the mapping made of it. */
interface MappedRow {
  line: number;
  /** By column of a figures CSV. */
  cells: ReadonlyMap<string, string>;
  perAccelerator: boolean;
  problems: Problem[];
}

function* readTable(
  file: CsvFile,
  { path: mappingPath, mapping }: MappingFile,
  facts: GivenFacts,
  result: AdapterResult & { notes: string[] },
): Steps<void> {
  const { records, problems } = yield* csvRecords(file);
  const [head, ...body] = records;
  const header = head?.cells ?? [];
  const uses = mapping.columns.flatMap((mapped): ColumnUse[] => {
    const target = FIGURES_COLUMNS.find(({ name }) => name === mapped.field);
    return target === undefined ? [] : [{ ...mapped, target, index: header.indexOf(mapped.column) }];
  });
  const columns = new Map(uses.map(({ column, target }) => [target.name, column]));
  if (mapping.loadKind !== null) columns.set("load_kind", `load_kind of ${mappingPath}`);
  const table: MappedTable = {
    ...figuresTable(file.path, MAPPED_CSV_FORMAT, columns, null),
    ...{ file, mapping, uses, facts, zeros: new Map() },
  };
  const fail = (location: string, value: string, expected: string, sentence: string) => {
    problems.push(problem(file.path, location, value, expected, `${file.path}, ${location}: ${sentence}`));
  };
  for (const { column } of uses) {
    if (header.filter((name) => name === column).length > 1) {
      const location = `line ${head?.line ?? 1}, column ${column}`;
      fail(
        location,
        column,
        "a column of its own",
        "the mapped column stands twice in the table; rename one of the two.",
      );
    }
  }
  const drafts: AdapterResult["drafts"] = [];
  const empty: number[] = [];
  for (const { line, cells } of problems.length > 0 ? [] : body) {
    yield;
    if (cells.every((cell) => cell === "")) continue;
    // Spreadsheets leave out trailing empty cells, or add some.
    if (cells.slice(header.length).some((cell) => cell !== "")) {
      const expected = `${header.length} cells, as in the header`;
      fail(`line ${line}`, String(cells.length), expected, `has ${cells.length} cells; expected ${expected}.`);
      continue;
    }
    const row = mappedRow(table, { line, cells });
    appendAll(problems, row.problems);
    if (row.problems.length > 0) continue;
    if (!RESULT_COLUMNS.some((name) => row.cells.has(name))) {
      empty.push(line);
      continue;
    }
    const read = readFiguresRow(table, { line, cells: inColumnOrder(row.cells), settings: undefined });
    if (!read.ok) {
      appendAll(problems, read.error);
      continue;
    }
    if (row.perAccelerator) for (const point of read.value.points) addFlag(point.qualityFlags, PER_ACCELERATOR_FLAG);
    drafts.push(read.value);
  }
  if (problems.length === 0 && drafts.length === 0) {
    const message = `${file.path}: no row of the table holds a measured value.`;
    problems.push(problem(file.path, "", "", "at least one row with a latency or a throughput", message));
  }
  appendAll(result.problems, problems);
  if (problems.length > 0) return;
  appendAll(result.drafts, drafts);
  const note = (sentence: string) => result.notes.push(`${file.path}: ${sentence}`);
  if (empty.length > 0) note(`${linesText(empty)} left out.`);
  for (const [column, count] of table.zeros) {
    note(`${plural(count, "zero")} in "${column}" ${count === 1 ? "is" : "are"} taken as not measured.`);
  }
  const known = new Set(mapping.columns.map(({ column }) => column));
  const unread = [...new Set(header.filter((name) => name !== "" && !known.has(name)))].map((name) => `"${name}"`);
  if (unread.length > 0) note(`not read, because ${mappingPath} does not name them: ${unread.join(", ")}.`);
}

/** `line 7 holds no measured value and is`, `lines 7, 9 hold no measured value and are`. */
function linesText(lines: readonly number[]): string {
  const more = lines.length - MAX_LINES_LISTED;
  const listed = `${lines.slice(0, MAX_LINES_LISTED).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
  return lines.length === 1
    ? `line ${listed} holds no measured value and is`
    : `lines ${listed} hold no measured value and are`;
}

/** A record in the columns of a figures CSV, numbers in the fields' own units; or all that is wrong with its cells. */
function mappedRow(table: MappedTable, record: CsvRecord): MappedRow {
  const { mapping } = table;
  const problems: Problem[] = [];
  const cells = new Map<string, string>();
  const rates: ColumnUse[] = [];
  const cellOf = (use: ColumnUse) => record.cells[use.index] ?? "";
  const read = (use: ColumnUse, acceleratorCount: number) => {
    const cell = cellOf(use);
    const number = mappedNumber(cell, use, { mapping, delimiter: table.file.delimiter, acceleratorCount });
    if (!number.ok) {
      const location = `line ${record.line}, column ${use.column}`;
      problems.push(
        problem(table.path, location, cell, number.error, `${table.path}, ${location}: expected ${number.error}.`),
      );
    } else if (number.value === 0 && isNeverZero(use.target.name)) {
      table.zeros.set(use.column, (table.zeros.get(use.column) ?? 0) + 1);
    } else {
      cells.set(use.target.name, String(number.value));
    }
  };
  if (mapping.loadKind !== null) cells.set("load_kind", mapping.loadKind);
  for (const use of table.uses) {
    const cell = cellOf(use);
    const { kind, name } = use.target;
    if (isNotMeasured(cell, mapping.notMeasured)) continue;
    if (kind === "loadKind") cells.set(name, cell.toLowerCase().replaceAll(/[\s-]+/g, "_"));
    else if (name === "measured_on") cells.set(name, isoDate(cell));
    else if (kind === "text" || kind === "flags") cells.set(name, cell);
    else if (use.unit?.perAccelerator === true) rates.push(use);
    else read(use, 1);
  }
  // More than one tool writes everything at once as an infinite rate.
  if (cells.get("load_value") === String(Number.POSITIVE_INFINITY) && cells.get("load_kind") !== "concurrency") {
    cells.delete("load_value");
    cells.set("load_kind", "max");
  }
  if (rates.length > 0) {
    // Found in the same way as the run's own count. Without one the run is refused, so the 1 never shows.
    const count = acceleratorCountOf(overlayFacts(table.facts, factsFromKeys(countsIn(cells)))) ?? 1;
    for (const use of rates) read(use, count);
  }
  const perAccelerator = rates.some(({ field }) => field !== "load_value");
  return { line: record.line, cells, perAccelerator, problems };
}

/**
 * True for fields that cannot be 0: tools write 0 where they did not measure. Inter-token latency can be, because the tokens of
 * one chunk arrive together.
 */
function isNeverZero(field: string): boolean {
  return RESULT_COLUMNS.includes(field) && !field.startsWith("itl_");
}

/** The counts of accelerators a row states. */
function countsIn(cells: ReadonlyMap<string, string>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of ["accelerator_count", "prefill_accelerators", "decode_accelerators"]) {
    const cell = cells.get(name);
    if (cell !== undefined) counts.set(name, Number(cell));
  }
  return counts;
}

/** Dates as spreadsheets and data frames write them, where they can mean only one day. */
function isoDate(cell: string): string {
  return cell
    .replace(/^(\d{4})\/(\d{2})\/(\d{2})/, "$1-$2-$3")
    .replace(/^(\d{4}-\d{2}-\d{2}) +(?=\d)/, "$1T")
    .replace(/ +(?=Z$|[+-]\d{2}:\d{2}$)/, "");
}
