import { and, inArray, isNull } from "drizzle-orm";
import type { Configuration, Run } from "../../lib/domain";
import type { ReadRun } from "../../lib/ingest/report";
import { configurationKey } from "../../lib/measurement/identity";
import { withoutSecrets } from "../../lib/redact/redact";
import type { Database } from "../handle";
import { inChunks, inJsonChunks, inJsonList } from "../in-chunks";
import { insertLoadPoints, loadPointValues } from "../load-point-row";
import { insertInto, preparedListQuestion } from "../per-handle";
import {
  configuration as configurationTable,
  loadPointDetail,
  model,
  type Origin,
  type ReportRole,
  runReport,
  run as runTable,
  workload as workloadTable,
} from "../schema";
import { configurationRow } from "./configuration-row";
import type { FileToStore } from "./file-to-store";
import type { PlannedRun } from "./plan-ingest";
import { groupsOfRuns } from "./run-groups";
import { storeReports } from "./store-reports";

const insertConfigurations = insertInto(configurationTable);
const insertWorkloads = insertInto(workloadTable, "ignore");
const insertRuns = insertInto(runTable);
const insertRunReports = insertInto(runReport, "ignore");
const insertDetails = insertInto(loadPointDetail);

/** Load points whose rows stand in memory at once, beside what they were made from: no more than die young. */
const POINTS_AT_ONCE = 1000;

/**
 * Writes the new points of planned runs, with their reports, configurations, workloads and models: a table at a time, what is
 * referred to before what refers to it. Call inside a transaction, and then {@link countRevision}.
 */
export async function storeRuns(
  db: Database,
  planned: readonly PlannedRun[],
  files: readonly FileToStore[],
  row: { ingestId: number; revision: number; origin: Origin },
): Promise<void> {
  const fresh = planned.filter(({ newPoints }) => newPoints.length > 0);
  const runFiles = filesOfRuns(fresh, files);
  await storeModels(
    db,
    fresh.map(({ run }) => run),
    row,
  );
  await storeConfigurations(
    db,
    fresh.map(({ run }) => run.configuration),
  );
  const workloads = new Map(fresh.map(({ run }) => [run.workload.workloadId, run.workload]));
  await insertWorkloads(db, [...workloads.values()]);
  await storeReports(
    db,
    runFiles.map(({ file }) => file),
  );
  const groups = await groupsOfRuns(
    db,
    fresh.map(({ run: { format, qualityFlags, measuredOn, configuration, source }, newPoints }) => ({
      ...{ format, qualityFlags, measuredOn, configuration, source },
      points: newPoints.map(({ loadPoint }) => loadPoint),
    })),
  );
  await insertRuns(db, runRows(fresh, groups, row));
  await insertRunReports(
    db,
    runFiles.map(({ runId, file, fileName, role }) => ({
      runId,
      sha256: file.sha256,
      fileName: withoutSecrets(fileName),
      role,
    })),
  );
  let rows: ReturnType<typeof loadPointValues>[] = [];
  for (const { run, newPoints } of fresh) {
    for (const { loadPoint, readPoint } of newPoints) {
      const { pointId, ordinal, reportSha256 } = loadPoint;
      const identity = { runId: run.runId, ordinal, pointId, reportSha256, reportAt: readPoint.location };
      rows.push(loadPointValues(loadPoint, identity));
    }
    if (rows.length >= POINTS_AT_ONCE) {
      await insertLoadPoints(db, rows);
      rows = [];
    }
  }
  await insertLoadPoints(db, rows);
  await insertDetails(db, fresh.flatMap(detailsOf));
}

/** Each field is named, as in {@link configurationRow}. */
function* runRows(
  fresh: readonly PlannedRun[],
  groups: readonly number[],
  { ingestId, revision, origin }: { ingestId: number; revision: number; origin: Origin },
): Generator<typeof runTable.$inferSelect> {
  for (const [index, { run, newPoints }] of fresh.entries()) {
    yield {
      runId: run.runId,
      configurationId: run.configuration.configurationId,
      workloadId: run.workload.workloadId,
      format: run.format,
      tool: run.tool,
      toolVersion: run.toolVersion,
      measuredOn: run.measuredOn,
      sourceName: run.source.name,
      sourceUrl: run.source.url,
      licence: run.source.licence,
      seriesKey: run.seriesKey,
      qualityFlags: run.qualityFlags,
      origin,
      loadPoints: newPoints.length,
      ingestId,
      addedInRevision: revision,
      retiredInRevision: null,
      groupId: groups[index] ?? null,
    };
  }
}

interface RunFile {
  runId: string;
  file: FileToStore;
  fileName: string;
  role: ReportRole;
}

/** The files of runs, each found among those at hand. @throws where one is not */
function filesOfRuns(planned: readonly PlannedRun[], files: readonly FileToStore[]): RunFile[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const bySha256 = new Map(files.map((file) => [file.sha256, file]));
  return planned.flatMap(({ read, run, newPoints }) =>
    filesOf(read, newPoints).map(({ file, fileName, role }) => {
      const found = file.kind === "path" ? byPath.get(file.path) : bySha256.get(file.sha256);
      if (found === undefined) {
        throw new Error(
          file.kind === "path"
            ? `The bytes of ${file.path} are not at hand.`
            : `The report ${file.sha256} was to be carried along and is not there.`,
        );
      }
      return { runId: run.runId, file: found, fileName, role };
    }),
  );
}

interface RunReport {
  file: { kind: "path"; path: string } | { kind: "carried"; sha256: string };
  fileName: string;
  role: ReportRole;
}

/** The files of a run: those its new points were read from, and those that describe what was deployed. */
function filesOf(read: ReadRun, newPoints: PlannedRun["newPoints"]): RunReport[] {
  if (read.carriedFiles !== undefined) {
    return read.carriedFiles.map(({ sha256, fileName, role }) => ({
      file: { kind: "carried", sha256 },
      fileName,
      role,
    }));
  }
  const pointFiles = new Set(read.points.map((point) => point.file));
  const named = (path: string, role: ReportRole): RunReport => ({ file: { kind: "path", path }, fileName: path, role });
  return [
    ...[...new Set(newPoints.map((item) => item.readPoint.file))].map((path) => named(path, "points")),
    ...read.files.filter((path) => !pointFiles.has(path)).map((path) => named(path, "context")),
  ];
}

/** What few questions need of the new points of a run, where there is any. */
function detailsOf({ run, newPoints }: PlannedRun): (typeof loadPointDetail.$inferSelect)[] {
  return newPoints.flatMap(({ loadPoint, readPoint: read }) => {
    const isOwnDate = read.measuredOn !== undefined && read.measuredOn !== run.measuredOn;
    const measuredOn = isOwnDate ? (read.measuredOn ?? "") : null;
    const extras = read.extras ?? null;
    if (measuredOn === null && extras === null) return [];
    return [{ runId: run.runId, ordinal: loadPoint.ordinal, measuredOn, extras }];
  });
}

const storedConfigurations = preparedListQuestion((db) =>
  db
    .select({ id: configurationTable.configurationId, key: configurationTable.canonicalKey })
    .from(configurationTable)
    .where(inJsonList(db, configurationTable.configurationId)),
);

/** @throws if two different configurations came out with the same id, which ids are long enough never to do */
async function storeConfigurations(db: Database, configurations: readonly Configuration[]): Promise<void> {
  const wanted = new Map(configurations.map((item) => [item.configurationId, item]));
  const known = await inJsonChunks([...wanted.keys()], (list) => storedConfigurations(db, { list }));
  for (const [configurationId, key] of known) {
    const id = String(configurationId);
    const configuration = wanted.get(id);
    if (configuration !== undefined && configurationKey(configuration) !== key) {
      throw new Error(`Two configurations share the id ${id}.`);
    }
    wanted.delete(id);
  }
  await insertConfigurations(db, [...wanted.values()].map(configurationRow));
}

/** A model nobody has catalogued gets a row with its name and who named it first; what is not known stays empty. */
async function storeModels(
  db: Database,
  runs: readonly Run[],
  row: { revision: number; origin: Origin },
): Promise<void> {
  const namedBy = new Map<string, Run>();
  for (const run of runs) if (!namedBy.has(run.configuration.model)) namedBy.set(run.configuration.model, run);
  const known = await inChunks([...namedBy.keys()], (some) =>
    db
      .select({ id: model.id })
      .from(model)
      .where(and(inArray(model.id, some), isNull(model.leftInRevision))),
  );
  for (const { id } of known) namedBy.delete(id);
  for (const [id, { source }] of namedBy) {
    await db.insert(model).values({
      id,
      displayName: id.split("/").at(-1) ?? id,
      quantisedCheckpoints: [],
      source: source.url === null ? source.name : `${source.name} (${source.url})`,
      origin: row.origin,
      addedInRevision: row.revision,
    });
  }
}
