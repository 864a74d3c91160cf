import { and, inArray, isNull } from "drizzle-orm";
import type { Configuration, LoadPoint, Run, Workload } from "../../lib/domain";
import type { ReadPoint, ReadRun } from "../../lib/ingest/report";
import {
  effectiveWorkloadId,
  identifiedConfiguration,
  pointContentIds,
  sha256Hex,
} from "../../lib/measurement/identity";
import { copyMeasurement, type Measurement } from "../../lib/measurement/measurement";
import { QUANTITIES } from "../../lib/measurement/quantities";
import type { Database } from "../handle";
import { inChunks, inJsonChunks, inJsonList } from "../in-chunks";
import { LOAD_POINT_FORM } from "../load-point-row";
import { preparedListQuestion } from "../per-handle";
import { loadPoint, run, workload } from "../schema";
import { type RunDescription, runDescriptions } from "./described-elsewhere";
import type { FileToStore } from "./file-to-store";

/** Hex digits of a run id: enough that two runs never share one. */
const RUN_ID_DIGITS = 16;

/** Quantities that are no part of a point's identity, but of its run's: where there is a value, so that ids from before stay. */
const BESIDE_IDENTITY = QUANTITIES.filter(
  ({ identity, field }) => identity === "never" && field !== "outputTokensPerSecondDerived",
).map(({ field }) => field);

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
  /** What that run says it measured; `null` = none, or one of the same ingest. */
  storedDescription: RunDescription | null;
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
  const configuration = identifiedConfiguration(read.configuration);
  const workload = { workloadId: effectiveWorkloadId(read.workload), dataset, inputTokens, outputTokens };
  const pointIds = pointContentIds(read, read.points);
  const content = JSON.stringify([
    [configuration.configurationId, workload.workloadId],
    [format, tool, toolVersion, measuredOn, seriesKey, qualityFlags],
    [source.name, source.url, source.licence],
    pointIds,
    read.points.map((point) => [
      ...[point.outputTokensPerSecondDerived, point.sourceRef, point.qualityFlags],
      ...(point.extras === undefined ? [] : [point.extras]),
      ...BESIDE_IDENTITY.flatMap((field) => (point[field] === null ? [] : [[field, point[field]]])),
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
export async function planIngest(
  db: Database,
  identified: readonly IdentifiedRun[],
  files: readonly FileToStore[],
  revision: number,
  storedOtherwise: ReadonlySet<string> = new Set(),
): Promise<PlannedRun[]> {
  const livePoints = await livePointsOf(db, identified);
  const hashes = new Map(files.map((file) => [file.path, file.sha256]));
  const reportOf = ({ file, reportSha256 }: ReadPoint): string => {
    const sha256 = reportSha256 ?? hashes.get(file);
    if (sha256 === undefined) throw new Error(`The file ${file} was read but its bytes are not at hand.`);
    return sha256;
  };
  const reports = new Set<string>();
  for (const { read } of identified) for (const point of read.points) reports.add(reportOf(point));
  for (const sha256 of storedOtherwise) reports.delete(sha256);
  const liveLocations = await liveLocationsOf(db, reports);
  const workloads = await knownWorkloads(db, identified);
  const runIds = await knownRunIds(db, identified);
  const seenPoints = new Map<string, string>();
  const seenLocations: RunsByLocation = new Map();

  const planned = identified.map(({ read, configuration, workload: readWorkload, pointIds, contentId }) => {
    // A workload is never redefined: an id that is taken keeps its meaning.
    const workload = workloads.get(readWorkload.workloadId) ?? readWorkload;
    // A run that was retired and comes back is a new run: the old one stays as it was.
    const newRunId = runIds.has(contentId) ? `${contentId}-${revision}` : contentId;

    const newPoints: PlannedRun["newPoints"] = [];
    const points: LoadPoint[] = [];
    let describedElsewhere: string | null = null;
    let storedIn: string | null = null;
    read.points.forEach((readPoint, ordinal) => {
      const pointId = pointIds[ordinal] ?? "";
      const reportSha256 = reportOf(readPoint);
      const { location } = readPoint;
      const samePoint = seenPoints.get(pointId) ?? livePoints.get(pointId);
      const sameLocation =
        samePoint ?? seenLocations.get(reportSha256)?.get(location) ?? liveLocations.get(reportSha256)?.get(location);
      if (samePoint === undefined && sameLocation !== undefined) describedElsewhere = sameLocation;
      const loadPoint = loadPointOf(readPoint, { pointId, runId: sameLocation ?? newRunId, ordinal, reportSha256 });
      points.push(loadPoint);
      if (sameLocation === undefined) {
        newPoints.push({ loadPoint, readPoint });
        seenPoints.set(pointId, newRunId);
        setLocation(seenLocations, reportSha256, location, newRunId);
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
      storedDescription: null,
    };
  });
  return withStoredDescriptions(db, planned);
}

/** Runs whose bytes are stored under another description are told by that one: it is what stays. */
async function withStoredDescriptions(db: Database, planned: readonly PlannedRun[]): Promise<PlannedRun[]> {
  const ids = planned.flatMap(({ describedElsewhere }) => (describedElsewhere === null ? [] : [describedElsewhere]));
  if (ids.length === 0) return [...planned];
  const stored = await runDescriptions(db, ids);
  return planned.map((item) => {
    const description = item.describedElsewhere === null ? undefined : stored.get(item.describedElsewhere);
    if (description === undefined) return item;
    const run = item.newPoints.length === 0 ? { ...item.run, ...description } : item.run;
    return { ...item, run, storedDescription: description };
  });
}

/** Workloads that are stored, by id, of those asked for. */
async function knownWorkloads(db: Database, identified: readonly IdentifiedRun[]): Promise<Map<string, Workload>> {
  const rows = await inChunks(
    identified.map((item) => item.workload.workloadId),
    (some) => db.select().from(workload).where(inArray(workload.workloadId, some)),
  );
  return new Map(rows.map((row) => [row.workloadId, row]));
}

/** Ids of runs that are stored, retired ones included, of those asked for. */
async function knownRunIds(db: Database, identified: readonly IdentifiedRun[]): Promise<Set<string>> {
  const ids = identified.map(({ contentId }) => contentId);
  const rows = await inJsonChunks(ids, (list) => storedRuns(db, { list }));
  return new Set(rows.map(([runId]) => String(runId)));
}

/** Runs valid now by the ids of their load points, of those asked for. */
async function livePointsOf(db: Database, identified: readonly IdentifiedRun[]): Promise<Map<string, string>> {
  const ids = identified.flatMap(({ pointIds }) => pointIds);
  const rows = await inJsonChunks(ids, (list) => livePoints(db, { list }));
  return new Map(rows.map(([pointId, runId]) => [String(pointId), String(runId)]));
}

/** Ids of runs by the hash of a report and the location in it that one of their load points was read from. */
type RunsByLocation = Map<string, Map<string, string>>;

function setLocation(runs: RunsByLocation, reportSha256: string, location: string, runId: string): void {
  const known = runs.get(reportSha256) ?? new Map<string, string>();
  known.set(location, runId);
  runs.set(reportSha256, known);
}

/** Runs valid now, in the reports asked for. */
async function liveLocationsOf(db: Database, reports: ReadonlySet<string>): Promise<RunsByLocation> {
  const rows = await inJsonChunks([...reports], (list) => liveLocations(db, { list }));
  const runs: RunsByLocation = new Map();
  for (const [sha256, location, runId] of rows) setLocation(runs, String(sha256), String(location), String(runId));
  return runs;
}

const storedRuns = preparedListQuestion((db) =>
  db.select({ runId: run.runId }).from(run).where(inJsonList(db, run.runId)),
);

const livePoints = preparedListQuestion((db) =>
  db
    .select({ pointId: loadPoint.pointId, runId: loadPoint.runId })
    .from(loadPoint)
    .where(and(isNull(loadPoint.retiredInRevision), inJsonList(db, loadPoint.pointId))),
);

const liveLocations = preparedListQuestion((db) =>
  db
    .select({ sha256: loadPoint.reportSha256, location: loadPoint.reportAt, runId: loadPoint.runId })
    .from(loadPoint)
    .where(and(isNull(loadPoint.retiredInRevision), inJsonList(db, loadPoint.reportSha256))),
);

/** The load point without what else was read. */
function loadPointOf(read: ReadPoint, identity: Omit<LoadPoint, keyof Measurement>): LoadPoint {
  const point: LoadPoint = { ...LOAD_POINT_FORM };
  copyMeasurement(read, point);
  point.runId = identity.runId;
  point.ordinal = identity.ordinal;
  point.pointId = identity.pointId;
  point.reportSha256 = identity.reportSha256;
  return point;
}
