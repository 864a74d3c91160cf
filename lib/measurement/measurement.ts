import { type LatencyField, type LatencyStatistics, latencyField, METRICS } from "./latency";
import type { QualityFlag } from "./quality-flags";
import { NUMBER_FIELDS, type NumberField, type Numbers, QUANTITIES } from "./quantities";

export const LOAD_KINDS = ["concurrency", "request_rate", "max"] as const;
/** closed loop with N in flight | open loop at N requests/s | everything sent at once (no load value) */
export type LoadKind = (typeof LOAD_KINDS)[number];

/**
 * What was measured at one offered load: the quantities of the table, and the latencies. A whole metric `null` = nothing of it
 * was measured.
 */
export interface Measurement extends Numbers, Record<LatencyField, LatencyStatistics | null> {
  /** `null` only for an aggregate over several loads (an inference-perf summary without its stages). */
  loadKind: LoadKind | null;
  /** Caveats that are part of the figure and shown with it, e.g. `nominal_token_lengths`, `outlier_beats_memory_bandwidth`. */
  qualityFlags: QualityFlag[];
  /** Where in the source this figure stands (file, row, commit), as the source's figures state it; `null` if the report is the source. */
  sourceRef: string | null;
}

const LATENCY_FIELDS: readonly LatencyField[] = METRICS.map(latencyField);

/** What makes up a measurement besides its quantities and latencies, and how to read these. */
export interface MeasurementParts {
  loadKind: LoadKind | null;
  number: (field: NumberField) => number | null;
  latency: (field: LatencyField) => LatencyStatistics | null;
  qualityFlags: QualityFlag[];
  sourceRef: string | null;
}

/** Nothing measured. Its fields stand in one order: JSON is written in it. */
const NOTHING_MEASURED: Readonly<Measurement> = { ...nothingMeasured() };

/**
 * Nothing measured, with what else an object holds of a point, as the form of such objects: copy it with `{ ...form }` and nothing
 * beside it, then set what it holds. A copy takes 300 bytes and 2 µs; an object this wide that is built field by field, or gets
 * fields after it was copied, becomes a hash table to V8, of 1,600 bytes and 15 µs.
 */
export function measurementForm<T extends object>(more: T): Readonly<Measurement & T> {
  const form = { ...NOTHING_MEASURED, ...more };
  return { ...form };
}

function nothingMeasured(): Measurement {
  const measurement: Partial<Measurement> = { loadKind: null };
  for (const field of NUMBER_FIELDS) measurement[field] = null;
  for (const field of LATENCY_FIELDS) measurement[field] = null;
  measurement.qualityFlags = [];
  measurement.sourceRef = null;
  // Whole now: the two lists name every field there is, and a test holds them to the type.
  return measurement as Measurement;
}

/** Sets all of a measurement, read by name, on an object that may hold more. */
export function setMeasurement(
  measurement: Measurement,
  { loadKind, number, latency, qualityFlags, sourceRef }: MeasurementParts,
): void {
  measurement.loadKind = loadKind;
  for (const field of NUMBER_FIELDS) measurement[field] = number(field);
  for (const field of LATENCY_FIELDS) measurement[field] = latency(field);
  measurement.qualityFlags = qualityFlags;
  measurement.sourceRef = sourceRef;
}

/** A measurement with nothing measured. */
export function emptyMeasurement(): Measurement {
  return { ...NOTHING_MEASURED, qualityFlags: [] };
}

/** The measurement in an object that may hold more. Lists and statistics are shared, not copied. */
export function measurementOf(carrier: Measurement): Measurement {
  const measurement: Measurement = { ...NOTHING_MEASURED };
  copyMeasurement(carrier, measurement);
  return measurement;
}

/** Sets all of a measurement on an object that may hold more. Lists and statistics are shared, not copied. */
export function copyMeasurement(from: Measurement, to: Measurement): void {
  to.loadKind = from.loadKind;
  for (const field of NUMBER_FIELDS) to[field] = from[field];
  for (const field of LATENCY_FIELDS) to[field] = from[field];
  to.qualityFlags = from.qualityFlags;
  to.sourceRef = from.sourceRef;
}

const RESULT_FIELDS: readonly NumberField[] = QUANTITIES.filter(({ isResult }) => isResult).map(({ field }) => field);

/** True where at least one latency or throughput was measured. */
export function measuresSomething(measurement: Measurement): boolean {
  return (
    LATENCY_FIELDS.some((field) => measurement[field] !== null) ||
    RESULT_FIELDS.some((field) => measurement[field] !== null)
  );
}
