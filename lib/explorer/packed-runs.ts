import { type LatencyField, type LatencyStatistics, type LoadPoint, METRICS, type Run, STATISTICS } from "../domain";

/**
 * Runs on their way to the browser: one row of numbers a point, only the columns that hold something. About a fifth of
 * the plain JSON. What the page does not draw (place of the bytes, place in the source) stays on the server.
 */
export interface PackedRun extends Omit<Run, "points"> {
  columns: string[];
  rows: (number | null)[][];
  pointIds: string[];
  loadKinds: LoadPoint["loadKind"][];
  flags: string[][];
}

const PLAIN_COLUMNS = [
  "loadValue",
  "requestsCompleted",
  "requestsFailed",
  "durationS",
  "requestRateAchieved",
  "outputTokensPerSecond",
  "inputTokensPerSecond",
  "totalTokensPerSecond",
  "outputTokensPerSecondDerived",
  "inputTokensMean",
  "outputTokensMean",
] as const satisfies readonly (keyof LoadPoint)[];

const COLUMNS: { name: string; read: (point: LoadPoint) => number | null }[] = [
  ...PLAIN_COLUMNS.map((name) => ({ name, read: (point: LoadPoint) => point[name] })),
  ...METRICS.flatMap((metric) =>
    STATISTICS.map((statistic) => ({
      name: `${metric}Ms.${statistic}`,
      read: (point: LoadPoint) => point[`${metric}Ms`]?.[statistic] ?? null,
    })),
  ),
];

/** Packs runs for the browser. */
export function packRuns(runs: readonly Run[]): PackedRun[] {
  return runs.map(({ points, ...run }) => {
    const used = COLUMNS.filter((column) => points.some((point) => column.read(point) !== null));
    return {
      ...run,
      columns: used.map((column) => column.name),
      rows: points.map((point) => used.map((column) => column.read(point))),
      pointIds: points.map((point) => point.pointId),
      loadKinds: points.map((point) => point.loadKind),
      flags: points.map((point) => point.qualityFlags),
    };
  });
}

/** The runs again. `sourceRef` and `reportSha256` are empty: the configuration page has them. */
export function unpackRuns(packed: readonly PackedRun[]): Run[] {
  return packed.map(({ columns, rows, pointIds, loadKinds, flags, ...run }) => ({
    ...run,
    points: rows.map((row, ordinal) => {
      const value = (name: string): number | null => {
        const index = columns.indexOf(name);
        return index < 0 ? null : (row[index] ?? null);
      };
      const latency = (field: LatencyField): LatencyStatistics | null => {
        const statistics = {
          mean: value(`${field}.mean`),
          p50: value(`${field}.p50`),
          p90: value(`${field}.p90`),
          p95: value(`${field}.p95`),
          p99: value(`${field}.p99`),
        };
        return STATISTICS.some((statistic) => statistics[statistic] !== null) ? statistics : null;
      };
      return {
        pointId: pointIds[ordinal] ?? "",
        runId: run.runId,
        ordinal,
        reportSha256: "",
        sourceRef: null,
        loadKind: loadKinds[ordinal] ?? null,
        qualityFlags: flags[ordinal] ?? [],
        loadValue: value("loadValue"),
        requestsCompleted: value("requestsCompleted"),
        requestsFailed: value("requestsFailed"),
        durationS: value("durationS"),
        requestRateAchieved: value("requestRateAchieved"),
        outputTokensPerSecond: value("outputTokensPerSecond"),
        inputTokensPerSecond: value("inputTokensPerSecond"),
        totalTokensPerSecond: value("totalTokensPerSecond"),
        outputTokensPerSecondDerived: value("outputTokensPerSecondDerived"),
        inputTokensMean: value("inputTokensMean"),
        outputTokensMean: value("outputTokensMean"),
        ttftMs: latency("ttftMs"),
        tpotMs: latency("tpotMs"),
        itlMs: latency("itlMs"),
        ntpotMs: latency("ntpotMs"),
        e2eMs: latency("e2eMs"),
      };
    }),
  }));
}
