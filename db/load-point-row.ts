import type { LatencyStatistics, LoadKind, LoadPoint, Measurement } from "../lib/domain";
import { LOAD_KINDS } from "../lib/domain";
import { listFromText, textFromList } from "./rows";

/**
 * Load points to rows and back, by position: there are many of them, and an object of 45 names for each costs more than
 * reading it. One order for writing and reading, the order of the columns below.
 */

type Value = string | number | null;

const STATISTIC_SUFFIXES = ["mean", "p50", "p90", "p95", "p99"] as const;
const LATENCY_COLUMNS = (["ttft", "tpot", "itl", "ntpot", "e2e"] as const).flatMap((metric) =>
  STATISTIC_SUFFIXES.map((suffix) => `${metric}_ms_${suffix}` as const),
);

/** All columns of `load_point`, in the order of the values of {@link loadPointValues}. */
export const LOAD_POINT_COLUMNS = [
  "run_id",
  "ordinal",
  "point_id",
  "report_sha256",
  "report_at",
  "source_ref",
  "load_kind",
  "load_value",
  "requests_completed",
  "requests_failed",
  "duration_s",
  "request_rate_achieved",
  "output_tokens_per_second",
  "input_tokens_per_second",
  "total_tokens_per_second",
  "output_tokens_per_second_derived",
  "input_tokens_mean",
  "output_tokens_mean",
  "quality_flags",
  ...LATENCY_COLUMNS,
] as const;

/** Position of the first latency column. */
const FIRST_LATENCY = LOAD_POINT_COLUMNS.indexOf("ttft_ms_mean");

/** The columns as a list for SQL, each with its table. */
export const LOAD_POINT_COLUMNS_SQL = LOAD_POINT_COLUMNS.map((column) => `load_point.${column}`).join(", ");

/** Position of `report_at`, which is no part of the domain's load point. */
export const REPORT_AT_POSITION = LOAD_POINT_COLUMNS.indexOf("report_at");

/** Where a point stands: in which run, at which place, read from where. */
export interface PointPlace {
  runId: string;
  ordinal: number;
  pointId: string;
  reportSha256: string;
  reportAt: string;
}

function pushLatency(values: Value[], latency: LatencyStatistics | null): void {
  if (latency === null) values.push(null, null, null, null, null);
  else values.push(latency.mean, latency.p50, latency.p90, latency.p95, latency.p99);
}

/** One row of `load_point`. */
export function loadPointValues(measurement: Measurement, place: PointPlace): Value[] {
  const values: Value[] = [
    place.runId,
    place.ordinal,
    place.pointId,
    place.reportSha256,
    place.reportAt,
    measurement.sourceRef,
    measurement.loadKind,
    measurement.loadValue,
    measurement.requestsCompleted,
    measurement.requestsFailed,
    measurement.durationS,
    measurement.requestRateAchieved,
    measurement.outputTokensPerSecond,
    measurement.inputTokensPerSecond,
    measurement.totalTokensPerSecond,
    measurement.outputTokensPerSecondDerived,
    measurement.inputTokensMean,
    measurement.outputTokensMean,
    textFromList(measurement.qualityFlags),
  ];
  pushLatency(values, measurement.ttftMs);
  pushLatency(values, measurement.tpotMs);
  pushLatency(values, measurement.itlMs);
  pushLatency(values, measurement.ntpotMs);
  pushLatency(values, measurement.e2eMs);
  return values;
}

function textOf(value: unknown): string {
  if (typeof value !== "string") throw new Error("A text column held no text; the schema forbids that.");
  return value;
}

function textOrNull(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

function numberOrNull(value: unknown): number | null {
  return typeof value === "number" ? value : null;
}

function loadKindOf(value: unknown): LoadKind | null {
  return LOAD_KINDS.find((kind) => kind === value) ?? null;
}

function latencyAt(values: readonly unknown[], metric: number): LatencyStatistics | null {
  const first = FIRST_LATENCY + metric * STATISTIC_SUFFIXES.length;
  const mean = numberOrNull(values[first]);
  const p50 = numberOrNull(values[first + 1]);
  const p90 = numberOrNull(values[first + 2]);
  const p95 = numberOrNull(values[first + 3]);
  const p99 = numberOrNull(values[first + 4]);
  if (mean === null && p50 === null && p90 === null && p95 === null && p99 === null) return null;
  return { mean, p50, p90, p95, p99 };
}

/** A row selected with {@link LOAD_POINT_COLUMNS_SQL} and read as a list. */
export function loadPointFromValues(values: readonly unknown[]): LoadPoint {
  return {
    runId: textOf(values[0]),
    ordinal: numberOrNull(values[1]) ?? 0,
    pointId: textOf(values[2]),
    reportSha256: textOf(values[3]),
    sourceRef: textOrNull(values[5]),
    loadKind: loadKindOf(values[6]),
    loadValue: numberOrNull(values[7]),
    requestsCompleted: numberOrNull(values[8]),
    requestsFailed: numberOrNull(values[9]),
    durationS: numberOrNull(values[10]),
    requestRateAchieved: numberOrNull(values[11]),
    outputTokensPerSecond: numberOrNull(values[12]),
    inputTokensPerSecond: numberOrNull(values[13]),
    totalTokensPerSecond: numberOrNull(values[14]),
    outputTokensPerSecondDerived: numberOrNull(values[15]),
    inputTokensMean: numberOrNull(values[16]),
    outputTokensMean: numberOrNull(values[17]),
    qualityFlags: listFromText(textOf(values[18])),
    ttftMs: latencyAt(values, 0),
    tpotMs: latencyAt(values, 1),
    itlMs: latencyAt(values, 2),
    ntpotMs: latencyAt(values, 3),
    e2eMs: latencyAt(values, 4),
  };
}
