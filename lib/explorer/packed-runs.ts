import type { Configuration, LoadPoint, Run, Source, Workload } from "../domain";
import { latencyField, METRICS, statisticsFrom } from "../measurement/latency";
import type { Measurement } from "../measurement/measurement";
import type { QualityFlag } from "../measurement/quality-flags";
import type { NumberField } from "../measurement/quantities";

/** A run whose shared parts are indexes into the tables of {@link PackedRuns}. */
export interface PackedRun extends Omit<Run, "points" | "configuration" | "workload" | "source"> {
  configuration: number;
  workload: number;
  source: number;
  columns: number;
  rows: (number | null)[][];
  pointIds: string[];
  loadKinds: LoadPoint["loadKind"][];
  flags: number[];
}

/**
 * Runs on their way to the browser: what many runs share is written once, and a point is a row of numbers with only the columns
 * that hold something. What the page does not draw (the report, the reference in the source, settings) stays on the server.
 */
export interface PackedRuns {
  /** A point with nothing measured: which quantities there are is known on the server alone. */
  form: Measurement;
  configurations: Configuration[];
  workloads: Workload[];
  sources: Source[];
  columnSets: string[][];
  flagSets: QualityFlag[][];
  runs: PackedRun[];
}

function entryOf<T>(table: readonly T[], index: number): T {
  const value = table[index];
  if (value === undefined) throw new Error("Packed runs refer to a part that is not there.");
  return value;
}

const LATENCY_FIELDS = METRICS.map(latencyField);

/** Names of the columns that are no statistic of a latency. */
function numbersAmong(columns: Iterable<string>): NumberField[] {
  return [...columns].filter((name): name is NumberField => !name.includes("."));
}

/** The runs again. `sourceRef`, `reportSha256` and the settings are empty: the configuration page has them. */
export function unpackRuns(packed: PackedRuns): Run[] {
  // Copied whole and then set: see `measurementForm`.
  const form: LoadPoint = { ...packed.form, pointId: "", runId: "", ordinal: 0, reportSha256: "" };
  return packed.runs.map(({ columns: columnSet, rows, pointIds, loadKinds, flags, ...run }) => {
    const columns = new Map(entryOf(packed.columnSets, columnSet).map((name, index) => [name, index]));
    const numbers = numbersAmong(columns.keys());
    return {
      ...run,
      configuration: entryOf(packed.configurations, run.configuration),
      workload: entryOf(packed.workloads, run.workload),
      source: entryOf(packed.sources, run.source),
      points: rows.map((row, ordinal) => {
        const value = (name: string): number | null => {
          const index = columns.get(name);
          return index === undefined ? null : (row[index] ?? null);
        };
        const point: LoadPoint = { ...form };
        point.pointId = pointIds[ordinal] ?? "";
        point.runId = run.runId;
        point.ordinal = ordinal;
        point.loadKind = loadKinds[ordinal] ?? null;
        for (const field of numbers) point[field] = value(field);
        for (const field of LATENCY_FIELDS)
          point[field] = statisticsFrom((statistic) => value(`${field}.${statistic}`));
        point.qualityFlags = entryOf(packed.flagSets, flags[ordinal] ?? -1);
        return point;
      }),
    };
  });
}
