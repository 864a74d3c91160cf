import type { LoadPoint, Run } from "../domain";
import type { Problem } from "../ingest/report";
import { cancelledShareOf, failedShareOf } from "../measurement/checks/failures";
import { type LoadKind, measurementOf } from "../measurement/measurement";

/** A new load point that is an outlier: it would be kept off frontiers and rankings. */
export interface OutlierJson {
  pointId: string;
  loadKind: LoadKind | null;
  loadValue: number | null;
  /** Why, as sentences. */
  reasons: string[];
}

/** A run as an ingest took it. Its points are all that were read; those already stored are counted in `duplicates`. */
export interface IngestRunJson extends RunJson {
  newLoadPoints: number;
  duplicates: number;
  /** Paths of the files it was read from. */
  files: string[];
  outliers: OutlierJson[];
}

/** What the command line and the HTTP API answer to an ingest. */
export interface IngestJson {
  /** True where nothing was to be stored. */
  dryRun: boolean;
  /** Dataset revision after it; in a dry run the one it would make. */
  revision: number;
  /** Files looked at, those in archives one by one. */
  files: number;
  runs: IngestRunJson[];
  /** New load points. */
  loadPoints: number;
  /** Load points that were there already. */
  duplicates: number;
  /** Files that were understood and hold no load points of their own, or none that we read. */
  skipped: { file: string; reason: string }[];
  problems: Problem[];
  /** What a person should know although nothing is wrong, in whole sentences. */
  notes: string[];
  /** What the new load points stand beside once they are stored, or why nothing and what would change it, in whole sentences. */
  beside: string[];
}

/** How far reading has come. */
export interface IngestProgressJson {
  filesDone: number;
  files: number;
  bytesDone: number;
  /** `null` where a compressed file does not say. */
  bytes: number | null;
}

/** One line of the answer as NDJSON: progress until the last, which is the result or why there is none. */
export type IngestLine = { progress: IngestProgressJson } | { result: IngestJson } | { error: string };

export interface RunJson extends Omit<Run, "points" | "addedInRevision"> {
  /** Without the id of the run they stand in. */
  points: (Omit<LoadPoint, "runId"> & {
    /** Failed requests ÷ all that ended, cancelled ones ÷ all that were sent, 0…1; `null` = not known. */
    failedShare: number | null;
    cancelledShare: number | null;
  })[];
}

/** A load point in the canonical fields; what was not measured is `null`, a metric without any statistic `null` as a whole. */
function pointJson(point: LoadPoint): RunJson["points"][number] {
  const { pointId, ordinal, reportSha256 } = point;
  const shares = { failedShare: failedShareOf(point), cancelledShare: cancelledShareOf(point) };
  return { pointId, ordinal, ...measurementOf(point), ...shares, reportSha256 };
}

/** A run with its points, in the canonical fields. */
function runJson(run: Run): RunJson {
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
  dryRun: boolean;
  revision: number;
  files: number;
  runs: readonly (Run & Pick<IngestRunJson, "newLoadPoints" | "duplicates" | "files" | "outliers">)[];
  loadPoints: number;
  duplicates: number;
  skipped: readonly { file: string; reason: string }[];
  problems: readonly Problem[];
  notes: readonly string[];
  beside: readonly string[];
}): IngestJson {
  return {
    dryRun: outcome.dryRun,
    revision: outcome.revision,
    files: outcome.files,
    runs: outcome.runs.map((run) => ({
      ...runJson(run),
      newLoadPoints: run.newLoadPoints,
      duplicates: run.duplicates,
      files: run.files,
      outliers: run.outliers.map(({ pointId, loadKind, loadValue, reasons }) => ({
        pointId,
        loadKind,
        loadValue,
        reasons,
      })),
    })),
    loadPoints: outcome.loadPoints,
    duplicates: outcome.duplicates,
    skipped: outcome.skipped.map(({ file, reason }) => ({ file, reason })),
    problems: outcome.problems.map(({ file, at, value, expected, message, fact, columns, alike }) => ({
      file,
      at,
      value,
      expected,
      message,
      ...(fact === undefined ? {} : { fact }),
      ...(columns === undefined ? {} : { columns }),
      ...(alike === undefined ? {} : { alike }),
    })),
    notes: [...outcome.notes],
    beside: [...outcome.beside],
  };
}

/** True where nothing at all was taken because everything was refused. */
export function isAllRefused(result: Pick<IngestJson, "runs" | "problems">): boolean {
  return result.runs.length === 0 && result.problems.length > 0;
}

/** Files the problems are of, those counted in `alike` too. */
export function refusedFiles(problems: readonly Problem[]): number {
  const alike = problems.reduce((sum, item) => sum + (item.alike ?? 0), 0);
  return new Set(problems.map(({ file }) => file)).size + alike;
}
