import { isList } from "../../is-list";
import type { AdapterResult } from "../facts/draft-run";
import type { TextFault } from "./text-fault";

/** One value of a file with its location: `$` where it is the whole file, `line 2`, `document 2` where there are several. */
export interface ParsedDocument {
  location: string;
  value: unknown;
}

/** A file parsed once, by its content and not by its name. */
export type ParsedFile = {
  path: string;
  named: boolean;
  /** Of the original bytes. */
  sha256: string;
  /** Keys of lists that were left out of a file too large to be held; none of any other. */
  leftOut?: readonly string[];
} & (
  | { kind: "json" | "yaml"; documents: ParsedDocument[] }
  | { kind: "csv"; text: string; delimiter: string; header: string[] }
  /** Text that is none of these: `key : value` summaries and the like; `yamlFault` where it looks like YAML and is not. */
  | { kind: "text"; text: string; yamlFault: TextFault | null }
  /** A file of many records. Each was passed to its reader and not kept. */
  | { kind: "records"; format: string; reader: RecordReader }
);

/** The JSON or YAML values of a file; none of any other kind. */
export function documentsOf(file: ParsedFile): readonly ParsedDocument[] {
  return file.kind === "json" || file.kind === "yaml" ? file.documents : [];
}

/** Every value of a file with its location. Arrays are taken apart into their elements. */
export function elementsOf(file: ParsedFile): ParsedDocument[] {
  return documentsOf(file).flatMap(({ location, value }) =>
    isList(value)
      ? value.map((element, index) => ({
          location: location === "$" ? `$[${index}]` : `${location}, $[${index}]`,
          value: element,
        }))
      : [{ location, value }],
  );
}

/**
 * Reads a file of many similar records (one request each) one by one, so that no file is too large: `add` takes what it needs
 * from a record and does not keep the rest. Never throws for bad input.
 */
export interface RecordReader {
  /** One record with its location: `line 7`, `$[6]`. */
  add(value: unknown, location: string): void;
  /** What the records say together; called once, after the last. */
  finish(companions: readonly ParsedFile[]): AdapterResult;
}

/** How a format reads files of many similar records. */
export interface RecordFormat {
  /** True where the first record of a file is of this format. */
  sniff(first: unknown): boolean;
  reader(file: { path: string; named: boolean }): RecordReader;
}
