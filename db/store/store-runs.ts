import type { Configuration, Run } from "../../lib/domain";
import type { ReadPoint, ReadRun } from "../../lib/ingest/report";
import { configurationKey } from "../../lib/measurement/identity";
import { withoutSecrets } from "../../lib/redact/redact";
import type { Database } from "../handle";
import { loadPointValues } from "../load-point-row";
import { configurationToRow, textFromList } from "../rows";
import type { Origin, ReportRole } from "../schema";
import type { FileToStore } from "./file-to-store";
import { insertLoadPoint, insertRow } from "./insert-row";
import type { PlannedRun } from "./plan-ingest";
import { exists, prepared } from "./prepared";
import { storeReport } from "./store-reports";

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

  const carried = (sha256: string): string => {
    const file = filesBySha256.get(sha256);
    if (file === undefined) throw new Error(`The report ${sha256} was to be carried along and is not there.`);
    return hashOf(file.path);
  };

  for (const { read, run, newPoints } of planned) {
    if (newPoints.length === 0) continue;
    const { configuration, workload } = run;
    ensureModel(db, run, row);
    ensureConfiguration(db, configuration);
    insertRow(
      db,
      "workload",
      {
        workload_id: workload.workloadId,
        dataset: workload.dataset,
        input_tokens: workload.inputTokens,
        output_tokens: workload.outputTokens,
      },
      "DO NOTHING",
    );
    insertRow(db, "run", {
      run_id: run.runId,
      configuration_id: configuration.configurationId,
      workload_id: workload.workloadId,
      format: run.format,
      tool: run.tool,
      tool_version: run.toolVersion,
      measured_on: run.measuredOn,
      source_name: run.source.name,
      source_url: run.source.url,
      licence: run.source.licence,
      series_key: run.seriesKey,
      quality_flags: textFromList(run.qualityFlags),
      origin: row.origin,
      load_points: newPoints.length,
      ingest_id: row.ingestId,
      added_in_revision: row.revision,
      retired_in_revision: null,
    });

    for (const { file, fileName, role } of filesOf(read, newPoints)) {
      const sha256 = file.kind === "path" ? hashOf(file.path) : carried(file.sha256);
      insertRow(
        db,
        "run_report",
        { run_id: run.runId, sha256, file_name: withoutSecrets(fileName), role },
        "DO NOTHING",
      );
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
  const extras = read.extras === undefined ? null : JSON.stringify(read.extras);
  if (ownDate === null && extras === null) return;
  insertRow(db, "load_point_detail", { run_id: run.runId, ordinal, measured_on: ownDate, extras });
}

/** @throws if two different configurations came out with the same id, which ids are long enough never to do */
function ensureConfiguration(db: Database, configuration: Configuration): void {
  const key = configurationKey(configuration);
  const known = prepared(db, "SELECT canonical_key FROM configuration WHERE configuration_id = ?")
    .pluck()
    .get(configuration.configurationId);
  if (known === undefined) insertRow(db, "configuration", configurationToRow(configuration, key));
  else if (known !== key) throw new Error(`Two configurations share the id ${configuration.configurationId}.`);
}

/** A model nobody has catalogued gets a row with its name and who named it; what is not known stays empty. */
function ensureModel(db: Database, run: PlannedRun["run"], row: { revision: number; origin: Origin }): void {
  const id = run.configuration.model;
  if (exists(db, "SELECT 1 FROM model WHERE model_id = ? AND left_in_revision IS NULL", id)) return;
  insertRow(db, "model", {
    model_id: id,
    display_name: id.split("/").at(-1) ?? id,
    source: run.source.url === null ? run.source.name : `${run.source.name} (${run.source.url})`,
    origin: row.origin,
    added_in_revision: row.revision,
  });
}
