import type { Run } from "../../lib/domain";
import type { Steps } from "../../lib/ingest/parse/steps";
import { firstProblems } from "../../lib/ingest/problem";
import type { Problem, ReadResult, ReadRun } from "../../lib/ingest/report";
import { MAX_PROBLEMS } from "../../lib/limits";
import { redactText } from "../../lib/redact/redact";
import type { Database } from "../handle";
import type { IngestWay, Origin } from "../schema";
import { inTurns, turns } from "../turns";
import { countRevision } from "./count-revision";
import { currentRevisionId, pendingRevision } from "./current-revision";
import { differencesInWords } from "./described-elsewhere";
import { putOwnRows } from "./edit-catalogue";
import { carriedFileToStore, type FileToStore } from "./file-to-store";
import { insertIngest } from "./insert-ingest";
import { filesStoredOtherwise } from "./mistaken-reports";
import type { OwnCatalogue } from "./own-rows";
import { identifyRun, type PlannedRun, planIngest } from "./plan-ingest";
import { replaceContent } from "./replace-row";
import { storeRuns } from "./store-runs";

/** So many of them change what a good plan for a question is. */
const MANY_LOAD_POINTS = 10_000;

/** Skipped files listed in the audit; an archive may hold very many. */
const MAX_SKIPPED_KEPT = 1000;

export interface IngestRequest {
  result: ReadResult;
  /** The files `result` was read from, with their content. */
  files: readonly FileToStore[];
  /** Own rows of the catalogue that came with the reports: stored with the runs they describe. */
  ownRows?: OwnCatalogue;
  /** Number of files looked at, where there are more than in `files`. */
  fileCount?: number;
  way: IngestWay;
  /** Why, for the list of revisions, e.g. `ingest run-2026-09/`. */
  reason: string;
  origin: Origin;
  /** Say what would happen, store nothing. */
  dryRun: boolean;
  now: Date;
}

/** A run as read. Its points are all that were read; points already stored carry the id of the run they are in. */
export interface StoredRun extends Run {
  newLoadPoints: number;
  duplicates: number;
  /** Paths of the files it was read from. */
  files: string[];
}

export interface IngestOutcome {
  /** Revision after the ingest; in a dry run the one it would make. */
  revision: number;
  runs: StoredRun[];
  /** New ones. */
  loadPoints: number;
  duplicates: number;
  problems: Problem[];
  /** What a person should know although nothing is wrong, in whole sentences. */
  notes: string[];
}

/**
 * Stores what was read: runs with their new load points, the bytes they came from, and the models, configurations and workloads
 * they need, as one revision in one transaction; when nothing is new there is no revision. Files with problems contribute
 * nothing.
 */
export async function commitIngest(db: Database, request: IngestRequest): Promise<IngestOutcome> {
  const { result, dryRun, now } = request;
  // The reason names files, and a file's name may hold a secret.
  const reason = redactText(request.reason, "text").text;
  const files = [...request.files, ...result.carried.map(carriedFileToStore)];
  const takeTurns = turns();
  const identified = await inTurns(identifyRuns(result.runs), takeTurns, undefined);
  if (dryRun) {
    const current = await currentRevisionId(db);
    const otherwise = await filesStoredOtherwise(db, files);
    const planned = await planIngest(db, identified, files, current + 1, hashesOf(otherwise));
    return outcome(planned, current, request, otherwise);
  }
  const done = await db.engine.write(async (tx) => {
    const current = await currentRevisionId(tx);
    const revision = await pendingRevision(tx, now, reason);
    const otherwise = await filesStoredOtherwise(tx, files);
    const planned = await planIngest(tx, identified, files, revision.id, hashesOf(otherwise));
    const summary = outcome(planned, current, request, otherwise);
    if (request.ownRows !== undefined && summary.loadPoints > 0) {
      const { added, changed } = await putOwnRows(tx, request.ownRows, revision);
      if (added.length + changed.length > 0) {
        summary.notes.push(`In the catalogue as your own from now on: ${[...added, ...changed].join(", ")}.`);
      }
    }
    const ingestId = await insertIngest(tx, {
      at: now.toISOString(),
      way: request.way,
      reason,
      revision: summary.loadPoints > 0 ? await revision.open() : null,
      files: request.fileCount ?? request.files.length,
      loadPoints: summary.loadPoints,
      duplicates: summary.duplicates,
      problems: withoutSecrets(firstProblems(result.problems, MAX_PROBLEMS).map(withoutSample)),
      skipped: withoutSecrets(result.skipped.slice(0, MAX_SKIPPED_KEPT)),
    });
    await storeRuns(tx, planned, files, { ingestId, revision: revision.id, origin: request.origin });
    if (revision.opened()) await countRevision(tx, revision.id);
    if (summary.loadPoints >= MANY_LOAD_POINTS) await tx.engine.refreshStatistics();
    for (const { sha256, byteLength, content } of otherwise) {
      const { parts, redacted } = content();
      await replaceContent(tx, sha256, parts, redacted, byteLength);
    }
    return summary;
  });
  // The transaction could not be interrupted: others get their turn now.
  await takeTurns();
  return done;
}

function hashesOf(files: readonly FileToStore[]): Set<string> {
  return new Set(files.map(({ sha256 }) => sha256));
}

function* identifyRuns(runs: readonly ReadRun[]): Steps<ReturnType<typeof identifyRun>[]> {
  const identified: ReturnType<typeof identifyRun>[] = [];
  for (const run of runs) {
    identified.push(identifyRun(run));
    yield;
  }
  return identified;
}

function outcome(
  planned: readonly PlannedRun[],
  current: number,
  request: IngestRequest,
  storedOtherwise: readonly FileToStore[],
): IngestOutcome {
  const loadPoints = planned.reduce((sum, item) => sum + item.newPoints.length, 0);
  return {
    revision: loadPoints > 0 ? current + 1 : current,
    runs: planned.map(({ run, newPoints, duplicates, read }) => ({
      ...run,
      newLoadPoints: newPoints.length,
      duplicates,
      files: read.files,
    })),
    loadPoints,
    duplicates: planned.reduce((sum, item) => sum + item.duplicates, 0),
    problems: request.result.problems,
    notes: [
      ...(request.result.notes ?? []),
      ...storedOtherwise.map(
        ({ path, sha256 }) =>
          `${path}: other bytes were stored for the report ${sha256}; those of this file, whose hash it is, take their place.`,
      ),
      ...planned.flatMap(describedDifferently),
    ],
  };
}

/** What a person should know whose reports are stored already, but not as they describe them now: which facts stay, and the way out. */
function describedDifferently({ read, describedElsewhere, storedDescription }: PlannedRun): string[] {
  if (describedElsewhere === null) return [];
  const [first = "", ...others] = read.files;
  const files = others.length === 0 ? first : `${first} and ${others.length} more`;
  const now = {
    configuration: { ...read.configuration, configurationId: "" },
    workload: { ...read.workload, workloadId: "" },
  };
  const differences = storedDescription === null ? "" : differencesInWords(storedDescription, now);
  const says = differences === "" ? "described differently" : `which says ${differences}`;
  return [
    `${files}: these bytes are already stored as run ${describedElsewhere}, ${says}; that description stays. To correct it: iq retire ${describedElsewhere}, then ingest again.`,
  ];
}

/** A problem quotes the file it is about, so secrets are blanked here as in the file itself. */
function withoutSecrets<T extends object>(list: readonly T[]): T[] {
  return JSON.parse(redactText(JSON.stringify(list), "json").text);
}

/** The audit keeps what was refused and why. The first rows of a table are only needed for asking what its columns mean. */
function withoutSample({ columns: _, ...problem }: Problem): Problem {
  return problem;
}
