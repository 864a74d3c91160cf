import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import type { Database } from "../db/client";
import { getReport } from "../db/queries/get-report";
import type { Revision } from "../db/queries/get-revision";
import { listPointDetails, type PointDetail } from "../db/queries/list-point-details";
import { listRunFiles } from "../db/queries/list-run-files";
import { listRuns } from "../db/queries/list-runs";
import type { ExportRequest } from "../lib/api/export-request";
import { compareText } from "../lib/compare-text";
import type { LoadPoint, Run } from "../lib/domain";
import {
  type ExportedPoint,
  type ExportedRun,
  exportHeaderLine,
  exportReportLines,
  exportRunLine,
} from "../lib/export/export-lines";
import { figuresHeaderLine, figuresRowLine, figuresRows } from "../lib/export/figures-csv-write";
import { writeGiqCsv, writeGiqJson } from "../lib/export/giq-write";

/** What is valid at a revision, in the form asked for, a piece at a time. */
export async function* exportChunks(db: Database, revision: Revision, request: ExportRequest): AsyncGenerator<string> {
  // By id, which follows from the content: equal databases give equal exports.
  const every = (await listRuns(db, revision.id, { every: true })).sort((a, b) => compareText(a.runId, b.runId));
  const runs = request.model === null ? every : every.filter((run) => run.configuration.model === request.model);
  if (request.format === "json") yield* jsonLines(db, revision, runs, request.reports);
  else if (request.format === "csv") yield* csvLines(db, runs);
  else {
    const exported: ExportedRun[] = [];
    for (const run of runs) exported.push(await exportedRun(db, run));
    yield request.format === "giq-csv" ? writeGiqCsv(exported) : writeGiqJson(exported);
  }
}

/** Everything stored of one run, as an export needs it. */
async function exportedRun(db: Database, run: Run): Promise<ExportedRun> {
  const [details, files] = await Promise.all([listPointDetails(db, run.runId), listRunFiles(db, run.runId)]);
  const byOrdinal = new Map(details.map((detail) => [detail.ordinal, detail]));
  return {
    ...run,
    points: run.points.map((point) => exportedPoint(point, byOrdinal.get(point.ordinal))),
    files: files.map(({ sha256, fileName, role }) => ({ sha256, fileName, role })),
  };
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
 * Our own JSON, one value a line: the runs, then the reports they were read from (unless left out). Ingesting it into another
 * database gives the same runs, points and reports.
 */
async function* jsonLines(
  db: Database,
  revision: Revision,
  runs: readonly Run[],
  withReports: boolean,
): AsyncGenerator<string> {
  yield exportHeaderLine(revision);
  const reports = new Set<string>();
  for (const run of runs) {
    const exported = await exportedRun(db, run);
    for (const file of exported.files) reports.add(file.sha256);
    yield exportRunLine(exported);
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
async function* csvLines(db: Database, runs: readonly Run[]): AsyncGenerator<string> {
  yield figuresHeaderLine;
  for (const run of runs) for (const row of figuresRows(await exportedRun(db, run))) yield figuresRowLine(row);
}
