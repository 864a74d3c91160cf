import type { Configuration, LoadPoint, Run, Source, Workload } from "../domain";
import { LATENCY_STATISTICS } from "../measurement/latency";
import { emptyMeasurement } from "../measurement/measurement";
import type { QualityFlag } from "../measurement/quality-flags";
import { NUMBER_FIELDS } from "../measurement/quantities";
import { UNKNOWN_SETTINGS } from "../measurement/settings";
import type { PackedRun, PackedRuns } from "./packed-runs";

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
    form: emptyMeasurement(),
    configurations: configurations.values,
    workloads: workloads.values,
    sources: sources.values,
    columnSets: columnSets.values,
    flagSets: flagSets.values,
    runs: packed,
  };
}
