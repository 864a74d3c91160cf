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
