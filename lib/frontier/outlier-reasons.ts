import type { Accelerator, Model } from "../catalogue/catalogue";
import type { LoadPoint, Run } from "../domain";
import { formatLatency } from "../format";
import { doubtReasons } from "../measurement/checks/examine";
import type { Statistic } from "../measurement/latency";
import { loadLabel } from "../words";
import {
  AGAINST_OTHER_RUNS,
  BEATS_MEMORY_BANDWIDTH,
  CONTRADICTION_LOAD_SHARE,
  CONTRADICTION_TPOT_SHARE,
  leastTpotMs,
} from "./outliers";

/** What a run is compared with. */
export interface OutlierContext {
  model: Model | undefined;
  accelerator: Accelerator | undefined;
  /** Runs of the same configuration and workload; the point's own may be among them. */
  siblings: readonly Run[];
}

/** A measurement of another run that a point contradicts. */
interface Contradiction {
  statistic: Statistic;
  ownMs: number;
  otherMs: number;
  other: LoadPoint;
  otherRun: Run;
}

/**
 * Why a point that carries an outlier flag or a doubt is kept off, in sentences with the figures it contradicts. See
 * `flagOutliers` and `lib/measurement/checks/` for the rules. If the flag came with the data, the sentence says so.
 */
export function outlierReasons(run: Run, point: LoadPoint, context: OutlierContext): string[] {
  const reasons: string[] = [];
  const load = loadLabel(point.loadKind, point.loadValue);
  if (point.qualityFlags.includes(BEATS_MEMORY_BANDWIDTH)) {
    const leastMs = leastTpotMs(run, context.model, context.accelerator);
    const statistic = point.tpotMs?.mean == null ? "p50" : "mean";
    const ownMs = point.tpotMs?.[statistic] ?? null;
    reasons.push(
      leastMs === null || ownMs === null || ownMs >= leastMs
        ? `${load}: its source says that it beats the bandwidth of the memory.`
        : `${load}: TPOT ${statistic} ${formatLatency(ownMs)} is less than the ${formatLatency(leastMs)} it takes to read the model’s active weights from memory once.`,
    );
  }
  if (point.qualityFlags.includes(AGAINST_OTHER_RUNS)) {
    const found = contradictionOf(run, point, context.siblings);
    reasons.push(
      found === null
        ? `${load}: its source says that it contradicts other runs.`
        : `${load}: TPOT ${found.statistic} ${formatLatency(found.ownMs)}, but ${formatLatency(found.otherMs)} already at ${loadLabel(found.other.loadKind, found.other.loadValue)} in run ${found.otherRun.runId} of the same configuration (${found.otherRun.source.name}).`,
    );
  }
  const { configuration, workload } = run;
  const setup = {
    configuration,
    workload,
    model: context.model ?? null,
    accelerator: context.accelerator ?? null,
  };
  for (const reason of doubtReasons(point, setup)) reasons.push(`${load}: ${reason}.`);
  return reasons;
}

/** The strongest contradiction: the highest TPOT another run measured at a quarter of the point's load or less. */
function contradictionOf(run: Run, point: LoadPoint, siblings: readonly Run[]): Contradiction | null {
  const { loadKind, loadValue } = point;
  if (loadValue === null) return null;
  const hasMean = point.tpotMs?.mean != null;
  for (const statistic of ["mean", "p50"] as const) {
    const ownMs = point.tpotMs?.[statistic] ?? null;
    if (ownMs === null) continue;
    let best: Contradiction | null = null;
    for (const otherRun of siblings) {
      if (otherRun.runId === run.runId) continue;
      for (const other of otherRun.points) {
        const otherMs = other.tpotMs?.[statistic] ?? null;
        if (other.loadKind !== loadKind || other.loadValue === null || otherMs === null) continue;
        // Medians are compared only where the means cannot be.
        if (statistic === "p50" && hasMean && other.tpotMs?.mean != null) continue;
        if (other.loadValue > loadValue * CONTRADICTION_LOAD_SHARE || ownMs > otherMs * CONTRADICTION_TPOT_SHARE)
          continue;
        if (best === null || otherMs > best.otherMs) best = { statistic, ownMs, otherMs, other, otherRun };
      }
    }
    if (best !== null) return best;
  }
  return null;
}
