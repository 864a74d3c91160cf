import type { LoadPoint } from "../lib/domain";
import { LATENCY_STATISTICS, latencyField, METRICS, STATISTICS, statisticsFrom } from "../lib/measurement/latency";
import { LOAD_KINDS, type LoadKind, type Measurement, measurementFrom } from "../lib/measurement/measurement";
import { QUANTITIES } from "../lib/measurement/quantities";
import { flagsFromText, textFromList } from "./rows";

/**
 * Load points to rows and back, by position: there are many of them, and an object of 45 names for each costs more than
 * reading it. One order for writing and reading, the order of the columns below.
 */

type Value = string | number | null;

const QUANTITY_COLUMNS = QUANTITIES.map(({ column }) => column);

/** All columns of `load_point`, in the order of the values of {@link loadPointValues}. */
export const LOAD_POINT_COLUMNS = [
  "run_id",
  "ordinal",
  "point_id",
  "report_sha256",
  "report_at",
  "source_ref",
  "load_kind",
  ...QUANTITY_COLUMNS,
  "quality_flags",
  ...LATENCY_STATISTICS.map(({ column }) => column),
] as const;

type LoadPointColumn = (typeof LOAD_POINT_COLUMNS)[number];

/** The columns as a list for SQL, each with its table. */
export const LOAD_POINT_COLUMNS_SQL = LOAD_POINT_COLUMNS.map((column) => `load_point.${column}`).join(", ");

function positionOf(column: LoadPointColumn): number {
  return LOAD_POINT_COLUMNS.indexOf(column);
}

/** Position of `report_at`, which is no part of the domain's load point. */
export const REPORT_AT_POSITION = positionOf("report_at");

const POSITION = {
  runId: positionOf("run_id"),
  ordinal: positionOf("ordinal"),
  pointId: positionOf("point_id"),
  reportSha256: positionOf("report_sha256"),
  sourceRef: positionOf("source_ref"),
  loadKind: positionOf("load_kind"),
  qualityFlags: positionOf("quality_flags"),
};
const NUMBER_POSITIONS = new Map(QUANTITIES.map(({ field, column }) => [field, positionOf(column)]));
/** Position of a metric's first statistic; the others follow it. */
const LATENCY_POSITIONS = new Map(
  METRICS.map((metric) => [latencyField(metric), positionOf(`${metric}_ms_${STATISTICS[0]}`)]),
);

/** What identifies a stored point: its run, its place there, and where it was read from. */
export interface PointIdentity {
  runId: string;
  ordinal: number;
  pointId: string;
  reportSha256: string;
  reportAt: string;
}

/** One row of `load_point`. */
export function loadPointValues(measurement: Measurement, identity: PointIdentity): Value[] {
  const values: Value[] = [
    identity.runId,
    identity.ordinal,
    identity.pointId,
    identity.reportSha256,
    identity.reportAt,
    measurement.sourceRef,
    measurement.loadKind,
  ];
  for (const { field } of QUANTITIES) values.push(measurement[field]);
  values.push(textFromList(measurement.qualityFlags));
  for (const { field, statistic } of LATENCY_STATISTICS) values.push(measurement[field]?.[statistic] ?? null);
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

/** A row selected with {@link LOAD_POINT_COLUMNS_SQL} and read as a list. */
export function loadPointFromValues(values: readonly unknown[]): LoadPoint {
  const measurement = measurementFrom({
    loadKind: loadKindOf(values[POSITION.loadKind]),
    number: (field) => numberOrNull(values[NUMBER_POSITIONS.get(field) ?? -1]),
    latency: (field) => {
      let position = LATENCY_POSITIONS.get(field) ?? -1;
      // STATISTICS stand in the order of the columns.
      return statisticsFrom(() => numberOrNull(values[position++]));
    },
    qualityFlags: flagsFromText(textOf(values[POSITION.qualityFlags])),
    sourceRef: textOrNull(values[POSITION.sourceRef]),
  });
  return Object.assign(measurement, {
    runId: textOf(values[POSITION.runId]),
    ordinal: numberOrNull(values[POSITION.ordinal]) ?? 0,
    pointId: textOf(values[POSITION.pointId]),
    reportSha256: textOf(values[POSITION.reportSha256]),
  });
}
