import { parse as parseCsv } from "csv-parse/sync";
import { isList } from "../../is-list";
import { MAX_FILE_BYTES, MAX_HEADER_CHARACTERS, MAX_TABLE_COLUMNS } from "../../limits";
import { sha256Hex } from "../../measurement/identity";
import { BYTES_PER_MIB } from "../../units";
import { problem } from "../problem";
import type { HeldFile, Problem } from "../report";
import { parseJsonValues } from "./json-text";
import type { ParsedDocument, ParsedFile } from "./parsed-file";
import { isSideFile, isStartedWithFile } from "./paths";
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

/** What to do with a text in another encoding. */
const SAVE_AS_UTF8 = "save it as UTF-8 (Excel: 'CSV UTF-8') and try again";

/** Parses a file as JSON (one value or one a line), CSV or YAML, whichever its content is. Never throws. */
export function parseFile(file: HeldFile): ParseOutcome {
  if (file.bytes.length > MAX_FILE_BYTES) {
    const limit = `at most ${MAX_FILE_BYTES / BYTES_PER_MIB} MiB`;
    return broken(file, "", limit, `${file.path} is larger than a report can be (${limit}).`);
  }
  if (isUtf16(file.bytes)) {
    return broken(file, "", "UTF-8 text", `${file.path} is UTF-16 text; ${SAVE_AS_UTF8}.`);
  }
  if (file.bytes[0] === 0x1f && file.bytes[1] === 0x8b) {
    return unreadable(file, "it is gzip-compressed; unpack it first");
  }
  if (file.bytes.includes(0)) return unreadable(file, "it is a binary file");
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(file.bytes);
  } catch {
    // A table of a spreadsheet in the letters of one country: Excel's plain "CSV".
    if (csvHeader(new TextDecoder("windows-1252").decode(file.bytes.subarray(0, MAX_HEADER_CHARACTERS))) !== null) {
      return broken(file, "", "UTF-8 text", `${file.path} is a table that is not UTF-8 text; ${SAVE_AS_UTF8}.`);
    }
    return unreadable(file, "it is not UTF-8 text");
  }
  const first = /\S/.exec(text)?.[0];
  if (first === undefined) return unreadable(file, "it is empty");
  const base = { path: file.path, named: file.named === true, sha256: file.sha256 ?? sha256Hex(file.bytes) };
  // Many of them are YAML or would do as a table: they are read as what they are.
  if (isStartedWithFile(file.path)) return { kind: "parsed", file: { ...base, kind: "text", text, yamlFault: null } };
  if (first === "{" || first === "[") {
    const json = parseJsonValues(text);
    if (!json.ok) {
      const flow = flowYaml(text);
      if (flow !== null) return { kind: "parsed", file: { ...base, kind: "yaml", documents: flow } };
      if (!isMeantAsJson(file.path, text)) {
        return { kind: "parsed", file: { ...base, kind: "text", text, yamlFault: null } };
      }
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
  return { kind: "parsed", file: { ...base, kind: "yaml", documents: yamlDocuments(yaml.value) } };
}

function yamlDocuments(values: readonly unknown[]): ParsedDocument[] {
  const single = values.length === 1;
  return values.map((value, index) => ({ location: single ? "$" : `document ${index + 1}`, value }));
}

/** A text in brackets that is no JSON but whole YAML: flow style, as formatters write it, with commas at the ends of lists. */
function flowYaml(text: string): ParsedDocument[] | null {
  const yaml = parseYamlValues(text);
  const isData = yaml.ok && yaml.value.every((value) => typeof value === "object" && value !== null);
  // `[gpu-0]` alone is a list of YAML too; what a person writes as data names something.
  return isData && yaml.value.every((value) => !isListOfWords(value)) ? yamlDocuments(yaml.value) : null;
}

function isListOfWords(value: unknown): boolean {
  return isList(value) && value.every((item) => typeof item !== "object" || item === null);
}

/** Names of files that people read and no tool does: what begins with a bracket there is prose or the log of a program. */
const PROSE_NAME = /\.(?:log|txt|out|err|stdout|stderr|md|rst|html?)$/i;
/** Names of files that hold JSON. */
const JSON_NAME = /\.(?:json|jsonl|ndjson|jsonlines)$/i;
/** A list of JSON from its beginning: of objects, lists, texts, numbers, or over several lines. */
const JSON_LIST_START = /^\s*\[\s*(?:[[{"\]]|[\r\n]|-?\d+(?:\.\d+)?\s*[,\]\r\n]|$)/;

/**
 * True where a text that begins with a bracket and is no JSON was meant to be, so that it is a broken report and not something
 * that lies beside reports: `[gpu-0] starting …`, `[2026-01-01 10:00:00] INFO` begin the log of a server.
 * @param start the text, or its first characters
 */
export function isMeantAsJson(path: string, start: string): boolean {
  if (JSON_NAME.test(path)) return true;
  return !PROSE_NAME.test(path) && (/^\s*\{/.test(start) || JSON_LIST_START.test(start));
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
