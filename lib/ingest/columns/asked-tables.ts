import { LOAD_KINDS, type LoadKind } from "../../measurement/measurement";
import { FIGURES_COLUMNS } from "../figures/figures-columns";
import { cellNumber, type DecimalMark } from "../parse/cell-number";
import { COLUMN_ANSWERS_FILE, directoryOf } from "../parse/paths";
import type { Problem } from "../report";
import type { ColumnMapping, WrittenColumn } from "./column-mapping";
import { IGNORE } from "./column-mapping";
import { type ColumnUnit, ownUnit, parseUnit, unitsOf, unitText } from "./column-units";
import { mappedNumber } from "./mapped-number";
import { suggestMapping } from "./suggest-mapping";

/** Location of a problem that is about all columns of a table. */
export const WHOLE_HEADER = "line 1";

/** Tables that share a header whose columns are unknown. */
export interface AskedTable {
  /** Its header, by which it is told from others. */
  key: string;
  files: string[];
  /** What is wrong with a table that is in our own format but for some columns, as sentences; `null` = it is in no format. */
  wrong: string | null;
  header: readonly string[];
  sample: readonly (readonly string[])[];
}

/** A mapping as a form holds it. */
export interface MappingDraft {
  columns: readonly WrittenColumn[];
  loadKind: LoadKind | null;
  decimal: DecimalMark | null;
  /** As typed, separated by commas. */
  notMeasured: string;
}

/** Tables to ask about, those with the same header together, in the order of the problems. */
export function askedTables(problems: readonly Problem[]): AskedTable[] {
  const tables = new Map<string, AskedTable>();
  for (const { file, at, message, columns } of problems) {
    if (columns === undefined) continue;
    const key = JSON.stringify(columns.header);
    const table = tables.get(key);
    if (table === undefined)
      tables.set(key, { key, files: [file], wrong: at === WHOLE_HEADER ? null : message, ...columns });
    else if (!table.files.includes(file)) table.files.push(file);
  }
  return [...tables.values()];
}

/** Columns that can be asked about: named, and each name once. */
export function askableColumns(header: readonly string[]): string[] {
  return header.filter((name) => name !== "" && header.indexOf(name) === header.lastIndexOf(name));
}

/** What is guessed of a table, as a form starts with; `notes` say what to look at, by column. */
export function suggestedDraft(table: AskedTable): { draft: MappingDraft; notes: ReadonlyMap<string, string> } {
  const suggested = suggestMapping(table.header, table.sample);
  const askable = new Set(askableColumns(table.header));
  const columns = suggested.columns.filter(({ column }) => askable.has(column));
  const notes = new Map<string, string>();
  for (const { column, note, sure } of columns) if (note !== null && !sure) notes.set(column, note);
  const draft: MappingDraft = {
    columns: columns.map(({ column, field, unit }) => ({ column, field, unit })),
    loadKind: suggested.loadKind,
    decimal: suggested.decimal ?? (hasCommas(table) ? "point" : null),
    notMeasured: "",
  };
  return { draft, notes };
}

/** True where the mapping has to say how numbers are written, because some have a comma. */
export function hasCommas(table: AskedTable): boolean {
  return table.sample.some((row) => row.some((cell) => /^[-+]?\d[\d.,]*,\d/.test(cell)));
}

/** What a draft says besides its columns. */
export function draftSettings(draft: MappingDraft): Omit<ColumnMapping, "columns"> {
  const texts = draft.notMeasured.split(",").map((text) => text.trim());
  return {
    loadKind: draft.columns.some(({ field }) => field === "load_kind") ? null : draft.loadKind,
    decimal: draft.decimal,
    notMeasured: [...new Set(texts.filter((text) => text !== ""))],
  };
}

/** The draft with another meaning for one column; its unit is kept where the new field can have it. */
export function withField(draft: MappingDraft, column: string, field: string): MappingDraft {
  const columns = draft.columns.map((item) => {
    if (item.column !== column) return item;
    const kept = item.unit === null ? null : parseUnit(item.unit, field);
    const unit = field === IGNORE ? null : (kept ?? draftUnits(field, draft.loadKind)[0] ?? null);
    return { column, field, unit: unit === null ? null : unitText(unit) };
  });
  return { ...draft, columns };
}

/** The draft with another unit for one column. */
export function withUnit(draft: MappingDraft, column: string, unit: string): MappingDraft {
  return { ...draft, columns: draft.columns.map((item) => (item.column === column ? { ...item, unit } : item)) };
}

/** The draft with another kind of load; the load's unit follows. */
export function withLoadKind(draft: MappingDraft, kind: string): MappingDraft {
  const loadKind = LOAD_KINDS.find((known) => known === kind) ?? null;
  const columns = draft.columns.map((item) => {
    if (item.field !== "load_value") return item;
    const units = draftUnits("load_value", loadKind).map(unitText);
    return item.unit !== null && units.includes(item.unit) ? item : { ...item, unit: units[0] ?? null };
  });
  return { ...draft, loadKind, columns };
}

/** Units a column of a field can be in; those of a load depend on its kind. */
export function draftUnits(field: string, loadKind: LoadKind | null): ColumnUnit[] {
  const units = unitsOf(field);
  if (field !== "load_value" || loadKind === null) return units;
  return units.filter(({ name }) => (name === "requests") === (loadKind !== "request_rate"));
}

/** How the first value of a column is read. */
export interface ReadCell {
  /** As the table has it, with the unit the draft says; `""` = none of the first rows has one. */
  cell: string;
  /** In the field's own unit: `410 ms`; `null` where it is read as it stands. */
  read: string | null;
  /** What is expected instead; `null` = it can be read. */
  wrong: string | null;
}

/** The first value of a column, as the draft reads it. */
export function firstValueRead(table: AskedTable, draft: MappingDraft, column: WrittenColumn): ReadCell {
  const index = table.header.indexOf(column.column);
  const settings = draftSettings(draft);
  const decimal = draft.decimal ?? "point";
  const cells = table.sample.map((row) => row[index] ?? "");
  const cell = cells.find((text) => cellNumber(text, decimal, settings.notMeasured).kind !== "empty") ?? "";
  const target = FIGURES_COLUMNS.find(({ name }) => name === column.field);
  const isText = target === undefined || ["text", "loadKind", "flags"].includes(target.kind);
  if (cell === "" || isText) return { cell, read: null, wrong: null };
  const unit = column.unit === null ? ownUnit(column.field) : parseUnit(column.unit, column.field);
  // The number of accelerators is not known here, so a value per accelerator is shown for one.
  const whole = unit === null ? null : { ...unit, perAccelerator: false };
  const options = { mapping: settings, delimiter: ",", acceleratorCount: 1 };
  const number = mappedNumber(cell, { target, unit: whole }, options);
  if (!number.ok) return { cell, read: null, wrong: `expected ${number.error}` };
  const own =
    column.field === "load_value" && draft.loadKind === "request_rate" ? "requests/s" : ownUnit(column.field)?.name;
  const value = Number.isFinite(number.value) ? String(number.value) : "everything at once";
  if (!Number.isFinite(number.value) || own === undefined) {
    return { cell, read: value === cell ? null : value, wrong: null };
  }
  const parsed = cellNumber(cell, decimal, settings.notMeasured);
  const withUnit = parsed.kind === "number" && parsed.unit === "" && unit !== null ? `${cell} ${unitText(unit)}` : cell;
  const read = `${value} ${own}${unit?.perAccelerator === true ? " × accelerators" : ""}`;
  return { cell: withUnit, read: withUnit === read ? null : read, wrong: null };
}

/** Path for the answer about a table: in the lowest directory above all its files, under a name that is still free. */
export function columnAnswersPath(table: AskedTable, taken: ReadonlySet<string>): string {
  const directories = table.files.map((file) => directoryOf(file).split("/"));
  const [first = []] = directories;
  let depth = 0;
  while (depth < first.length && directories.every((steps) => steps[depth] === first[depth])) depth++;
  const directory = first.slice(0, depth).join("/");
  const inDirectory = (name: string) => (directory === "" ? name : `${directory}/${name}`);
  let name = COLUMN_ANSWERS_FILE;
  for (let copy = 2; taken.has(inDirectory(name)); copy++)
    name = COLUMN_ANSWERS_FILE.replace(".answers", `.${copy}.answers`);
  return inDirectory(name);
}
