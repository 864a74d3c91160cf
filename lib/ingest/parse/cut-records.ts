import { CARRIAGE_RETURN, LINE_FEED, QUOTE, SPACE } from "../../characters";

const DELETE = 0x7f;

/** One line of a table. */
export interface CsvRecord {
  /** Line of the file it ends on, from 1. */
  line: number;
  cells: string[];
}

/**
 * The records of whole lines of a table whose quotes are known to be right, empty lines left out: what csv-parse makes of them,
 * `trim`, `relax_column_count` and `skip_empty_lines` set, in a tenth of its time.
 * @param isTrimmed whether blanks around cells are dropped; where they are kept the text holds no quotes
 * @param linesBefore lines of the file before the text
 */
export function cutRecords(text: string, delimiter: string, isTrimmed: boolean, linesBefore: number): CsvRecord[] {
  const cellEnd = delimiter.charCodeAt(0);
  const records: CsvRecord[] = [];
  let line = linesBefore + 1;
  let cells: string[] = [];
  let count = 0;
  let from = 0;
  /** What stood in quotes in the cell that begins at `from`; `null` = no quotes there. */
  let quoted: string | null = null;
  for (let index = 0; index <= text.length; index++) {
    const character = index < text.length ? text.charCodeAt(index) : LINE_FEED;
    if (character === QUOTE) {
      const closes = closingQuote(text, index);
      const inside = text.slice(index + 1, closes);
      quoted = inside.includes('""') ? inside.replaceAll('""', '"') : inside;
      line += linesWithin(inside);
      index = closes;
    } else if (character === cellEnd && index < text.length) {
      cells[count++] = cellOf(text, from, index, quoted, isTrimmed);
      quoted = null;
      from = index + 1;
    } else if (character === LINE_FEED || character === CARRIAGE_RETURN) {
      const cell = cellOf(text, from, index, quoted, isTrimmed);
      if (count > 0 || cell !== "" || quoted !== null) {
        cells[count++] = cell;
        if (cells.length !== count) cells.length = count;
        records.push({ line, cells });
        // Most records have as many cells as the one before.
        cells = new Array<string>(count);
        count = 0;
      }
      if (character === CARRIAGE_RETURN && text.charCodeAt(index + 1) === LINE_FEED) index++;
      quoted = null;
      from = index + 1;
      line++;
    }
  }
  return records;
}

function cellOf(text: string, from: number, to: number, quoted: string | null, isTrimmed: boolean): string {
  if (quoted !== null) return quoted;
  if (from === to) return "";
  const cell = text.slice(from, to);
  return isTrimmed && !(isPlain(text.charCodeAt(from)) && isPlain(text.charCodeAt(to - 1))) ? cell.trim() : cell;
}

/** True for characters of ASCII that no trimming drops. */
function isPlain(character: number): boolean {
  return character > SPACE && character < DELETE;
}

/** Index of the quote that closes the one at `opens`; two in a row stand for one inside. */
function closingQuote(text: string, opens: number): number {
  let index = opens + 1;
  while (index < text.length) {
    if (text.charCodeAt(index) === QUOTE) {
      if (text.charCodeAt(index + 1) !== QUOTE) return index;
      index++;
    }
    index++;
  }
  return text.length;
}

/** Line breaks within quotes: each character of them is one, as csv-parse counts them. */
function linesWithin(inside: string): number {
  let lines = 0;
  for (let index = 0; index < inside.length; index++) {
    const character = inside.charCodeAt(index);
    if (character === LINE_FEED || character === CARRIAGE_RETURN) lines++;
  }
  return lines;
}
