/** What a spreadsheet runs when a cell begins with it (OWASP, CSV injection), full-width forms included. */
const FORMULA_START = /^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/;
/** A number, or a dash for nothing, only looks like one. */
const HARMLESS = /^[-+](?:\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)?$/;

/**
 * The text of a cell as it stands in a CSV we write: one that a spreadsheet would run as a formula gets an apostrophe before it.
 * So does one that looks as if it had one already, and {@link withoutFormulaGuard} gives back every text as it was.
 */
export function withFormulaGuard(text: string): string {
  return needsGuard(text) ? `'${text}` : text;
}

/** The text of a cell without the apostrophe that guards it; other cells come back as they are. */
export function withoutFormulaGuard(cell: string): string {
  return cell.startsWith("'") && needsGuard(cell) ? cell.slice(1) : cell;
}

function needsGuard(text: string): boolean {
  const bare = text.startsWith("'") ? text.replace(/^'+/, "") : text;
  return FORMULA_START.test(bare) && !HARMLESS.test(bare);
}
