import type { LoadPoint, Run } from "../domain";
import type { Problem } from "../ingest/report";

/** What the command line and the HTTP API answer to an ingest. */
export interface IngestJson {
  /** Dataset revision after it; in a dry run the one it would make. */
  revision: number;
  runs: RunJson[];
  /** New load points. */
  loadPoints: number;
  /** Load points that were there already. */
  duplicates: number;
  problems: Problem[];
}

export type PointJson = Omit<LoadPoint, "runId">;

export interface RunJson extends Omit<Run, "points" | "addedInRevision"> {
  points: PointJson[];
}

/** A load point in the canonical fields; what was not measured is `null`, a metric without any statistic `null` as a whole. */
export function pointJson(point: LoadPoint): PointJson {
  return {
    pointId: point.pointId,
    ordinal: point.ordinal,
    loadKind: point.loadKind,
    loadValue: point.loadValue,
    requestsCompleted: point.requestsCompleted,
    requestsFailed: point.requestsFailed,
    durationS: point.durationS,
    requestRateAchieved: point.requestRateAchieved,
    outputTokensPerSecond: point.outputTokensPerSecond,
    inputTokensPerSecond: point.inputTokensPerSecond,
    totalTokensPerSecond: point.totalTokensPerSecond,
    outputTokensPerSecondDerived: point.outputTokensPerSecondDerived,
    inputTokensMean: point.inputTokensMean,
    outputTokensMean: point.outputTokensMean,
    ttftMs: point.ttftMs,
    tpotMs: point.tpotMs,
    itlMs: point.itlMs,
    ntpotMs: point.ntpotMs,
    e2eMs: point.e2eMs,
    qualityFlags: point.qualityFlags,
    sourceRef: point.sourceRef,
    reportSha256: point.reportSha256,
  };
}

/** A run with its points, in the canonical fields. */
export function runJson(run: Run): RunJson {
  return {
    runId: run.runId,
    format: run.format,
    tool: run.tool,
    toolVersion: run.toolVersion,
    measuredOn: run.measuredOn,
    configuration: run.configuration,
    workload: run.workload,
    source: run.source,
    seriesKey: run.seriesKey,
    qualityFlags: run.qualityFlags,
    points: run.points.map(pointJson),
  };
}

/** Shapes the outcome of an ingest for machines. */
export function ingestJson(outcome: {
  revision: number;
  runs: readonly Run[];
  loadPoints: number;
  duplicates: number;
  problems: readonly Problem[];
}): IngestJson {
  return {
    revision: outcome.revision,
    runs: outcome.runs.map(runJson),
    loadPoints: outcome.loadPoints,
    duplicates: outcome.duplicates,
    problems: outcome.problems.map(({ file, at, value, expected, message, fact }) => ({
      file,
      at,
      value,
      expected,
      message,
      ...(fact === undefined ? {} : { fact }),
    })),
  };
}
