import { newestCurveFirst } from "../frontier/curve";
import type { LoadCurve } from "../frontier/load-curve";

/** A younger curve answers in place of a fuller one only with at least this share of its loads: a stub does not. */
const LOADS_SHARE = 0.5;

interface Reach {
  loads: number;
  /** The highest load with a value; 0 where no point has one. */
  highest: number;
  kind: LoadCurve["points"][number]["loadKind"];
}

function reachOf({ points }: LoadCurve): Reach {
  const loads = new Set<string>();
  let highest = 0;
  let kind: Reach["kind"] = null;
  for (const point of points) {
    loads.add(`${point.loadKind}:${point.loadValue}`);
    if (point.loadValue !== null && point.loadValue >= highest) {
      highest = point.loadValue;
      kind = point.loadKind;
    }
  }
  return { loads: loads.size, highest, kind };
}

function reachesAsFar(reach: Reach, fullest: Reach): boolean {
  if (reach.loads < fullest.loads * LOADS_SHARE) return false;
  // Requests in flight and requests/s cannot be compared: there the number of loads decides.
  return reach.kind !== fullest.kind ? reach.loads >= fullest.loads : reach.highest >= fullest.highest;
}

/** Throughput of its best point, tokens/s; the lower one of two equals promises less. */
function bestThroughput({ points }: LoadCurve): number {
  return points.reduce((best, point) => Math.max(best, point.outputTokensPerSecond ?? 0), 0);
}

/**
 * Of the curves of one configuration and workload, the one that answers: the newest that reaches as far as the fullest one (as
 * high a load, and at least half as many loads), so that a stub never answers because it is younger. Of curves of one day, or
 * undated ones, the one with more loads, then the one that promises less. `null` of none.
 */
export function answeringCurve<T extends { curve: LoadCurve }>(candidates: readonly T[]): T | null {
  const reaches = new Map(candidates.map((candidate) => [candidate, reachOf(candidate.curve)]));
  const reach = (candidate: T): Reach => reaches.get(candidate) ?? reachOf(candidate.curve);
  let fullest: T | null = null;
  for (const candidate of candidates) {
    if (fullest === null || compareFullness(reach(candidate), reach(fullest)) > 0) fullest = candidate;
  }
  if (fullest === null) return null;
  const bar = reach(fullest);
  const able = candidates.filter((candidate) => reachesAsFar(reach(candidate), bar));
  return (
    able.sort(
      (a, b) =>
        newestDayFirst(a.curve, b.curve) ||
        reach(b).loads - reach(a).loads ||
        bestThroughput(a.curve) - bestThroughput(b.curve) ||
        newestCurveFirst(a.curve, b.curve),
    )[0] ?? fullest
  );
}

function compareFullness(a: Reach, b: Reach): number {
  return a.loads - b.loads || (a.kind === b.kind ? a.highest - b.highest : 0);
}

function newestDayFirst(a: LoadCurve, b: LoadCurve): number {
  return a.measuredOn === b.measuredOn ? 0 : newestCurveFirst(a, b);
}
