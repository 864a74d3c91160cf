import type { QualityFlag } from "../../measurement/quality-flags";
import { tableEntry } from "../../table-entry";
import { FACT_NAMES, type FactValue, factsFromKeys, isSettingGroup } from "../facts/facts";
import { settingsFromText } from "../facts/settings-text";
import { type CsvFile, csvRecords } from "../parse/csv-table";
import { withoutFormulaGuard } from "../parse/formula-cells";
import type { ParsedFile } from "../parse/parsed-file";
import type { Steps } from "../parse/steps";
import { problem } from "../problem";
import type { GivenFacts, Problem } from "../report";

/** Column of a figures CSV that names a row of the settings table beside it. */
export const SETTINGS_COLUMN = "settings";

/** What was started for a group of figures: a row of a settings table. */
export interface StartedRow {
  facts: GivenFacts;
  /** How sure it is that these figures were measured so. */
  flags: readonly QualityFlag[];
}

/** A settings table as read: its rows by their names, and what is wrong with it. */
export interface SettingsTable {
  path: string;
  rows: ReadonlyMap<string, StartedRow>;
  problems: Problem[];
}

/** Facts a settings table may state, by their columns. */
const FACT_COLUMNS: readonly string[] = [
  "checkpoint",
  "speculative",
  "speculative_tokens",
  "context_parallelism",
  "image",
  "server_arguments",
  "environment",
  "engine_options",
];

/** Columns that say where a row comes from. They are kept with the file and not read. */
const PLACE_COLUMNS: readonly string[] = ["source_ref", "note"];

const CERTAINTY_COLUMN = "certainty";

/**
 * How a row is known, with the caveat its figures carry: `logged` with the run itself, `exact` in the script or recipe of that
 * configuration and day, `near` by what was decided rather than read.
 */
const CERTAINTIES: Readonly<Record<string, readonly QualityFlag[]>> = {
  logged: [],
  exact: ["settings_from_recipe"],
  near: ["settings_near"],
};

/** Path of the settings table of a figures CSV: `lab.csv` has `lab.settings.csv` beside it. */
export function settingsTablePath(figuresPath: string): string {
  return figuresPath.replace(/\.csv$/i, "").concat(".settings.csv");
}

/** True for the header of a settings table: its rows have names, and measure nothing. */
export function isSettingsTable(header: readonly string[]): boolean {
  return header.includes(SETTINGS_COLUMN) && !header.includes("load_kind");
}

/** The settings table of a figures CSV among the files beside it; `null` where there is none. */
export function* readSettingsTable(
  figuresPath: string,
  companions: readonly ParsedFile[],
): Steps<SettingsTable | null> {
  const wanted = settingsTablePath(figuresPath);
  const file = companions.find(({ path }) => path === wanted);
  if (file === undefined || file.kind !== "csv") return null;
  return yield* readTable(file);
}

function* readTable(file: CsvFile): Steps<SettingsTable> {
  const { records, problems } = yield* csvRecords(file);
  const rows = new Map<string, StartedRow>();
  const table = { path: file.path, rows, problems };
  if (problems.length > 0) return table;
  const fail = (location: string, value: string, expected: string) => {
    problems.push(problem(file.path, location, value, expected, `${file.path}, ${location}: expected ${expected}.`));
  };
  const [head, ...body] = records;
  const header = head?.cells ?? [];
  const known = [SETTINGS_COLUMN, CERTAINTY_COLUMN, ...FACT_COLUMNS, ...PLACE_COLUMNS];
  header.forEach((name, index) => {
    const at = `line 1, column ${name === "" ? index + 1 : name}`;
    if (!known.includes(name)) fail(at, name, `one of ${known.join(", ")}`);
    else if (header.indexOf(name) !== index) fail(at, name, "each column once");
  });
  if (!header.includes(SETTINGS_COLUMN)) fail("line 1", "", `a column ${SETTINGS_COLUMN}`);
  if (problems.length > 0) return table;
  for (const { line, cells } of body) {
    if (cells.length !== header.length) {
      fail(`line ${line}`, String(cells.length), `${header.length} cells, as in the header`);
      continue;
    }
    const cell = (name: string) => withoutFormulaGuard(cells[header.indexOf(name)] ?? "");
    const name = cell(SETTINGS_COLUMN);
    if (name === "" || rows.has(name)) fail(`line ${line}, column ${SETTINGS_COLUMN}`, name, "a name of its own");
    const flags = tableEntry(CERTAINTIES, cell(CERTAINTY_COLUMN) || "logged");
    if (flags === undefined) {
      const expected = `one of ${Object.keys(CERTAINTIES).join(", ")}`;
      fail(`line ${line}, column ${CERTAINTY_COLUMN}`, cell(CERTAINTY_COLUMN), expected);
    }
    const facts = new Map<string, FactValue>();
    for (const column of FACT_COLUMNS) {
      const value = cell(column);
      if (value === "") continue;
      const fact = factIn(column, value);
      if ("expected" in fact) fail(`line ${line}, column ${column}`, value, fact.expected);
      else facts.set(column, fact.value);
    }
    rows.set(name, { facts: factsFromKeys(facts), flags: flags ?? [] });
    yield;
  }
  return table;
}

function factIn(column: string, text: string): { value: FactValue } | { expected: string } {
  const fact = FACT_NAMES.find(({ key }) => key === column);
  if (fact !== undefined && isSettingGroup(fact.field)) {
    const settings = settingsFromText(fact.field, text);
    return settings.ok ? { value: settings.value } : { expected: settings.error };
  }
  if (fact?.kind !== "count") return { value: text };
  return /^[1-9]\d{0,8}$/.test(text) ? { value: Number(text) } : { expected: "a whole number, 1 or more" };
}
