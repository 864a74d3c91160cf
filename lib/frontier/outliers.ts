import type { Accelerator, Model } from "../catalogue/catalogue";
import type { LoadPoint, Run } from "../domain";
import { groupBy } from "../group-by";
import { isDoubt } from "../measurement/checks/doubts";
import type { Statistic } from "../measurement/latency";
import type { LoadKind } from "../measurement/measurement";
import { precisionBits } from "../measurement/precision-bits";
import type { QualityFlag } from "../measurement/quality-flags";
import { BITS_PER_BYTE, MS_PER_SECOND } from "../units";

export const BEATS_MEMORY_BANDWIDTH: QualityFlag = "outlier_beats_memory_bandwidth";
export const AGAINST_OTHER_RUNS: QualityFlag = "outlier_against_other_runs";
const OUTLIER_FLAGS: ReadonlySet<QualityFlag> = new Set([BEATS_MEMORY_BANDWIDTH, AGAINST_OTHER_RUNS]);

/** The source does not say whether it decoded speculatively: the bandwidth bound does not apply. */
const SPECULATIVE_UNKNOWN: QualityFlag = "speculative_unknown";

/** TPOT at or below this share of another run's, at a fraction of the load, contradicts it: 30% or more below. */
export const CONTRADICTION_TPOT_SHARE = 0.7;
/** … where the other run carried at most this share of the point's load. */
export const CONTRADICTION_LOAD_SHARE = 0.25;

const UNITS_PER_BILLION = 1e9;
const BYTES_PER_GB = 1e9;
/** Smallest weights in use today, taken where the precision is unknown so that no honest point is accused. */
const SMALLEST_BYTES_PER_WEIGHT = 0.5;

/**
 * True where the point carries one of the outlier flags, from its data or from `flagOutliers`, or a doubt of the checks every
 * point passes when it is read: it is kept off frontiers and rankings unless asked for.
 */
export function isOutlier(point: Pick<LoadPoint, "qualityFlags">): boolean {
  return point.qualityFlags.some((flag) => OUTLIER_FLAGS.has(flag) || isDoubt(flag));
}

/**
 * Bytes of one weight: `fp8` 1, `fp4`/`int4` 0.5, `bf16`/`fp16` 2, `w4a16` 0.5; a precision that is unknown or not
 * understood counts as the smallest.
 */
export function bytesPerWeight(precision: string | null): number {
  const bytes = (precisionBits(precision) ?? Number.NaN) / BITS_PER_BYTE;
  return bytes === 0.5 || bytes === 1 || bytes === 2 || bytes === 4 ? bytes : SMALLEST_BYTES_PER_WEIGHT;
}

/** Mean first, then p50; a comparison always uses the same statistic on both sides. */
function tpot(point: LoadPoint, statistic: Statistic): number | null {
  return point.tpotMs?.[statistic] ?? null;
}

/**
 * Least possible TPOT in milliseconds: each token of a request needs every active weight read once, so
 * active weight bytes ÷ (memory bandwidth × accelerators). `null` where a part is unknown or decoding is speculative.
 */
export function leastTpotMs(run: Run, model: Model | undefined, accelerator: Accelerator | undefined): number | null {
  const { configuration } = run;
  const activeBillions = model?.activeParametersBillions ?? null;
  const bandwidthGbPerSecond = accelerator?.memoryBandwidthGbPerSecond ?? null;
  if (configuration.speculative !== null || run.qualityFlags.includes(SPECULATIVE_UNKNOWN)) return null;
  if (activeBillions === null || bandwidthGbPerSecond === null || bandwidthGbPerSecond <= 0) return null;
  const count =
    configuration.servingMode === "disaggregated"
      ? (configuration.decodeAccelerators ?? configuration.acceleratorCount)
      : configuration.acceleratorCount;
  if (count <= 0) return null;
  const weightBytes = activeBillions * UNITS_PER_BILLION * bytesPerWeight(configuration.precision);
  return (weightBytes / (bandwidthGbPerSecond * BYTES_PER_GB * count)) * MS_PER_SECOND;
}

interface Sample {
  load: number;
  tpotMs: number;
  runId: string;
}

/** Answers: the highest TPOT any other run measured at this load or less. Built in O(n log n), asked in O(log n). */
class HighestTpot {
  private readonly loads: number[] = [];
  /** Per prefix: the highest sample, and the highest of any other run than that one's. */
  private readonly best: { first: Sample; second: Sample | null }[] = [];

  constructor(samples: Sample[]) {
    samples.sort((a, b) => a.load - b.load);
    let first: Sample | null = null;
    let second: Sample | null = null;
    for (const sample of samples) {
      if (first === null || sample.tpotMs > first.tpotMs) {
        if (first !== null && first.runId !== sample.runId) second = first;
        first = sample;
      } else if (sample.runId !== first.runId && (second === null || sample.tpotMs > second.tpotMs)) {
        second = sample;
      }
      this.loads.push(sample.load);
      this.best.push({ first, second });
    }
  }

  ofOthers(runId: string, atMostLoad: number): number | null {
    let low = 0;
    let high = this.loads.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.loads[middle] ?? Number.POSITIVE_INFINITY) <= atMostLoad) low = middle + 1;
      else high = middle;
    }
    const best = this.best[low - 1];
    if (best === undefined) return null;
    return (best.first.runId === runId ? best.second?.tpotMs : best.first.tpotMs) ?? null;
  }
}

function samplesOf(runs: readonly Run[], kind: LoadKind, statistic: Statistic, without?: Statistic): Sample[] {
  const samples: Sample[] = [];
  for (const run of runs) {
    for (const point of run.points) {
      const tpotMs = tpot(point, statistic);
      if (point.loadKind !== kind || point.loadValue === null || tpotMs === null) continue;
      if (without !== undefined && tpot(point, without) !== null) continue;
      samples.push({ load: point.loadValue, tpotMs, runId: run.runId });
    }
  }
  return samples;
}

/** Collects the points that another run of the same configuration and workload contradicts. */
function collectContradicted(runs: readonly Run[], into: Set<LoadPoint>): void {
  if (runs.length < 2) return;
  for (const kind of ["concurrency", "request_rate"] as const) {
    const means = new HighestTpot(samplesOf(runs, kind, "mean"));
    const medians = new HighestTpot(samplesOf(runs, kind, "p50"));
    const mediansOnly = new HighestTpot(samplesOf(runs, kind, "p50", "mean"));
    for (const run of runs) {
      for (const point of run.points) {
        if (point.loadKind !== kind || point.loadValue === null) continue;
        const atMostLoad = point.loadValue * CONTRADICTION_LOAD_SHARE;
        const mean = tpot(point, "mean");
        const median = tpot(point, "p50");
        const below = (own: number | null, others: HighestTpot): boolean => {
          const highest = own === null ? null : others.ofOthers(run.runId, atMostLoad);
          return own !== null && highest !== null && own <= highest * CONTRADICTION_TPOT_SHARE;
        };
        if (below(mean, means) || below(median, mean === null ? medians : mediansOnly)) into.add(point);
      }
    }
  }
}

/**
 * Adds to each point's quality flags what makes it an outlier:
 * `outlier_beats_memory_bandwidth`, a TPOT (mean, else p50) no accelerator could reach without speculative decoding;
 * `outlier_against_other_runs`, a TPOT 30% or more below another run of the same configuration and workload that carried
 * a quarter of its load or less. Runs come back in their order; runs without a new flag are returned as they are.
 */
export function flagOutliers(
  runs: readonly Run[],
  catalogue: { models: readonly Model[]; accelerators: readonly Accelerator[] },
): Run[] {
  const models = new Map(catalogue.models.map((model) => [model.id, model]));
  const accelerators = new Map(catalogue.accelerators.map((accelerator) => [accelerator.id, accelerator]));
  const groups = groupBy(runs, ({ configuration, workload }) =>
    JSON.stringify([configuration.configurationId, workload.workloadId]),
  );
  const contradicted = new Set<LoadPoint>();
  for (const group of groups.values()) collectContradicted(group, contradicted);

  return runs.map((run) => {
    const leastMs = leastTpotMs(
      run,
      models.get(run.configuration.model),
      accelerators.get(run.configuration.accelerator),
    );
    let changed = false;
    const points = run.points.map((point) => {
      const added: QualityFlag[] = [];
      const ownMs = tpot(point, "mean") ?? tpot(point, "p50");
      const bound = leastMs !== null && !point.qualityFlags.includes(SPECULATIVE_UNKNOWN) ? leastMs : null;
      if (bound !== null && ownMs !== null && ownMs < bound) added.push(BEATS_MEMORY_BANDWIDTH);
      if (contradicted.has(point)) added.push(AGAINST_OTHER_RUNS);
      const fresh = added.filter((flag) => !point.qualityFlags.includes(flag));
      if (fresh.length === 0) return point;
      changed = true;
      return { ...point, qualityFlags: [...point.qualityFlags, ...fresh] };
    });
    return changed ? { ...run, points } : run;
  });
}
