import { ok, type Result, refused } from "../../result";
import type { FiguresColumn } from "../figures/figures-columns";
import { numberIn } from "../figures/figures-number";
import { cellNumber } from "../parse/cell-number";
import { shownValue } from "../problem";
import type { ColumnMapping } from "./column-mapping";
import { type ColumnUnit, convertedNumber, parseUnit, unitText } from "./column-units";

/** What a column is read as. */
export interface NumberUse {
  target: FiguresColumn;
  unit: ColumnUnit | null;
}

/**
 * The number of a filled cell in its field's own unit, or, as the error, what was expected there.
 * @param options.delimiter between the table's cells
 * @param options.acceleratorCount what values per accelerator are multiplied by
 */
export function mappedNumber(
  cell: string,
  use: NumberUse,
  options: {
    mapping: Pick<ColumnMapping, "decimal" | "notMeasured">;
    delimiter: string;
    acceleratorCount: number;
  },
): Result<number> {
  const { target, unit } = use;
  const { decimal, notMeasured } = options.mapping;
  const number = cellNumber(cell, decimal ?? "point", notMeasured);
  if (number.kind === "infinite" && target.name === "load_value") return ok(Number.POSITIVE_INFINITY);
  if (number.kind !== "number") {
    const hint = decimal === null && cell.includes(",") ? " (for decimal commas: decimal: comma in the mapping)" : "";
    return refused(`a number such as ${decimal === "comma" ? "1.234,5" : "1,234.5"}${hint}`);
  }
  // Where cells are not separated by commas, a comma inside one may well be decimal, even with three digits behind it.
  if (decimal === null && options.delimiter !== "," && cell.includes(",")) {
    return refused(
      `decimal: point or decimal: comma in the mapping, because ${shownValue(cell)} can be read both ways`,
    );
  }
  const wrongUnit = number.unit === "" ? null : unitFault(number.unit, use);
  if (wrongUnit !== null) return refused(wrongUnit);
  const value =
    unit === null ? Number(number.digits) : convertedNumber(number.digits, target.name, unit, options.acceleratorCount);
  if (!Number.isFinite(value)) return refused("a number that can be a measurement");
  return numberIn(String(value), target);
}

/** A unit written in the cell must be the one the mapping says. */
function unitFault(written: string, { target, unit: expectedUnit }: NumberUse): string | null {
  // `8x` accelerators.
  if (target.kind === "count" && /^[x×]$/i.test(written)) return null;
  if (expectedUnit === null) return "a number without a unit";
  const unit = parseUnit(written, target.name);
  // `410 tok/s` in a column per accelerator: the header says what it is divided by.
  const fits =
    unit !== null && unit.name === expectedUnit.name && (!unit.perAccelerator || expectedUnit.perAccelerator);
  return fits ? null : `a number in ${unitText(expectedUnit)}, as the mapping says`;
}
