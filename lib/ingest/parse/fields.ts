import { type LatencyStatistics, type Metric, STATISTICS, statisticsFrom } from "../../measurement/latency";
import { measurementForm } from "../../measurement/measurement";
import { impossibleValue } from "../../measurement/quality";
import { problem } from "../problem";
import type { Problem, ReadPoint } from "../report";

export type JsonRecord = Record<string, unknown>;

/** The file that fields are read from, and the list that collects what is wrong with them. */
export interface FieldSink {
  file: string;
  problems: Problem[];
}

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The object under a key, or `null` where there is none. */
export function recordAt(record: JsonRecord | null, key: string): JsonRecord | null {
  const value = record === null ? undefined : own(record, key);
  return isRecord(value) ? value : null;
}

/** Keys that every object inherits. Only these need the check for own keys, which is slower than reading the value. */
const INHERITED_KEYS: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(Object.prototype));

/** A key's value, inherited ones left out. */
export function own(record: JsonRecord, key: string): unknown {
  return INHERITED_KEYS.has(key) && !Object.hasOwn(record, key) ? undefined : record[key];
}

/** True where a record has a value under a key. */
export function has(record: JsonRecord, key: string): boolean {
  return own(record, key) !== undefined;
}

/** A text under a key, trimmed; `null` where absent, blank or not a text. */
export function textAt(record: JsonRecord | null, key: string): string | null {
  const value = record === null ? undefined : own(record, key);
  return typeof value === "string" && value.trim() !== "" ? value.trim() : null;
}

/** Location of a member: `$` + `successes` → `$.successes`; `line 2` + `duration` → `line 2, $.duration`. */
export function memberPath(location: string, key: string): string {
  const step = /^[A-Za-z_][A-Za-z0-9_]*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
  return location.includes("$") ? `${location}${step}` : `${location}, $${step}`;
}

/**
 * A measured number under a key: `null` where absent or null; numbers written as text are taken. Anything else, and values no
 * measurement can have, are a problem that names the location.
 */
export function measuredAt(sink: FieldSink, record: JsonRecord | null, key: string, location: string): number | null {
  const raw = record === null ? undefined : own(record, key);
  if (raw === undefined || raw === null) return null;
  const value = numberOf(raw);
  const wrong = value === null ? "a number" : impossibleValue(value);
  if (wrong === null) return value;
  const path = memberPath(location, key);
  sink.problems.push(
    problem(
      sink.file,
      path,
      raw,
      wrong,
      `${sink.file}, ${path}: the measured value cannot be taken; expected ${wrong}.`,
    ),
  );
  return null;
}

/** A measured count under a key: like `measuredAt`, and a whole number. */
export function countAt(sink: FieldSink, record: JsonRecord | null, key: string, location: string): number | null {
  const value = measuredAt(sink, record, key, location);
  if (value === null || Number.isInteger(value)) return value;
  const path = memberPath(location, key);
  const expected = "a whole number, 0 or more";
  sink.problems.push(problem(sink.file, path, value, expected, `${sink.file}, ${path}: expected ${expected}.`));
  return null;
}

/** A number, also where it is written as text (`"10"`, `"inf"`, `"NaN"`); `null` for anything else. */
export function numberOf(value: unknown): number | null {
  if (typeof value === "number") return value;
  if (typeof value !== "string") return null;
  const text = value.trim();
  if (/^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/.test(text)) return Number(text);
  if (/^\+?\.?inf(?:inity)?$/i.test(text)) return Number.POSITIVE_INFINITY;
  if (/^-\.?inf(?:inity)?$/i.test(text)) return Number.NEGATIVE_INFINITY;
  return /^\.?nan$/i.test(text) ? Number.NaN : null;
}

/** A whole number ≥ 1 in configuration or metadata, also as text; `null` for anything else. */
export function positiveIntegerOf(value: unknown): number | null {
  const number = numberOf(value);
  return number !== null && Number.isSafeInteger(number) && number >= 1 ? number : null;
}

/** A load point of a file at which nothing was measured. */
export function emptyPoint(file: string, location: string): ReadPoint {
  const point: ReadPoint = { ...POINT_FORM };
  point.qualityFlags = [];
  point.file = file;
  point.location = location;
  return point;
}

const POINT_FORM: ReadPoint = measurementForm({ file: "", location: "" });

/**
 * Writers give 0 where nothing was measured (no streaming, no tokens). A metric whose mean is 0 was not measured; a
 * single 0 was not either, except for inter-token latency, where tokens of one chunk arrive together.
 */
export function withoutZeros(metric: Metric, statistics: LatencyStatistics | null): LatencyStatistics | null {
  if (statistics === null) return null;
  const known = STATISTICS.map((statistic) => statistics[statistic]).filter((value) => value !== null);
  if (statistics.mean === 0 || known.every((value) => value === 0)) return null;
  if (metric === "itl") return statistics;
  return statisticsFrom((statistic) => (statistics[statistic] === 0 ? null : statistics[statistic]));
}
