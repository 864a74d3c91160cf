import { isSettings, type SettingValue, type SettingValues } from "./settings";

/** Where a setting is wanted: one load of one workload. `null` = not known. */
export interface SettingPlace {
  /** The load's own number, of whatever kind. */
  load: number | null;
  /** Requests in flight, where the load is stated as such. */
  concurrency: number | null;
  inputTokens: number | null;
  outputTokens: number | null;
  workloadId: string;
}

/** What a setting is at a place. `notSet` = the server was started without it there. */
export type SettingAt =
  | { kind: "known"; value: SettingValue }
  | { kind: "notSet" }
  | { kind: "unknown"; reason: string };

const NOT_SET: SettingAt = { kind: "notSet" };
/** Longest text that is read as an expression, in characters; recorded ones have at most 200. */
const MAX_LENGTH = 2000;
/** Brackets within brackets. */
const MAX_DEPTH = 12;

/** A summary in the place of a list: `180 sizes from 1 to 8192`. */
const SUMMARY = /^\d+ sizes (?:from|up to) /;
/** A run of whole numbers: `1..128`. */
const RANGE = /^(\d{1,4})\.\.(\d{1,4})$/;

function unknown(reason: string): SettingAt {
  return { kind: "unknown", reason };
}

/**
 * A stored value at one load of one workload. Text in braces is an expression over `concurrency`, `input_tokens` and
 * `output_tokens` (`{ceil((concurrency+input_tokens+64)/64)*64}`), or lists values by load or workload (`{512 at load 64; 256 at
 * load 256}`). A list that was only counted (`180 sizes from 1 to 8192`) is not known. Inside lists and documents every value must
 * be known; members that are not set are left out.
 */
export function settingAt(value: SettingValue, place: SettingPlace): SettingAt {
  if (typeof value === "string") return textAt(value, place);
  if (Array.isArray(value)) {
    const items: SettingValue[] = [];
    for (const item of value) {
      const at = settingAt(item, place);
      if (at.kind === "unknown") return at;
      if (at.kind === "known") items.push(at.value);
    }
    return { kind: "known", value: items };
  }
  if (isSettings(value)) return documentAt(value, place);
  return { kind: "known", value };
}

function documentAt(values: SettingValues, place: SettingPlace): SettingAt {
  const members: [string, SettingValue][] = [];
  for (const [name, member] of Object.entries(values)) {
    const at = settingAt(member, place);
    if (at.kind === "unknown") return unknown(`${name}: ${at.reason}`);
    if (at.kind === "known") members.push([name, at.value]);
  }
  return { kind: "known", value: Object.fromEntries(members) };
}

function textAt(text: string, place: SettingPlace): SettingAt {
  const range = RANGE.exec(text);
  if (range !== null) {
    const [from, to] = [Number(range[1]), Number(range[2])];
    if (from > to) return unknown(`"${text}" is no run of numbers`);
    return { kind: "known", value: Array.from({ length: to - from + 1 }, (_, index) => from + index) };
  }
  if (SUMMARY.test(text)) return unknown(`the source says "${text}" and not which`);
  // A document is no expression: `{"image": 0}`.
  if (!text.startsWith("{") || !text.endsWith("}") || text.includes('"')) return { kind: "known", value: text };
  if (text.length > MAX_LENGTH) return unknown("the expression is too long");
  const inner = text.slice(1, -1).trim();
  if (inner === "") return { kind: "known", value: text };
  if (inner.startsWith("by load and lengths"))
    return unknown("it changed with load and lengths, and how is not recorded");
  return inner.includes(" at ") ? caseAt(inner, place) : expressionAt(inner, place);
}

/** `512 at load 64, 128; 256 at load 256` or `… at workload random-1024-1024`. */
function caseAt(text: string, place: SettingPlace): SettingAt {
  for (const part of text.split(";")) {
    const match = /^(.*) at (load|workload) (.*)$/s.exec(part.trim());
    if (match === null) return unknown(`"${text}" cannot be read`);
    const [, value = "", kind, list = ""] = match;
    const places = list.split(",").map((item) => item.trim());
    const isHere =
      kind === "workload"
        ? places.includes(place.workloadId)
        : place.load !== null && places.some((item) => Number(item) === place.load);
    if (isHere) return literalOrExpression(value.trim(), place);
  }
  return unknown("it was chosen by load or lengths, and not recorded for these");
}

function literalOrExpression(text: string, place: SettingPlace): SettingAt {
  if (text === "not set") return NOT_SET;
  if (text === "true" || text === "True") return { kind: "known", value: true };
  if (text === "false" || text === "False") return { kind: "known", value: false };
  if (SUMMARY.test(text)) return unknown(`the source says "${text}" and not which`);
  if (/^\[[\d,. ]*\]$/.test(text)) {
    const numbers = text
      .slice(1, -1)
      .split(",")
      .filter((item) => item.trim() !== "")
      .map(Number);
    return numbers.every(Number.isFinite) ? { kind: "known", value: numbers } : unknown(`"${text}" cannot be read`);
  }
  const number = expressionAt(text, place);
  if (number.kind === "known") return number;
  return /^[A-Za-z_][\w:.-]*$/.test(text) && !VARIABLES.has(text) ? { kind: "known", value: text } : number;
}

const VARIABLES = new Set(["concurrency", "input_tokens", "output_tokens"]);
const TOKEN = /\s*(\d+(?:\.\d+)?|[a-z_]+|[-+*/(),<>])/y;

/** A value that is not known here. */
class NotKnown extends Error {}

function expressionAt(text: string, place: SettingPlace): SettingAt {
  const tokens = tokensOf(text);
  if (tokens === null) return unknown(`"${text}" cannot be read`);
  try {
    const value = new Reader(tokens, place).whole();
    return Number.isFinite(value) ? { kind: "known", value } : unknown(`"${text}" is no number here`);
  } catch (error) {
    if (error instanceof NotKnown) return unknown(error.message);
    throw error;
  }
}

function tokensOf(text: string): string[] | null {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const match = TOKEN.exec(text);
    if (match === null) return null;
    tokens.push(match[1] ?? "");
  }
  return tokens;
}

/** Sums, products, `floor`, `ceil`, `min`, `max` and one choice (`a if x<8 else b`), read by descent. */
class Reader {
  private next = 0;
  private depth = 0;

  constructor(
    private readonly tokens: readonly string[],
    private readonly place: SettingPlace,
  ) {}

  whole(): number {
    const value = this.choice();
    if (this.next < this.tokens.length) throw new NotKnown(`"${this.tokens.join("")}" cannot be read`);
    return value;
  }

  private take(token: string): boolean {
    if (this.tokens[this.next] !== token) return false;
    this.next += 1;
    return true;
  }

  private expect(token: string): void {
    if (!this.take(token)) throw new NotKnown(`"${this.tokens.join("")}" cannot be read`);
  }

  private choice(): number {
    const value = this.sum();
    if (!this.take("if")) return value;
    const left = this.sum();
    const isLess = this.take("<");
    if (!isLess) this.expect(">");
    const right = this.sum();
    this.expect("else");
    const other = this.choice();
    return (isLess ? left < right : left > right) ? value : other;
  }

  private sum(): number {
    let value = this.product();
    for (;;) {
      if (this.take("+")) value += this.product();
      else if (this.take("-")) value -= this.product();
      else return value;
    }
  }

  private product(): number {
    let value = this.factor();
    for (;;) {
      if (this.take("*")) value *= this.factor();
      else if (this.take("/")) value /= this.factor();
      else return value;
    }
  }

  private factor(): number {
    if (++this.depth > MAX_DEPTH) throw new NotKnown("the expression is nested too deep");
    const value = this.primary();
    this.depth -= 1;
    return value;
  }

  private primary(): number {
    if (this.take("-")) return -this.factor();
    if (this.take("(")) {
      const value = this.choice();
      this.expect(")");
      return value;
    }
    const token = this.tokens[this.next] ?? "";
    this.next += 1;
    if (/^\d/.test(token)) return Number(token);
    if (VARIABLES.has(token)) return this.variable(token);
    return this.call(token);
  }

  private variable(name: string): number {
    const { concurrency, inputTokens, outputTokens } = this.place;
    const value = name === "concurrency" ? concurrency : name === "input_tokens" ? inputTokens : outputTokens;
    if (value === null) {
      throw new NotKnown(
        `it follows ${name === "concurrency" ? "the requests in flight" : "the lengths"}, which are not known here`,
      );
    }
    return value;
  }

  private call(name: string): number {
    this.expect("(");
    const values = [this.choice()];
    while (this.take(",")) values.push(this.choice());
    this.expect(")");
    const [first = Number.NaN] = values;
    if (name === "floor") return Math.floor(first);
    if (name === "ceil") return Math.ceil(first);
    if (name === "max") return Math.max(...values);
    if (name === "min") return Math.min(...values);
    throw new NotKnown(`"${name}" cannot be worked out`);
  }
}
