import type { Database } from "../../db/client";
import { getCurrentRevision } from "../../db/queries/get-revision";
import { listAccelerators } from "../../db/queries/list-accelerators";
import { listCatalogueModels } from "../../db/queries/list-models";
import type { IngestWay } from "../../db/schema";
import { commitIngest, type IngestOutcome, type StoredRun } from "../../db/store/commit-ingest";
import { gatherProblems } from "../../lib/ingest/problem";
import type { GivenFacts, ReadResult } from "../../lib/ingest/report";
import type { IntakeFile } from "./byte-source";
import { findNewOutliers, type NewOutlier } from "./find-new-outliers";
import { type IntakeProgress, readIntake } from "./read-intake";
import { standBeside } from "./stand-beside";

export interface FilesIngest {
  given: GivenFacts;
  way: IngestWay;
  /** Why, for the list of revisions, e.g. `ingest run-2026-09/`. */
  reason: string;
  /** Say what would happen, store nothing. */
  dryRun: boolean;
  now: Date;
  /** What is known to be wrong before reading, e.g. a file that could not be opened. */
  problems?: ReadResult["problems"];
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: IntakeProgress) => void) | undefined;
}

/** A run with those of its new load points that are outliers. */
export interface IngestedRun extends StoredRun {
  outliers: NewOutlier[];
}

/** The outcome of an ingest with what was understood but holds no load points. */
export interface FilesIngestOutcome extends IngestOutcome {
  runs: IngestedRun[];
  dryRun: boolean;
  skipped: ReadResult["skipped"];
  /** Files looked at, those in archives one by one. */
  files: number;
  /** What the new load points stand beside, or why nothing, in whole sentences. */
  beside: string[];
}

/**
 * Reads report files, archives and side files and stores the runs in them. Command line, page and API all come through here.
 * @throws when `signal` is aborted; nothing is stored then
 */
export async function ingestFiles(
  db: Database,
  files: readonly IntakeFile[],
  request: FilesIngest,
): Promise<FilesIngestOutcome> {
  const revision = (await getCurrentRevision(db)).id;
  const catalogue = {
    accelerators: await listAccelerators(db, revision),
    models: await listCatalogueModels(db, revision),
  };
  const { given, signal, onProgress } = request;
  const intake = await readIntake(files, { given, catalogue, signal, onProgress });
  try {
    const result = {
      ...intake.result,
      problems: gatherProblems([...(request.problems ?? []), ...intake.result.problems]),
    };
    signal?.throwIfAborted();
    const outcome = await commitIngest(db, {
      result,
      files: intake.files,
      ownRows: intake.ownRows,
      fileCount: intake.fileCount,
      way: request.way,
      reason: request.reason,
      origin: "user",
      dryRun: request.dryRun,
      now: request.now,
    });
    const outliers = await findNewOutliers(db, revision, outcome.runs, catalogue);
    return {
      ...outcome,
      runs: outcome.runs.map((run) => ({
        ...run,
        outliers: run.newLoadPoints === 0 ? [] : (outliers.byRun.get(run.runId) ?? []),
      })),
      notes: [...outcome.notes, ...outliers.notes],
      dryRun: request.dryRun,
      skipped: result.skipped,
      files: intake.fileCount,
      beside: await standBeside(
        db,
        revision,
        outcome.runs,
        catalogue.models.map(({ id }) => id),
      ),
    };
  } finally {
    intake.close();
  }
}
