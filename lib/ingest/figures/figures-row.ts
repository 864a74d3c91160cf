import { latencyColumn, latencyField, METRICS, statisticsFrom } from "../../measurement/latency";
import { LOAD_KINDS, measurementFrom } from "../../measurement/measurement";
import { flagFromText, type QualityFlag } from "../../measurement/quality-flags";
import { QUANTITIES } from "../../measurement/quantities";
import { ok, type Result, refused } from "../../result";
import type { DraftRun } from "../facts/draft-run";
import { FACT_NAMES, type FactValue, factsFromKeys, isSettingGroup, overlayFacts } from "../facts/facts";
import { settingsFromText } from "../facts/settings-text";
import { problem } from "../problem";
import type { Problem, ReadPoint } from "../report";
import { FIGURES_COLUMNS, RESULT_COLUMNS, UNDATED_POINT_FLAG } from "./figures-columns";
import { numberIn } from "./figures-number";
import { SETTINGS_COLUMN, type SettingsTable, settingsTablePath } from "./settings-table";

const SOURCE_REF_MAX_LENGTH = 1000;
const SERIES_MAX_LENGTH = 200;

/** One row of a table in the columns of a figures CSV. */
export interface FiguresRow {
  line: number;
  /** Filled cells by column of a figures CSV. */
  cells: ReadonlyMap<string, string>;
}

/** The table a row stands in. */
export interface FiguresTable {
  path: string;
  /** Stored with each run. */
  format: string;
  /** Columns of a figures CSV the table has, by what its own header calls them. */
  columns: ReadonlyMap<string, string>;
  /** What was started for its rows, where they name it; `null` = there is no such table. */
  settings: SettingsTable | null;
}

/** A table's file name without its ending: the source's name where nobody gives one. */
function fileNameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1).replace(/\.[^.]*$/, "");
}

/** Reads a row as a run of one point. Rows that belong together are joined once their facts are complete. */
export function readFiguresRow(table: FiguresTable, row: FiguresRow): Result<DraftRun, Problem[]> {
  const { path } = table;
  const problems: Problem[] = [];
  const location = `line ${row.line}`;
  const fail = (name: string, value: string, expected: string) => {
    const cellLocation = `${location}, column ${table.columns.get(name) ?? name}`;
    problems.push(problem(path, cellLocation, value, expected, `${path}, ${cellLocation}: expected ${expected}.`));
  };
  const numbers = new Map<string, number>();
  const facts = new Map<string, FactValue>();
  for (const column of FIGURES_COLUMNS) {
    const cell = row.cells.get(column.name);
    if (cell === undefined) continue;
    if (column.kind === "text") {
      facts.set(column.name, cell);
    } else if (column.kind === "settings") {
      const settings = settingsIn(column.name, cell);
      if (settings.ok) facts.set(column.name, settings.value);
      else fail(column.name, cell, settings.error);
    } else if (column.kind !== "flags" && column.kind !== "loadKind") {
      const number = numberIn(cell, column);
      if (!number.ok) {
        fail(column.name, cell, number.error);
        continue;
      }
      numbers.set(column.name, number.value);
      if (column.kind === "count") facts.set(column.name, number.value);
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
  if (problems.length === 0 && !RESULT_COLUMNS.some((name) => numbers.has(name))) {
    problems.push(
      problem(
        path,
        location,
        "",
        "at least one measured value",
        `${path}, ${location}: the row holds no measured value.`,
      ),
    );
  }
  const named = row.cells.get(SETTINGS_COLUMN);
  const started = named === undefined ? undefined : table.settings?.rows.get(named);
  if (named !== undefined && started === undefined) {
    const path = settingsTablePath(table.path);
    fail(SETTINGS_COLUMN, named, table.settings === null ? `the table ${path} beside this one` : `a row of ${path}`);
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
  if (problems.length > 0 || flags === null || loadKind === undefined) return refused(problems);

  const point: ReadPoint = Object.assign(
    measurementFrom({
      loadKind,
      number: () => null,
      latency: () => null,
      qualityFlags: flags,
      sourceRef: row.cells.get("source_ref") ?? null,
    }),
    { file: path, location },
  );
  for (const { column, field } of QUANTITIES) point[field] = numbers.get(column) ?? null;
  for (const metric of METRICS) {
    point[latencyField(metric)] = statisticsFrom((statistic) => numbers.get(latencyColumn(metric, statistic)) ?? null);
  }
  fillNominalLengths(point, numbers);
  for (const flag of started?.flags ?? []) if (!flags.includes(flag)) flags.push(flag);
  if (named !== undefined) point.extras = { [SETTINGS_COLUMN]: named };
  if (point.outputTokensPerSecondDerived !== null && !flags.includes("est_throughput")) flags.push("est_throughput");
  // A series may span several days: each point keeps the date of its own row.
  const measuredOn = row.cells.get("measured_on") ?? null;
  point.measuredOn = flags.includes(UNDATED_POINT_FLAG) ? null : measuredOn;
  return ok({
    format: table.format,
    tool: null,
    measuredOn,
    stated: started === undefined ? factsFromKeys(facts) : overlayFacts(started.facts, factsFromKeys(facts)),
    // Only a hint, so that a name the person gives goes before the file's.
    hints: { sourceName: fileNameOf(path) },
    seriesKey: row.cells.get("series") ?? null,
    qualityFlags: [],
    points: [point],
    files: table.settings !== null && started !== undefined ? [path, table.settings.path] : [path],
    locationOf: (field) => factLocation(table, row.line, columnOf(field)),
  });
}

function settingsIn(name: string, cell: string): Result<FactValue> {
  const field = FACT_NAMES.find(({ key }) => key === name)?.field;
  if (field === undefined || !isSettingGroup(field)) throw new Error(`The column ${name} holds no settings.`);
  return settingsFromText(field, cell);
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

function flagsIn(cell: string): QualityFlag[] | null {
  const flags = cell
    .split(";")
    .map((flag) => flag.trim())
    .filter((flag) => flag !== "");
  return flags.every((flag) => /^[A-Za-z0-9_]{1,80}$/.test(flag)) ? [...new Set(flags)].map(flagFromText) : null;
}

/** A missing column is one fault of the header, not one of each row. */
function factLocation(table: FiguresTable, line: number, name: string): string {
  const column = table.columns.get(name);
  return column === undefined ? `line 1, no column ${name}` : `line ${line}, column ${column}`;
}

function columnOf(field: string): string {
  return FACT_NAMES.find((fact) => fact.field === field)?.key ?? field;
}
