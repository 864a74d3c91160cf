import { CARRIAGE_RETURN, LINE_FEED, QUOTE, SPACE, TAB } from "../../characters";
import { MAX_ROW_CHARACTERS, MAX_TABLE_CELLS, MAX_TABLE_COLUMNS } from "../../limits";

/** Whole records of a table. */
export interface CsvPiece {
  text: string;
  /** Line breaks in it, those within quotes too. */
  lines: number;
}

/** Why a text cannot be read as a table. */
export interface CsvFault {
  /** Line of the quote that is wrong, else of the fault itself; lines count from 1. */
  line: number;
  /** Index in the text, for showing what stands there. */
  index: number;
  /** What is wrong, to follow `FILE, line N: `, with the way out. */
  message: string;
}

/**
 * Cuts a table into pieces of about `size` characters, each ending after a record, and finds what would make a record endless:
 * a quote that never closes, a row that is too long or has too many cells. Every character is looked at once, whatever its
 * quotes are; in a text without any only the ends of lines are looked for.
 * @returns what is wrong with the text, after the pieces before it; `null` if all of it was cut
 */
export function* csvPieces(
  text: string,
  delimiter: string,
  size: number,
  maxRowCharacters = MAX_ROW_CHARACTERS,
): Generator<CsvPiece, CsvFault | null> {
  const cellEnd = delimiter.charCodeAt(0);
  let from = 0;
  let line = 1;
  let pieceLine = 1;
  let record = { line, index: 0 };
  let cells = 1;
  let allCells = 0;
  let index = 0;
  // As long as its limits cannot be reached.
  const isPlain = text.length < MAX_TABLE_CELLS && !text.includes('"') && !text.includes("\r");
  const shortRow = Math.min(maxRowCharacters, MAX_TABLE_COLUMNS);
  while (index < text.length) {
    if (isPlain && index === record.index) {
      const lineEnd = text.indexOf("\n", index);
      if (lineEnd >= 0 && lineEnd - index < shortRow) {
        line++;
        index = lineEnd + 1;
        record = { line, index };
        if (index - from < size) continue;
        yield { text: text.slice(from, index), lines: line - pieceLine };
        from = index;
        pieceLine = line;
        continue;
      }
    }
    index = behindBlanks(text, index, cellEnd);
    if (text.charCodeAt(index) === QUOTE) {
      const opens = { line, index };
      for (;;) {
        index++;
        while (index < text.length && text.charCodeAt(index) !== QUOTE) {
          if (isLineEnd(text, index)) line++;
          index++;
        }
        if (index >= text.length) return { ...opens, message: `a quote opens here and never closes; ${QUOTES}` };
        index++;
        // Two quotes in a row stand for one quote inside the cell.
        if (text.charCodeAt(index) !== QUOTE) break;
      }
      index = behindBlanks(text, index, cellEnd);
      if (index < text.length && !endsCell(text.charCodeAt(index), cellEnd)) {
        const closes = line === opens.line ? "" : ` in line ${line}`;
        return {
          ...opens,
          message: `a quoted cell opens here, and text follows its closing quote${closes}; ${QUOTES}`,
        };
      }
    } else {
      while (index < text.length && !endsCell(text.charCodeAt(index), cellEnd)) {
        if (text.charCodeAt(index) === QUOTE) {
          return { line, index, message: `a quote stands within a cell that does not begin with one; ${QUOTES}` };
        }
        index++;
      }
    }
    if (index - record.index > maxRowCharacters) {
      return { ...record, message: `a row of more than ${maxRowCharacters} characters begins here; ${QUOTES}` };
    }
    if (index >= text.length) break;
    if (text.charCodeAt(index) === cellEnd) {
      index++;
      cells++;
      if (cells > MAX_TABLE_COLUMNS) {
        return { line, index, message: `it has more than ${MAX_TABLE_COLUMNS} columns; leave out those nobody reads.` };
      }
      continue;
    }
    allCells += cells;
    if (allCells > MAX_TABLE_CELLS) {
      return { line, index, message: `the table has more than ${MAX_TABLE_CELLS} cells up to here; split it.` };
    }
    cells = 1;
    line++;
    index += text.charCodeAt(index) === CARRIAGE_RETURN && text.charCodeAt(index + 1) === LINE_FEED ? 2 : 1;
    record = { line, index };
    if (index - from < size) continue;
    yield { text: text.slice(from, index), lines: line - pieceLine };
    from = index;
    pieceLine = line;
  }
  if (from < text.length) yield { text: text.slice(from), lines: line - pieceLine };
  return null;
}

const QUOTES = 'put the whole cell in quotes and write each quote within it twice ("a 5"" disk").';

function behindBlanks(text: string, from: number, cellEnd: number): number {
  let index = from;
  for (;;) {
    const character = text.charCodeAt(index);
    if ((character !== SPACE && character !== TAB) || character === cellEnd) return index;
    index++;
  }
}

function endsCell(character: number, cellEnd: number): boolean {
  return character === cellEnd || character === LINE_FEED || character === CARRIAGE_RETURN;
}

/** True at the last character of a line break: `\n`, `\r\n` or `\r`. */
function isLineEnd(text: string, index: number): boolean {
  const character = text.charCodeAt(index);
  return character === LINE_FEED || (character === CARRIAGE_RETURN && text.charCodeAt(index + 1) !== LINE_FEED);
}
