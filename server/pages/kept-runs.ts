import type { Database } from "../../db/client";
import { getCurrentRevision } from "../../db/queries/get-revision";
import { listRuns, type RunSelection } from "../../db/queries/list-runs";
import type { Run } from "../../lib/domain";

/** Load points kept of one database, about a kilobyte each; what was asked for longest ago goes first. */
const MAX_KEPT_POINTS = 120_000;

interface KeptRuns {
  newestRevision: number;
  bySelection: Map<string, Promise<readonly Run[]>>;
  points: number;
}

const KEPT = new WeakMap<Database, KeptRuns>();

/**
 * The runs of a selection at a revision, read once while the data stays as it is: the same curves are asked about with many
 * targets, demands and options. Not to be changed by who gets them.
 */
export async function keptRuns(db: Database, revision: number, selection: RunSelection): Promise<readonly Run[]> {
  const newestRevision = (await getCurrentRevision(db)).id;
  let kept = KEPT.get(db);
  // A purge takes points out of every revision, and is a new one.
  if (kept?.newestRevision !== newestRevision) {
    kept = { newestRevision, bySelection: new Map(), points: 0 };
    KEPT.set(db, kept);
  }
  const key = JSON.stringify([revision, selection]);
  const known = kept.bySelection.get(key);
  if (known !== undefined) {
    kept.bySelection.delete(key);
    kept.bySelection.set(key, known);
    return known;
  }
  const read = listRuns(db, revision, selection);
  kept.bySelection.set(key, read);
  try {
    kept.points += pointsOf(await read);
  } catch (error) {
    kept.bySelection.delete(key);
    throw error;
  }
  for (const [oldest, runs] of kept.bySelection) {
    if (kept.points <= MAX_KEPT_POINTS) break;
    kept.bySelection.delete(oldest);
    kept.points -= pointsOf(await runs.catch(() => []));
  }
  return read;
}

function pointsOf(runs: readonly Run[]): number {
  return runs.reduce((sum, run) => sum + run.points.length, 0);
}
