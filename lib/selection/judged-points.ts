import type { LoadPoint, Slo } from "../domain";
import { type PointFilter, takesPart } from "../frontier/axes";
import type { ThroughputBasis } from "../frontier/derive";
import { throughputOf } from "../frontier/derive";
import type { LoadCurve } from "../frontier/load-curve";
import { missedRequestTarget, type RequestTargets } from "./request-targets";
import { type SloReading, sloReading } from "./slo";

/** A load point of a curve with its reading of every SLO: what the operating point is looked for among. */
export interface JudgedPoint {
  point: LoadPoint;
  /** Output tokens/s; `null` = not known: the point is no candidate then, but still shows where targets break. */
  throughput: number | null;
  basis: ThroughputBasis;
  /** One per SLO asked, in that order; none is missing. */
  readings: (SloReading & { valueMs: number })[];
  /** The request target it misses; `null` = none. */
  missedRequests: "failed" | "goodput" | null;
  feasible: boolean;
}

/** Which points take part, which requests must be served, and whether percentiles may be estimated. */
export interface JudgeOptions extends PointFilter {
  requests: RequestTargets;
  estimates: boolean;
}

/**
 * True where an SLO is judged by estimates on a curve: where they are wanted, and no point of it has the percentile or a higher
 * one. Measured and estimated readings are never mixed on one curve.
 */
function isEstimated(curve: LoadCurve, slo: Slo, options: JudgeOptions): boolean {
  if (!options.estimates || options.measuredOnly) return false;
  return curve.points.every((point) => sloReading(point, slo).basis === "missing");
}

function isKnown(reading: SloReading): reading is SloReading & { valueMs: number } {
  return reading.valueMs !== null;
}

/** The points of a curve on which every SLO can be judged, ascending by load. All SLOs are applied, always. */
export function judgedPoints(curve: LoadCurve, slos: readonly Slo[], filter: JudgeOptions): JudgedPoint[] {
  const found: JudgedPoint[] = [];
  const estimated = slos.map((slo) => isEstimated(curve, slo, filter));
  for (const point of curve.points) {
    if (!takesPart(point, filter)) continue;
    const readings = slos.map((slo, index) => sloReading(point, slo, estimated[index])).filter(isKnown);
    if (readings.length < slos.length) continue;
    const { outputTokensPerSecond, basis } = throughputOf(point);
    const usable = outputTokensPerSecond !== null && outputTokensPerSecond > 0;
    const missedRequests = missedRequestTarget(point, filter.requests);
    found.push({
      point,
      missedRequests,
      throughput: usable ? outputTokensPerSecond : null,
      basis: basis ?? "measured",
      readings,
      feasible:
        missedRequests === null && readings.every((reading, index) => reading.valueMs <= (slos[index]?.limitMs ?? 0)),
    });
  }
  return found;
}
