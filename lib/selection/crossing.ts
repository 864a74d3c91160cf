import type { LoadPoint, Slo } from "../domain";
import {
  type Beyond,
  beyondPair,
  type FourValues,
  type InterpolatedPoint,
  interpolateBetween,
  latencyAlong,
  loadReaching,
} from "../frontier/interpolate";
import { failedShareOf } from "../measurement/checks/failures";
import type { LatencyField, LatencyStatistics } from "../measurement/latency";
import { latencyField } from "../measurement/latency";
import { crossingError } from "./crossing-errors";
import { isWideGap } from "./grade";
import type { JudgedPoint } from "./judged-points";
import type { OperatingPoint, SloStanding } from "./types";

/** Where, between a feasible point and its infeasible neighbour at higher load, the first SLO breaks. */
export interface Crossing {
  lower: JudgedPoint;
  upper: JudgedPoint;
  /** The SLO that breaks first. */
  binding: Slo;
  /** What each SLO is compared with at the crossing, milliseconds; in the order asked. */
  valuesMs: number[];
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

/** What each SLO is compared with between the pair that begins at an index, as functions of the load; `null` = not readable. */
function readingsAlong(points: readonly JudgedPoint[], index: number, beyond: Beyond, slos: readonly Slo[]) {
  const [lower, upper] = [points[index], points[index + 1]];
  const of = (point: LoadPoint | null, slo: number): number | null =>
    point === null ? null : (points.find((judged) => judged.point === point)?.readings[slo]?.valueMs ?? null);
  if (lower === undefined || upper === undefined) return [];
  return slos.map((_, slo) => {
    const from = lower.readings[slo]?.valueMs;
    const to = upper.readings[slo]?.valueMs;
    if (from === undefined || to === undefined) throw new Error("readingsAlong: one reading per SLO expected");
    const values: FourValues = [of(beyond.before, slo), from, to, of(beyond.after, slo)];
    return { to, valueAt: latencyAlong(lower.point, upper.point, beyond, values) };
  });
}

/**
 * The SLO crossing between the load neighbours that begin at an index: each latency as `interpolateBetween` gives it, the first
 * SLO to break binds, throughput at that load. `null` where the two cannot be interpolated (other load axis, no throughput),
 * where the upper one fails requests, and where the crossing is the lower point itself. Across a wide gap it is an estimate, and
 * only given where those are wanted.
 */
export function crossingBetween(
  points: readonly JudgedPoint[],
  index: number,
  slos: readonly Slo[],
  { estimates }: { estimates: boolean },
): Crossing | null {
  const [lower, upper] = [points[index], points[index + 1]];
  if (lower === undefined || upper === undefined || !lower.feasible || upper.feasible) return null;
  const loadA = lower.point.loadValue;
  const loadB = upper.point.loadValue;
  // Where requests fail on the way is not known: nothing between is promised then.
  if (upper.missedRequests !== null || loadA === null || loadB === null || loadB <= loadA) return null;
  if (lower.throughput === null || upper.throughput === null) return null;
  if (!estimates && isWideGap(loadA, loadB)) return null;
  const beyond = beyondPair(
    points.map(({ point }) => point),
    index,
  );
  const readings = readingsAlong(points, index, beyond, slos);
  let load = loadB;
  let binding: Slo | null = null;
  for (const [slo, { to, valueAt }] of readings.entries()) {
    const asked = slos[slo];
    if (asked === undefined || to <= asked.limitMs) continue;
    const breaksAt = loadReaching(valueAt, loadA, loadB, asked.limitMs);
    if (binding !== null && breaksAt >= load) continue;
    load = breaksAt;
    binding = asked;
  }
  if (binding === null || load <= loadA) return null;
  const point = interpolateBetween(lower.point, upper.point, load, beyond);
  if (point === null || point.outputTokensPerSecond === null) return null;
  return {
    ...{ lower, upper, binding },
    valuesMs: readings.map(({ valueAt }) => valueAt(load)),
    point: { ...point, outputTokensPerSecond: point.outputTokensPerSecond },
  };
}

/** Of readings at two points the weaker says what the one between them is, in this order. */
const BASES: readonly SloStanding["basis"][] = ["estimated", "bound", "derived"];

/** How each SLO stands at a crossing: met by construction; rounding of floats may not put it over its limit. */
function standingsAt(crossing: Crossing, slos: readonly Slo[]): SloStanding[] {
  const { lower, upper, valuesMs } = crossing;
  return slos.map((slo, index) => {
    const from = lower.readings[index];
    const to = upper.readings[index];
    if (from === undefined || to === undefined) throw new Error("standingsAt: one reading per SLO expected");
    const weaker = BASES.flatMap((basis) => [from, to].find((reading) => reading.basis === basis) ?? [])[0] ?? to;
    const valueMs = slo === crossing.binding ? slo.limitMs : (valuesMs[index] ?? slo.limitMs);
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
  const error = crossingError(lower.point.loadValue ?? 0, upper.point.loadValue ?? 0, crossing.binding);
  return {
    kind: "interpolated",
    between: [lower.point, upper.point],
    expectedRelativeError: error.median,
    relativeErrorIn9Of10: error.p90,
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
