import type { Configuration, LoadPoint, Run, Source, Workload } from "../domain";
import { LATENCY_STATISTICS, statisticsFrom } from "../measurement/latency";
import { measurementForm, setMeasurement } from "../measurement/measurement";
import type { QualityFlag } from "../measurement/quality-flags";
import { NUMBER_FIELDS } from "../measurement/quantities";
import { UNKNOWN_SETTINGS } from "../measurement/settings";

/** A run whose shared parts are indexes into the tables of {@link PackedRuns}. */
interface PackedRun extends Omit<Run, "points" | "configuration" | "workload" | "source"> {
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
  configurations: Configuration[];
  workloads: Workload[];
  sources: Source[];
  columnSets: string[][];
  flagSets: QualityFlag[][];
  runs: PackedRun[];
}

/** A list that keeps each distinct value once and gives its index. */
class Table<T> {
  readonly values: T[] = [];
  private readonly indexes = new Map<string, number>();

  indexOf(value: T, key: string = JSON.stringify(value)): number {
    const known = this.indexes.get(key);
    if (known !== undefined) return known;
    this.indexes.set(key, this.values.length);
    this.values.push(value);
    return this.values.length - 1;
  }
}

const COLUMNS: { name: string; read: (point: LoadPoint) => number | null }[] = [
  ...NUMBER_FIELDS.map((name) => ({ name, read: (point: LoadPoint) => point[name] })),
  ...LATENCY_STATISTICS.map(({ field, statistic }) => ({
    name: `${field}.${statistic}`,
    read: (point: LoadPoint) => point[field]?.[statistic] ?? null,
  })),
];

/** Packs runs for the browser. */
export function packRuns(runs: readonly Run[]): PackedRuns {
  const configurations = new Table<Configuration>();
  const workloads = new Table<Workload>();
  const sources = new Table<Source>();
  const columnSets = new Table<string[]>();
  const flagSets = new Table<QualityFlag[]>();
  const packed = runs.map(({ points, configuration, workload, source, ...run }): PackedRun => {
    const used = COLUMNS.filter((column) => points.some((point) => column.read(point) !== null));
    return {
      ...run,
      configuration: configurations.indexOf(
        { ...configuration, settings: UNKNOWN_SETTINGS },
        configuration.configurationId,
      ),
      workload: workloads.indexOf(workload, workload.workloadId),
      source: sources.indexOf(source),
      columns: columnSets.indexOf(used.map((column) => column.name)),
      rows: points.map((point) => used.map((column) => column.read(point))),
      pointIds: points.map((point) => point.pointId),
      loadKinds: points.map((point) => point.loadKind),
      flags: points.map((point) => flagSets.indexOf(point.qualityFlags)),
    };
  });
  return {
    configurations: configurations.values,
    workloads: workloads.values,
    sources: sources.values,
    columnSets: columnSets.values,
    flagSets: flagSets.values,
    runs: packed,
  };
}

function entryOf<T>(table: readonly T[], index: number): T {
  const value = table[index];
  if (value === undefined) throw new Error("Packed runs refer to a part that is not there.");
  return value;
}

const POINT_FORM: LoadPoint = measurementForm({ pointId: "", runId: "", ordinal: 0, reportSha256: "" });

/** The runs again. `sourceRef`, `reportSha256` and the settings are empty: the configuration page has them. */
export function unpackRuns(packed: PackedRuns): Run[] {
  return packed.runs.map(({ columns: columnSet, rows, pointIds, loadKinds, flags, ...run }) => {
    const columns = new Map(entryOf(packed.columnSets, columnSet).map((name, index) => [name, index]));
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
        const point: LoadPoint = { ...POINT_FORM };
        point.pointId = pointIds[ordinal] ?? "";
        point.runId = run.runId;
        point.ordinal = ordinal;
        setMeasurement(point, {
          loadKind: loadKinds[ordinal] ?? null,
          number: value,
          latency: (field) => statisticsFrom((statistic) => value(`${field}.${statistic}`)),
          qualityFlags: entryOf(packed.flagSets, flags[ordinal] ?? -1),
          sourceRef: null,
        });
        return point;
      }),
    };
  });
}
