import { CLOSE_BRACE, CLOSE_BRACKET, COLON, COMMA, OPEN_BRACE, OPEN_BRACKET, QUOTE } from "../characters";
import { isSpace, stringEnd } from "../json-scan";
import { applyEdits, BLANKED, type Edit, REDACTED } from "./edits";
import { isSecretValue, type KeyKind, kindOfKey } from "./secret-keys";
import { mayHoldSecret, type NextNamed, nextNamed, secretsInText } from "./text-secrets";

/** How many levels of JSON inside strings of JSON are followed. */
const MAX_TEXT_DEPTH = 6;

/** Keys whose text names what stands in `value` beside it: `{"name": "HF_TOKEN", "value": "…"}`. */
const NAME_KEY = /^(?:name|key|variable|var|env|envvar|header|field|option|flag)$/;
const VALUE_KEY = /^(?:value|val)$/;

/** True for keys such as `name`, whose text names what stands in `value` beside it. */
export function isNameKey(key: string): boolean {
  return NAME_KEY.test(key.toLowerCase());
}

/** True for keys such as `value`, which a name beside them may describe. */
export function isValueKey(key: string): boolean {
  return VALUE_KEY.test(key.toLowerCase());
}

/** A text that is the first line of a private key whose other lines follow in the list. */
export const PRIVATE_KEY_BEGINS = /-----BEGIN [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----\s*$/;
const PRIVATE_KEY_ENDS = /-----END /;
const END_LINE = /^\s*-----END [A-Z ]{0,40}-----\s*$/;

/**
 * What a text in a list is, that stands behind the first line of a private key: whether it is a secret, and whether the key goes
 * on behind it. What was blanked before stays, and so does the last line: without it what follows would be taken for the key.
 */
export function privateKeyLine(value: string): { isSecret: boolean; goesOn: boolean } {
  return { isSecret: value !== BLANKED && !END_LINE.test(value), goesOn: !PRIVATE_KEY_ENDS.test(value) };
}

/**
 * Kind of the texts in a list, by the kind of its key. A list under a key such as `token` may be the tokens of a text, which
 * are no secret.
 */
export function kindInList(kind: KeyKind): KeyKind {
  return kind === "token" ? "doubtful" : kind;
}

/** An object or a list that is open. */
interface Frame {
  key: string;
  /** Of the texts that stand directly in it. */
  kind: KeyKind;
  isList: boolean;
  /** What the text before, in a list, or `name`, in an object, says of what follows. */
  named: NextNamed | null;
  /** A value that stands before its name. */
  unnamed: { start: number; end: number; value: string } | null;
  inPrivateKey: boolean;
}

export interface JsonSecrets {
  edits: Edit[];
  /** False where what stands outside strings shows that it is no JSON. */
  isJson: boolean;
}

/**
 * Where secrets stand in JSON text (also several values after one another, or a part of one), found without building the values:
 * values of keys that name secrets, and what is secret in any text, read as what it means, JSON and text in it included.
 * @param open kinds of the lists that are open where a part begins, outermost first
 */
export function secretsInJson(text: string, open: readonly KeyKind[] = [], textDepth = 0): JsonSecrets {
  const scan = new JsonScan(text, open, textDepth);
  scan.run();
  return scan;
}

class JsonScan implements JsonSecrets {
  readonly edits: Edit[] = [];
  isJson = true;
  private readonly frames: Frame[];

  constructor(
    private readonly text: string,
    open: readonly KeyKind[],
    private readonly textDepth: number,
  ) {
    this.frames = [frame("open", false), ...open.map((kind) => frame(kind, true))];
  }

  run(): void {
    const { text } = this;
    for (let index = 0; index < text.length; index++) {
      const character = text.charCodeAt(index);
      if (character === QUOTE) index = this.string(index) - 1;
      else if (character === OPEN_BRACE || character === OPEN_BRACKET) {
        this.forget();
        this.frames.push(frame("open", character === OPEN_BRACKET));
      } else if (character === CLOSE_BRACE || character === CLOSE_BRACKET) {
        this.frames.pop();
        // A part may close what was opened before it.
        if (this.frames.length === 0) this.frames.push(frame("open", false));
      } else if (!isSpace(character) && character !== COMMA) {
        const end = wordEnd(text, index);
        if (end === index || !BARE.test(text.slice(index, end))) {
          this.isJson = false;
          return;
        }
        this.forget();
        index = end - 1;
      }
    }
  }

  /** Only a text can name the next item of a list. */
  private forget(): void {
    const top = this.top();
    if (top.isList) top.named = null;
  }

  private top(): Frame {
    return this.frames[this.frames.length - 1] ?? frame("open", false);
  }

  /** Looks at the string at `start` and, where it is a key, at what is behind it; returns where to go on. */
  private string(start: number): number {
    const { text } = this;
    const end = Math.min(stringEnd(text, start) + 1, text.length);
    const colon = skipSpace(text, end);
    if (text.charCodeAt(colon) !== COLON) {
      this.item(start, end);
      return end;
    }
    const key = unquoted(text.slice(start, end));
    this.top().key = key;
    this.lookInto(start, end, key);
    return this.member(key, skipSpace(text, colon + 1));
  }

  /** The value of a key; returns where to go on. */
  private member(key: string, start: number): number {
    const { text } = this;
    const top = this.top();
    const kind = kindOfKey(key);
    const first = text.charCodeAt(start);
    const before = top.unnamed;
    top.unnamed = null;
    if (first !== QUOTE) {
      if (kind === "secret" || (isValueKey(key) && top.named?.kind === "secret" && isDigit(first))) {
        const end = valueEnd(text, start);
        const isNothing = /^(?:null|true|false|\[\s*\]|\{\s*\})?$/.test(text.slice(start, Math.min(end, start + 20)));
        if (!isNothing) {
          this.blank(start, end);
          return end;
        }
      }
      if (kind === "open" || (first !== OPEN_BRACKET && first !== OPEN_BRACE)) return start;
      this.frames.push(frame(first === OPEN_BRACKET ? kindInList(kind) : "open", first === OPEN_BRACKET));
      return start + 1;
    }
    const end = Math.min(stringEnd(text, start) + 1, text.length);
    const value = unquoted(text.slice(start, end));
    const isNamed = isValueKey(key) && top.named !== null && isSecretValue(top.named.kind, value);
    if (isNamed || isSecretValue(kind, value)) {
      this.blank(start, end);
      return end;
    }
    if (isNameKey(key)) {
      top.named = nextNamed(value);
      if (top.named !== null && before !== null && isSecretValue(top.named.kind, before.value)) {
        this.drop(before.start);
        this.blank(before.start, before.end);
      }
    } else if (isValueKey(key)) top.unnamed = { start, end, value };
    this.lookInto(start, end, value);
    return end;
  }

  /** A string in a list, or alone. */
  private item(start: number, end: number): void {
    const top = this.top();
    const value = unquoted(this.text.slice(start, end));
    const named = top.named;
    top.named = null;
    if (top.inPrivateKey) {
      const { isSecret, goesOn } = privateKeyLine(value);
      top.inPrivateKey = goesOn;
      if (isSecret) this.blank(start, end, "private key");
      return;
    }
    if (isSecretValue(top.kind, value) || (named !== null && isNamedItem(named, value))) {
      this.blank(start, end);
      return;
    }
    if (PRIVATE_KEY_BEGINS.test(value)) {
      top.inPrivateKey = true;
      return;
    }
    top.named = nextNamed(value);
    this.lookInto(start, end, value);
  }

  private blank(start: number, end: number, name = this.path()): void {
    this.edits.push({ start, end, text: REDACTED, name });
  }

  /** Takes back the edit of a part of a text that is now blanked as a whole. */
  private drop(start: number): void {
    const last = this.edits.findLastIndex((edit) => edit.start === start);
    if (last >= 0) this.edits.splice(last, 1);
  }

  private path(): string {
    return this.frames
      .slice(-LONGEST_PATH)
      .flatMap(({ key }) => (key === "" ? [] : [key]))
      .join(".");
  }

  /** What is secret inside a text. */
  private lookInto(start: number, end: number, value: string): void {
    if (value.length < SHORTEST_SECRET || !mayHoldSecret(value)) return;
    const { text, redacted } = withoutTextSecrets(value, this.textDepth + 1);
    const [name] = redacted;
    if (name !== undefined) this.edits.push({ start, end, text: JSON.stringify(text), name: redacted.join(", ") });
  }
}

/** Keys of a path that are named; only hostile files are nested deeper. */
const LONGEST_PATH = 20;

/** Shorter texts hold no secret of any form, nor a key with its value. */
const SHORTEST_SECRET = 5;

/** A text, or JSON in a text, without its secrets. */
export function withoutTextSecrets(value: string, textDepth = 0): { text: string; redacted: string[] } {
  if (textDepth <= MAX_TEXT_DEPTH && /^\s*[[{]/.test(value)) {
    const { edits, isJson } = secretsInJson(value, [], textDepth);
    if (isJson) return { text: applyEdits(value, edits), redacted: edits.map(({ name }) => name) };
  }
  const edits = secretsInText(value);
  return { text: applyEdits(value, edits), redacted: edits.map(({ name }) => name) };
}

/** True where an item of a list is the value of the flag or name before it. */
export function isNamedItem({ kind, isFlag }: NextNamed, value: string): boolean {
  if (value.startsWith("--") || value.startsWith(BLANKED)) return false;
  if (isFlag) return isSecretValue(kind, value);
  // A list of names (`["HF_TOKEN", "OPENAI_API_KEY"]`) is no list of secrets.
  if (kindOfKey(value) !== "open") return false;
  return isSecretValue("doubtful", value) || isSecretValue("doubtful", value.replace(/^[^:\s]{1,100}:/, ""));
}

function frame(kind: KeyKind, isList: boolean): Frame {
  return { key: "", kind, isList, named: null, unnamed: null, inPrivateKey: false };
}

/** What may stand outside strings. */
const BARE = /^(?:true|false|null|-?NaN|-?Infinity|-?\d[\d.eE+-]*)$/;

function isDigit(character: number): boolean {
  return character >= 0x30 && character <= 0x39;
}

/** End of the bare word (a number, `true`) at `start`. */
function wordEnd(text: string, start: number): number {
  let index = start;
  while (index < text.length && index < start + LONGEST_BARE && isBare(text.charCodeAt(index))) index++;
  return index;
}

/** Longer numbers than are ever written. */
const LONGEST_BARE = 400;

function isBare(code: number): boolean {
  return isDigit(code) || (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || isNumberSign(code);
}

function isNumberSign(code: number): boolean {
  return code === 0x2b || code === 0x2d || code === 0x2e;
}

/** A text as meant, from the JSON literal it is written as, quotes included. */
export function unquoted(literal: string): string {
  if (!literal.includes("\\")) return literal.slice(1, -1);
  try {
    return String(JSON.parse(literal));
  } catch {
    return literal.slice(1, -1);
  }
}

function skipSpace(text: string, from: number): number {
  let index = from;
  while (index < text.length && isSpace(text.charCodeAt(index))) index++;
  return index;
}

/** End of the JSON value that starts at `start`. */
function valueEnd(text: string, start: number): number {
  let depth = 0;
  for (let index = start; index < text.length; index++) {
    const character = text.charCodeAt(index);
    if (character === QUOTE) {
      index = stringEnd(text, index);
      if (depth === 0) return Math.min(index + 1, text.length);
    } else if (character === OPEN_BRACE || character === OPEN_BRACKET) depth++;
    else if (character === CLOSE_BRACE || character === CLOSE_BRACKET) {
      if (depth === 0) return index;
      depth--;
      if (depth === 0) return index + 1;
    } else if (depth === 0 && (character === COMMA || isSpace(character))) return index;
  }
  return text.length;
}
