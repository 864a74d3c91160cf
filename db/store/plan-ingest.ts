import { eq, sql } from "drizzle-orm";
import { appendAll } from "../../lib/append-all";
import type { Configuration, LoadPoint, Run, Workload } from "../../lib/domain";
import type { ReadPoint, ReadRun } from "../../lib/ingest/report";
import { configurationId, effectiveWorkloadId, pointContentIds, sha256Hex } from "../../lib/measurement/identity";
import { type Measurement, measurementOf } from "../../lib/measurement/measurement";
import type { Database } from "../handle";
import { ASKED_AT_ONCE } from "../in-chunks";
import { perHandle } from "../per-handle";
import { run, workload } from "../schema";
import type { FileToStore } from "./file-to-store";

/** Hex digits of a run id: enough that two runs never share one. */
const RUN_ID_DIGITS = 16;

/** One run as read, with what the database already knows of it. */
export interface PlannedRun {
  read: ReadRun;
  /** The run as it is or will be stored; holds every point that was read, those already stored included. */
  run: Run;
  /** Points of `run` that are new, each as stored and as read. */
  newPoints: { loadPoint: LoadPoint; readPoint: ReadPoint }[];
  duplicates: number;
  /** Run that already has a point from the same location of the same report, under other facts; `null` = none. */
  describedElsewhere: string | null;
}

/** A run as read with the ids that follow from what was read. */
export interface IdentifiedRun {
  read: ReadRun;
  configuration: Configuration;
  workload: Workload;
  /** Content hash of each point, in their order. */
  pointIds: string[];
  /** Same report, same id, everywhere. */
  contentId: string;
}

/**
 * Gives a run its ids. The run's own follows from all that was read of it: caveats, references and derived values are
 * no part of a point's identity, but a run that got a new caveat is a new run.
 */
export function identifyRun(read: ReadRun): IdentifiedRun {
  const { format, tool, toolVersion, measuredOn, source, seriesKey, qualityFlags } = read;
  const { dataset, inputTokens, outputTokens } = read.workload;
  const configuration = { ...read.configuration, configurationId: configurationId(read.configuration) };
  const workload = { workloadId: effectiveWorkloadId(read.workload), dataset, inputTokens, outputTokens };
  const pointIds = pointContentIds(read, read.points);
  const content = JSON.stringify([
    [configuration.configurationId, workload.workloadId],
    [format, tool, toolVersion, measuredOn, seriesKey, qualityFlags],
    [source.name, source.url, source.licence],
    pointIds,
    read.points.map(({ outputTokensPerSecondDerived, sourceRef, qualityFlags, extras }) => [
      ...[outputTokensPerSecondDerived, sourceRef, qualityFlags],
      ...(extras === undefined ? [] : [extras]),
    ]),
  ]);
  return { read, configuration, workload, pointIds, contentId: sha256Hex(content).slice(0, RUN_ID_DIGITS) };
}

/**
 * Compares runs as read with what is stored and valid now. A load point is a duplicate when the same measurement (content hash)
 * or a point from the same location of the same report is already there, or came earlier in the same batch. Writes nothing.
 * @param revision id the new runs get when they are stored
 * @param storedOtherwise hashes of reports that are stored with other bytes: the same location does not mean the same point
 * there
 */
export function planIngest(
  db: Database,
  identified: readonly IdentifiedRun[],
  files: readonly FileToStore[],
  revision: number,
  storedOtherwise: ReadonlySet<string> = new Set(),
): PlannedRun[] {
  const livePoints = livePointsOf(db, identified);
  const hashes = new Map(files.map((file) => [file.path, file.sha256]));
  const reportOf = ({ file, reportSha256 }: ReadPoint): string => {
    const sha256 = reportSha256 ?? hashes.get(file);
    if (sha256 === undefined) throw new Error(`The file ${file} was read but its bytes are not at hand.`);
    return sha256;
  };
  const reports = new Set(identified.flatMap(({ read }) => read.points.map(reportOf)));
  for (const sha256 of storedOtherwise) reports.delete(sha256);
  const liveLocations = liveLocationsOf(db, reports);
  const seenPoints = new Map<string, string>();
  const seenLocations = new Map<string, string>();

  return identified.map(({ read, configuration, workload: readWorkload, pointIds, contentId }) => {
    // A workload is never redefined: an id that is taken keeps its meaning.
    const workload = knownWorkload(db).get({ id: readWorkload.workloadId }) ?? readWorkload;
    // A run that was retired and comes back is a new run: the old one stays as it was.
    const newRunId = knownRun(db).get({ id: contentId }) === undefined ? contentId : `${contentId}-${revision}`;

    const newPoints: PlannedRun["newPoints"] = [];
    const points: LoadPoint[] = [];
    let describedElsewhere: string | null = null;
    let storedIn: string | null = null;
    read.points.forEach((readPoint, ordinal) => {
      const pointId = pointIds[ordinal] ?? "";
      const reportSha256 = reportOf(readPoint);
      const location = locationKey(reportSha256, readPoint.location);
      const samePoint = seenPoints.get(pointId) ?? livePoints.get(pointId);
      const sameLocation = samePoint ?? seenLocations.get(location) ?? liveLocations.get(location);
      if (samePoint === undefined && sameLocation !== undefined) describedElsewhere = sameLocation;
      const loadPoint = loadPointOf(readPoint, { pointId, runId: sameLocation ?? newRunId, ordinal, reportSha256 });
      points.push(loadPoint);
      if (sameLocation === undefined) {
        newPoints.push({ loadPoint, readPoint });
        seenPoints.set(pointId, newRunId);
        seenLocations.set(location, newRunId);
      } else {
        storedIn ??= sameLocation;
      }
    });
    return {
      read,
      run: {
        runId: newPoints.length === 0 && storedIn !== null ? storedIn : newRunId,
        configuration,
        workload,
        format: read.format,
        tool: read.tool,
        toolVersion: read.toolVersion,
        measuredOn: read.measuredOn,
        source: read.source,
        seriesKey: read.seriesKey,
        qualityFlags: read.qualityFlags,
        addedInRevision: revision,
        points,
      },
      newPoints,
      duplicates: read.points.length - newPoints.length,
      describedElsewhere,
    };
  });
}

const knownRun = perHandle((db) =>
  db
    .select({ runId: run.runId })
    .from(run)
    .where(eq(run.runId, sql.placeholder("id")))
    .prepare(),
);

const knownWorkload = perHandle((db) =>
  db
    .select()
    .from(workload)
    .where(eq(workload.workloadId, sql.placeholder("id")))
    .prepare(),
);

/** Runs valid now by the ids of their load points, of those asked for. */
function livePointsOf(db: Database, identified: readonly IdentifiedRun[]): Map<string, string> {
  const rows = askedFor<[pointId: string, runId: string]>(
    db,
    `SELECT load_point.point_id, load_point.run_id
     FROM json_each(?) AS asked JOIN load_point ON load_point.point_id = asked.value
     JOIN run ON run.run_id = load_point.run_id WHERE run.retired_in_revision IS NULL`,
    identified.flatMap(({ pointIds }) => pointIds),
  );
  return new Map(rows);
}

/** Runs valid now by the location ({@link locationKey}) their load points were read from, in the reports asked for. */
function liveLocationsOf(db: Database, reports: ReadonlySet<string>): Map<string, string> {
  const rows = askedFor<[sha256: string, at: string, runId: string]>(
    db,
    `SELECT load_point.report_sha256, load_point.report_at, load_point.run_id
     FROM json_each(?) AS asked JOIN load_point ON load_point.report_sha256 = asked.value
     JOIN run ON run.run_id = load_point.run_id WHERE run.retired_in_revision IS NULL`,
    [...reports],
  );
  return new Map(rows.map(([sha256, location, runId]) => [locationKey(sha256, location), runId]));
}

/** In plain SQL: as one JSON list many times as fast as drizzle's list of parameters. */
function askedFor<Row extends unknown[]>(db: Database, sql: string, values: readonly string[]): Row[] {
  const statement = db.$client.prepare<[string], Row>(sql).raw();
  const rows: Row[] = [];
  for (let start = 0; start < values.length; start += ASKED_AT_ONCE) {
    appendAll(rows, statement.all(JSON.stringify(values.slice(start, start + ASKED_AT_ONCE))));
  }
  return rows;
}

function locationKey(reportSha256: string, location: string): string {
  return `${reportSha256} ${location}`;
}

/** The load point without what else was read. Assigned, because spreading is slow. */
function loadPointOf(read: ReadPoint, identity: Omit<LoadPoint, keyof Measurement>): LoadPoint {
  return Object.assign(measurementOf(read), identity);
}
