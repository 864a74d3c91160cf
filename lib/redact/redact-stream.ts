import { BACKSLASH, CLOSE_BRACE, CLOSE_BRACKET, COLON, COMMA, OPEN_BRACE, OPEN_BRACKET, QUOTE } from "../characters";
import { isSpace } from "../json-scan";
import { isNameKey, isValueKey, kindInList, PRIVATE_KEY_BEGINS, unquoted } from "./json-secrets";
import { redactJsonPart } from "./redact";
import { type KeyKind, kindOfKey, LONGEST_KEY } from "./secret-keys";
import { nextNamed } from "./text-secrets";

/** Text handed out at once, about: enough for compression to pay, little to hold. */
const SEGMENT_CHARACTERS = 512 * 1024;

/** Longest list of what was blanked in one file; the rest is counted. */
const MAX_REDACTED_NAMES = 100;

/**
 * Characters that are kept of a string: enough for a key, or for an end that names what follows, even if each letter is written
 * as an escape.
 */
const KEPT_OF_STRING = 6 * LONGEST_KEY;

/** An open list whose key says something of the texts in it. */
interface OpenList {
  depth: number;
  kind: KeyKind;
}

/**
 * Blanks secrets in JSON that arrives in pieces and hands it on in segments. They are cut between values, never inside one that
 * is a secret and never behind a text that names one, so that everything is blanked that would be blanked if the text were read
 * as a whole.
 */
export class RedactingStream {
  /** What was blanked so far, in words. */
  readonly redacted: string[] = [];

  private readonly decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  private readonly encoder = new TextEncoder();
  /** What has not been handed out, in pieces, and how many characters that is. */
  private pieces: string[] = [];
  private length = 0;
  /** Last position at which it may be cut; 0 = none. */
  private cut = 0;
  private depth = 0;
  private inString = false;
  private escaped = false;
  /** The last string, or its end where it is long. */
  private lastString = "";
  /** What the last token was: a string, a key with its colon, anything else. */
  private after: "string" | "key" | "other" = "other";
  /** The key before the last string, raw; empty where it is an item of a list. */
  private lastKey = "";
  /** Depth outside what is not cut: the value of a secret key, an object that names one, a private key's lines; -1 = none. */
  private uncutFrom = -1;
  /** Open lists behind keys that say something, and what they are at the cut. */
  private lists: OpenList[] = [];
  private listsAtCut: readonly OpenList[] = [];
  private depthAtCut = 0;
  /** Kinds of the lists that are open where what has not been handed out begins. */
  private openKinds: readonly KeyKind[] = [];
  private more = 0;

  /** @param segmentCharacters text handed out at once, about */
  constructor(private readonly segmentCharacters = SEGMENT_CHARACTERS) {}

  push(bytes: Uint8Array): Uint8Array[] {
    this.add(this.decoder.decode(bytes, { stream: true }));
    return this.length < this.segmentCharacters || this.cut === 0 ? [] : [this.take(this.cut)];
  }

  /** The rest. */
  end(): Uint8Array[] {
    this.add(this.decoder.decode());
    const rest = this.length === 0 ? [] : [this.take(this.length)];
    if (this.more > 0) this.redacted.push(`and ${this.more} more`);
    return rest;
  }

  private add(text: string): void {
    if (text === "") return;
    this.scan(text);
    this.pieces.push(text);
    this.length += text.length;
  }

  private scan(text: string): void {
    for (let index = 0; index < text.length; index++) {
      if (this.inString) {
        index = this.scanString(text, index);
        continue;
      }
      const character = text.charCodeAt(index);
      if (character === QUOTE) {
        this.inString = true;
        this.lastKey = this.after === "key" ? this.lastString : "";
        this.lastString = "";
      } else if (character === COLON) {
        this.after = "key";
      } else if (character === OPEN_BRACE || character === OPEN_BRACKET) {
        if (this.after === "key") this.openValue(character === OPEN_BRACKET);
        this.depth++;
        this.after = "other";
      } else if (character === CLOSE_BRACE || character === CLOSE_BRACKET) {
        this.close();
      } else if (character === COMMA) {
        this.comma(this.length + index + 1);
      } else if (isSpace(character)) {
        if (this.depth === 0) this.cutAt(this.length + index + 1);
      } else {
        this.after = "other";
      }
    }
  }

  /** What opens is the value of a key. */
  private openValue(isList: boolean): void {
    if (this.uncutFrom >= 0) return;
    const kind = kindOfKey(unquoted(`"${this.lastString}"`));
    if (kind === "secret") this.uncutFrom = this.depth;
    else if (isList && kind !== "open") this.lists.push({ depth: this.depth, kind: kindInList(kind) });
  }

  private close(): void {
    this.depth--;
    if (this.depth <= this.uncutFrom) this.uncutFrom = -1;
    const last = this.lists.at(-1);
    if (last !== undefined && this.depth <= last.depth) this.lists.pop();
    this.after = "other";
  }

  private comma(end: number): void {
    if (this.uncutFrom < 0 && !(this.after === "string" && this.namesMore())) this.cutAt(end);
    this.after = "other";
  }

  /** True where the last string names what follows, or is a value that what follows may name. */
  private namesMore(): boolean {
    const text = unquoted(`"${this.lastString}"`);
    if (this.lastKey === "") {
      if (PRIVATE_KEY_BEGINS.test(text)) this.uncutFrom = this.depth - 1;
      return this.uncutFrom >= 0 || nextNamed(text) !== null;
    }
    const key = unquoted(`"${this.lastKey}"`);
    if (isNameKey(key) && nextNamed(text) !== null) this.uncutFrom = this.depth - 1;
    return this.uncutFrom >= 0 || isValueKey(key);
  }

  private cutAt(position: number): void {
    this.cut = position;
    this.depthAtCut = this.depth;
    if (this.listsAtCut.length > 0 || this.lists.length > 0) this.listsAtCut = [...this.lists];
  }

  /** Index of the quote that ends the string open at `from`, or of the last character. */
  private scanString(text: string, from: number): number {
    let index = from;
    if (this.escaped) {
      this.escaped = false;
      index++;
    }
    for (;;) {
      const quote = text.indexOf('"', index);
      const stop = quote < 0 ? text.length : quote;
      let backslashes = 0;
      while (stop - backslashes > index && text.charCodeAt(stop - backslashes - 1) === BACKSLASH) backslashes++;
      const escaped = backslashes % 2 === 1;
      if (quote < 0 || !escaped) {
        const end = text.slice(Math.max(from, stop - KEPT_OF_STRING), stop);
        this.lastString = (this.lastString + end).slice(-KEPT_OF_STRING);
        this.escaped = quote < 0 && escaped;
        if (quote < 0) return text.length - 1;
        this.inString = false;
        this.after = "string";
        return quote;
      }
      index = quote + 1;
    }
  }

  private take(length: number): Uint8Array {
    const pending = this.pieces.join("");
    const { text, redacted } = redactJsonPart(pending.slice(0, length), this.openKinds);
    this.openKinds = kindsOf(this.listsAtCut, this.depthAtCut);
    const rest = pending.slice(length);
    this.pieces = rest === "" ? [] : [rest];
    this.length = rest.length;
    this.cut = 0;
    for (const name of redacted) {
      if (this.redacted.length < MAX_REDACTED_NAMES) this.redacted.push(name);
      else this.more++;
    }
    return this.encoder.encode(text);
  }
}

/** Kinds of what is open at a depth, outermost first; none where no list says anything. */
function kindsOf(lists: readonly OpenList[], depth: number): KeyKind[] {
  if (lists.length === 0) return [];
  const kinds = Array.from({ length: depth }, (): KeyKind => "open");
  for (const list of lists) kinds[list.depth] = list.kind;
  return kinds;
}
