import { isSpace } from "../ingest/json-text";
import { plainView } from "./escaped-text";
import { isSecretKey, redactText, SECRET_FLAG_AT_END, unquoted } from "./redact";

/** Text handed out at once, about: enough for compression to pay, little to hold. */
const SEGMENT_CHARACTERS = 512 * 1024;

/** Longest list of what was blanked in one file; the rest is counted. */
const MAX_REDACTED_NAMES = 100;

/** No key of a secret is longer; a list of what a program was called with names the secret one item before it. */
const LONGEST_KEY = 200;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const COMMA = 0x2c;

/**
 * Blanks secrets in JSON that arrives in pieces and hands it on in segments. They are cut between values, never inside one that
 * is a secret and never behind the flag that names one, so that nothing shows that would be blanked in the whole.
 */
export class RedactingStream {
  /** What was blanked so far, in words. */
  readonly redacted: string[] = [];

  private readonly decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  private readonly encoder = new TextEncoder();
  /** What has not been handed out, in pieces, and how many characters that is. */
  private pieces: string[] = [];
  private length = 0;
  /** Last place it may be cut; 0 = none. */
  private cut = 0;
  private depth = 0;
  private inString = false;
  private escaped = false;
  /** The last string, or its end where it is long. */
  private lastString = "";
  /** What the last token was: a string, a key with its colon, anything else. */
  private after: "string" | "key" | "other" = "other";
  /** Depth outside the value of a secret key; -1 = none. */
  private secretFrom = -1;
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
        this.lastString = "";
      } else if (character === COLON) {
        this.after = "key";
      } else if (character === 0x7b || character === 0x5b) {
        if (this.secretFrom < 0 && this.after === "key" && isSecretKey(unquoted(`"${this.lastString}"`), false)) {
          this.secretFrom = this.depth;
        }
        this.depth++;
        this.after = "other";
      } else if (character === 0x7d || character === 0x5d) {
        this.depth--;
        if (this.depth <= this.secretFrom) this.secretFrom = -1;
        this.after = "other";
      } else if (character === COMMA) {
        const namesSecret =
          this.after === "string" && SECRET_FLAG_AT_END.test(plainView(this.lastString)?.text ?? this.lastString);
        if (this.secretFrom < 0 && !namesSecret) this.cut = this.length + index + 1;
        this.after = "other";
      } else if (isSpace(character)) {
        if (this.depth === 0) this.cut = this.length + index + 1;
      } else {
        this.after = "other";
      }
    }
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
        // The end of a long string is enough to know a flag by; no key is as long.
        this.lastString = (this.lastString + text.slice(Math.max(from, stop - LONGEST_KEY), stop)).slice(-LONGEST_KEY);
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
    const { text, redacted } = redactText(pending.slice(0, length), "json");
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
