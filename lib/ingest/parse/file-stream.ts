import { MAX_FILE_BYTES, MAX_RESULTS_PER_FILE } from "../../limits";
import { ok, type Result, refused } from "../../result";
import { BYTES_PER_MIB } from "../../units";
import type { Adapter } from "../formats/adapter";
import { problem, tooManyResults } from "../problem";
import { JsonElements } from "./json-elements";
import { parseJsonValues } from "./json-text";
import type { ParseOutcome } from "./parse-file";
import type { ParsedDocument, RecordReader } from "./parsed-file";

/** A file too large to be held, parsed as its bytes arrive. */
export interface FileStream {
  /** Takes the next bytes. Returns `false` once the file is known to be broken: the rest would change nothing. */
  push(bytes: Uint8Array): boolean;
  /** @param sha256 of all its bytes */
  end(sha256: string): ParseOutcome;
  /** Number of characters that are kept of it. */
  keptCharacters(): number;
}

/**
 * Parses a file record by record. If its format reads records one by one, each is passed on and not kept. Of any other JSON the
 * results are kept, without the lists of single requests in them, and no more than a file that is held whole may have. Never
 * throws.
 */
export function fileStream(file: { path: string; named: boolean }, adapters: readonly Adapter[]): FileStream {
  const { path, named } = file;
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const documents: ParsedDocument[] = [];
  let keptCharacters = 0;
  let count = 0;
  let records: { format: string; reader: RecordReader } | null = null;
  /** The first record, held back until it is known whether it is the only one. */
  let first: ParsedDocument | null = null;
  let broken: ParseOutcome | null = null;
  const fail = (location: string, expected: string, message: string) => {
    broken ??= { kind: "broken", problem: problem(path, location, "", expected, message) };
  };

  const leftOut = new Set(adapters.flatMap(({ requestLists }) => requestLists ?? []));
  const spare = new Set(adapters.flatMap(({ spareLists }) => spareLists ?? []));
  const elements = new JsonElements(
    (text, location) => {
      if (broken !== null) return;
      const parsed = parseElement(text);
      if (!parsed.ok) {
        fail(location, "JSON", `${path}, ${location}: the text ${parsed.error}.`);
        return;
      }
      const { value } = parsed;
      count++;
      if (count === 1) {
        const adapter = adapters.find((candidate) => candidate.records?.sniff(value) === true);
        if (adapter?.records !== undefined) records = { format: adapter.format, reader: adapter.records.reader(file) };
      }
      if (records !== null) {
        if (count === 1) {
          first = { location, value };
          return;
        }
        if (first !== null) records.reader.add(first.value, first.location);
        first = null;
        records.reader.add(value, location);
        return;
      }
      keptCharacters += text.length;
      if (keptCharacters > MAX_FILE_BYTES) {
        const limit = `at most ${MAX_FILE_BYTES / BYTES_PER_MIB} MiB of results`;
        fail("", limit, `${path} holds more results than one file may (${limit}); split it.`);
        return;
      }
      if (documents.length >= MAX_RESULTS_PER_FILE) {
        broken ??= { kind: "broken", problem: tooManyResults(path) };
        return;
      }
      documents.push({ location, value });
    },
    leftOut,
    spare,
  );
  const decode = (bytes: Uint8Array | undefined) => {
    if (broken !== null) return;
    let text: string;
    try {
      text = bytes === undefined ? decoder.decode() : decoder.decode(bytes, { stream: true });
    } catch {
      fail("", "UTF-8 text", `${path} is not UTF-8 text.`);
      return;
    }
    elements.push(text);
    if (elements.broken !== null) {
      const { line, message } = elements.broken;
      const expected = "JSON, as every report of this size is";
      fail(`line ${line}`, expected, `${path}, line ${line}: the text ${message}; expected ${expected}.`);
    }
  };

  return {
    keptCharacters: () => keptCharacters,
    push(bytes) {
      decode(bytes);
      return broken === null;
    },
    end(sha256) {
      decode(undefined);
      elements.end();
      if (elements.broken !== null) {
        const { line, message } = elements.broken;
        fail(`line ${line}`, "JSON", `${path}, line ${line}: the text ${message}.`);
      }
      if (broken !== null) return broken;
      const base = { path, named, sha256, leftOut: [...elements.emptied] };
      if (records !== null) {
        if (first !== null) records.reader.add(first.value, inArray(first) ? first.location : "$");
        return { kind: "parsed", file: { ...base, kind: "records", ...records } };
      }
      const [head] = documents;
      if (head === undefined) return { kind: "unreadable", path, named, reason: "it is empty" };
      // The elements of one array are one document, as where the file is held whole.
      const whole = inArray(head)
        ? [{ location: "$", value: documents.map(({ value }) => value) }]
        : documents.length === 1
          ? [{ location: "$", value: head.value }]
          : documents;
      return { kind: "parsed", file: { ...base, kind: "json", documents: whole } };
    },
  };
}

function inArray({ location }: ParsedDocument): boolean {
  return location.startsWith("$[");
}

/** The value of one element, or why it has none. A number or a word is an element too, though it is no JSON text that stands alone. */
function parseElement(text: string): Result<unknown> {
  if (/^[[{]/.test(text)) {
    const parsed = parseJsonValues(text);
    if (!parsed.ok) return refused(parsed.error.message);
    const [first] = parsed.value;
    if (first !== undefined) return ok(first.value);
  }
  try {
    return ok(JSON.parse(text) as unknown);
  } catch {
    return refused("is not valid JSON here");
  }
}
