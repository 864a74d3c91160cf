import { z } from "zod";
import type { Database } from "../../db/client";
import { getRevision } from "../../db/queries/get-revision";
import { getRun } from "../../db/queries/get-run";
import { getIngest } from "../../db/queries/list-ingests";
import { currentRevisionId } from "../../db/store/current-revision";
import type { PointOrigin, RunPage, StoredRunFile } from "../../lib/runs/types";
import { runNames } from "./get-runs-page";

const Extras = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));
const Redacted = z.array(z.string());

interface FileRow {
  sha256: string;
  file_name: string;
  role: StoredRunFile["role"];
  media_type: string;
  byte_length: number;
  redacted: string;
}

interface PointRow {
  point_id: string;
  report_at: string;
  measured_on: string | null;
  extras: string | null;
}

/** A run, valid or retired, with everything that is known of where it came from; `null` when there is none. */
export async function getRunPage(db: Database, runId: string): Promise<RunPage | null> {
  const detail = await getRun(db, runId);
  if (detail === null) return null;
  const { run, origin, retiredInRevision } = detail;
  const ingestId = db.$client.prepare("SELECT ingest_id FROM run WHERE run_id = ?").pluck().get(runId);
  const names = await runNames(db);
  return {
    run,
    origin,
    acceleratorName: names.accelerators[run.configuration.accelerator] ?? run.configuration.accelerator,
    formatLabel: names.formats[run.format] ?? run.format,
    newestRevision: currentRevisionId(db),
    added: await change(db, run.addedInRevision),
    retired: retiredInRevision === null ? null : await change(db, retiredInRevision),
    files: filesOf(db, runId),
    points: pointsOf(db, runId),
    ingest: await getIngest(db, Number(ingestId)),
  };
}

async function change(db: Database, revision: number): Promise<RunPage["added"]> {
  const row = await getRevision(db, revision);
  return { revision, at: row?.createdAt ?? "", reason: row?.reason ?? "" };
}

function filesOf(db: Database, runId: string): StoredRunFile[] {
  return db.$client
    .prepare<[string], FileRow>(
      `SELECT run_report.sha256, run_report.file_name, run_report.role,
              report.media_type, report.byte_length, report.redacted
       FROM run_report JOIN report ON report.sha256 = run_report.sha256
       WHERE run_report.run_id = ? ORDER BY run_report.role DESC, run_report.file_name`,
    )
    .all(runId)
    .map((row) => ({
      sha256: row.sha256,
      fileName: row.file_name,
      role: row.role,
      mediaType: row.media_type,
      byteLength: row.byte_length,
      redacted: Redacted.parse(JSON.parse(row.redacted)),
    }));
}

function pointsOf(db: Database, runId: string): Record<string, PointOrigin> {
  const rows = db.$client
    .prepare<[string], PointRow>(
      `SELECT load_point.point_id, load_point.report_at, detail.measured_on, detail.extras
       FROM load_point LEFT JOIN load_point_detail AS detail
         ON detail.run_id = load_point.run_id AND detail.ordinal = load_point.ordinal
       WHERE load_point.run_id = ?`,
    )
    .all(runId);
  return Object.fromEntries(
    rows.map((row) => [
      row.point_id,
      {
        reportAt: row.report_at,
        // '' in the table: no date of its own.
        measuredOn: row.measured_on === "" ? null : row.measured_on,
        extras: row.extras === null ? {} : Extras.parse(JSON.parse(row.extras)),
      },
    ]),
  );
}
