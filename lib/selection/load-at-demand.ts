import type { LoadPoint } from "../domain";
import { type PointFilter, takesPart } from "../frontier/axes";
import { latencyOf, requestsPerSecondOf, throughputOf } from "../frontier/derive";
import {
  type Beyond,
  between,
  beyondPair,
  type InterpolatedPoint,
  interpolateBetween,
  loadReaching,
  requestRateBetween,
} from "../frontier/interpolate";
import type { LoadCurve } from "../frontier/load-curve";
import type { LatencyField, LatencyStatistics } from "../measurement/latency";
import type { Carried, DemandMeasure } from "./demand";

type Latencies = Record<LatencyField, LatencyStatistics | null>;

/** What a replica shows at a share of a demand. */
export interface LoadAtDemand extends Latencies {
  /** Measured there, interpolated between two loads, or, below the lowest measured load, at most what was measured at it. */
  basis: "measured" | "interpolated" | "atMost";
  /** Requests/s it completes there; `null` = not known. */
  requestsPerSecond: number | null;
}

function latenciesOf({ ttftMs, tpotMs, itlMs, ntpotMs, e2eMs }: Latencies): Latencies {
  return { ttftMs, tpotMs, itlMs, ntpotMs, e2eMs };
}

/**
 * Mean time a request stays in the system, ms: measured end to end, else TTFT + TPOT × (output tokens − 1); `null` = not known.
 */
export function timeInSystemMs(point: Latencies & { outputTokensMean?: number | null }): number | null {
  const e2e = latencyOf(point, "e2e", "mean").value;
  if (e2e !== null) return e2e;
  const ttft = latencyOf(point, "ttft", "mean").value;
  const tpot = latencyOf(point, "tpot", "mean").value;
  const outputTokens = point.outputTokensMean ?? null;
  return ttft === null || tpot === null || outputTokens === null ? null : ttft + tpot * Math.max(0, outputTokens - 1);
}

/** A measured point as a demand is measured by it. */
export function carriedBy(point: LoadPoint): Carried {
  return {
    loadKind: point.loadKind,
    loadValue: point.loadValue,
    requestsPerSecond: requestsPerSecondOf(point),
    outputTokensPerSecond: throughputOf(point).outputTokensPerSecond,
    e2eMsMean: timeInSystemMs(point),
  };
}

/** How much of a demand is carried at each load between two measured points; `null` where the two are not on one load axis. */
function carriedBetween(
  a: LoadPoint,
  b: LoadPoint,
  beyond: Beyond,
  measure: DemandMeasure,
): ((loadValue: number) => number | null) | null {
  const rateAt = requestRateBetween(a, b, beyond);
  const { loadKind, loadValue: loadA } = a;
  const loadB = b.loadValue;
  if (rateAt === null || loadA === null || loadB === null) return null;
  const [low, high] = [carriedBy(a), carriedBy(b)];
  const tokensEach = ({ outputTokensPerSecond, requestsPerSecond }: Carried): number =>
    (outputTokensPerSecond ?? Number.NaN) / (requestsPerSecond ?? Number.NaN);
  return (loadValue) => {
    const fraction = (loadValue - loadA) / (loadB - loadA);
    const requestsPerSecond = rateAt(loadValue);
    return measure.carriedAt({
      loadKind,
      loadValue,
      requestsPerSecond,
      outputTokensPerSecond: requestsPerSecond * between(tokensEach(low), tokensEach(high), fraction),
      e2eMsMean:
        low.e2eMsMean === null || high.e2eMsMean === null ? null : between(low.e2eMsMean, high.e2eMsMean, fraction),
    });
  };
}

/** The point between two measured ones that carries so much of a demand; theirs lie on either side of it. */
function pointAt(
  a: LoadPoint,
  b: LoadPoint,
  beyond: Beyond,
  share: number,
  measure: DemandMeasure,
): InterpolatedPoint | null {
  const carriedAt = carriedBetween(a, b, beyond, measure);
  if (carriedAt === null) return null;
  const [low, high] = [a.loadValue ?? 0, b.loadValue ?? 0];
  if (![low, high].every((load) => Number.isFinite(carriedAt(load) ?? Number.NaN))) return null;
  const load = loadReaching((at) => carriedAt(at) ?? Number.NaN, low, high, share);
  return interpolateBetween(a, b, load, beyond);
}

/** What lies beyond a point and its neighbour at higher load, among the points that take part and of which it is known how much they carry. */
function beyondOf(curve: LoadCurve, from: LoadPoint, measure: DemandMeasure, options: PointFilter): Beyond {
  const points = curve.points.filter(
    (point) => takesPart(point, options) && measure.carriedAt(carriedBy(point)) !== null,
  );
  return beyondPair(points, points.indexOf(from));
}

/**
 * The latencies a replica shows when it carries this share of a demand, read off its curve at the lowest load that does.
 * `null` where the curve does not reach so far.
 */
export function loadAtDemand(
  curve: LoadCurve,
  share: number,
  measure: DemandMeasure,
  options: PointFilter,
): LoadAtDemand | null {
  let previous: LoadPoint | null = null;
  for (const point of curve.points) {
    if (!takesPart(point, options)) continue;
    const load = carriedBy(point);
    const carried = measure.carriedAt(load);
    if (carried === null) continue;
    if (carried >= share) {
      const found =
        previous === null || carried === share
          ? null
          : pointAt(previous, point, beyondOf(curve, previous, measure, options), share, measure);
      if (found !== null) {
        return { ...latenciesOf(found), basis: "interpolated", requestsPerSecond: found.requestsPerSecond };
      }
      // Below the lowest load, or not on one load axis: the higher of the two bounds it from above.
      const rate = load.requestsPerSecond === null ? null : (load.requestsPerSecond * share) / carried;
      return { ...latenciesOf(point), basis: carried === share ? "measured" : "atMost", requestsPerSecond: rate };
    }
    previous = point;
  }
  return null;
}
