import type { Accelerator, LoadPoint, Model, Run } from "../../lib/domain";
import { plural } from "../../lib/format";
import { outlierReasons } from "../../lib/frontier/outlier-reasons";
import { flagOutliers, isOutlier } from "../../lib/frontier/outliers";
import type { LoadKind } from "../../lib/measurement/measurement";
import type { Database } from "../client";
import type { StoredRun } from "./commit-ingest";
import { listRuns } from "./list-runs";

/** A new load point that would be kept off frontiers and rankings. */
export interface NewOutlier {
  pointId: string;
  loadKind: LoadKind | null;
  loadValue: number | null;
  /** Why, as sentences. */
  reasons: string[];
}

export interface NewOutliers {
  /** By run id. */
  byRun: ReadonlyMap<string, NewOutlier[]>;
  /** Stored load points that only the new ones make outliers, as sentences. */
  notes: string[];
}

/**
 * Holds the new load points of an ingest against what is valid at a revision: which of them are outliers, and which stored ones
 * would become outliers. Asks only for the models and workloads the new points speak of.
 * @param revision the one before the ingest
 */
export async function findNewOutliers(
  db: Database,
  revision: number,
  runs: readonly StoredRun[],
  catalogue: { models: readonly Model[]; accelerators: readonly Accelerator[] },
): Promise<NewOutliers> {
  const byRun = new Map<string, NewOutlier[]>();
  const notes: string[] = [];
  for (const group of byModelAndWorkload(runs.flatMap(newPartOf))) {
    const [first] = group;
    if (first === undefined) continue;
    const { configuration, workload } = first;
    const stored = await listRuns(db, revision, { modelId: configuration.model, workloadId: workload.workloadId });
    const flagged = flagOutliers([...stored, ...group], catalogue);
    for (const run of flagged.slice(stored.length)) {
      const outliers = run.points.filter(isOutlier).map(
        (point): NewOutlier => ({
          pointId: point.pointId,
          loadKind: point.loadKind,
          loadValue: point.loadValue,
          reasons: outlierReasons(run, point, {
            model: catalogue.models.find((model) => model.id === run.configuration.model),
            accelerator: catalogue.accelerators.find((item) => item.id === run.configuration.accelerator),
            siblings: flagged.filter((other) => isSameCurve(other, run)),
          }),
        }),
      );
      if (outliers.length > 0) byRun.set(run.runId, outliers);
    }
    notes.push(...contradictedNotes(flagOutliers(stored, catalogue), flagged));
  }
  return { byRun, notes };
}

/** The run with only its new points; none where there is nothing new. */
function newPartOf(run: StoredRun): Run[] {
  if (run.newLoadPoints === 0) return [];
  // Points that are stored already carry the id of the run they are in.
  return [{ ...run, points: run.points.filter((point) => point.runId === run.runId) }];
}

function byModelAndWorkload(runs: readonly Run[]): Run[][] {
  const groups = new Map<string, Run[]>();
  for (const run of runs) {
    const key = JSON.stringify([run.configuration.model, run.workload.workloadId]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [run]);
    else group.push(run);
  }
  return [...groups.values()];
}

function isSameCurve(one: Run, other: Run): boolean {
  return (
    one.configuration.configurationId === other.configuration.configurationId &&
    one.workload.workloadId === other.workload.workloadId
  );
}

/** Which stored points the new ones turn into outliers: one of the two sides is wrong, and nobody but a person knows which. */
function contradictedNotes(before: readonly Run[], after: readonly Run[]): string[] {
  return before.flatMap((run, index) => {
    const known = new Set(run.points.filter(isOutlier).map((point: LoadPoint) => point.pointId));
    const turned = (after[index]?.points ?? []).filter((point) => isOutlier(point) && !known.has(point.pointId));
    if (turned.length === 0) return [];
    return [
      `${plural(turned.length, "stored load point")} of run ${run.runId} (${run.source.name}) would be kept off frontiers and rankings as outliers, because the new ones contradict them: one side must be wrong.`,
    ];
  });
}
