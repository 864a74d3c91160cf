import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { and, desc, eq, isNull } from "drizzle-orm";
import { readReports } from "../../lib/ingest/read-reports";
import type { HeldFile, ReadRun } from "../../lib/ingest/report";
import { checksText } from "../../lib/measurement/checks/examine";
import { sha256Hex } from "../../lib/measurement/identity";
import type { Database } from "../handle";
import { run, shipped } from "../schema";
import { countRevision } from "./count-revision";
import { currentRevisionId, pendingRevision } from "./current-revision";
import { type FileToStore, fileToStore } from "./file-to-store";
import { insertIngest } from "./insert-ingest";
import { identifyRun, planIngest } from "./plan-ingest";
import { CATALOGUE_FILES, readCatalogue } from "./read-catalogue";
import { retireRun } from "./retire-runs";
import { SHIPPED_REASON, storeCatalogue } from "./store-catalogue";
import { storeRuns } from "./store-runs";

/**
 * Raise it when the same files are read differently than before, so that existing databases read them again. What the checks
 * say is taken in by itself.
 */
const READING_VERSION = 2;

/** Hex digits of the data's hash in the revision's reason. */
const REASON_DIGITS = 12;

/** Problems named in an error; the rest is counted. */
const MAX_PROBLEMS_SHOWN = 10;

export interface SeedOutcome {
  /** False when this state of the data was already in. */
  changed: boolean;
  revision: number;
  loadPointsAdded: number;
  runsRetired: number;
}

function readFigures(directory: string): HeldFile[] {
  const folder = path.join(/* turbopackIgnore: true */ directory, "figures");
  return readdirSync(folder)
    .filter((name) => name.endsWith(".csv"))
    .sort()
    .map((name) => ({
      path: `figures/${name}`,
      bytes: readFileSync(path.join(/* turbopackIgnore: true */ folder, name)),
    }));
}

function hashOfData(directory: string, files: readonly FileToStore[]): string {
  const hashes = files.map((file) => [file.path, file.sha256]);
  const catalogue = CATALOGUE_FILES.map((name) => [
    name,
    sha256Hex(readFileSync(path.join(/* turbopackIgnore: true */ directory, name))),
  ]);
  return sha256Hex(JSON.stringify([READING_VERSION, sha256Hex(checksText()), catalogue, hashes]));
}

async function lastShippedHash(db: Database): Promise<string | null> {
  const [row] = await db.select({ sha256: shipped.sha256 }).from(shipped).orderBy(desc(shipped.id)).limit(1);
  return row?.sha256 ?? null;
}

/** Ids of the valid shipped runs, by the hash of what they hold (an id that came back carries its revision behind a dash). */
async function liveShippedRuns(db: Database): Promise<Map<string, string>> {
  const rows = await db
    .select({ runId: run.runId })
    .from(run)
    .where(and(eq(run.origin, "shipped"), isNull(run.retiredInRevision)));
  return new Map(rows.map(({ runId }) => [runId.split("-")[0] ?? runId, runId]));
}

function readShippedRuns(figures: readonly HeldFile[], catalogue: ReturnType<typeof readCatalogue>): ReadRun[] {
  // A catalogue without figures is a database of one's own measurements alone.
  if (figures.length === 0) return [];
  const { runs, problems } = readReports(figures, {}, catalogue);
  if (problems.length === 0) return runs;
  const shown = problems.slice(0, MAX_PROBLEMS_SHOWN).map((problem) => problem.message);
  const rest = problems.length - shown.length;
  throw new Error(
    `The shipped data has ${problems.length} problem(s) and was not taken in:\n${shown.join("\n")}${rest > 0 ? `\n… and ${rest} more` : ""}`,
  );
}

/**
 * Makes the database hold this state of the data folder: catalogue and figures, through the reader users' files go
 * through. The first time everything is added as one revision; a state it already holds changes nothing; another
 * state is one new revision in which changed shipped rows and runs are replaced and those that are gone are retired.
 * What users added is never touched. Nothing or everything: one transaction.
 * @throws when a file of the data folder is wrong; the database then stays as it was
 */
export async function seedShipped(db: Database, directory: string, now: Date): Promise<SeedOutcome> {
  const figures = readFigures(directory);
  const files = figures.map(fileToStore);
  const sha256 = hashOfData(directory, files);
  const unchanged = async (): Promise<SeedOutcome> => ({
    changed: false,
    revision: await currentRevisionId(db),
    loadPointsAdded: 0,
    runsRetired: 0,
  });
  if ((await lastShippedHash(db)) === sha256) return unchanged();

  const catalogue = readCatalogue(directory);
  const identified = readShippedRuns(figures, catalogue).map(identifyRun);
  return db.engine.write(async (tx): Promise<SeedOutcome> => {
    // Asked again under the write lock: another process may have been faster.
    if ((await lastShippedHash(tx)) === sha256) return unchanged();
    const reason = `${SHIPPED_REASON} ${sha256.slice(0, REASON_DIGITS)}`;
    const revision = await pendingRevision(tx, now, reason);

    const live = await liveShippedRuns(tx);
    const wanted = new Set(identified.map(({ contentId }) => contentId));
    const gone = [...live].filter(([contentId]) => !wanted.has(contentId));
    for (const [, runId] of gone) await retireRun(tx, runId, await revision.open());
    await storeCatalogue(tx, catalogue, revision);

    const missing = identified.filter(({ contentId }) => !live.has(contentId));
    const planned = await planIngest(tx, missing, files, revision.id);
    const loadPointsAdded = planned.reduce((sum, item) => sum + item.newPoints.length, 0);
    if (loadPointsAdded > 0) {
      const ingestId = await insertIngest(tx, {
        at: now.toISOString(),
        way: "shipped",
        reason,
        revision: await revision.open(),
        files: figures.length,
        loadPoints: loadPointsAdded,
        duplicates: planned.reduce((sum, item) => sum + item.duplicates, 0),
        problems: [],
        skipped: [],
      });
      await storeRuns(tx, planned, files, { ingestId, revision: await revision.open(), origin: "shipped" });
    }
    if (revision.opened()) await countRevision(tx, revision.id);
    const revisionId = revision.opened() ? revision.id : await currentRevisionId(tx);
    await tx.insert(shipped).values({ sha256, revision: revisionId });
    return { changed: revision.opened(), revision: revisionId, loadPointsAdded, runsRetired: gone.length };
  });
}
