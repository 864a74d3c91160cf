import { CLOSE_BRACE, CLOSE_BRACKET, COLON, LINE_FEED, OPEN_BRACE, OPEN_BRACKET, QUOTE } from "../../characters";
import { isSpace, stringEnd } from "../../json-scan";
import { MAX_JSON_COLLECTIONS, MAX_JSON_KEYS, MAX_NESTING_DEPTH, MAX_VALUE_TEXT_LENGTH } from "../../limits";
import { ok, type Result, refused } from "../../result";
import type { TextFault } from "./text-fault";

/** One top-level JSON value of a text, with the line it starts on. */
interface JsonValueText {
  text: string;
  line: number;
}

/** One top-level JSON value, parsed, with the line it starts on. */
export interface JsonValue {
  line: number;
  value: unknown;
}

/** What Python writers emit although JSON has no such thing. */
const BARE_NUMBER = /-?(?:NaN|Infinity)\b/y;
const BARE_NUMBER_TEXT: Record<string, string> = {
  NaN: '"NaN"',
  "-NaN": '"NaN"',
  Infinity: '"inf"',
  "-Infinity": '"-inf"',
};

/**
 * Parses one JSON value or several after one another (one a line, as `--append-result` writes them). Bare `NaN`,
 * `Infinity` and `-Infinity` outside strings become the strings `NaN`, `inf` and `-inf`. Values nested deeper than the limit
 * and anything else that is not JSON come back as broken, with the line; so do objects that state a key twice, of which no
 * reader can know which one was meant, and texts with more keys, or more objects and lists, than can be read without delay.
 */
export function parseJsonValues(text: string): Result<JsonValue[], TextFault> {
  const keys = countKeyColons(text);
  if (keys > MAX_JSON_KEYS) {
    return refused({ line: 1, message: `has more than ${MAX_JSON_KEYS} keys in one piece; split it` });
  }
  if (hasTooManyCollections(text)) {
    return refused({
      line: 1,
      message: `has more than ${MAX_JSON_COLLECTIONS} objects and lists in one piece; split it`,
    });
  }
  const single = parseSingleValue(text, keys);
  if (single !== null) return single;
  const split = splitValues(text);
  if (!split.ok) return split;
  const values: JsonValue[] = [];
  for (const part of split.value) {
    try {
      values.push({ line: part.line, value: JSON.parse(part.text) as unknown });
    } catch (error) {
      return refused({ line: part.line + errorLine(error, part.text), message: "is not valid JSON here" });
    }
  }
  return ok(values);
}

/**
 * The usual case, at the speed of `JSON.parse`: one value, no bare `NaN`, no key stated twice. `null` where that is not so, or
 * where only the slow scan can tell: the text then has more keys than the value.
 */
function parseSingleValue(text: string, keyColons: number): Result<JsonValue[], TextFault> | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== "object" || value === null) return null;
  const keys = countKeys(value, MAX_NESTING_DEPTH);
  if (Number.isNaN(keys) || keys !== keyColons) return null;
  let line = 1;
  for (let index = 0; isSpace(text.charCodeAt(index)); index++) if (text.charCodeAt(index) === LINE_FEED) line++;
  return ok([{ line, value }]);
}

/** Keys of a value and all within it; NaN where it is nested deeper than `depth` levels. */
function countKeys(value: object, depth: number): number {
  if (depth === 0) return Number.NaN;
  const members: unknown[] = Array.isArray(value) ? value : Object.values(value);
  let count = Array.isArray(value) ? 0 : members.length;
  for (const member of members) {
    if (typeof member === "object" && member !== null) count += countKeys(member, depth - 1);
  }
  return count;
}

/** Counts the colons that follow a quote: one for each key, and one for each such pair of characters inside a string. */
function countKeyColons(text: string): number {
  let count = 0;
  for (let index = 0; index < text.length; index++) {
    if (text.charCodeAt(index) !== COLON) continue;
    let before = index - 1;
    while (isSpace(text.charCodeAt(before))) before--;
    if (text.charCodeAt(before) === QUOTE) count++;
  }
  return count;
}

/** True where more objects and lists begin than can be read. Brackets inside strings are told apart only where it matters. */
function hasTooManyCollections(text: string): boolean {
  let count = 0;
  for (let index = 0; index < text.length; index++) if (isOpening(text.charCodeAt(index))) count++;
  if (count <= MAX_JSON_COLLECTIONS) return false;
  count = 0;
  for (let index = 0; index < text.length; index++) {
    const character = text.charCodeAt(index);
    if (character === QUOTE) index = stringEnd(text, index);
    else if (isOpening(character)) count++;
  }
  return count > MAX_JSON_COLLECTIONS;
}

function isOpening(character: number): boolean {
  return character === OPEN_BRACE || character === OPEN_BRACKET;
}

/** Lines between the start of a value and the position a JSON error names; 0 where it names none. */
function errorLine(error: unknown, text: string): number {
  const position = /position (\d+)/.exec(error instanceof Error ? error.message : "")?.[1];
  return position === undefined ? 0 : text.slice(0, Number(position)).split("\n").length - 1;
}

/** Cuts a text at the ends of its top-level values; one pass, no recursion. */
function splitValues(text: string): Result<JsonValueText[], TextFault> {
  const values: JsonValueText[] = [];
  let depth = 0;
  let line = 1;
  let startLine = 1;
  let pieces: string[] = [];
  let pieceStart = 0;
  // Keys of each open object; `null` for an array.
  const scopes: (Set<string> | null)[] = [];
  for (let index = 0; index < text.length; index++) {
    const character = text.charCodeAt(index);
    if (character === LINE_FEED) {
      line++;
    } else if (character === QUOTE) {
      const start = index;
      index = stringEnd(text, index);
      if (index >= text.length) return refused({ line, message: "ends inside a string: the file is cut off" });
      const keys = scopes[scopes.length - 1];
      if (keys && isKey(text, index + 1)) {
        const key = keyText(text.slice(start, index + 1));
        if (keys.has(key)) return refused({ line, message: `states the key ${shownKey(key)} twice` });
        keys.add(key);
      }
    } else if (character === OPEN_BRACE || character === OPEN_BRACKET) {
      scopes.push(character === OPEN_BRACE ? new Set() : null);
      if (depth === 0) {
        startLine = line;
        pieceStart = index;
        pieces = [];
      }
      depth++;
      if (depth > MAX_NESTING_DEPTH) {
        return refused({ line, message: `is nested deeper than ${MAX_NESTING_DEPTH} levels` });
      }
    } else if (character === CLOSE_BRACE || character === CLOSE_BRACKET) {
      depth--;
      scopes.pop();
      if (depth < 0) return refused({ line, message: "closes a bracket that was never opened" });
      if (depth === 0) {
        pieces.push(text.slice(pieceStart, index + 1));
        values.push({ text: pieces.join(""), line: startLine });
      }
    } else if (depth === 0) {
      if (!isSpace(character)) return refused({ line, message: "has text between JSON values" });
    } else if (character === 0x4e || character === 0x49 || character === 0x2d) {
      BARE_NUMBER.lastIndex = index;
      const bare = BARE_NUMBER.exec(text)?.[0];
      if (bare !== undefined) {
        pieces.push(text.slice(pieceStart, index), BARE_NUMBER_TEXT[bare] ?? "null");
        index += bare.length - 1;
        pieceStart = index + 1;
      }
    }
  }
  if (depth > 0) return refused({ line, message: "ends before its last bracket closes: the file is cut off" });
  return ok(values);
}

/** True where a colon follows, with nothing but white space before it. */
function isKey(text: string, from: number): boolean {
  let index = from;
  while (index < text.length && isSpace(text.charCodeAt(index))) index++;
  return text.charCodeAt(index) === COLON;
}

/** A key with its escapes resolved: `"\u0061"` and `"a"` are the same. */
function keyText(literal: string): string {
  if (!literal.includes("\\")) return literal;
  try {
    return JSON.stringify(JSON.parse(literal));
  } catch {
    return literal;
  }
}

function shownKey(key: string): string {
  return key.length > MAX_VALUE_TEXT_LENGTH ? `${key.slice(0, MAX_VALUE_TEXT_LENGTH)}…` : key;
}
