import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import type { Database } from "../db/client";
import { getReport } from "../db/queries/get-report";
import type { Revision } from "../db/queries/get-revision";
import { listDetailsOfRuns, type PointDetail } from "../db/queries/list-point-details";
import { listFilesOfRuns } from "../db/queries/list-run-files";
import { listRunIds } from "../db/queries/list-run-ids";
import { listRuns } from "../db/queries/list-runs";
import { listCatalogue, ownRowsOf } from "../db/store/edit-catalogue";
import type { ExportRequest } from "../lib/api/export-request";
import type { LoadPoint } from "../lib/domain";
import {
  type ExportedPoint,
  type ExportedRun,
  exportCatalogueLine,
  exportHeaderLine,
  exportReportLines,
  exportRunLine,
} from "../lib/export/export-lines";
import { figuresHeaderLine, figuresRowLine, figuresRows } from "../lib/export/figures-csv-write";
import { writeGiqCsv, writeGiqJson } from "../lib/export/giq-write";

/** Load points whose runs stand in memory at once; few at first, because somebody waits for the first line. */
const POINTS_AT_ONCE = 2000;
const POINTS_AT_FIRST = 100;

/** What is valid at a revision, in the form asked for, a piece at a time. */
export async function* exportChunks(db: Database, revision: Revision, request: ExportRequest): AsyncGenerator<string> {
  const runs = exportedRuns(db, revision.id, request.model);
  if (request.format === "json") yield* jsonLines(db, revision, runs, request.reports);
  else if (request.format === "csv") yield* csvLines(runs);
  else {
    const exported: ExportedRun[] = [];
    for await (const run of runs) exported.push(run);
    yield request.format === "giq-csv" ? writeGiqCsv(exported) : writeGiqJson(exported);
  }
}

/** Runs valid at a revision by their ids, so that equal databases give equal exports; a few of them at a time are read. */
async function* exportedRuns(db: Database, revision: number, modelId: string | null): AsyncGenerator<ExportedRun> {
  let some: string[] = [];
  let points = 0;
  let atOnce = POINTS_AT_FIRST;
  for await (const { runId, loadPoints } of listRunIds(db, revision, modelId)) {
    some.push(runId);
    points += loadPoints;
    if (points < atOnce) continue;
    yield* await readRuns(db, revision, some);
    some = [];
    points = 0;
    atOnce = POINTS_AT_ONCE;
  }
  yield* await readRuns(db, revision, some);
}

/** Everything stored of some runs, as an export needs it, by their ids. */
async function readRuns(db: Database, revision: number, runIds: readonly string[]): Promise<ExportedRun[]> {
  const [runs, details, files] = await Promise.all([
    listRuns(db, revision, { runIds }),
    listDetailsOfRuns(db, runIds),
    listFilesOfRuns(db, runIds),
  ]);
  const byId = new Map(runs.map((run) => [run.runId, run]));
  return runIds.flatMap((runId) => {
    const run = byId.get(runId);
    if (run === undefined) return [];
    const byOrdinal = new Map(details.get(runId)?.map((detail) => [detail.ordinal, detail]));
    return [
      {
        ...run,
        points: run.points.map((point) => exportedPoint(point, byOrdinal.get(point.ordinal))),
        files: (files.get(runId) ?? []).map(({ sha256, fileName, role }) => ({ sha256, fileName, role })),
      },
    ];
  });
}

function exportedPoint(point: LoadPoint, detail: PointDetail | undefined): ExportedPoint {
  const ownDate = detail?.measuredOn ?? null;
  const extras = detail?.extras ?? null;
  return {
    ...point,
    reportAt: detail?.reportAt ?? "",
    // "" in the table: no date takes part in the point's identity.
    ...(ownDate === null ? {} : { measuredOn: ownDate === "" ? null : ownDate }),
    ...(extras === null ? {} : { extras }),
  };
}

/**
 * Our own JSON, one value a line: own rows of the catalogue, the runs, then the reports they were read from (unless left out). Ingesting it into another
 * database gives the same runs, points and reports.
 */
async function* jsonLines(
  db: Database,
  revision: Revision,
  runs: AsyncIterable<ExportedRun>,
  withReports: boolean,
): AsyncGenerator<string> {
  yield exportHeaderLine(revision);
  const own = ownRowsOf(await listCatalogue(db, revision.id));
  if (Object.keys(own).length > 0) yield exportCatalogueLine(own);
  const reports = new Set<string>();
  for await (const run of runs) {
    for (const file of run.files) reports.add(file.sha256);
    yield exportRunLine(run);
  }
  if (!withReports) return;
  for (const sha256 of reports) {
    const report = await getReport(db, sha256);
    if (report === null) continue;
    const { fileName, mediaType, byteLength, redacted } = report;
    const stored = redacted.length === 0 ? {} : { storedSha256: await sha256Of(report.parts()) };
    const parts = compressed(report.parts());
    yield* exportReportLines({ sha256, fileName, mediaType, byteLength, redacted, ...stored, parts });
  }
}

async function sha256Of(parts: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash("sha256");
  for await (const part of parts) hash.update(part);
  return hash.digest("hex");
}

async function* compressed(parts: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const part of parts) yield gzipSync(part);
}

/**
 * A figures CSV, a row a line. Pooled summaries have no load and so no row; what only the JSON holds (tool, report, place in
 * it) is left out.
 */
async function* csvLines(runs: AsyncIterable<ExportedRun>): AsyncGenerator<string> {
  yield figuresHeaderLine;
  for await (const run of runs) for (const row of figuresRows(run)) yield figuresRowLine(row);
}
