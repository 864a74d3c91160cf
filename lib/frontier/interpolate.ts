import type { LoadPoint } from "../domain";
import type { LatencyField, LatencyStatistics, Metric, Statistic } from "../measurement/latency";
import { latencyField } from "../measurement/latency";
import type { LoadKind } from "../measurement/measurement";
import type { ThroughputBasis } from "./derive";
import { requestsPerSecondOf, throughputOf } from "./derive";

/** What is expected at a load between two measured points of one curve. */
export interface InterpolatedPoint extends Record<LatencyField, LatencyStatistics | null> {
  loadKind: LoadKind;
  loadValue: number;
  /** `null` where a neighbour has no throughput. */
  outputTokensPerSecond: number | null;
  throughputBasis: ThroughputBasis | null;
  requestsPerSecond: number | null;
  inputTokensPerSecond: number | null;
  inputTokensMean: number | null;
  outputTokensMean: number | null;
}

function within(value: number, a: number, b: number): number {
  return Math.min(Math.max(value, Math.min(a, b)), Math.max(a, b));
}

/** Straight line from a to b at fraction 0…1, never outside the two. */
export function between(a: number, b: number, fraction: number): number {
  return within(a + (b - a) * fraction, a, b);
}

function betweenKnown(a: number | null, b: number | null, fraction: number): number | null {
  return a === null || b === null ? null : between(a, b, fraction);
}

function latencyBetween(
  a: LatencyStatistics | null,
  b: LatencyStatistics | null,
  fraction: number,
): LatencyStatistics | null {
  if (a === null || b === null) return null;
  const mean = betweenKnown(a.mean, b.mean, fraction);
  const p50 = betweenKnown(a.p50, b.p50, fraction);
  const p90 = betweenKnown(a.p90, b.p90, fraction);
  const p95 = betweenKnown(a.p95, b.p95, fraction);
  const p99 = betweenKnown(a.p99, b.p99, fraction);
  if (mean === null && p50 === null && p90 === null && p95 === null && p99 === null) return null;
  return { mean, p50, p90, p95, p99 };
}

/** Ways to say how long a request stays in the system, the best first. */
const REQUEST_TIMES: readonly { parts: readonly Metric[]; statistic: Statistic }[] = [
  { parts: ["ttft", "tpot"], statistic: "mean" },
  { parts: ["ttft", "tpot"], statistic: "p50" },
  { parts: ["ttft", "itl"], statistic: "mean" },
  { parts: ["ttft", "itl"], statistic: "p50" },
  { parts: ["e2e"], statistic: "mean" },
  { parts: ["e2e"], statistic: "p50" },
  { parts: ["ntpot"], statistic: "mean" },
  { parts: ["ntpot"], statistic: "p50" },
];

/** Milliseconds a request spends in the system at a point, in one of the ways above; `null` where that is not measured. */
function requestMs(
  point: LoadPoint,
  [first, second]: readonly Metric[],
  statistic: Statistic,
  outputTokens: number | null,
): number | null {
  const firstMs = first === undefined ? null : (point[latencyField(first)]?.[statistic] ?? null);
  // End-to-end and normalised latency differ from the request time by a constant factor at most, which the ratio
  // below takes up.
  if (second === undefined || firstMs === null) return firstMs;
  const secondMs = point[latencyField(second)]?.[statistic] ?? null;
  return secondMs === null || outputTokens === null ? null : firstMs + secondMs * (outputTokens - 1);
}

type OfFraction = (fraction: number) => number;

/**
 * Throughput of a closed loop between two loads, by Little's law times the measured ÷ derived ratio interpolated between
 * them. Both ends are taken with one output length, their mean; what really differs goes into the ratio.
 * Then load ÷ request time is monotone and its product with a linear ratio turns at most once between the ends, so that,
 * held between its neighbours, throughput never falls where it should rise: a looser target can only deliver more.
 */
function closedLoopThroughput(a: LoadPoint, b: LoadPoint, throughputA: number, throughputB: number): OfFraction {
  const outputTokens =
    a.outputTokensMean !== null && b.outputTokensMean !== null ? (a.outputTokensMean + b.outputTokensMean) / 2 : null;
  const loadA = a.loadValue ?? 0;
  const loadB = b.loadValue ?? 0;
  for (const { parts, statistic } of REQUEST_TIMES) {
    const msA = requestMs(a, parts, statistic, outputTokens);
    const msB = requestMs(b, parts, statistic, outputTokens);
    if (msA === null || msB === null || msA <= 0 || msB <= 0 || loadA <= 0) continue;
    const ratioA = throughputA / (loadA / msA);
    const ratioB = throughputB / (loadB / msB);
    return (fraction) => {
      const derived = between(loadA, loadB, fraction) / between(msA, msB, fraction);
      return within(derived * between(ratioA, ratioB, fraction), throughputA, throughputB);
    };
  }
  return (fraction) => between(throughputA, throughputB, fraction);
}

/** Two points of one load axis, the first at the lower load, prepared for interpolation. */
interface Segment {
  loadKind: LoadKind;
  loadA: number;
  loadB: number;
  /** `null` where a neighbour has no throughput. */
  throughput: OfFraction | null;
  basis: ThroughputBasis | null;
  /** Interpolates a quantity that goes with throughput by its ratio to it. */
  proportional: (valueA: number | null, valueB: number | null) => OfFraction | null;
}

function segmentOf(a: LoadPoint, b: LoadPoint): Segment | null {
  const { loadKind, loadValue: loadA } = a;
  const loadB = b.loadValue;
  if (loadKind === null || loadKind !== b.loadKind || loadA === null || loadB === null || loadA >= loadB) return null;
  const { outputTokensPerSecond: tokensA, basis: basisA } = throughputOf(a);
  const { outputTokensPerSecond: tokensB, basis: basisB } = throughputOf(b);
  if (tokensA === null || tokensB === null) {
    return { loadKind, loadA, loadB, throughput: null, basis: null, proportional: () => null };
  }
  const throughput: OfFraction =
    loadKind === "concurrency"
      ? closedLoopThroughput(a, b, tokensA, tokensB)
      : (fraction) => between(tokensA, tokensB, fraction);
  return {
    loadKind,
    loadA,
    loadB,
    throughput,
    basis: basisA === "measured" && basisB === "measured" ? "measured" : "derived",
    proportional: (valueA, valueB) => {
      if (valueA === null || valueB === null || tokensA <= 0 || tokensB <= 0) return null;
      return (fraction) =>
        within(throughput(fraction) * between(valueA / tokensA, valueB / tokensB, fraction), valueA, valueB);
    },
  };
}

/**
 * Requests/s completed at each load between two load neighbours of one curve, as a function of the load; `null` where
 * `interpolateBetween` has none.
 */
export function requestRateBetween(a: LoadPoint, b: LoadPoint): ((loadValue: number) => number) | null {
  const segment = segmentOf(a, b);
  const rate = segment?.proportional(requestsPerSecondOf(a), requestsPerSecondOf(b)) ?? null;
  if (segment === null || rate === null) return null;
  const { loadA, loadB } = segment;
  return (loadValue) => rate((loadValue - loadA) / (loadB - loadA));
}

/**
 * What to expect at `loadValue` between two load neighbours `a` and `b` of one curve (`a` at the lower load): every
 * latency statistic both have, linear in the load; throughput by Little's law for concurrency (linear where no request
 * time is known) and linear for a request rate; token means linear. Everything stays between its two neighbours.
 * `null` where the two are not on one load axis or the load is not between them: nothing is extrapolated.
 */
export function interpolateBetween(a: LoadPoint, b: LoadPoint, loadValue: number): InterpolatedPoint | null {
  const segment = segmentOf(a, b);
  if (segment === null || !(segment.loadA <= loadValue && loadValue <= segment.loadB)) return null;
  const fraction = (loadValue - segment.loadA) / (segment.loadB - segment.loadA);
  const rate = segment.proportional(requestsPerSecondOf(a), requestsPerSecondOf(b));
  const input = segment.proportional(a.inputTokensPerSecond, b.inputTokensPerSecond);
  return {
    ttftMs: latencyBetween(a.ttftMs, b.ttftMs, fraction),
    tpotMs: latencyBetween(a.tpotMs, b.tpotMs, fraction),
    itlMs: latencyBetween(a.itlMs, b.itlMs, fraction),
    ntpotMs: latencyBetween(a.ntpotMs, b.ntpotMs, fraction),
    e2eMs: latencyBetween(a.e2eMs, b.e2eMs, fraction),
    loadKind: segment.loadKind,
    loadValue,
    outputTokensPerSecond: segment.throughput?.(fraction) ?? null,
    throughputBasis: segment.basis,
    requestsPerSecond: rate?.(fraction) ?? null,
    inputTokensPerSecond: input?.(fraction) ?? null,
    inputTokensMean: betweenKnown(a.inputTokensMean, b.inputTokensMean, fraction),
    outputTokensMean: betweenKnown(a.outputTokensMean, b.outputTokensMean, fraction),
  };
}
