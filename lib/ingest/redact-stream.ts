import { isSpace } from "./json-text";
import { redactText } from "./redact";

/** Text handed out at once, about: enough for compression to pay, little to hold. */
const SEGMENT_CHARACTERS = 4 * 1024 * 1024;

/** Requests lie at most this deep in any report: a cut behind one never parts a key from its value. */
const DEEPEST_CUT = 5;

/** Longest list of what was blanked in one file; the rest is counted. */
const MAX_REDACTED_NAMES = 100;

/** Blanks secrets in JSON that arrives in pieces and hands it on in segments, cut between values and never inside one. */
export class RedactingStream {
  /** What was blanked so far, in words. */
  readonly redacted: string[] = [];

  private readonly decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  private readonly encoder = new TextEncoder();
  private pending = "";
  /** How far {@link pending} has been looked at, and the last place it may be cut. */
  private scanned = 0;
  private cut = 0;
  private depth = 0;
  private inString = false;
  private more = 0;

  push(bytes: Uint8Array): Uint8Array[] {
    this.pending += this.decoder.decode(bytes, { stream: true });
    this.scan();
    return this.pending.length < SEGMENT_CHARACTERS || this.cut === 0 ? [] : [this.take(this.cut)];
  }

  /** The rest. */
  end(): Uint8Array[] {
    this.pending += this.decoder.decode();
    const rest = this.pending.length === 0 ? [] : [this.take(this.pending.length)];
    if (this.more > 0) this.redacted.push(`and ${this.more} more`);
    return rest;
  }

  private scan(): void {
    const text = this.pending;
    let index = this.scanned;
    for (; index < text.length; index++) {
      const character = text.charCodeAt(index);
      if (this.inString) {
        // The character behind a backslash may be in the next piece: it is looked at then.
        if (character === 0x5c) {
          if (index + 1 >= text.length) break;
          index++;
        } else if (character === 0x22) this.inString = false;
      } else if (character === 0x22) this.inString = true;
      else if (character === 0x7b || character === 0x5b) this.depth++;
      else if (character === 0x7d || character === 0x5d) this.depth--;
      else if ((character === 0x2c || isSpace(character)) && this.depth <= DEEPEST_CUT) {
        if (character === 0x2c || this.depth === 0) this.cut = index + 1;
      }
    }
    this.scanned = index;
  }

  private take(length: number): Uint8Array {
    const { text, redacted } = redactText(this.pending.slice(0, length), "json");
    this.pending = this.pending.slice(length);
    this.scanned -= length;
    this.cut = 0;
    for (const name of redacted) {
      if (this.redacted.length < MAX_REDACTED_NAMES) this.redacted.push(name);
      else this.more++;
    }
    return this.encoder.encode(text);
  }
}
