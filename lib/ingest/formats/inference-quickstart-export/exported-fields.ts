import { type FieldSink, type JsonRecord, textAt } from "../../parse/fields";
import { problem } from "../../problem";

/** Key of the first line of an export; its presence is how the format is recognised. */
export const EXPORT_KEY = "inferenceQuickstart";
export const EXPORT_VERSION = 1;

const MAX_TEXT_LENGTH = 4000;

/** Adds the problem of an export that has something else than expected at a location. */
export function refuse(sink: FieldSink, location: string, value: unknown, expected: string): void {
  sink.problems.push(problem(sink.file, location, value, expected, `${sink.file}, ${location}: expected ${expected}.`));
}

/** A text of a length that can be stored; `null` = none. */
export function shortText(record: JsonRecord, key: string): string | null {
  const text = textAt(record, key);
  return text !== null && text.length <= MAX_TEXT_LENGTH ? text : null;
}

/** True for a sha256 in lower-case hex. */
export function isSha256(text: string | null): text is string {
  return text !== null && /^[0-9a-f]{64}$/.test(text);
}
