import type { LoadPoint, Slo } from "../domain";
import { plural } from "../format";
import { takesPart } from "../frontier/axes";
import { requestsPerSecondOf } from "../frontier/derive";
import type { LoadCurve } from "../frontier/load-curve";
import { failedShareOf } from "../measurement/checks/failures";
import { tooFewFor } from "../measurement/checks/statistics";
import { loadLabel } from "../words";
import { type Crossing, crossingBetween, firstToBreak, interpolatedOperatingPoint } from "./crossing";
import { type JudgedPoint, type JudgeOptions, judgedPoints } from "./judged-points";
import { kneeOf } from "./knee";
import { closestTo } from "./near-miss";
import { missedRequestTarget, missedText } from "./request-targets";
import { latencyName, sloReading, standingOf } from "./slo";
import type { NearMiss, OperatingPoint, SloStanding } from "./types";

export interface OperatingPointOptions extends JudgeOptions {
  /** Share of the best throughput, 0…1, that makes the knee when no SLO is given. */
  kneeShare: number;
}

export type OperatingPointResult =
  | { kind: "found"; operatingPoint: OperatingPoint }
  | {
      kind: "infeasible";
      /** The measured point that comes closest. */
      point: LoadPoint;
      standings: SloStanding[];
      /** By how much it misses a target on failed requests or goodput, as a clause; `null` where it misses none. */
      requestsMissed: string | null;
      smallestRelaxation: NearMiss["smallestRelaxation"];
    }
  | { kind: "notComparable"; missing: Slo[]; reason: string };

/** The fields of an operating point that come from a measured point. */
function measuredFacts(
  judged: JudgedPoint & { throughput: number },
  slos: readonly Slo[],
  binding: Binding = { bindingSlo: null, bindingRequests: null },
) {
  const { point } = judged;
  return {
    point,
    ttftMs: point.ttftMs,
    tpotMs: point.tpotMs,
    itlMs: point.itlMs,
    ntpotMs: point.ntpotMs,
    e2eMs: point.e2eMs,
    loadKind: point.loadKind,
    loadValue: point.loadValue,
    outputTokensPerSecond: judged.throughput,
    throughputBasis: judged.basis,
    requestsPerSecond: requestsPerSecondOf(point),
    inputTokensPerSecond: point.inputTokensPerSecond,
    failedShare: failedShareOf(point),
    standings: slos.map((slo, index) => standingOf(judged.readings[index] ?? sloReading(point, slo), slo)),
    ...binding,
    qualityFlags: point.qualityFlags,
  };
}

function hasThroughput(judged: JudgedPoint): judged is JudgedPoint & { throughput: number } {
  return judged.throughput !== null;
}

type Binding = Pick<OperatingPoint, "bindingSlo" | "bindingRequests">;

/** The target that stops a measured point from carrying more load; none where it is saturation that does. */
function bindingAfter(points: readonly JudgedPoint[], best: number, slos: readonly Slo[]): Binding {
  const none = { bindingSlo: null, bindingRequests: null };
  const chosen = points[best];
  if (chosen === undefined) return none;
  for (const later of points.slice(best + 1)) {
    if (later.feasible || (later.throughput !== null && later.throughput <= (chosen.throughput ?? 0))) continue;
    const bindingSlo = firstToBreak(chosen, later, slos)?.slo ?? null;
    return { bindingSlo, bindingRequests: bindingSlo === null ? later.missedRequests : null };
  }
  return none;
}

/** Nothing measured carries more load than this point, apart from repeats of its own load that met the SLOs too. */
function isHighestMeasured(points: readonly JudgedPoint[], index: number): boolean {
  const judged = points[index];
  const highest = points.at(-1);
  if (judged === undefined || highest === undefined) return false;
  if (judged.point.loadKind !== highest.point.loadKind || judged.point.loadValue !== highest.point.loadValue)
    return false;
  return points.slice(index + 1).every((later) => later.feasible);
}

/** The best candidate by throughput; of equals a measured one, then the one at lower load. */
function bestCandidate(
  points: readonly JudgedPoint[],
  slos: readonly Slo[],
  options: OperatingPointOptions,
): OperatingPoint | null {
  let best: { judged: JudgedPoint & { throughput: number }; index: number } | null = null;
  let crossing: Crossing | null = null;
  for (const [index, judged] of points.entries()) {
    if (judged.feasible && hasThroughput(judged) && (best === null || judged.throughput > best.judged.throughput))
      best = { judged, index };
    const next = points[index + 1];
    const candidate = next && judged.feasible && !next.feasible ? crossingBetween(points, index, slos, options) : null;
    if (candidate && candidate.point.outputTokensPerSecond > (crossing?.point.outputTokensPerSecond ?? 0)) {
      crossing = candidate;
    }
  }
  if (crossing && crossing.point.outputTokensPerSecond > (best?.judged.throughput ?? 0)) {
    return interpolatedOperatingPoint(crossing, slos);
  }
  if (best === null) return null;
  if (isHighestMeasured(points, best.index)) return { kind: "atLeast", ...measuredFacts(best.judged, slos) };
  return {
    kind: "measured",
    rule: "slo",
    ...measuredFacts(best.judged, slos, bindingAfter(points, best.index, slos)),
  };
}

/** Why a curve cannot be judged: a latency that is on none of its points, or no throughput that counts. */
function notComparable(curve: LoadCurve, slos: readonly Slo[], options: OperatingPointOptions): OperatingPointResult {
  const left = curve.points.filter((point) => takesPart(point, options));
  if (left.length === 0) {
    const reason = curve.points.length === 0 ? "It has no load points." : leftOutReason(curve, options);
    return { kind: "notComparable", missing: [], reason };
  }
  const lacks = (point: LoadPoint, slo: Slo): boolean => sloReading(point, slo).valueMs === null;
  const names = (missing: readonly Slo[]): string => missing.map(latencyName).join(" and ");
  const nowhere = slos.filter((slo) => left.every((point) => lacks(point, slo)));
  const few = left.flatMap((point) => slos.flatMap((slo) => tooFewSentence(point, slo) ?? []));
  const [fewest] = few;
  if (fewest !== undefined && left.every((point) => slos.some((slo) => lacks(point, slo)))) {
    const missing = slos.filter((slo) => left.some((point) => lacks(point, slo)));
    return { kind: "notComparable", missing, reason: fewest };
  }
  if (nowhere.length > 0) {
    const reason = `${names(nowhere)} ${nowhere.length === 1 ? "was" : "were"} not measured.`;
    return { kind: "notComparable", missing: nowhere, reason };
  }
  if (left.every((point) => slos.some((slo) => lacks(point, slo)))) {
    const missing = slos.filter((slo) => left.some((point) => lacks(point, slo)));
    return { kind: "notComparable", missing, reason: `${names(missing)} were not measured at the same load.` };
  }
  return { kind: "notComparable", missing: [], reason: "Its throughput is not known where its latency is." };
}

/** Why a percentile that was measured cannot be judged at a point; `null` where it can, or was not measured. */
function tooFewSentence(point: LoadPoint, slo: Slo): string | null {
  if (sloReading(point, slo).basis !== "tooFew") return null;
  const { metric, statistic } = slo;
  const few = tooFewFor(point, metric, statistic);
  const measured = point.requestsCompleted ?? 0;
  const takes = few === null ? "" : `; a ${statistic} takes ${few.needed}`;
  return `${latencyName(slo)} was not measured well enough: ${plural(measured, "request")} at ${loadLabel(point.loadKind, point.loadValue)}${takes}.`;
}

function leftOutReason(curve: LoadCurve, options: OperatingPointOptions): string {
  const withoutFilter = { measuredOnly: false, includeOutliers: options.includeOutliers };
  return curve.points.some((point) => takesPart(point, withoutFilter))
    ? "Its throughput is derived, and only measured throughput was asked for."
    : (curve.keptOff ?? "All its points are flagged as outliers.");
}

/**
 * Where a configuration delivers the most while every SLO holds. Candidates: every measured point that meets
 * all SLOs, and the crossing between a feasible point and its infeasible neighbour at higher load; the best by throughput
 * wins. `atLeast` when the highest load measured still met every SLO and is the best. Without SLOs: the knee.
 * No candidate gives the closest point (`infeasible`); a latency or throughput that is missing gives `notComparable`.
 */
export function operatingPoint(
  curve: LoadCurve,
  slos: readonly Slo[],
  options: OperatingPointOptions,
): OperatingPointResult {
  const points = judgedPoints(curve, slos, options);
  if (slos.length === 0) {
    const serving = points.filter(({ missedRequests }) => missedRequests === null);
    const knee = kneeOf(serving, options.kneeShare);
    if (knee === null && serving.length < points.length) return infeasible(curve, points, slos, options);
    if (knee === null || !hasThroughput(knee)) return notComparable(curve, slos, options);
    return {
      kind: "found",
      operatingPoint: { kind: "measured", rule: "knee", ...measuredFacts(knee, slos) },
    };
  }
  const best = bestCandidate(points, slos, options);
  if (best) return { kind: "found", operatingPoint: best };
  return infeasible(curve, points, slos, options);
}

/** The point that comes closest, and by how much it misses; not comparable where none can be judged. */
function infeasible(
  curve: LoadCurve,
  points: readonly JudgedPoint[],
  slos: readonly Slo[],
  options: OperatingPointOptions,
): OperatingPointResult {
  // A point that fails too many requests is admitted by no limit on latency.
  const serving = points.filter(({ missedRequests }) => missedRequests === null);
  const closest = closestTo(serving, slos) ?? closestTo(points, slos);
  if (closest === null) return notComparable(curve, slos, options);
  const missed = missedRequestTarget(closest.point, options.requests);
  const requestsMissed = missed === null ? null : missedText(closest.point, missed, options.requests);
  return {
    kind: "infeasible",
    ...closest,
    smallestRelaxation: missed === null ? closest.smallestRelaxation : null,
    requestsMissed,
  };
}
