/** How the numbers of a table are written: `1,234.5` or `1.234,5`. */
export const DECIMAL_MARKS = ["point", "comma"] as const;
export type DecimalMark = (typeof DECIMAL_MARKS)[number];

/** A cell as a number: its plain digits, and the unit written behind them. */
export type CellNumber =
  | { kind: "empty" }
  | { kind: "number"; digits: string; unit: string }
  | { kind: "infinite" }
  | { kind: "other" };

/** What people and programs write where nothing was measured. */
const NOT_MEASURED = new Set(["", "-", "--", "–", "—", "n/a", "#n/a", "na", "nan", "null", "none", "nil", "?"]);

/** Whole thousands in groups of three behind one and the same separator, or digits alone; a fraction; an exponent; a unit. */
const POINT =
  /^([-+]?)(?:(\d{1,3}(?:([, '’_\u00a0\u202f])\d{3})(?:\3\d{3})*)|(\d+))?(?:\.(\d*))?(?:e([-+]?\d{1,3}))?\s*(\D.*)?$/i;
const COMMA =
  /^([-+]?)(?:(\d{1,3}(?:([. '’_\u00a0\u202f])\d{3})(?:\3\d{3})*)|(\d+))?(?:,(\d*))?(?:e([-+]?\d{1,3}))?\s*(\D.*)?$/i;

/** True where a cell says that nothing was measured: empty, a dash, `n/a`, `NaN`, or a text of the table's own. */
export function isNotMeasured(cell: string, own: readonly string[]): boolean {
  const text = cell.trim();
  return NOT_MEASURED.has(text.toLowerCase()) || own.includes(text);
}

/** Reads a cell as people write numbers: thousands separators, a unit behind it. `1,234` is 1234 unless commas are decimal. */
export function cellNumber(cell: string, decimal: DecimalMark, notMeasured: readonly string[]): CellNumber {
  const text = cell.trim();
  if (isNotMeasured(text, notMeasured)) return { kind: "empty" };
  if (/^\+?inf(?:inity)?$/i.test(text) || text === "∞") return { kind: "infinite" };
  const match = (decimal === "point" ? POINT : COMMA).exec(text);
  if (match === null) return { kind: "other" };
  const [, sign = "", grouped = "", separator = "", plain = "", fraction = "", exponent = "", unit = ""] = match;
  const whole = grouped === "" ? plain : grouped.replaceAll(separator, "");
  // `0,512` is no group of thousands: it is a decimal comma.
  if (grouped.startsWith("0")) return { kind: "other" };
  if (whole === "" && fraction === "") return { kind: "other" };
  // What follows is a unit, not the rest of some other text (`1,5`, `1.2.3`, `8xH100`).
  if (/^[.,'’_]/.test(unit) || /\d/.test(unit)) return { kind: "other" };
  const digits = `${sign}${whole === "" ? "0" : whole}${fraction === "" ? "" : `.${fraction}`}`;
  return { kind: "number", digits: exponent === "" ? digits : `${digits}e${exponent}`, unit: unit.trim() };
}
