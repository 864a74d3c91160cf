import type { LoadKind } from "../../measurement/measurement";
import { FIGURES_COLUMNS, RESULT_COLUMNS } from "../figures/figures-columns";
import { type CellNumber, cellNumber, type DecimalMark } from "../parse/cell-number";
import { isNumberField } from "./column-fields";
import { IGNORE } from "./column-mapping";
import { type NamedColumn, namedColumn, REQUEST_RATE_NOTE } from "./column-names";
import { ownUnit, parseUnit, unitText } from "./column-units";

/** What a column may mean: a guess, for a person to confirm. */
export interface SuggestedColumn {
  column: string;
  /** A field, or `ignore`. */
  field: string;
  /** As a mapping writes it; `null` = the field has none. */
  unit: string | null;
  /** False where the guess deserves a look. */
  sure: boolean;
  /** Why, or what to look at, in a few words; `null` = nothing. */
  note: string | null;
}

/** A whole mapping, guessed. */
export interface SuggestedMapping {
  columns: SuggestedColumn[];
  /** `null` where no column looks like a load, or one says its kind. */
  loadKind: LoadKind | null;
  /** Given where the numbers need it. */
  decimal: DecimalMark | null;
}

/** A time to first token up to this is taken for seconds: no server takes under 30 ms at every load and few take over 30 s. */
const LARGEST_TTFT_S = 30;
/** A time per token up to this is taken for seconds: no model writes a thousand tokens/s for one user. */
const LARGEST_TPOT_S = 1;
/** A request latency up to this is taken for seconds. */
const LARGEST_E2E_S = 300;

const LARGEST_IN_SECONDS: readonly [RegExp, number][] = [
  [/^ttft_/, LARGEST_TTFT_S],
  [/^(?:tpot|itl|ntpot)_/, LARGEST_TPOT_S],
  [/^e2e_/, LARGEST_E2E_S],
];

/**
 * Guesses what the columns of a table mean from their names and first values: field, unit, kind of load. No field is given to two
 * columns; where two could be one, the first the name is sure of gets it.
 * @param rows first rows below the header
 */
export function suggestMapping(header: readonly string[], rows: readonly (readonly string[])[]): SuggestedMapping {
  const decimal = decimalMarkOf(rows);
  const candidates = header.flatMap((column, index) => {
    if (column === "" || header.indexOf(column) !== index) return [];
    const values = rows.map((row) => (row[index] ?? "").trim()).filter((value) => value !== "");
    const numbers = values
      .map((value) => cellNumber(value, decimal ?? "point", []))
      .filter((item) => item.kind !== "empty");
    // A column without a value in any row says nothing, and must not keep its field from one that does.
    const named = rows.length > 0 && values.length === 0 ? null : namedColumn(column);
    return [{ column, values, numbers, named: likely(named, values, numbers) }];
  });
  const taken = new Map<string, string>();
  const isNamed = (item: (typeof candidates)[number]) => item.named !== null && item.named.field !== null;
  for (const sure of [true, false]) {
    for (const { column, named } of candidates) {
      if (named === null || named.field === null || named.sure !== sure || taken.has(named.field)) continue;
      taken.set(named.field, column);
    }
  }
  const loadKind = taken.has("load_kind") ? null : withLoad(candidates.filter(isNamed), taken);
  const columns = candidates.map(({ column, numbers, named }): SuggestedColumn => {
    const field = [...taken].find(([, owner]) => owner === column)?.[0];
    if (field === undefined) {
      const other =
        named === null || named.field === null ? null : `${named.field} is read from "${taken.get(named.field)}"`;
      return {
        column,
        field: IGNORE,
        unit: null,
        sure: named === null,
        note: named?.field === null ? named.note : other,
      };
    }
    const asNamed = named?.field === field ? named : null;
    const unit = unitFor(field, named?.field === null ? null : (named?.unit ?? null), numbers, loadKind);
    const note = asNamed === null ? REQUEST_RATE_NOTE : asNamed.sure ? null : asNamed.note;
    return {
      column,
      field,
      unit: unit.text,
      sure: asNamed?.sure === true && unit.note === null,
      note: note ?? unit.note,
    };
  });
  return { columns, loadKind, decimal };
}

/** True where a table has a load and a measurement at it, both in numbers: results, whatever they are called. */
export function looksLikeResults(suggested: SuggestedMapping): boolean {
  const fields = new Set(suggested.columns.map(({ field }) => field));
  const measured = RESULT_COLUMNS.some((name) => name !== "request_rate_achieved" && fields.has(name));
  return measured && fields.has("load_value");
}

/** A date that can mean only one day. */
const DATE = /^\d{4}[-/]\d{2}[-/]\d{2}(?!\d)/;

type Named = ReturnType<typeof namedColumn>;

/**
 * Corrects a guess that the values contradict: drops a number field without numbers, and tells a name of the accelerator from a
 * count.
 */
function likely(named: Named, values: readonly string[], numbers: readonly CellNumber[]): Named {
  if (named === null || named.field === null || values.length === 0) return named;
  const allNumbers = numbers.every((item) => item.kind === "number" || item.kind === "infinite");
  if (named.field === "accelerator" && allNumbers) return { ...named, field: "accelerator_count" };
  if (named.field === "accelerator_count" && !allNumbers) return { ...named, field: "accelerator" };
  if (isNumberField(named.field) && !allNumbers) return null;
  if (named.field === "measured_on" && !values.every((value) => DATE.test(value))) return null;
  const kind = FIGURES_COLUMNS.find(({ name }) => name === named.field)?.kind;
  const whole = numbers.every((item) => item.kind === "number" && Number.isInteger(Number(item.digits)));
  if (kind === "count" && !whole) {
    return named.field === "input_tokens" || named.field === "output_tokens"
      ? { ...named, field: `${named.field}_mean` }
      : null;
  }
  return named;
}

/** Finds the column of the load (the offered load, else requests/s) and returns the kind of load. */
function withLoad(
  candidates: readonly { column: string; named: Named }[],
  taken: Map<string, string>,
): LoadKind | null {
  const column = taken.get("load_value");
  if (column !== undefined) {
    const unit = candidates.find((item) => item.column === column)?.named;
    const isRate = unit?.field === "load_value" && unit.unit !== null && unit.unit !== "requests";
    return isRate ? "request_rate" : "concurrency";
  }
  const rates = candidates.filter(({ named }) => named?.field === "request_rate_achieved");
  const offered = rates.find(({ named }) => named?.field !== null && named?.sure === false);
  if (offered === undefined) return null;
  taken.set("load_value", offered.column);
  const achieved = rates.find((item) => item !== offered);
  if (achieved === undefined) taken.delete("request_rate_achieved");
  else taken.set("request_rate_achieved", achieved.column);
  return "request_rate";
}

function unitFor(
  field: string,
  named: NamedColumn["unit"],
  numbers: readonly CellNumber[],
  loadKind: LoadKind | null,
): { text: string | null; note: string | null } {
  const own = ownUnit(field);
  if (own === null) return { text: null, note: null };
  const written = numbers.find((item) => item.kind === "number" && item.unit !== "");
  const inCell = written?.kind === "number" ? parseUnit(written.unit, field) : null;
  const inName = named === null ? null : parseUnit(named, field);
  const known = inName ?? inCell;
  if (known !== null) return { text: unitText(known), note: null };
  if (field === "load_value" && loadKind === "request_rate") return { text: "requests/s", note: null };
  const limit = LARGEST_IN_SECONDS.find(([is]) => is.test(field))?.[1];
  if (limit === undefined) return { text: unitText(own), note: null };
  const values = numbers.flatMap((item) => (item.kind === "number" ? [Number(item.digits)] : []));
  const inSeconds = values.length > 0 && values.every((value) => value <= limit);
  return {
    text: inSeconds ? "s" : "ms",
    note: `the name does not say the unit: ${inSeconds ? "s" : "ms"} by its values`,
  };
}

/** `comma` where some cell can only be read so and none has a decimal point; `null` where no cell has a comma in question. */
function decimalMarkOf(rows: readonly (readonly string[])[]): DecimalMark | null {
  const cells = rows.flat().map((cell) => cell.trim());
  const isComma = cells.some((cell) => /^[-+]?(?:\d+,(?:\d{1,2}|\d{4,})|0,\d+|\d{1,3}(?:\.\d{3})+,\d+)$/.test(cell));
  const isPoint = cells.some((cell) => /^[-+]?(?:\d+\.(?:\d{1,2}|\d{4,})|0\.\d+|\d{1,3}(?:,\d{3})+\.\d+)$/.test(cell));
  if (isComma && !isPoint) return "comma";
  return isPoint && cells.some((cell) => /^\d{1,3}(?:,\d{3})+(?:\.\d+)?$/.test(cell)) ? "point" : null;
}
