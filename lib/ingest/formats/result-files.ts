import type { AdapterResult } from "../adapter";
import type { DraftRun } from "../complete-run";
import { isRecord, type JsonRecord } from "../fields";
import { documentsOf, elementsOf, type ParsedDocument, type ParsedFile } from "../parse-file";
import { problem } from "../problem";
import type { Problem, ReadPoint } from "../report";

/** A format whose files hold results, one a load point: one object, one a line, or an array. */
export interface ResultFormat {
  /** What one of them is called in a sentence: `a result of vllm bench serve`. */
  name: string;
  isResult(value: unknown): boolean;
  /** The results of a file; left out = every value, arrays taken apart. */
  elements?(file: ParsedFile): ParsedDocument[];
  readPoint(
    path: string,
    at: string,
    record: JsonRecord,
  ): { kind: "point"; point: ReadPoint } | { kind: "problems"; problems: Problem[] };
  draft(path: string, record: JsonRecord, point: ReadPoint): DraftRun;
}

/** True where a file holds such a result: by itself, on a line or in an array. */
export function holdsResult(file: ParsedFile, isResult: (value: unknown) => boolean): boolean {
  return documentsOf(file).some(({ value }) => (Array.isArray(value) ? value.some(isResult) : isResult(value)));
}

/**
 * Every result of the files as a draft of one point, each result once: what stands in several files word for word is read
 * from the first. A file with a problem contributes nothing.
 */
export function readResultFiles(files: readonly ParsedFile[], format: ResultFormat): AdapterResult {
  const result: AdapterResult = { drafts: [], problems: [], skipped: [] };
  const seen = new Map<string, string>();
  for (const file of files) readFile(file, format, seen, result);
  return result;
}

function readFile(file: ParsedFile, format: ResultFormat, seen: Map<string, string>, result: AdapterResult): void {
  const drafts: DraftRun[] = [];
  const problems: Problem[] = [];
  const fresh = new Map<string, string>();
  let repeated: string | null = null;
  for (const { at, value } of format.elements?.(file) ?? elementsOf(file)) {
    if (!isRecord(value) || !format.isResult(value)) {
      const message = `${file.path}, ${at}: is not ${format.name} like the rest of the file.`;
      problems.push(problem(file.path, at, value, format.name, message));
      continue;
    }
    const text = JSON.stringify(value);
    const before = seen.get(text) ?? (fresh.has(text) ? file.path : undefined);
    if (before !== undefined) {
      repeated = before;
      continue;
    }
    fresh.set(text, file.path);
    const read = format.readPoint(file.path, at, value);
    if (read.kind === "problems") problems.push(...read.problems);
    else drafts.push(format.draft(file.path, value, read.point));
  }
  result.problems.push(...problems);
  if (problems.length > 0) return;
  for (const [text, path] of fresh) seen.set(text, path);
  result.drafts.push(...drafts);
  if (drafts.length === 0 && repeated !== null) {
    result.skipped.push({ file: file.path, reason: `every result of it stands in ${repeated} already` });
  }
}
