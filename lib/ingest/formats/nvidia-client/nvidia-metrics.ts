import type { LatencyStatistics, Statistic } from "../../../measurement/latency";
import { statisticsFrom } from "../../../measurement/latency";
import { impossibleValue } from "../../../measurement/quality";
import { MS_PER_SECOND, SECONDS_PER_MINUTE } from "../../../units";
import { type FieldSink, isRecord, type JsonRecord, memberPath, numberOf, own } from "../../parse/fields";
import { problem } from "../../problem";

/**
 * One metric of a GenAI-Perf or AIPerf report: `{unit, avg, p50, …}`. Both tools write the same block in JSON and CSV; its unit
 * is part of it and differs between versions.
 */
export interface MetricEntry {
  /** As written; `null` where the report names none. */
  unit: string | null;
  values: JsonRecord;
  /** Location of one of its statistics, for problems. */
  where: (statistic: string) => string;
}

/** The metrics of one load point by their tag (`time_to_first_token`). */
export type MetricTable = ReadonlyMap<string, MetricEntry>;

/** Both tools call the mean `avg`. */
const STATISTIC_KEYS: Record<Statistic, string> = { mean: "avg", p50: "p50", p90: "p90", p95: "p95", p99: "p99" };

/** Units of time in one millisecond (ns, µs), or milliseconds in one unit; a division keeps the digits a tiny factor would lose. */
const TIME_UNITS: ReadonlyMap<string, { perMs: number } | { ms: number }> = new Map([
  ["ns", { perMs: 1_000_000 }],
  ["nanoseconds", { perMs: 1_000_000 }],
  ["us", { perMs: 1000 }],
  ["µs", { perMs: 1000 }],
  ["μs", { perMs: 1000 }],
  ["microseconds", { perMs: 1000 }],
  ["ms", { ms: 1 }],
  ["milliseconds", { ms: 1 }],
  ["s", { ms: 1000 }],
  ["sec", { ms: 1000 }],
  ["secs", { ms: 1000 }],
  ["seconds", { ms: 1000 }],
]);

/** The metric blocks among the members of a JSON report. */
export function metricsOfJson(record: JsonRecord, location: string): MetricTable {
  const table = new Map<string, MetricEntry>();
  for (const [key, value] of Object.entries(record)) {
    if (!isRecord(value) || own(value, "avg") === undefined) continue;
    const unit = own(value, "unit");
    table.set(key, {
      unit: typeof unit === "string" ? unit : null,
      values: value,
      where: (statistic) => memberPath(memberPath(location, key), statistic),
    });
  }
  return table;
}

/** How a value of a unit, as the tools name it, becomes milliseconds; `null` for what is no unit of time. */
export function toMsFrom(unit: string | null): ((value: number) => number) | null {
  const time = TIME_UNITS.get(unit?.trim().toLowerCase() ?? "");
  if (time === undefined) return null;
  return (value) => ("perMs" in time ? value / time.perMs : value * time.ms);
}

/** Latency statistics of a metric in ms; `null` where it is absent. A unit that is no time is a problem. */
export function entryLatency(sink: FieldSink, entry: MetricEntry | undefined): LatencyStatistics | null {
  if (entry === undefined) return null;
  const toMs = toMsFrom(entry.unit);
  if (toMs === null) return refuseUnit(sink, entry, "ns, us, ms or s");
  return statisticsFrom((statistic) => {
    const value = statisticOf(sink, entry, STATISTIC_KEYS[statistic]);
    return value === null ? null : toMs(value);
  });
}

/** A duration in seconds; `null` where absent or 0. */
export function secondsOf(sink: FieldSink, entry: MetricEntry | undefined): number | null {
  if (entry === undefined) return null;
  const toMs = toMsFrom(entry.unit);
  if (toMs === null) return refuseUnit(sink, entry, "ns, us, ms or s");
  const value = statisticOf(sink, entry, "avg");
  if (value === null || value === 0) return null;
  // Seconds stay as they are: dividing what was multiplied before may cost the last digit.
  return toMs(1) === MS_PER_SECOND ? value : toMs(value) / MS_PER_SECOND;
}

/**
 * A rate of the whole deployment, per second; `null` where absent. A unit that does not end in a second or a minute
 * (`tokens/sec/user`) is a problem.
 */
export function rateOf(sink: FieldSink, entry: MetricEntry | undefined): number | null {
  if (entry === undefined) return null;
  const unit = entry.unit?.trim().toLowerCase() ?? "";
  const perSecond = /(?:\/|per[ _])\s*s(?:ec(?:ond)?)?$|^[rt]ps$/.test(unit);
  const perMinute = /(?:\/|per[ _])\s*min(?:ute)?$/.test(unit);
  if (!perSecond && !perMinute) return refuseUnit(sink, entry, "a rate per second such as tokens/sec");
  const value = statisticOf(sink, entry, "avg");
  return value === null || perSecond ? value : value / SECONDS_PER_MINUTE;
}

/** Mean of a count of tokens or requests; `null` where absent. */
export function meanOf(sink: FieldSink, entry: MetricEntry | undefined): number | null {
  return entry === undefined ? null : statisticOf(sink, entry, "avg");
}

/** A whole number of requests; `null` where absent. */
export function requestsOf(sink: FieldSink, entry: MetricEntry | undefined): number | null {
  const value = meanOf(sink, entry);
  if (value === null || entry === undefined || Number.isInteger(value)) return value;
  const expected = "a whole number, 0 or more";
  refuse(sink, entry.where("avg"), value, expected, `expected ${expected}.`);
  return null;
}

function statisticOf(sink: FieldSink, entry: MetricEntry, key: string): number | null {
  const raw = own(entry.values, key);
  if (raw === undefined || raw === null || raw === "") return null;
  const value = numberOf(raw);
  const wrong = value === null ? "a number" : impossibleValue(value);
  if (wrong === null) return value;
  refuse(sink, entry.where(key), raw, wrong, `the measured value cannot be taken; expected ${wrong}.`);
  return null;
}

function refuseUnit(sink: FieldSink, entry: MetricEntry, expected: string): null {
  const unit = entry.unit === null ? "names no unit" : `has the unit "${entry.unit.trim().slice(0, 40)}"`;
  refuse(sink, entry.where("unit"), entry.unit ?? "", expected, `the metric ${unit}; expected ${expected}.`);
  return null;
}

function refuse(sink: FieldSink, location: string, value: unknown, expected: string, sentence: string): void {
  sink.problems.push(problem(sink.file, location, value, expected, `${sink.file}, ${location}: ${sentence}`));
}
