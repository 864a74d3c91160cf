import { impossibleValue } from "../../measurement/quality";
import { ok, type Result, refused } from "../../result";
import type { FiguresColumn } from "./figures-columns";

/** The number in a cell of a figures CSV, or, as the error, what was expected there. */
export function numberIn(cell: string, column: FiguresColumn): Result<number> {
  const number = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/.test(cell) ? Number(cell) : null;
  if (column.kind === "count") {
    return number !== null && Number.isSafeInteger(number) && number >= 1
      ? ok(number)
      : refused("a whole number, 1 or more");
  }
  if (number === null) return refused("a number such as 1234.5 (no thousands separators, no units)");
  const impossible = impossibleValue(number);
  if (impossible !== null) return refused(impossible);
  if (column.kind === "share" && number > 1) return refused("a share from 0 to 1");
  if (column.kind === "wholeNumber" && !Number.isInteger(number)) return refused("a whole number, 0 or more");
  return column.kind === "positiveNumber" && number === 0 ? refused("a number above 0") : ok(number);
}

/** Digits a number keeps, whatever they are. */
const KEPT_DIGITS = 15;
const POWERS_OF_TEN = Array.from({ length: KEPT_DIGITS + 1 }, (_, power) => 10 ** power);
const POINT = ".".charCodeAt(0);
const ZERO = "0".charCodeAt(0);

/**
 * The number in a cell of plain digits, one with a few decimals, where a column may hold it; `NaN` for any other, which
 * {@link numberIn} reads or refuses. Read here digit by digit, because a table has a hundred times as many cells as anything else
 * has values: digits and powers of ten that are whole numbers make the nearest number by one division.
 */
export function plainNumberIn(cell: string, kind: FiguresColumn["kind"]): number {
  if (cell.length > KEPT_DIGITS + 1) return Number.NaN;
  let digits = 0;
  let count = 0;
  let decimals = 0;
  let hasPoint = false;
  for (let index = 0; index < cell.length; index++) {
    const character = cell.charCodeAt(index);
    const digit = character - ZERO;
    if (digit >= 0 && digit <= 9) {
      digits = digits * 10 + digit;
      count++;
      if (hasPoint) decimals++;
    } else if (character === POINT && !hasPoint) {
      hasPoint = true;
    } else {
      return Number.NaN;
    }
  }
  if (count === 0 || count > KEPT_DIGITS) return Number.NaN;
  const value = decimals === 0 ? digits : digits / (POWERS_OF_TEN[decimals] ?? 1);
  switch (kind) {
    case "number":
      return value;
    case "positiveNumber":
      return value > 0 ? value : Number.NaN;
    case "share":
      return value <= 1 ? value : Number.NaN;
    case "wholeNumber":
      return Number.isInteger(value) ? value : Number.NaN;
    case "count":
      return Number.isInteger(value) && value >= 1 ? value : Number.NaN;
    default:
      return Number.NaN;
  }
}
