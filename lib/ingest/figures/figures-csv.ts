import { appendAll } from "../../append-all";
import { nearestNames } from "../../nearest-names";
import type { AdapterResult, DraftRun } from "../facts/draft-run";
import type { Adapter } from "../formats/adapter";
import { type CsvFile, csvRecords, tableColumns } from "../parse/csv-table";
import { withoutFormulaGuard } from "../parse/formula-cells";
import type { ParsedFile } from "../parse/parsed-file";
import { type Steps, wholeOf } from "../parse/steps";
import { problem } from "../problem";
import type { Problem } from "../report";
import { figuresCsvColumns } from "./figures-columns";
import { type FiguresRow, type FiguresTable, readFiguresRow } from "./figures-row";
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

/** One draft a row (rows that belong together are joined once their facts are complete), or every problem of the table. */
function* readFiguresCsv(
  file: CsvFile,
  settings: SettingsTable | null,
): Steps<{ drafts: DraftRun[]; problems: Problem[] }> {
  const table = { ...(yield* readTable(file)), settings };
  if (table.problems.length > 0) return { drafts: [], problems: table.problems };
  const drafts: DraftRun[] = [];
  const problems: Problem[] = [];
  for (const row of table.rows) {
    const read = readFiguresRow(table, row);
    if (read.ok) drafts.push(read.value);
    else appendAll(problems, read.error);
    yield;
  }
  if (table.rows.length === 0) {
    problems.push(
      problem(file.path, "", "", "at least one row below the header", `${file.path}: the table has no rows.`),
    );
  }
  return { drafts, problems };
}

/** Header checked, rows with their line numbers; rows without any value (as spreadsheets export) are left out. */
function* readTable(
  file: CsvFile,
): Steps<Omit<FiguresTable, "settings"> & { rows: FiguresRow[]; problems: Problem[] }> {
  const { records, problems } = yield* csvRecords(file);
  const columns = new Map<string, string>();
  const rows: FiguresRow[] = [];
  const table = { path: file.path, format: figuresCsv.format, columns, rows, problems };
  if (problems.length > 0) return table;
  const fail = (location: string, value: string, expected: string, sentence: string) => {
    problems.push(problem(file.path, location, value, expected, `${file.path}, ${location}: ${sentence}`));
  };
  const [head, ...body] = records;
  const header = head?.cells ?? [];
  const seen = new Set<string>();
  header.forEach((name, index) => {
    const location = `line ${head?.line ?? 1}, column ${name === "" ? index + 1 : name}`;
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
  if (problems.length > 0) return table;
  for (const { line, cells: record } of body) {
    if (record.every((cell) => cell === "")) continue;
    if (record.length !== header.length) {
      const expected = `${header.length} cells, as in the header`;
      fail(`line ${line}`, String(record.length), expected, `has ${record.length} cells; expected ${expected}.`);
      continue;
    }
    const cells = new Map<string, string>();
    header.forEach((name, index) => {
      const cell = record[index] ?? "";
      if (cell !== "") cells.set(name, withoutFormulaGuard(cell));
    });
    rows.push({ line, cells });
    yield;
  }
  return table;
}
