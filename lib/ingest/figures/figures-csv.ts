import { appendAll } from "../../append-all";
import { nearestNames } from "../../nearest-names";
import type { AdapterResult, DraftRun } from "../facts/draft-run";
import type { Adapter } from "../formats/adapter";
import { type CsvFile, csvRecordBatches, tableColumns } from "../parse/csv-table";
import { withoutFormulaGuard } from "../parse/formula-cells";
import type { ParsedFile } from "../parse/parsed-file";
import { type Steps, wholeOf } from "../parse/steps";
import { problem } from "../problem";
import type { Problem } from "../report";
import { figuresCsvColumns } from "./figures-columns";
import { addRow, type FiguresTable, figuresTable, readFiguresRow } from "./figures-row";
import { isSettingsTable, readSettingsTable, SETTINGS_COLUMN, type SettingsTable } from "./settings-table";

/** Known columns a header must have before it is taken for ours: fewer, and it is some other table. */
const COLUMNS_TO_RECOGNISE = 3;

/** Our own figures format: one load point a row, each row with all its facts. See docs/figures-format.md. */
export const figuresCsv: Adapter = {
  format: "figures-csv",
  label: "figures CSV (one load point a row)",
  factsWin: "report",
  sniff: (file) =>
    file.kind === "csv" &&
    !isSettingsTable(file.header) &&
    file.header.filter((name) => figuresCsvColumns.includes(name)).length >= COLUMNS_TO_RECOGNISE,
  read: (files, companions) => wholeOf(readTables(files, companions)),
  readInSteps: readTables,
};

function* readTables(files: readonly ParsedFile[], companions: readonly ParsedFile[]): Steps<AdapterResult> {
  const result: AdapterResult = { drafts: [], problems: [], skipped: [] };
  for (const file of files) {
    if (file.kind !== "csv") continue;
    const settings = yield* readSettingsTable(file.path, companions);
    if (settings !== null) {
      const reason = `settings table of ${file.path}: what was started for its figures`;
      result.skipped.push({ file: settings.path, reason });
      appendAll(result.problems, settings.problems);
      if (settings.problems.length > 0) continue;
    }
    const { drafts, problems } = yield* readFiguresCsv(file, settings);
    appendAll(result.problems, problems);
    if (problems.length === 0) appendAll(result.drafts, drafts);
  }
  return result;
}

/** The rows as drafts (those that belong together are joined once their facts are complete), or every problem of the table. */
function* readFiguresCsv(
  file: CsvFile,
  settings: SettingsTable | null,
): Steps<{ drafts: DraftRun[]; problems: Problem[] }> {
  const drafts: DraftRun[] = [];
  /** Of the rows' form, and of what stands in them: what is wrong with the form comes first. */
  const problems: Problem[] = [];
  const rowProblems: Problem[] = [];
  let head: Header | null = null;
  let rows = 0;
  const batches = csvRecordBatches(file);
  for (;;) {
    const batch = batches.next();
    if (batch.done === true) {
      if (batch.value !== null) return { drafts: [], problems: [batch.value] };
      break;
    }
    for (const { line, cells } of batch.value) {
      if (head === null) {
        head = readHeader(file, settings, line, cells);
        appendAll(problems, head.problems);
        continue;
      }
      if (head.problems.length > 0 || cells.every((cell) => cell === "")) continue;
      if (cells.length !== head.positions.length) {
        const location = `line ${line}`;
        const expected = `${head.positions.length} cells, as in the header`;
        const message = `${file.path}, ${location}: has ${cells.length} cells; expected ${expected}.`;
        problems.push(problem(file.path, location, String(cells.length), expected, message));
        continue;
      }
      rows++;
      const named = cells[head.settingsAt];
      const read = readFiguresRow(head.table, {
        line,
        cells: cellsInOrder(cells, head),
        settings: named === undefined || named === "" ? undefined : withoutFormulaGuard(named),
      });
      if (!read.ok) appendAll(rowProblems, read.error);
      else if (problems.length === 0) addRow(drafts, read.value);
      yield;
    }
    yield;
  }
  if (head === null) appendAll(problems, readHeader(file, settings, 1, []).problems);
  if (problems.length > 0) return { drafts: [], problems };
  if (rows === 0) {
    rowProblems.push(
      problem(file.path, "", "", "at least one row below the header", `${file.path}: the table has no rows.`),
    );
  }
  return { drafts, problems: rowProblems };
}

interface Header {
  table: FiguresTable;
  /** Index of each of its columns among those of a figures CSV; -1 for the one that is none. */
  positions: number[];
  /** Two rows of cells in their order, used in turns: thousands of rows need no lists of their own. */
  rows: [(string | undefined)[], (string | undefined)[]];
  /** Index of the column that names what was started; -1 = it has none. */
  settingsAt: number;
  problems: Problem[];
}

function readHeader(file: CsvFile, settings: SettingsTable | null, line: number, header: readonly string[]): Header {
  const columns = new Map<string, string>();
  const problems: Problem[] = [];
  const fail = (location: string, value: string, expected: string, sentence: string) => {
    problems.push(problem(file.path, location, value, expected, `${file.path}, ${location}: ${sentence}`));
  };
  const seen = new Set<string>();
  header.forEach((name, index) => {
    const location = `line ${line}, column ${name === "" ? index + 1 : name}`;
    if (!figuresCsvColumns.includes(name) && name !== SETTINGS_COLUMN) {
      const nearest = nearestNames(name, figuresCsvColumns, 1)[0] ?? "";
      fail(location, name, `a known column, e.g. ${nearest}`, `unknown column; the nearest known one is ${nearest}.`);
    } else if (seen.has(name)) {
      fail(location, name, "each column once", "the column stands twice.");
    }
    seen.add(name);
    columns.set(name, name);
  });
  // If it is not a slip of the pen, the person can say what the columns mean.
  const asked = tableColumns(file);
  const [first, ...others] = problems;
  if (first !== undefined && asked !== null)
    problems.splice(0, problems.length, { ...first, columns: asked }, ...others);
  // Other required facts may come from flags or a side file; the load of a row cannot.
  if (!seen.has("load_kind")) fail("line 1", "", "a column load_kind", "the column load_kind is missing.");
  return {
    table: figuresTable(file.path, figuresCsv.format, columns, settings),
    positions: header.map((name) => figuresCsvColumns.indexOf(name)),
    rows: [emptyRow(), emptyRow()],
    settingsAt: header.indexOf(SETTINGS_COLUMN),
    problems,
  };
}

/** Filled cells of a row at the indexes of their columns; spreadsheets leave rows without any. They stand there until the next row. */
function cellsInOrder(cells: readonly string[], { table, positions, rows }: Header): (string | undefined)[] {
  // What the last row stated is told by its cells.
  const ordered = table.last?.cells === rows[0] ? rows[1] : rows[0];
  ordered.fill(undefined);
  for (let index = 0; index < cells.length; index++) {
    const cell = cells[index] ?? "";
    const position = positions[index] ?? -1;
    if (cell !== "" && position >= 0) ordered[position] = withoutFormulaGuard(cell);
  }
  return ordered;
}

function emptyRow(): (string | undefined)[] {
  return new Array<string | undefined>(figuresCsvColumns.length).fill(undefined);
}
