import { appendAll } from "../../append-all";
import { MAX_RESULTS_PER_FILE } from "../../limits";
import { sha256Hex } from "../../measurement/identity";
import type { Result } from "../../result";
import type { AdapterResult, DraftRun } from "../facts/draft-run";
import { isRecord, type JsonRecord } from "../parse/fields";
import type { RecordFormat, RecordReader } from "../parse/parsed-file";
import { documentsOf, elementsOf, type ParsedDocument, type ParsedFile } from "../parse/parsed-file";
import { problem, tooManyResults } from "../problem";
import type { Problem, ReadPoint } from "../report";
import type { Adapter } from "./adapter";
import { leaveOutEmptyPoints } from "./empty-points";

/** A format whose files hold results, one a load point: one object, one a line, or an array. */
export interface ResultFormat {
  /** What one of them is called in a sentence: `a result of vllm bench serve`. */
  name: string;
  isResult(value: unknown): boolean;
  /** The results of a file; left out = every value, arrays taken apart. */
  elements?(file: ParsedFile): ParsedDocument[];
  /** The part of a file's path that tells its results from equal results in other files; `null` = the path does not matter. */
  distinguishingPath?(path: string): string | null;
  readPoint(path: string, location: string, record: JsonRecord): Result<ReadPoint, Problem[]>;
  draft(path: string, record: JsonRecord, point: ReadPoint): DraftRun;
}

/** The adapter of a format whose files hold nothing but results. */
export function resultAdapter(format: string, label: string, results: ResultFormat): Adapter {
  return {
    format,
    label,
    factsWin: "flags",
    sniff: (file) => holdsResult(file, results.isResult),
    read: (files) => readResultFiles(files, results),
  };
}

/** True where a file holds such a result: by itself, on a line or in an array. */
export function holdsResult(file: ParsedFile, isResult: (value: unknown) => boolean): boolean {
  return documentsOf(file).some(({ value }) => (Array.isArray(value) ? value.some(isResult) : isResult(value)));
}

/**
 * Every result of the files as a draft of one point, each result once: one that several files repeat word for word is read from
 * the first of them. A file with a problem contributes nothing.
 */
export function readResultFiles(files: readonly ParsedFile[], format: ResultFormat): AdapterResult {
  const result: AdapterResult = { drafts: [], problems: [], skipped: [] };
  const seen = new Map<string, string>();
  // Where every file holds a single result, equal results are equal files: comparing the hashes of the files is enough.
  const alone =
    format.elements === undefined &&
    files.every((file) => documentsOf(file).length === 1 && isRecord(documentsOf(file)[0]?.value));
  for (const file of files) {
    const read = file.kind === "records" ? file.reader.finish([]) : readHeld(file, format, seen, alone);
    appendAll(result.drafts, read.drafts);
    appendAll(result.problems, read.problems);
    appendAll(result.skipped, read.skipped);
  }
  return result;
}

/** Files too large to be held (single requests kept beside each result) are read a result at a time. */
export function resultRecords(format: ResultFormat): RecordFormat {
  return { sniff: format.isResult, reader: ({ path }) => new ResultReader(path, format, new Map(), null) };
}

function readHeld(file: ParsedFile, format: ResultFormat, seen: Map<string, string>, alone: boolean): AdapterResult {
  const reader = new ResultReader(file.path, format, seen, alone ? file.sha256 : null);
  for (const { location, value } of format.elements?.(file) ?? elementsOf(file)) reader.add(value, location);
  return reader.finish();
}

class ResultReader implements RecordReader {
  private readonly drafts: DraftRun[] = [];
  private readonly problems: Problem[] = [];
  /** Hashes of this file's results. */
  private readonly fresh = new Set<string>();
  private repeated: string | null = null;
  private overfull = false;

  /**
   * @param seen path of the file each result was read from, by the result's hash; this file's are added when it is whole
   * @param sha256 hash of the file, where it can stand for its only result
   */
  constructor(
    private readonly path: string,
    private readonly format: ResultFormat,
    private readonly seen: Map<string, string>,
    private readonly sha256: string | null,
  ) {}

  add(value: unknown, location: string): void {
    const { path, format } = this;
    if (this.drafts.length + this.problems.length >= MAX_RESULTS_PER_FILE) {
      this.overfull = true;
      return;
    }
    if (!isRecord(value) || !format.isResult(value)) {
      const message = `${path}, ${location}: is not ${format.name} like the rest of the file.`;
      this.problems.push(problem(path, location, value, format.name, message));
      return;
    }
    const distinguishing = format.distinguishingPath?.(path) ?? "";
    const key =
      this.sha256 === null
        ? sha256Hex(`${distinguishing} ${JSON.stringify(value)}`)
        : `${distinguishing} ${this.sha256}`;
    const before = this.seen.get(key) ?? (this.fresh.has(key) ? path : undefined);
    if (before !== undefined) {
      this.repeated = before;
      return;
    }
    this.fresh.add(key);
    const read = format.readPoint(path, location, value);
    if (!read.ok) appendAll(this.problems, read.error);
    else this.drafts.push(format.draft(path, value, read.value));
  }

  finish(): AdapterResult {
    const { path, drafts, repeated } = this;
    const result: AdapterResult = { drafts: [], problems: [], skipped: [] };
    result.problems = leaveOutEmptyPoints(this.problems, drafts.length, result);
    if (this.overfull) result.problems.push(tooManyResults(path));
    if (result.problems.length > 0) return result;
    for (const key of this.fresh) this.seen.set(key, path);
    appendAll(result.drafts, drafts);
    if (drafts.length === 0 && repeated !== null) {
      result.skipped.push({ file: path, reason: `every result of it stands in ${repeated} already` });
    }
    return result;
  }
}
