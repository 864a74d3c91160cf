import { and, eq, isNull, sql } from "drizzle-orm";
import type { Configuration, Run } from "../../lib/domain";
import type { ReadPoint, ReadRun } from "../../lib/ingest/report";
import { configurationKey } from "../../lib/measurement/identity";
import { withoutSecrets } from "../../lib/redact/redact";
import type { Database } from "../handle";
import { insertLoadPoint, loadPointValues } from "../load-point-row";
import { insertInto, perHandle } from "../per-handle";
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
import type { FileToStore } from "./file-to-store";
import type { PlannedRun } from "./plan-ingest";
import { storeReport } from "./store-reports";

const insertConfiguration = insertInto(configurationTable);
const insertWorkload = insertInto(workloadTable, "ignore");
const insertRun = insertInto(runTable);
const insertRunReport = insertInto(runReport, "ignore");
const insertDetail = insertInto(loadPointDetail);

const keyOf = perHandle((db) =>
  db
    .select({ canonicalKey: configurationTable.canonicalKey })
    .from(configurationTable)
    .where(eq(configurationTable.configurationId, sql.placeholder("id")))
    .prepare(),
);

/** Writes the new points of planned runs, with their reports, configurations, workloads and models. Call inside a transaction. */
export function storeRuns(
  db: Database,
  planned: readonly PlannedRun[],
  files: readonly FileToStore[],
  row: { ingestId: number; revision: number; origin: Origin },
): void {
  const filesByPath = new Map(files.map((file) => [file.path, file]));
  const filesBySha256 = new Map(files.map((file) => [file.sha256, file]));
  const stored = new Set<string>();
  const hashOf = (path: string): string => {
    const file = filesByPath.get(path);
    if (file === undefined) throw new Error(`The bytes of ${path} are not at hand.`);
    if (!stored.has(path)) {
      storeReport(db, file);
      stored.add(path);
    }
    return file.sha256;
  };

  const models = new Set<string>();
  const configurations = new Set<string>();

  const carried = (sha256: string): string => {
    const file = filesBySha256.get(sha256);
    if (file === undefined) throw new Error(`The report ${sha256} was to be carried along and is not there.`);
    return hashOf(file.path);
  };

  for (const { read, run, newPoints } of planned) {
    if (newPoints.length === 0) continue;
    const { configuration, workload } = run;
    if (!models.has(configuration.model)) ensureModel(db, run, row);
    models.add(configuration.model);
    if (!configurations.has(configuration.configurationId)) ensureConfiguration(db, configuration);
    configurations.add(configuration.configurationId);
    insertWorkload(db, workload);
    insertRun(db, {
      ...run,
      configurationId: configuration.configurationId,
      workloadId: workload.workloadId,
      sourceName: run.source.name,
      sourceUrl: run.source.url,
      licence: run.source.licence,
      origin: row.origin,
      loadPoints: newPoints.length,
      ingestId: row.ingestId,
      addedInRevision: row.revision,
      retiredInRevision: null,
    });

    for (const { file, fileName, role } of filesOf(read, newPoints)) {
      const sha256 = file.kind === "path" ? hashOf(file.path) : carried(file.sha256);
      insertRunReport(db, { runId: run.runId, sha256, fileName: withoutSecrets(fileName), role });
    }
    for (const { loadPoint, readPoint } of newPoints) {
      const { pointId, ordinal, reportSha256 } = loadPoint;
      const identity = { runId: run.runId, ordinal, pointId, reportSha256, reportAt: readPoint.location };
      insertLoadPoint(db, loadPointValues(loadPoint, identity));
      storeDetail(db, run, ordinal, readPoint);
    }
  }
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

/** What few questions need of a point, where there is any. */
function storeDetail(db: Database, run: Run, ordinal: number, read: ReadPoint): void {
  const ownDate = read.measuredOn === undefined || read.measuredOn === run.measuredOn ? null : (read.measuredOn ?? "");
  const extras = read.extras ?? null;
  if (ownDate === null && extras === null) return;
  insertDetail(db, { runId: run.runId, ordinal, measuredOn: ownDate, extras });
}

/** @throws if two different configurations came out with the same id, which ids are long enough never to do */
function ensureConfiguration(db: Database, configuration: Configuration): void {
  const key = configurationKey(configuration);
  const known = keyOf(db).get({ id: configuration.configurationId });
  const { label, ...kinds } = configuration.parallelism;
  if (known === undefined) {
    insertConfiguration(db, {
      ...configuration,
      canonicalKey: key,
      parallelism: label,
      tensorParallelism: kinds.tensor,
      pipelineParallelism: kinds.pipeline,
      dataParallelism: kinds.data,
      expertParallelism: kinds.expert,
    });
  } else if (known.canonicalKey !== key)
    throw new Error(`Two configurations share the id ${configuration.configurationId}.`);
}

/** A model nobody has catalogued gets a row with its name and who named it; what is not known stays empty. */
function ensureModel(db: Database, run: PlannedRun["run"], row: { revision: number; origin: Origin }): void {
  const id = run.configuration.model;
  const known = db
    .select({ id: model.id })
    .from(model)
    .where(and(eq(model.id, id), isNull(model.leftInRevision)))
    .get();
  if (known !== undefined) return;
  db.insert(model)
    .values({
      id,
      displayName: id.split("/").at(-1) ?? id,
      quantisedCheckpoints: [],
      source: run.source.url === null ? run.source.name : `${run.source.name} (${run.source.url})`,
      origin: row.origin,
      addedInRevision: row.revision,
    })
    .run();
}
