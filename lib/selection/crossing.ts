import type { Slo } from "../domain";
import { between, type InterpolatedPoint, interpolateBetween } from "../frontier/interpolate";
import { failedShareOf } from "../measurement/checks/failures";
import type { LatencyField, LatencyStatistics } from "../measurement/latency";
import { latencyField } from "../measurement/latency";
import type { JudgedPoint } from "./judged-points";
import type { OperatingPoint, SloStanding } from "./types";

/**
 * Relative error to expect of the throughput at an interpolated SLO crossing, by how far apart the two loads are: the median miss
 * when inner points of the shipped curves are left out one at a time and the crossing is predicted from their neighbours (5,790
 * crossings of all metrics and statistics). Beyond the last gap it is hardly better than a guess, and said so.
 */
const ERRORS_BY_GAP: readonly (readonly [gap: number, relativeError: number])[] = [
  [2.2, 0.044],
  [4, 0.068],
  [8, 0.103],
];
const ERROR_BEYOND = 0.316;

/** The error to expect between two loads, and whether their gap is too wide for more than a rough idea. */
export function crossingError(loadA: number, loadB: number): { relativeError: number; isWide: boolean } {
  const known = ERRORS_BY_GAP.find(([gap]) => loadB <= loadA * gap);
  return known === undefined
    ? { relativeError: ERROR_BEYOND, isWide: true }
    : { relativeError: known[1], isWide: false };
}

/** Where, between a feasible point and its infeasible neighbour at higher load, the first SLO breaks. */
export interface Crossing {
  lower: JudgedPoint;
  upper: JudgedPoint;
  /** The SLO that breaks first. */
  binding: Slo;
  point: InterpolatedPoint & { outputTokensPerSecond: number };
}

/** The failing SLO of `upper` that breaks first on the way from `lower`, and at which fraction of the way. */
export function firstToBreak(
  lower: JudgedPoint,
  upper: JudgedPoint,
  slos: readonly Slo[],
): { slo: Slo; fraction: number } | null {
  let first: { slo: Slo; fraction: number } | null = null;
  for (const [index, slo] of slos.entries()) {
    const from = lower.readings[index]?.valueMs;
    const to = upper.readings[index]?.valueMs;
    if (from === undefined || to === undefined || to <= slo.limitMs) continue;
    const fraction = (slo.limitMs - from) / (to - from);
    if (first === null || fraction < first.fraction) first = { slo, fraction };
  }
  return first;
}

/**
 * The SLO crossing between two load neighbours: latencies linear in the load, the first SLO to break binds, throughput
 * as `interpolateBetween` gives it. `null` where the two cannot be interpolated (other load axis, no throughput) or where
 * the crossing is the lower point itself.
 */
export function crossingBetween(lower: JudgedPoint, upper: JudgedPoint, slos: readonly Slo[]): Crossing | null {
  const loadA = lower.point.loadValue;
  const loadB = upper.point.loadValue;
  // Where requests fail on the way is not known: nothing between is promised then.
  if (
    !lower.feasible ||
    upper.feasible ||
    upper.missedRequests !== null ||
    loadA === null ||
    loadB === null ||
    loadB <= loadA
  )
    return null;
  if (lower.throughput === null || upper.throughput === null) return null;
  const first = firstToBreak(lower, upper, slos);
  if (first === null) return null;
  const load = between(loadA, loadB, first.fraction);
  if (load <= loadA) return null;
  const point = interpolateBetween(lower.point, upper.point, load);
  if (point === null || point.outputTokensPerSecond === null) return null;
  return { lower, upper, binding: first.slo, point: { ...point, outputTokensPerSecond: point.outputTokensPerSecond } };
}

/** Of readings at two points the weaker says what the one between them is, in this order. */
const BASES: readonly SloStanding["basis"][] = ["estimated", "bound", "derived"];

/** How each SLO stands at a crossing: met by construction; rounding of floats may not put it over its limit. */
function standingsAt(crossing: Crossing, slos: readonly Slo[]): SloStanding[] {
  const { lower, upper, point } = crossing;
  const [loadA, loadB] = [lower.point.loadValue ?? 0, upper.point.loadValue ?? 0];
  const fraction = (point.loadValue - loadA) / (loadB - loadA);
  return slos.map((slo, index) => {
    const from = lower.readings[index];
    const to = upper.readings[index];
    if (from === undefined || to === undefined) throw new Error("standingsAt: one reading per SLO expected");
    const weaker = BASES.flatMap((basis) => [from, to].find((reading) => reading.basis === basis) ?? [])[0] ?? to;
    const valueMs = slo === crossing.binding ? slo.limitMs : between(from.valueMs, to.valueMs, fraction);
    return {
      slo,
      valueMs: Math.min(valueMs, slo.limitMs),
      basis: weaker.basis,
      statisticUsed: weaker.statisticUsed,
      ...(weaker.estimate === undefined
        ? {}
        : { estimate: { ...weaker.estimate, highMs: Math.min(valueMs, slo.limitMs) } }),
      met: true,
    };
  });
}

/** Writes the exact SLO values into the interpolated latencies, so that both say the same to the last bit. */
function latenciesAt(crossing: Crossing, standings: readonly SloStanding[]) {
  const { ttftMs, tpotMs, itlMs, ntpotMs, e2eMs } = crossing.point;
  const latencies: Record<LatencyField, LatencyStatistics | null> = { ttftMs, tpotMs, itlMs, ntpotMs, e2eMs };
  for (const [index, { slo, valueMs }] of standings.entries()) {
    const used = crossing.lower.readings[index]?.statisticUsed;
    const field = latencyField(slo.metric);
    const statistics = latencies[field];
    // Where the two ends were judged by different statistics, the value belongs to neither of them.
    if (!used || used !== crossing.upper.readings[index]?.statisticUsed || statistics === null) continue;
    if (statistics[used] !== null) latencies[field] = { ...statistics, [used]: valueMs };
  }
  return latencies;
}

function highestKnown(a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : Math.max(a, b);
}

/** The operating point at a crossing. */
export function interpolatedOperatingPoint(crossing: Crossing, slos: readonly Slo[]): OperatingPoint {
  const { lower, upper, point } = crossing;
  const standings = standingsAt(crossing, slos);
  return {
    kind: "interpolated",
    between: [lower.point, upper.point],
    expectedRelativeError: crossingError(lower.point.loadValue ?? 0, upper.point.loadValue ?? 0).relativeError,
    ...latenciesAt(crossing, standings),
    loadKind: point.loadKind,
    loadValue: point.loadValue,
    outputTokensPerSecond: point.outputTokensPerSecond,
    throughputBasis: point.throughputBasis ?? "derived",
    requestsPerSecond: point.requestsPerSecond,
    inputTokensPerSecond: point.inputTokensPerSecond,
    failedShare: highestKnown(failedShareOf(lower.point), failedShareOf(upper.point)),
    standings,
    bindingSlo: crossing.binding,
    bindingRequests: null,
    qualityFlags: [...new Set([...lower.point.qualityFlags, ...upper.point.qualityFlags])],
  };
}
