import { LATENCY_STATISTICS, type LatencyField, type Statistic } from "../../measurement/latency";
import { LOAD_KINDS, measurementForm } from "../../measurement/measurement";
import { flagFromText, type QualityFlag } from "../../measurement/quality-flags";
import { type NumberField, QUANTITIES } from "../../measurement/quantities";
import { ok, type Result, refused } from "../../result";
import type { DraftRun } from "../facts/draft-run";
import { FACT_NAMES, type FactValue, factsFromKeys, isSettingGroup, overlayFacts } from "../facts/facts";
import { settingsFromText } from "../facts/settings-text";
import { problem } from "../problem";
import type { GivenFacts, Problem, ReadPoint } from "../report";
import { FIGURES_COLUMNS, type FiguresColumn, RESULT_COLUMNS, UNDATED_POINT_FLAG } from "./figures-columns";
import { numberIn, plainNumberIn } from "./figures-number";
import { SETTINGS_COLUMN, type SettingsTable, type StartedRow, settingsTablePath } from "./settings-table";

const SOURCE_REF_MAX_LENGTH = 1000;
const SERIES_MAX_LENGTH = 200;

/** One row of a table in the columns of a figures CSV. */
export interface FiguresRow {
  line: number;
  /** Filled cells, each at the index of its column in {@link FIGURES_COLUMNS}. */
  cells: readonly (string | undefined)[];
  /** Name of what was started, in the settings table beside it. */
  settings: string | undefined;
}

/** The table a row stands in. */
export interface FiguresTable {
  path: string;
  /** The path alone, as a run lists its files. */
  files: string[];
  /** The same for rows that name what was started. */
  filesWithSettings: string[];
  /** Stored with each run. */
  format: string;
  /** Columns of a figures CSV the table has, by what its own header calls them. */
  columns: ReadonlyMap<string, string>;
  /** What was started for its rows, where they name it; `null` = there is no such table. */
  settings: SettingsTable | null;
  /** Only a hint, so that a name the person gives goes before the file's. */
  hints: GivenFacts;
  locationOf: NonNullable<DraftRun["locationOf"]>;
  /** What rows state, by the cells they state it in: many rows of a table state the same few facts, and share one object. */
  statedByCells: Map<string, GivenFacts>;
  /** What the last row stated: most rows state what the one before them does. */
  last: { cells: FiguresRow["cells"]; started: StartedRow | undefined; stated: GivenFacts } | null;
}

/** A table whose rows can be read. @param columns of a figures CSV, by what the table's own header calls them */
export function figuresTable(
  path: string,
  format: string,
  columns: ReadonlyMap<string, string>,
  settings: SettingsTable | null,
): FiguresTable {
  return {
    path,
    files: [path],
    filesWithSettings: settings === null ? [path] : [path, settings.path],
    format,
    columns,
    settings,
    hints: { sourceName: fileNameOf(path) },
    locationOf: (field, [row]) => factLocation(columns, row?.location ?? "", columnOf(field)),
    statedByCells: new Map(),
    last: null,
  };
}

/** What a column fills. */
type Target =
  | { kind: "fact" }
  | { kind: "quantity"; field: NumberField }
  | { kind: "latency"; field: LatencyField; statistic: Statistic }
  | { kind: "own" };

/** Each column of a figures CSV with what it fills, in their order. */
const COLUMN_TARGETS = FIGURES_COLUMNS.map((column) => ({
  column,
  target: targetOf(column),
  isResult: RESULT_COLUMNS.includes(column.name),
}));

/** Columns whose cells are more than text. */
const READ_COLUMNS = COLUMN_TARGETS.flatMap(({ column, ...known }, index) =>
  column.kind === "text" || column.kind === "flags" || column.kind === "loadKind" ? [] : [{ column, index, ...known }],
);

/** Indexes of the columns that hold facts. */
const FACTS = COLUMN_TARGETS.flatMap(({ target }, index) => (target.kind === "fact" ? [index] : []));

function targetOf({ name }: FiguresColumn): Target {
  const quantity = QUANTITIES.find(({ column }) => column === name);
  if (quantity !== undefined) return { kind: "quantity", field: quantity.field };
  const latency = LATENCY_STATISTICS.find(({ column }) => column === name);
  if (latency !== undefined) return { kind: "latency", field: latency.field, statistic: latency.statistic };
  return { kind: FACT_NAMES.some(({ key }) => key === name) ? "fact" : "own" };
}

function indexOfColumn(name: string): number {
  return FIGURES_COLUMNS.findIndex((column) => column.name === name);
}

const LOAD_KIND = indexOfColumn("load_kind");
const LOAD_VALUE = indexOfColumn("load_value");
const FLAGS = indexOfColumn("quality_flags");
const SOURCE_REF = indexOfColumn("source_ref");
const SERIES = indexOfColumn("series");
const MEASURED_ON = indexOfColumn("measured_on");

/** Cells by column name, as a row has them. */
export function inColumnOrder(cells: ReadonlyMap<string, string>): (string | undefined)[] {
  return FIGURES_COLUMNS.map(({ name }) => cells.get(name));
}

/** A table's file name without its ending: the source's name where nobody gives one. */
function fileNameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1).replace(/\.[^.]*$/, "");
}

/** Reads a row as a run of one point. Rows that belong together are joined once their facts are complete. */
export function readFiguresRow(table: FiguresTable, row: FiguresRow): Result<DraftRun, Problem[]> {
  const { path } = table;
  const { cells } = row;
  const problems: Problem[] = [];
  const location = `line ${row.line}`;
  const fail = (name: string, value: string, expected: string) => {
    const cellLocation = `${location}, column ${table.columns.get(name) ?? name}`;
    problems.push(problem(path, cellLocation, value, expected, `${path}, ${cellLocation}: expected ${expected}.`));
  };
  const point: ReadPoint = { ...POINT_FORM };
  point.file = path;
  point.location = location;
  let hasResult = false;
  for (const { column, index, target, isResult } of READ_COLUMNS) {
    const cell = cells[index];
    if (cell === undefined) continue;
    if (column.kind === "settings") {
      const settings = settingsIn(column.name, cell);
      if (!settings.ok) fail(column.name, cell, settings.error);
      continue;
    }
    let value = plainNumberIn(cell, column.kind);
    if (Number.isNaN(value)) {
      const number = numberIn(cell, column);
      if (!number.ok) {
        fail(column.name, cell, number.error);
        continue;
      }
      value = number.value;
    }
    hasResult ||= isResult;
    if (target.kind === "quantity") {
      point[target.field] = value;
    } else if (target.kind === "latency") {
      const statistics = point[target.field] ?? { mean: null, p50: null, p90: null, p95: null, p99: null };
      statistics[target.statistic] = value;
      point[target.field] = statistics;
    }
  }
  const loadText = cells[LOAD_KIND];
  const loadKind = LOAD_KINDS.find((kind) => kind === loadText);
  if (loadKind === undefined) fail("load_kind", loadText ?? "", `one of ${LOAD_KINDS.join(", ")}`);
  const loadCell = cells[LOAD_VALUE];
  if (loadKind === "max" ? loadCell !== undefined : loadKind !== undefined && loadCell === undefined) {
    fail(
      "load_value",
      loadCell ?? "",
      loadKind === "max" ? "an empty cell, because load_kind is max" : "the load, because load_kind is not max",
    );
  }
  if (problems.length === 0 && !hasResult) {
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
  const named = row.settings;
  const started = named === undefined ? undefined : table.settings?.rows.get(named);
  if (named !== undefined && started === undefined) {
    const path = settingsTablePath(table.path);
    fail(SETTINGS_COLUMN, named, table.settings === null ? `the table ${path} beside this one` : `a row of ${path}`);
  }
  const flagsCell = cells[FLAGS];
  const flags = flagsCell === undefined ? [] : flagsIn(flagsCell);
  if (flags === null) fail("quality_flags", flagsCell ?? "", "names of letters, digits and _, separated by ;");
  const checkLength = (name: string, cell: string | undefined, limit: number) => {
    if (cell !== undefined && cell.length > limit) fail(name, cell, `at most ${limit} characters`);
  };
  checkLength("source_ref", cells[SOURCE_REF], SOURCE_REF_MAX_LENGTH);
  checkLength("series", cells[SERIES], SERIES_MAX_LENGTH);
  if (problems.length > 0 || flags === null || loadKind === undefined) return refused(problems);

  const stated = statedBy(table, cells, started, named);
  point.loadKind = loadKind;
  point.qualityFlags = flags;
  point.sourceRef = cells[SOURCE_REF] ?? null;
  fillNominalLengths(point, stated);
  for (const flag of started?.flags ?? []) if (!flags.includes(flag)) flags.push(flag);
  if (named !== undefined) point.extras = { [SETTINGS_COLUMN]: named };
  if (point.outputTokensPerSecondDerived !== null && !flags.includes("est_throughput")) flags.push("est_throughput");
  // A series may span several days: each point keeps the date of its own row.
  const measuredOn = cells[MEASURED_ON] ?? null;
  point.measuredOn = flags.includes(UNDATED_POINT_FLAG) ? null : measuredOn;
  return ok({
    format: table.format,
    tool: null,
    measuredOn,
    stated,
    hints: table.hints,
    seriesKey: cells[SERIES] ?? null,
    qualityFlags: [],
    points: [point],
    files: started === undefined ? table.files : table.filesWithSettings,
    hasFactsInRows: true,
    locationOf: table.locationOf,
  });
}

/**
 * Adds a row to the drafts of a table: to the last of them where that is of the same facts, series and day, else as one of its own.
 * Nothing changes by it but how often the same is worked out. Rows whose lengths are told by what they measured stay apart.
 */
export function addRow(drafts: DraftRun[], row: DraftRun): void {
  const last = drafts.at(-1);
  const { workloadId, inputTokens, outputTokens } = row.stated;
  const saysWorkload = workloadId !== undefined || (inputTokens !== undefined && outputTokens !== undefined);
  const isSame =
    saysWorkload &&
    last?.stated === row.stated &&
    last.hints === row.hints &&
    last.files === row.files &&
    last.measuredOn === row.measuredOn &&
    last.seriesKey === row.seriesKey;
  if (isSame) last.points.push(...row.points);
  else drafts.push(row);
}

const POINT_FORM: ReadPoint = measurementForm({ file: "", location: "", measuredOn: null });

/** What a row states, as the object that rows of the same facts share. */
function statedBy(
  table: FiguresTable,
  cells: FiguresRow["cells"],
  started: StartedRow | undefined,
  named: string | undefined,
): GivenFacts {
  const { last } = table;
  if (last !== null && last.started === started && saysSame(last.cells, cells)) return last.stated;
  let text = named === undefined ? "" : `as ${named}`;
  for (const index of FACTS) {
    const cell = cells[index];
    if (cell !== undefined) text += `${index}:${cell.length}:${cell}`;
  }
  const stated = table.statedByCells.get(text) ?? statedFacts(cells, started);
  table.statedByCells.set(text, stated);
  table.last = { cells, started, stated };
  return stated;
}

function saysSame(before: FiguresRow["cells"], cells: FiguresRow["cells"]): boolean {
  for (const index of FACTS) if (before[index] !== cells[index]) return false;
  return true;
}

/** What a row states of the deployment and its workload. Its cells are known to be right. */
function statedFacts(cells: FiguresRow["cells"], started: StartedRow | undefined): GivenFacts {
  const values = new Map<string, FactValue>();
  COLUMN_TARGETS.forEach(({ column, target }, index) => {
    const cell = cells[index];
    if (cell === undefined || target.kind !== "fact") return;
    if (column.kind === "settings") {
      const settings = settingsIn(column.name, cell);
      if (settings.ok) values.set(column.name, settings.value);
    } else {
      values.set(column.name, column.kind === "count" ? Number(cell) : cell);
    }
  });
  const own = factsFromKeys(values);
  return started === undefined ? own : overlayFacts(started.facts, own);
}

function settingsIn(name: string, cell: string): Result<FactValue> {
  const field = FACT_NAMES.find(({ key }) => key === name)?.field;
  if (field === undefined || !isSettingGroup(field)) throw new Error(`The column ${name} holds no settings.`);
  return settingsFromText(field, cell);
}

/** Where only nominal lengths are stated they stand for the measured ones, and the point says so. */
function fillNominalLengths(point: ReadPoint, { inputTokens, outputTokens }: GivenFacts): void {
  let filled = false;
  if (point.inputTokensMean === null && inputTokens !== undefined) {
    point.inputTokensMean = inputTokens;
    filled = true;
  }
  if (point.outputTokensMean === null && outputTokens !== undefined) {
    point.outputTokensMean = outputTokens;
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
function factLocation(columns: FiguresTable["columns"], row: string, name: string): string {
  const column = columns.get(name);
  return column === undefined ? `line 1, no column ${name}` : `${row}, column ${column}`;
}

function columnOf(field: string): string {
  return FACT_NAMES.find((fact) => fact.field === field)?.key ?? field;
}
