import {
  BACKSLASH,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  LINE_FEED,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
} from "../../characters";
import { isSpace } from "../../json-scan";
import { MAX_NESTING_DEPTH, MAX_RECORD_CHARACTERS } from "../../limits";
import { BYTES_PER_MIB } from "../../units";

/**
 * Cuts JSON that arrives in pieces into its elements, holding no more than one of them: the elements of a top-level array, or
 * the values that stand one after the other (one a line). Give every piece to {@link push}, then call {@link end}; the first
 * mistake ends it, with its line. Where the pieces are cut makes no difference. Whether an element is JSON in itself is for its
 * reader to find.
 */
export class JsonElements {
  /** What is wrong and where; `null` while all is well. */
  broken: { line: number; message: string } | null = null;

  private depth = 0;
  private line = 1;
  private inString = false;
  /**
   * For a string that goes on in the next piece: whether its next character is escaped, and its text as long as it is short.
   */
  private escaped = false;
  private stringText = "";
  /**
   * Where the scanner is: among values that follow one another, inside the top-level array, or behind the end of that array.
   */
  private region: "values" | "array" | "behind" = "values";
  private count = 0;
  private startLine = 1;
  /**
   * What comes next: an element (`before`), the rest of an object or list (`inside`), the rest of a number or word (`scalar`),
   * or a comma (`after`).
   */
  private state: "before" | "inside" | "scalar" | "after" = "before";
  private pieces: string[] = [];
  private length = 0;
  /** The last string where it is short, and whether a colon followed it: a key. */
  private lastString: string | null = null;
  private key: string | null = null;
  /** Nesting depth around the value that is being left out; -1 = none. */
  private leavingOutFrom = -1;
  /** Nesting depth around an object whose lists are left out; -1 = none. */
  private requestsFrom = -1;

  /** Keys of the lists that were left out and held something. */
  readonly emptied = new Set<string>();

  private readonly longestLeftOutKey: number;
  /** Key of the list that is being left out, until it is seen to hold something. */
  private leavingOutKey: string | null = null;
  /**
   * Lists of the element that may be left out should it grow too large, as ranges of its pieces; then the one that is open now,
   * with the depth around it (-1 = none).
   */
  private spares: { key: string; from: number; to: number }[] = [];
  private openSpare = { key: "", from: 0, depth: -1 };
  private leavesOutSpares = false;
  /** Key of the object whose lists are left out. */
  private ownerKey = "";

  /**
   * @param element takes each element's text with its location: `line 3`, or `$[2]` in an array
   * @param leftOut keys of lists that come out empty; where such a key has an object, the lists right in it do
   * @param spare keys of lists that come out empty where an element is too large with them
   */
  constructor(
    private readonly element: (text: string, location: string) => void,
    private readonly leftOut: ReadonlySet<string>,
    private readonly spare: ReadonlySet<string> = new Set(),
    private readonly maxCharacters = MAX_RECORD_CHARACTERS,
  ) {
    this.longestLeftOutKey = Math.max(0, ...[...leftOut, ...spare].map((key) => key.length));
  }

  push(text: string): void {
    if (this.broken !== null) return;
    // Start of the part of this piece that belongs to the element and was not taken yet.
    let from = 0;
    for (let index = 0; index < text.length; index++) {
      if (this.inString) {
        index = this.scanString(text, index);
        if (this.state === "scalar" && !this.inString && this.depth === 1) {
          this.take(text.slice(from, index + 1));
          this.emit();
        }
        continue;
      }
      const character = text.charCodeAt(index);
      if (character === LINE_FEED) this.line++;
      if (isSpace(character)) continue;
      if (this.leavingOutKey !== null) {
        if (character !== CLOSE_BRACKET) this.emptied.add(this.leavingOutKey);
        this.leavingOutKey = null;
      }
      if (this.state !== "inside") {
        const begun = this.outside(character, text, from, index);
        if (begun === "broken") return;
        if (begun === "nothing") continue;
        if (this.state === "before") {
          this.startLine = this.line;
          from = index;
          this.state = character === OPEN_BRACE || character === OPEN_BRACKET ? "inside" : "scalar";
        }
      }
      if (character === QUOTE) {
        this.inString = true;
        this.stringText = "";
      } else if (character === COLON) {
        this.key = this.lastString;
      } else if (character === COMMA) {
        this.key = null;
      } else if (character === OPEN_BRACE || character === OPEN_BRACKET) {
        if (this.leavingOutFrom < 0) {
          if (character === OPEN_BRACKET && this.isLeftOut()) {
            this.leavingOutKey = this.ownLeftOutKey();
            this.take(text.slice(from, index));
            this.take("[]");
            this.leavingOutFrom = this.depth;
          } else if (character === OPEN_BRACKET && this.isSpare()) {
            this.take(text.slice(from, index));
            from = index;
            this.openSpare = { key: this.key ?? "", from: this.pieces.length, depth: this.depth };
          } else if (this.key !== null && this.leftOut.has(this.key) && this.requestsFrom < 0) {
            this.requestsFrom = this.depth;
            this.ownerKey = this.key;
          }
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
        if (this.depth === this.leavingOutFrom) {
          this.leavingOutFrom = -1;
          from = index + 1;
        }
        if (this.depth === this.requestsFrom) this.requestsFrom = -1;
        if (this.depth === this.openSpare.depth) {
          this.take(text.slice(from, index + 1));
          from = index + 1;
          this.spares.push({ key: this.openSpare.key, from: this.openSpare.from, to: this.pieces.length });
          this.openSpare.depth = -1;
        }
        if (this.depth === (this.region === "array" ? 1 : 0)) {
          this.take(text.slice(from, index + 1));
          this.emit();
        }
      } else {
        this.lastString = null;
      }
    }
    if ((this.state === "inside" && this.leavingOutFrom < 0) || this.state === "scalar") this.take(text.slice(from));
    if (this.length > this.maxCharacters) this.leaveOutSpares();
    if (this.length > this.maxCharacters) {
      this.fail(`holds a single record of more than ${this.maxCharacters / BYTES_PER_MIB} MiB`);
    }
  }

  end(): void {
    if (this.broken !== null) return;
    if (this.inString) this.fail("ends inside a string: the file is cut off");
    else if (this.depth > 0) this.fail("ends before its last bracket closes: the file is cut off");
  }

  private ownLeftOutKey(): string {
    const isOwn = this.key !== null && (this.leftOut.has(this.key) || this.spare.has(this.key));
    return isOwn && this.key !== null ? this.key : this.ownerKey;
  }

  private isSpare(): boolean {
    return this.key !== null && this.openSpare.depth < 0 && this.spare.has(this.key);
  }

  /** Takes the spare lists out of the element so far, and of what is still to come of it. */
  private leaveOutSpares(): void {
    this.leavesOutSpares = true;
    if (this.openSpare.depth >= 0) {
      this.spares.push({ key: this.openSpare.key, from: this.openSpare.from, to: this.pieces.length });
      this.leavingOutFrom = this.openSpare.depth;
      this.openSpare.depth = -1;
    }
    for (const { key, from, to } of this.spares) {
      this.emptied.add(key);
      this.pieces.fill("", from, to);
      this.pieces[from] = "[]";
    }
    this.spares = [];
    this.pieces = this.pieces.filter((piece) => piece !== "");
    this.length = this.pieces.reduce((sum, piece) => sum + piece.length, 0);
  }

  /** True where the list that opens here is one of single requests. */
  private isLeftOut(): boolean {
    if (this.key === null) return false;
    if (this.leavesOutSpares && this.spare.has(this.key)) return true;
    return this.leftOut.has(this.key) || (this.requestsFrom >= 0 && this.depth === this.requestsFrom + 1);
  }

  /** Handles a character between elements, or within a number or word that is one, and tells the loop above which it was. */
  private outside(character: number, text: string, from: number, index: number): "element" | "nothing" | "broken" {
    if (this.region === "array") {
      if (character === COMMA || character === CLOSE_BRACKET) {
        if (this.state === "scalar") {
          this.take(text.slice(from, index));
          this.emit();
        }
        if (character === COMMA) {
          if (this.state === "before") return this.fail("has a comma without a value before it");
          this.state = "before";
        } else {
          if (this.state === "before" && this.count > 0) return this.fail("has a comma without a value behind it");
          this.depth = 0;
          this.region = "behind";
        }
        return "nothing";
      }
      if (this.state === "scalar")
        return character === QUOTE ? this.fail("lacks a comma between two values") : "nothing";
      if (this.state === "after") return this.fail("lacks a comma between two values");
      if (character === CLOSE_BRACE) return this.fail("closes a bracket that was never opened");
      return "element";
    }
    if (this.region === "behind") return this.fail("goes on behind the end of its array");
    if (character === OPEN_BRACKET && this.count === 0) {
      this.region = "array";
      this.depth = 1;
      return "nothing";
    }
    if (character === CLOSE_BRACE || character === CLOSE_BRACKET) {
      return this.fail("closes a bracket that was never opened");
    }
    if (character !== OPEN_BRACE && character !== OPEN_BRACKET) return this.fail("has text between JSON values");
    this.state = "before";
    return "element";
  }

  /** Index of the quote that closes the string which is open at `from`, or the text's length. */
  private scanString(text: string, from: number): number {
    let index = this.escaped ? from + 1 : from;
    this.escaped = false;
    for (;;) {
      const quote = text.indexOf('"', index);
      const stop = quote < 0 ? text.length : quote;
      let backslashes = 0;
      while (stop - backslashes > index && text.charCodeAt(stop - backslashes - 1) === BACKSLASH) backslashes++;
      const escaped = backslashes % 2 === 1;
      if (quote < 0) {
        this.escaped = escaped;
        this.addToString(text, from, text.length);
        return text.length;
      }
      if (!escaped) {
        this.inString = false;
        this.addToString(text, from, quote);
        this.lastString = this.stringText.length > this.longestLeftOutKey ? null : this.stringText;
        return quote;
      }
      index = quote + 1;
    }
  }

  private addToString(text: string, from: number, to: number): void {
    if (this.stringText.length > this.longestLeftOutKey) return;
    this.stringText += text.slice(from, Math.min(to, from + this.longestLeftOutKey + 1));
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
    this.spares = [];
    this.leavesOutSpares = false;
    this.state = "after";
    const location = this.region === "array" ? `$[${this.count}]` : `line ${this.startLine}`;
    this.count++;
    this.element(text, location);
  }

  private fail(message: string): "broken" {
    this.broken = { line: this.line, message };
    this.pieces = [];
    return "broken";
  }
}
