import type { Database } from "../../db/client";
import { listRuns, type RunCurve } from "../../db/queries/list-runs";
import type { StoredRun } from "../../db/store/commit-ingest";
import type { Accelerator, Model } from "../../lib/catalogue/catalogue";
import type { LoadPoint, Run } from "../../lib/domain";
import { plural } from "../../lib/format";
import { outlierReasons } from "../../lib/frontier/outlier-reasons";
import { flagOutliers, isOutlier } from "../../lib/frontier/outliers";
import { groupBy } from "../../lib/group-by";
import type { LoadKind } from "../../lib/measurement/measurement";

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
 * Compares the new load points of an ingest with what is valid at a revision: which of them are outliers, and which stored ones
 * would become outliers. Asks for the load curves the new points belong to, once, however many they are.
 * @param revision the one before the ingest
 */
export async function findNewOutliers(
  db: Database,
  revision: number,
  runs: readonly StoredRun[],
  catalogue: { models: readonly Model[]; accelerators: readonly Accelerator[] },
): Promise<NewOutliers> {
  const byRun = new Map<string, NewOutlier[]>();
  const fresh = runs.flatMap(newPartOf);
  if (fresh.length === 0) return { byRun, notes: [] };
  const stored = inOrderOf(fresh, await listRuns(db, revision, { curves: curvesOf(fresh) }));
  const flagged = flagOutliers([...stored, ...fresh], catalogue);
  const siblings = groupBy(flagged, curveKey);
  const models = new Map(catalogue.models.map((model) => [model.id, model]));
  const accelerators = new Map(catalogue.accelerators.map((item) => [item.id, item]));
  for (const run of flagged.slice(stored.length)) {
    const outliers = run.points.filter(isOutlier).map(
      (point): NewOutlier => ({
        pointId: point.pointId,
        loadKind: point.loadKind,
        loadValue: point.loadValue,
        reasons: outlierReasons(run, point, {
          model: models.get(run.configuration.model),
          accelerator: accelerators.get(run.configuration.accelerator),
          siblings: siblings.get(curveKey(run)) ?? [],
        }),
      }),
    );
    if (outliers.length > 0) byRun.set(run.runId, outliers);
  }
  return { byRun, notes: contradictedNotes(flagOutliers(stored, catalogue), flagged) };
}

/** The run with only its new points; none where there is nothing new. */
function newPartOf(run: StoredRun): Run[] {
  if (run.newLoadPoints === 0) return [];
  // Points that are stored already carry the id of the run they are in.
  return [{ ...run, points: run.points.filter((point) => point.runId === run.runId) }];
}

function curvesOf(runs: readonly Run[]): RunCurve[] {
  const curves = new Map<string, RunCurve>();
  for (const run of runs) {
    const { configuration, workload } = run;
    curves.set(curveKey(run), { configurationId: configuration.configurationId, workloadId: workload.workloadId });
  }
  return [...curves.values()];
}

/** Stored runs in the order in which their models and workloads come among the new ones. */
function inOrderOf(fresh: readonly Run[], stored: readonly Run[]): Run[] {
  const modelAndWorkload = (run: Run) => JSON.stringify([run.configuration.model, run.workload.workloadId]);
  const groups = groupBy(stored, modelAndWorkload);
  return [...new Set(fresh.map(modelAndWorkload))].flatMap((key) => groups.get(key) ?? []);
}

function curveKey({ configuration, workload }: Run): string {
  return JSON.stringify([configuration.configurationId, workload.workloadId]);
}

/** Which stored points the new ones turn into outliers: one of the two sides is wrong, and only a person can know which. */
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
