import { getTableColumns } from "drizzle-orm";
import type { LoadPoint } from "../lib/domain";
import { LATENCY_STATISTICS, latencyField, METRICS, STATISTICS, statisticsFrom } from "../lib/measurement/latency";
import {
  LOAD_KINDS,
  type LoadKind,
  type Measurement,
  measurementForm,
  setMeasurement,
} from "../lib/measurement/measurement";
import { QUANTITIES } from "../lib/measurement/quantities";
import { flagsFromText, textFromList } from "./column-types";
import type { Database } from "./handle";
import { latencyKey, loadPoint } from "./schema";

/**
 * Load points to rows and back, by position: there are many of them, and an object of 45 names for each costs more than
 * reading it. One order for writing and reading, that of the columns of the table.
 */

type Value = string | number | null;

/** What to select; read the rows as lists. */
export const loadPointColumns = getTableColumns(loadPoint);

const POSITIONS = new Map(Object.keys(loadPointColumns).map((key, position) => [key, position]));

function positionOf(key: keyof typeof loadPointColumns): number {
  return POSITIONS.get(key) ?? -1;
}

const POSITION = {
  runId: positionOf("runId"),
  ordinal: positionOf("ordinal"),
  pointId: positionOf("pointId"),
  reportSha256: positionOf("reportSha256"),
  sourceRef: positionOf("sourceRef"),
  loadKind: positionOf("loadKind"),
  qualityFlags: positionOf("qualityFlags"),
};
const NUMBER_POSITIONS = new Map(QUANTITIES.map(({ field }) => [field, positionOf(field)]));
/** Position of a metric's first statistic; the others follow it. */
const LATENCY_POSITIONS = new Map(
  METRICS.map((metric) => [latencyField(metric), positionOf(latencyKey(latencyField(metric), STATISTICS[0]))]),
);

/** What identifies a stored point: its run, its place there, and where it was read from. */
export interface PointIdentity {
  runId: string;
  ordinal: number;
  pointId: string;
  reportSha256: string;
  reportAt: string;
}

/** One row of `load_point`, valid, in the order of {@link loadPointColumns}. */
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
  for (const { field, statistic } of LATENCY_STATISTICS) values.push(measurement[field]?.[statistic] ?? null);
  values.push(textFromList(measurement.qualityFlags), null);
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

/** A row of {@link loadPointColumns}, read as a list. */
export function loadPointFromValues(values: readonly unknown[]): LoadPoint {
  const point: LoadPoint = { ...LOAD_POINT_FORM };
  setMeasurement(point, {
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
  point.runId = textOf(values[POSITION.runId]);
  point.ordinal = numberOrNull(values[POSITION.ordinal]) ?? 0;
  point.pointId = textOf(values[POSITION.pointId]);
  point.reportSha256 = textOf(values[POSITION.reportSha256]);
  return point;
}

/** Copied for each load point, {@link measurementForm}. */
export const LOAD_POINT_FORM: Readonly<LoadPoint> = measurementForm({
  runId: "",
  ordinal: 0,
  pointId: "",
  reportSha256: "",
});

/** Inserts the values of load points, past drizzle: naming each of them costs as much again as storing it. */
export async function insertLoadPoints(db: Database, rows: readonly (readonly Value[])[]): Promise<void> {
  await db.engine.insertLists(loadPoint, rows, "fail");
}
