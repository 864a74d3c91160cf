import { LOAD_KINDS, type LoadKind } from "../../measurement/measurement";
import { nearestNames } from "../../nearest-names";
import { figuresCsvColumns, RESULT_COLUMNS } from "../figures/figures-columns";
import type { DecimalMark } from "../parse/cell-number";
import { type ColumnUnit, isField, ownUnit, parseUnit, unitsOf, unitText } from "./column-units";

/** Stands in place of a field for a column that is not read. */
export const IGNORE = "ignore";

/** What one column of a table means. */
export interface MappedColumn {
  /** As the table's header calls it. */
  column: string;
  /** Column of a figures CSV; `null` = not to be read. */
  field: string | null;
  /** `null` where the field has no unit. */
  unit: ColumnUnit | null;
}

/** What the columns of a table mean: columns → fields with units. */
export interface ColumnMapping {
  columns: readonly MappedColumn[];
  /** What the load of every row is; `null` where a column says it. */
  loadKind: LoadKind | null;
  /** How numbers are written; `null` = not said. */
  decimal: DecimalMark | null;
  /** What the table writes where nothing was measured, besides empty cells, `-`, `n/a` and `NaN`. */
  notMeasured: readonly string[];
}

/** Something that is wrong in a mapping. */
export interface MappingFault {
  /** Column it is about; `null` = the mapping as a whole. */
  column: string | null;
  /** Key of the mapping file it is about. */
  key: string;
  value: string;
  expected: string;
  /** A whole sentence. */
  sentence: string;
}

/** A column as a person enters it, before it is known to make sense. */
export interface WrittenColumn {
  column: string;
  field: string;
  /** `null` = the field's own. */
  unit: string | null;
}

/** Columns the table must have for the mapping to be about it. */
export function neededColumns(mapping: ColumnMapping): string[] {
  return mapping.columns.filter(({ field }) => field !== null).map(({ column }) => column);
}

/** A mapping made of columns as a person gives them, with everything that is wrong with it. */
export function columnMapping(
  written: readonly WrittenColumn[],
  settings: Omit<ColumnMapping, "columns">,
): { mapping: ColumnMapping; faults: MappingFault[] } {
  const faults: MappingFault[] = [];
  const columns: MappedColumn[] = [];
  const seen = new Set<string>();
  for (const { column, field, unit } of written) {
    if (seen.has(column)) {
      const sentence = "the column is named twice.";
      faults.push({ column, key: "columns", value: column, expected: "each column once", sentence });
      continue;
    }
    seen.add(column);
    if (field === IGNORE) {
      columns.push({ column, field: null, unit: null });
    } else if (!isField(field)) {
      faults.push(unknownField(column, field));
    } else {
      const known = unit === null ? unsaidUnit(field, settings.loadKind) : parseUnit(unit, field);
      if (known === null && unit !== null) faults.push(unknownUnit(column, field, unit));
      else columns.push({ column, field, unit: known });
    }
  }
  const mapping = { ...settings, columns };
  // The mapping as a whole is only checked once each part is understood.
  return { mapping, faults: faults.length > 0 ? faults : mappingFaults(mapping) };
}

/** What is wrong with a mapping as a whole, although each of its parts is understood. */
function mappingFaults(mapping: ColumnMapping): MappingFault[] {
  const faults: MappingFault[] = [];
  const byField = new Map<string, string>();
  for (const { column, field, unit } of mapping.columns) {
    if (field === null) continue;
    const before = byField.get(field);
    if (before !== undefined) {
      const sentence = `"${before}" is read as ${field} already; one of the two columns has to be left out.`;
      faults.push({ column, key: "field", value: field, expected: "each field from one column", sentence });
    } else {
      byField.set(field, column);
    }
    if (field === "load_value") faults.push(...loadUnitFaults(column, unit, mapping.loadKind));
  }
  const whole = (key: string, value: string, expected: string, sentence: string) =>
    faults.push({ column: null, key, value, expected, sentence });
  if (!RESULT_COLUMNS.some((name) => byField.has(name))) {
    whole(
      "columns",
      "",
      "a latency or a throughput",
      "no column is read as a latency, a throughput or a request rate.",
    );
  }
  const kinds = LOAD_KINDS.join(", ");
  if (mapping.loadKind === null && !byField.has("load_kind")) {
    whole("load_kind", "", `one of ${kinds}`, `what the load is has to be said (load_kind): one of ${kinds}.`);
  } else if (mapping.loadKind !== null && byField.has("load_kind")) {
    whole("load_kind", mapping.loadKind, "load_kind once", "load_kind is said both for all rows and by a column.");
  }
  if (mapping.loadKind === "max" && byField.has("load_value")) {
    whole("load_kind", "max", "no column load_value", "with load_kind max everything is sent at once: no load_value.");
  } else if (mapping.loadKind !== "max" && !byField.has("load_value")) {
    whole("columns", "", "a column load_value", "no column is read as the load (load_value).");
  }
  return faults;
}

function loadUnitFaults(column: string, unit: ColumnUnit | null, loadKind: LoadKind | null): MappingFault[] {
  if (unit === null) return [];
  const isRate = unit.name !== "requests";
  const fault = (expected: string, sentence: string): MappingFault[] => [
    { column, key: "unit", value: unitText(unit), expected, sentence },
  ];
  if (loadKind === "concurrency" && isRate) {
    return fault("requests", "a concurrency is a number of requests in flight, not a rate.");
  }
  if (loadKind === "request_rate" && !isRate) {
    return fault("requests/s or requests/min", "a request rate is given in requests/s or requests/min.");
  }
  if (loadKind === null && unit.name !== "requests" && unit.name !== "requests/s") {
    return fault("requests or requests/s", "where a column says the kind of load, rates are in requests/s.");
  }
  return [];
}

/** The unit of a column whose mapping names none: the field's own, but requests/s where the load is a request rate. */
function unsaidUnit(field: string, loadKind: LoadKind | null): ColumnUnit | null {
  return field === "load_value" && loadKind === "request_rate"
    ? { name: "requests/s", perAccelerator: false }
    : ownUnit(field);
}

/** The fault of a field that does not exist. */
function unknownField(column: string, field: string): MappingFault {
  const nearest = nearestNames(field, [...figuresCsvColumns, IGNORE], 1)[0] ?? "";
  const sentence = `there is no field ${field}; the nearest is ${nearest}.`;
  return { column, key: "field", value: field, expected: `a field such as ${nearest}, or ${IGNORE}`, sentence };
}

/** The fault of a unit that the field cannot have. */
function unknownUnit(column: string, field: string, unit: string): MappingFault {
  const known = unitsOf(field).map(unitText);
  const expected = known.length === 0 ? "no unit" : `one of ${known.join(", ")}`;
  const sentence =
    known.length === 0 ? `no unit goes with ${field}.` : `"${unit}" is no unit of ${field}; ${expected} is.`;
  return { column, key: "unit", value: unit, expected, sentence };
}
