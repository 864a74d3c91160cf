import type { Database } from "../../db/client";
import { getCurrentRevision, getRevision } from "../../db/queries/get-revision";
import { getRun } from "../../db/queries/get-run";
import { getIngest } from "../../db/queries/list-ingests";
import type { RunPage } from "../../lib/runs/types";
import { runNames } from "./get-runs-page";

/** A run, valid or retired, with everything that is known of where it came from; `null` when there is none. */
export async function getRunPage(db: Database, runId: string): Promise<RunPage | null> {
  const detail = await getRun(db, runId);
  if (detail === null) return null;
  const { run, origin, ingestId, retiredInRevision, files, points } = detail;
  const names = await runNames(db);
  return {
    run,
    origin,
    acceleratorName: names.accelerators[run.configuration.accelerator] ?? run.configuration.accelerator,
    formatLabel: names.formats[run.format] ?? run.format,
    newestRevision: (await getCurrentRevision(db)).id,
    added: await change(db, run.addedInRevision),
    retired: retiredInRevision === null ? null : await change(db, retiredInRevision),
    files,
    points,
    ingest: await getIngest(db, ingestId),
  };
}

async function change(db: Database, revision: number): Promise<RunPage["added"]> {
  const row = await getRevision(db, revision);
  return { revision, at: row?.createdAt ?? "", reason: row?.reason ?? "" };
}
