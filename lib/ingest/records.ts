import type { AdapterResult } from "./adapter";
import type { ParsedFile } from "./parse-file";
import { elementsOf } from "./parse-file";

/**
 * Reads a file of many like records (one request each) one after the other, so that no file is too large: `add` takes what
 * it needs from a record and lets it go. Never throws for bad input.
 */
export interface RecordReader {
  /** One record with its place: `line 7`, `$[6]`. */
  add(value: unknown, at: string): void;
  /** What the records say together; called once, after the last. */
  finish(companions: readonly ParsedFile[]): AdapterResult;
}

/** How a format reads files of many like records. */
export interface RecordFormat {
  /** True where the first record of a file is of this format. */
  sniff(first: unknown): boolean;
  reader(file: { path: string; named: boolean }): RecordReader;
}

/**
 * What the records of a file say: those of a file read record by record, or of one held whole (elements of its arrays, or one
 * value a line).
 */
export function readRecordFile(
  file: ParsedFile,
  format: RecordFormat,
  companions: readonly ParsedFile[],
): AdapterResult {
  if (file.kind === "records") return file.reader.finish(companions);
  const reader = format.reader({ path: file.path, named: file.named });
  for (const { at, value } of elementsOf(file)) reader.add(value, at);
  return reader.finish(companions);
}
