import { parse as parseCsv } from "csv-parse/sync";
import { MAX_FILE_BYTES, MAX_HEADER_CHARACTERS, MAX_TABLE_COLUMNS } from "../../limits";
import { sha256Hex } from "../../measurement/identity";
import { BYTES_PER_MIB } from "../../units";
import { problem } from "../problem";
import type { HeldFile, Problem } from "../report";
import { parseJsonValues } from "./json-text";
import type { ParsedFile } from "./parsed-file";
import { isSideFile } from "./paths";
import type { TextFault } from "./text-fault";
import { parseYamlValues } from "./yaml-text";

/** What came of parsing a file. */
export type ParseOutcome =
  | { kind: "parsed"; file: ParsedFile }
  /** Not a text that any adapter could read: a mistake only where the person named this very file. */
  | { kind: "unreadable"; path: string; named: boolean; reason: string }
  /** Meant to be read, and broken. */
  | { kind: "broken"; problem: Problem };

/** Path of the file that was parsed. */
export function pathOfParsed(parse: ParseOutcome): string {
  switch (parse.kind) {
    case "parsed":
      return parse.file.path;
    case "unreadable":
      return parse.path;
    case "broken":
      return parse.problem.file;
  }
}

/** Parses a file as JSON (one value or one a line), CSV or YAML, whichever its content is. Never throws. */
export function parseFile(file: HeldFile): ParseOutcome {
  if (file.bytes.length > MAX_FILE_BYTES) {
    const limit = `at most ${MAX_FILE_BYTES / BYTES_PER_MIB} MiB`;
    return broken(file, "", limit, `${file.path} is larger than a report can be (${limit}).`);
  }
  if (isUtf16(file.bytes)) {
    return broken(file, "", "UTF-8 text", `${file.path} is UTF-16 text; save it as UTF-8 and try again.`);
  }
  if (file.bytes[0] === 0x1f && file.bytes[1] === 0x8b) {
    return unreadable(file, "it is gzip-compressed; unpack it first");
  }
  if (file.bytes.includes(0)) return unreadable(file, "it is a binary file");
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(file.bytes);
  } catch {
    return unreadable(file, "it is not UTF-8 text");
  }
  const first = /\S/.exec(text)?.[0];
  if (first === undefined) return unreadable(file, "it is empty");
  const base = { path: file.path, named: file.named === true, sha256: file.sha256 ?? sha256Hex(file.bytes) };
  if (first === "{" || first === "[") {
    const json = parseJsonValues(text);
    if (!json.ok) {
      const { line, message } = json.error;
      return broken(file, `line ${line}`, "JSON", `${file.path}, line ${line}: the text ${message}.`);
    }
    const single = json.value.length === 1;
    const documents = json.value.map(({ line, value }) => ({ location: single ? "$" : `line ${line}`, value }));
    return { kind: "parsed", file: { ...base, kind: "json", documents } };
  }
  // A first line of `key: [a, b]` looks like the names of two columns.
  const csv = isSideFile(file.path) ? null : csvHeader(text);
  if (csv !== null) return { kind: "parsed", file: { ...base, kind: "csv", text, ...csv } };
  const yaml = parseYamlValues(text);
  if (!yaml.ok) {
    return { kind: "parsed", file: { ...base, kind: "text", text, yamlFault: yaml.error } };
  }
  // Any prose is valid YAML: one string. It is kept as text, because some tools print their results so.
  if (yaml.value.every((value) => typeof value === "string")) {
    return { kind: "parsed", file: { ...base, kind: "text", text, yamlFault: null } };
  }
  const single = yaml.value.length === 1;
  const documents = yaml.value.map((value, index) => ({ location: single ? "$" : `document ${index + 1}`, value }));
  return { kind: "parsed", file: { ...base, kind: "yaml", documents } };
}

/** The problem of a text that was meant to be YAML. */
export function yamlProblem(path: string, { line, message }: TextFault): Problem {
  const location = `line ${line}`;
  return problem(path, location, "", "YAML", `${path}, ${location}: the text ${message}.`);
}

function broken(file: HeldFile, location: string, expected: string, message: string): ParseOutcome {
  return { kind: "broken", problem: problem(file.path, location, "", expected, message) };
}

function unreadable({ path, named }: HeldFile, reason: string): ParseOutcome {
  return { kind: "unreadable", path, named: named === true, reason };
}

function isUtf16(bytes: Uint8Array): boolean {
  const [first, second, third, fourth] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return true;
  // Without a byte-order mark: ASCII characters alternate with NUL bytes.
  return (first === 0 && second !== 0 && third === 0) || (second === 0 && first !== 0 && fourth === 0);
}

/** A name a column may have: words, units in brackets, a list of percentiles. */
const COLUMN_NAME = /^[\p{L}_][\p{L}\p{N}_ .,:()[\]%/+#@'’~?$×–^°-]*$/u;

/**
 * After the first column a name may also start with other characters, as long as it is no number: `99th percentile`, `50%`, `#
 * GPUs`.
 */
const LATER_COLUMN_NAME = /^(?=.*[\p{L}%])[\p{L}\p{N}_#%([][\p{L}\p{N}_ .,:()[\]%/+#@'’~?$×–^°-]*$/u;

/**
 * The header of a CSV text: a first line of nothing but plain names, two or more, between commas, semicolons or tabs (an
 * unnamed index column may stand among them); else `null`.
 */
function csvHeader(text: string): { delimiter: string; header: string[] } | null {
  const line = /^\s*([^\r\n]*)/.exec(text)?.[1] ?? "";
  if (line.length > MAX_HEADER_CHARACTERS) return null;
  for (const delimiter of [",", ";", "\t"]) {
    // Two names at least stand on either side of one.
    if (!line.includes(delimiter)) continue;
    const header = csvCells(line, delimiter);
    const names = header?.filter((cell) => cell !== "") ?? [];
    // A comma inside an unquoted name would have ended it: only a quoted one holds it.
    if (header !== null && header.length <= MAX_TABLE_COLUMNS && names.length >= 2 && areColumnNames(names)) {
      return { delimiter, header };
    }
  }
  return null;
}

function areColumnNames(names: readonly string[]): boolean {
  return names.every((name, index) => (index === 0 ? COLUMN_NAME : LATER_COLUMN_NAME).test(name));
}

/** The cells of one line; `null` where its quotes do not close. */
function csvCells(line: string, delimiter: string): string[] | null {
  try {
    return parseCsv(line, { delimiter, trim: true })[0] ?? null;
  } catch {
    return null;
  }
}
