import { isSpace } from "./json-text";
import { MAX_NESTING_DEPTH, MAX_RECORD_CHARACTERS } from "./limits";

/**
 * Arrays and objects of single requests that large reports carry beside their results. No adapter reads them; left out, a
 * report of hundreds of megabytes is a few kilobytes.
 */
const LEFT_OUT_KEYS = new Set(["requests", "generated_texts", "response_chunks"]);
const LONGEST_LEFT_OUT_KEY = Math.max(...[...LEFT_OUT_KEYS].map((key) => key.length));

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const COMMA = 0x2c;
const OPEN_BRACE = 0x7b;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACE = 0x7d;
const CLOSE_BRACKET = 0x5d;

/**
 * Cuts JSON that arrives in pieces into its elements, holding no more than one of them: the elements of a top-level array, or
 * the values that stand one after the other (one a line). Give every piece to {@link push}, then call {@link end}; the first
 * mistake ends it, with its line.
 */
export class JsonElements {
  /** What is wrong and where; `null` while all is well. */
  broken: { line: number; message: string } | null = null;

  private depth = 0;
  private line = 1;
  private inString = false;
  private escaped = false;
  private stringStart = -1;
  /** Depth at which elements lie: 0, or 1 inside a top-level array. */
  private base = 0;
  private count = 0;
  private startLine = 1;
  private inElement = false;
  private pieces: string[] = [];
  private length = 0;
  /** The last short string, and whether a colon followed it: a key. */
  private lastString: string | null = null;
  private key: string | null = null;
  /** Depth outside the value that is being left out; -1 = none. */
  private leavingOutFrom = -1;

  /** @param element takes each element's text with its place: `line 3`, or `$[2]` in an array */
  constructor(private readonly element: (text: string, at: string) => void) {}

  push(text: string): void {
    if (this.broken !== null) return;
    // Start of what of this piece belongs to the element and is not yet among its pieces.
    let from = 0;
    this.stringStart = -1;
    for (let index = 0; index < text.length; index++) {
      const character = text.charCodeAt(index);
      if (this.inString) {
        index = this.scanString(text, index);
        continue;
      }
      if (character === 10) this.line++;
      if (isSpace(character)) continue;
      if (character === QUOTE) {
        this.inString = true;
        this.stringStart = index + 1;
        if (this.depth <= this.base) {
          this.fail("has text between JSON values");
          return;
        }
      } else if (character === COLON) {
        this.key = this.lastString;
      } else if (character === COMMA) {
        this.key = null;
      } else if (character === OPEN_BRACE || character === OPEN_BRACKET) {
        if (!this.inElement && this.depth === 0 && character === OPEN_BRACKET) {
          this.base = 1;
        } else if (!this.inElement) {
          this.inElement = true;
          this.startLine = this.line;
          from = index;
        } else if (this.leavingOutFrom < 0 && this.key !== null && LEFT_OUT_KEYS.has(this.key)) {
          this.take(text.slice(from, index));
          this.take("null");
          this.leavingOutFrom = this.depth;
        }
        this.key = null;
        this.depth++;
        if (this.depth > MAX_NESTING_DEPTH) {
          this.fail(`is nested deeper than ${MAX_NESTING_DEPTH} levels`);
          return;
        }
      } else if (character === CLOSE_BRACE || character === CLOSE_BRACKET) {
        this.depth--;
        this.key = null;
        if (this.depth < 0) {
          this.fail("closes a bracket that was never opened");
          return;
        }
        if (this.depth === this.leavingOutFrom) {
          this.leavingOutFrom = -1;
          from = index + 1;
        }
        if (this.inElement && this.depth === this.base) {
          this.take(text.slice(from, index + 1));
          this.emit();
        } else if (this.depth === 0) {
          this.base = 0;
        }
      } else if (this.depth === 0) {
        this.fail("has text between JSON values");
        return;
      } else {
        this.lastString = null;
      }
    }
    if (this.inElement && this.leavingOutFrom < 0) this.take(text.slice(from));
    if (this.length > MAX_RECORD_CHARACTERS) {
      this.fail(`holds a single record of more than ${MAX_RECORD_CHARACTERS / 1024 / 1024} MiB`);
    }
  }

  end(): void {
    if (this.broken !== null) return;
    if (this.inString) this.fail("ends inside a string: the file is cut off");
    else if (this.depth > 0) this.fail("ends before its last bracket closes: the file is cut off");
  }

  private scanString(text: string, from: number): number {
    let index = from;
    if (this.escaped) {
      this.escaped = false;
      index++;
    }
    while (index < text.length) {
      const character = text.charCodeAt(index);
      if (character === BACKSLASH) {
        index += 2;
        continue;
      }
      if (character === QUOTE) {
        this.inString = false;
        const start = this.stringStart;
        this.lastString = start >= 0 && index - start <= LONGEST_LEFT_OUT_KEY ? text.slice(start, index) : null;
        return index;
      }
      index++;
    }
    this.escaped = index > text.length;
    return text.length;
  }

  private take(text: string): void {
    if (text === "") return;
    this.pieces.push(text);
    this.length += text.length;
  }

  private emit(): void {
    const text = this.pieces.join("");
    this.pieces = [];
    this.length = 0;
    this.inElement = false;
    const at = this.base === 1 ? `$[${this.count}]` : `line ${this.startLine}`;
    this.count++;
    this.element(text, at);
  }

  private fail(message: string): void {
    this.broken = { line: this.line, message };
    this.pieces = [];
  }
}
