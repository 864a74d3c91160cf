import type { AdapterResult } from "../facts/draft-run";
import { elementsOf, type ParsedFile, type RecordFormat } from "./parsed-file";

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
  for (const { location, value } of elementsOf(file)) reader.add(value, location);
  return reader.finish(companions);
}
