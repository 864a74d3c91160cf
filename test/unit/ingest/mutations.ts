import fc from "fast-check";
import type { HeldFile } from "../../../lib/ingest/report";

/** One way of damaging a file; `pick` chooses where, `odd` with what. */
type Mutation = (file: HeldFile, pick: number, odd: OddValue) => HeldFile;

type OddValue = (typeof ODD_VALUES)[number];

/** Text put in place of a value: the wrong kind, out of any range, or no JSON at all. */
const ODD_VALUES = [
  "null",
  "true",
  "[]",
  "{}",
  '""',
  '"text"',
  '"12 ms"',
  '"NaN"',
  '"-1"',
  "-1",
  "0",
  "1e308",
  "1e999",
  "-1e999",
  "123456789012345678901234567890",
  "0.0000000000000000000000001",
  "NaN",
  "Infinity",
  "-Infinity",
  '{"__proto__":{"mean":1}}',
  '[[1,"a",null]]',
  ".nan",
  "=1+1",
  "2026-13-45",
] as const;

const HOSTILE_KEYS = ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "", "0", "length"];

const NUMBER = /-?\b\d+(?:\.\d+)?(?:[eE][+-]?\d+)?\b/g;
const VALUE = /-?\b\d+(?:\.\d+)?(?:[eE][+-]?\d+)?\b|"(?:[^"\\\n]|\\.)*"|\btrue\b|\bnull\b/g;
const KEY = /"(?:[^"\\\n]|\\.)*"(?=\s*:)|^[ \t-]*[A-Za-z_][\w.%-]*(?=:)/gm;
const MEMBER = /"(?:[^"\\\n]|\\.)*"\s*:\s*(?:"(?:[^"\\\n]|\\.)*"|-?[\d.eE+-]+|true|false|null)\s*,?/g;

const NESTED_LEVELS = [20, 70, 5000];
const SPLICED_BYTES = [0, 0xff, 0xfe, 0x22, 0x7b, 0x5d, 0x2c, 0x0a, 0x5c, 0xc3];

function textOf(file: HeldFile): string {
  return new TextDecoder().decode(file.bytes);
}

function withText(file: HeldFile, text: string): HeldFile {
  return { ...file, bytes: new TextEncoder().encode(text) };
}

/** One match of a pattern replaced, the `pick`th. */
function replaced(file: HeldFile, pattern: RegExp, pick: number, by: (match: string) => string): HeldFile {
  const text = textOf(file);
  const matches = [...text.matchAll(pattern)];
  const match = matches[pick % Math.max(matches.length, 1)];
  if (match === undefined) return file;
  return withText(file, `${text.slice(0, match.index)}${by(match[0])}${text.slice(match.index + match[0].length)}`);
}

function cutAt(file: HeldFile, pick: number): HeldFile {
  return { ...file, bytes: file.bytes.slice(0, pick % (file.bytes.length + 1)) };
}

function withBytes(file: HeldFile, at: number, bytes: Uint8Array, leaveOut: number): HeldFile {
  return { ...file, bytes: Buffer.concat([file.bytes.slice(0, at), bytes, file.bytes.slice(at + leaveOut)]) };
}

/** Every kind of damage by name. */
const MUTATIONS: Record<string, Mutation> = {
  "key removed": (file, pick) => replaced(file, MEMBER, pick, () => ""),
  "key renamed": (file, pick) => replaced(file, KEY, pick, (key) => key.replace(/\w/, "x")),
  "key repeated": (file, pick) => replaced(file, MEMBER, pick, (member) => `${member.replace(/,$/, "")}, ${member}`),
  "hostile key": (file, pick) =>
    replaced(file, KEY, pick, () => JSON.stringify(HOSTILE_KEYS[pick % HOSTILE_KEYS.length])),
  "value of another kind": (file, pick, odd) => replaced(file, VALUE, pick, () => odd),
  "number of another kind": (file, pick, odd) => replaced(file, NUMBER, pick, () => odd),
  "number as text": (file, pick) => replaced(file, NUMBER, pick, (number) => JSON.stringify(number)),
  "a thousand times as much": (file, pick) => replaced(file, NUMBER, pick, (number) => String(Number(number) * 1000)),
  "a thousandth": (file, pick) => replaced(file, NUMBER, pick, (number) => String(Number(number) / 1000)),
  "all a thousand times as much": (file) =>
    withText(
      file,
      textOf(file).replace(NUMBER, (number) => String(Number(number) * 1000)),
    ),
  negative: (file, pick) => replaced(file, NUMBER, pick, (number) => `-${number}`),
  "deeply nested": (file, pick) => {
    const levels = NESTED_LEVELS[pick % NESTED_LEVELS.length] ?? 0;
    return replaced(file, VALUE, pick, (value) => `${"[".repeat(levels)}${value}${"]".repeat(levels)}`);
  },
  "cut off": (file, pick) => cutAt(file, pick),
  "line removed": (file, pick) => {
    const lines = textOf(file).split("\n");
    return withText(file, lines.filter((_, index) => index !== pick % lines.length).join("\n"));
  },
  "line repeated": (file, pick) => {
    const lines = textOf(file).split("\n");
    return withText(
      file,
      lines.flatMap((line, index) => (index === pick % lines.length ? [line, line] : [line])).join("\n"),
    );
  },
  "bytes put in": (file, pick) => {
    const count = (pick % 4) + 1;
    const bytes = Uint8Array.from({ length: count }, (_, index) => SPLICED_BYTES[(pick + index * 7) % 10] ?? 0);
    return withBytes(file, pick % (file.bytes.length + 1), bytes, pick % 3);
  },
  "bytes left out": (file, pick) => withBytes(file, pick % (file.bytes.length + 1), new Uint8Array(), (pick % 30) + 1),
  "byte-order mark": (file) => withBytes(file, 0, new Uint8Array([0xef, 0xbb, 0xbf]), 0),
  "UTF-16": (file, pick) => ({
    ...file,
    bytes: Buffer.from(`${pick % 2 === 0 ? "\uFEFF" : ""}${textOf(file)}`, "utf16le"),
  }),
  "Windows line ends": (file) => withText(file, textOf(file).replaceAll("\n", "\r\n")),
  "one after the other": (file, pick, odd) => withText(file, `${textOf(file)}\n${pick % 2 === 0 ? odd : textOf(file)}`),
  "an array around it": (file, pick, odd) => withText(file, `[${textOf(file)}${pick % 2 === 0 ? "" : `, ${odd}`}]`),
  nothing: (file) => ({ ...file, bytes: new Uint8Array() }),
};

/** Up to three kinds of damage, one after the other. */
export const damage: fc.Arbitrary<{ name: string; pick: number; odd: OddValue }[]> = fc.array(
  fc.record({
    name: fc.constantFrom(...Object.keys(MUTATIONS)),
    pick: fc.nat(),
    odd: fc.constantFrom(...ODD_VALUES),
  }),
  { minLength: 1, maxLength: 3 },
);

export function damaged(file: HeldFile, steps: readonly { name: string; pick: number; odd: OddValue }[]): HeldFile {
  return steps.reduce((before, { name, pick, odd }) => MUTATIONS[name]?.(before, pick, odd) ?? before, file);
}
