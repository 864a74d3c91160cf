import { BLANKED, type Edit } from "./edits";
import { isSecretValue, type KeyKind, kindOfKey } from "./secret-keys";

/** Some tables have several rows of headings. */
const HEADING_ROWS = 3;

const SEPARATORS = [",", ";", "\t", "|"];

/** Cells under headings that name secrets (`api_key`, `Password`), in a table with any usual separator. */
export function secretsInTable(text: string): Edit[] {
  const separator = separatorOf(text);
  if (separator === null) return [];
  const kinds: (KeyKind | undefined)[] = [];
  const names: string[] = [];
  const edits: Edit[] = [];
  let row = 0;
  let column = 0;
  let start = 0;
  while (start <= text.length) {
    const end = cellEnd(text, start, separator);
    const content = cellText(text, start, end);
    const kind = kinds[column];
    if (kind !== undefined && isSecretValue(kind, content.text)) {
      edits.push({ start: content.start, end: content.end, text: BLANKED, name: names[column] ?? "" });
    } else if (row < HEADING_ROWS && content.text.length < LONGEST_HEADING) {
      const own = kindOfKey(content.text);
      if (own !== "open") {
        kinds[column] = own;
        names[column] = content.text;
      }
    }
    const isLast = text.charAt(end) !== separator;
    if (isLast) {
      row++;
      if (row >= HEADING_ROWS && kinds.length === 0) return edits;
    }
    column = isLast ? 0 : column + 1;
    start = end + 1;
  }
  return edits;
}

const LONGEST_HEADING = 100;

/** The separator that stands most often in the first line; `null` = none stands there. */
function separatorOf(text: string): string | null {
  const line = /^[^\r\n]{0,10000}/.exec(text)?.[0] ?? "";
  const counts = SEPARATORS.map((separator) => line.split(separator).length - 1);
  const most = Math.max(...counts);
  return most === 0 ? null : (SEPARATORS[counts.indexOf(most)] ?? null);
}

/** Where the cell that starts at `start` ends: at its separator, its line's end, or the text's. */
function cellEnd(text: string, start: number, separator: string): number {
  let index = start;
  if (text.charAt(index) === '"') {
    for (index++; index < text.length; index++) {
      if (text.charAt(index) !== '"') continue;
      if (text.charAt(index + 1) !== '"') break;
      index++;
    }
  }
  while (index < text.length && text.charAt(index) !== separator && text.charAt(index) !== "\n") index++;
  return Math.min(index, text.length);
}

function cellText(text: string, start: number, end: number): { start: number; end: number; text: string } {
  let from = start;
  let to = end;
  while (from < to && /[\s\uFEFF"]/.test(text.charAt(from))) from++;
  while (to > from && /[\s"]/.test(text.charAt(to - 1))) to--;
  return { start: from, end: to, text: text.slice(from, to) };
}
