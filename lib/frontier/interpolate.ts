import type { LoadPoint } from "../domain";
import type { LatencyField, LatencyStatistics, Metric, Statistic } from "../measurement/latency";
import { latencyField } from "../measurement/latency";
import type { LoadKind } from "../measurement/measurement";
import type { ThroughputBasis } from "./derive";
import { requestsPerSecondOf, throughputOf } from "./derive";
import { type Knot, monotoneCubic } from "./monotone-cubic";

/** Points of the same curve beyond a pair of neighbours: they say how it bends between the two. `null` = there is none. */
export interface Beyond {
  before: LoadPoint | null;
  after: LoadPoint | null;
}

const NOTHING_BEYOND: Beyond = { before: null, after: null };

/**
 * The points beyond the pair that begins at an index, at other loads of the same kind; a repeat of the pair's own loads tells
 * nothing of the bend.
 */
export function beyondPair(points: readonly LoadPoint[], index: number): Beyond {
  const [from, to] = [points[index], points[index + 1]];
  if (from === undefined || to === undefined) return NOTHING_BEYOND;
  const isOther = (point: LoadPoint | undefined, pair: LoadPoint): point is LoadPoint =>
    point !== undefined &&
    point.loadKind === pair.loadKind &&
    point.loadValue !== null &&
    point.loadValue !== pair.loadValue;
  let before = index - 1;
  while (before >= 0 && points[before]?.loadValue === from.loadValue) before--;
  let after = index + 2;
  while (after < points.length && points[after]?.loadValue === to.loadValue) after++;
  const [first, last] = [points[before], points[after]];
  return { before: isOther(first, from) ? first : null, after: isOther(last, to) ? last : null };
}
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

/** Significant digits of what is interpolated: none that anybody measured is lost, and the noise of logarithms is. */
const DIGITS = 12;

/** Without the noise of logarithms, and still not outside the two. */
function settled(value: number, a: number, b: number): number {
  return within(Number(value.toPrecision(DIGITS)), a, b);
}

function settledKnown(value: number | null, a: number | null, b: number | null): number | null {
  return value === null || a === null || b === null ? null : settled(value, a, b);
}

/** Straight line from a to b at fraction 0…1, never outside the two. */
export function between(a: number, b: number, fraction: number): number {
  return within(a + (b - a) * fraction, a, b);
}

function betweenKnown(a: number | null, b: number | null, fraction: number): number | null {
  return a === null || b === null ? null : between(a, b, fraction);
}

/** Values at a pair of loads and, where they are known, beyond them, in the order of the loads. */
export type FourValues = readonly [before: number | null, from: number, to: number, after: number | null];

type OfLoad = (load: number) => number;

/** The loads of a pair and of what lies beyond it. */
interface Loads {
  before: number | null;
  from: number;
  to: number;
  after: number | null;
}

function loadsOf(a: LoadPoint, b: LoadPoint, { before, after }: Beyond): Loads {
  return {
    before: before?.loadValue ?? null,
    from: a.loadValue ?? 0,
    to: b.loadValue ?? 0,
    after: after?.loadValue ?? null,
  };
}

function knot(load: number | null, value: number | null): Knot | null {
  return load === null || value === null ? null : { load, value };
}

/**
 * The geometric mean of a shape between two loads and the monotone cubic through the measured values, never outside the two. Both
 * parts are monotone, and so is their mean; the shape alone where the logarithm of a load or value is none.
 */
function blended(loads: Loads, [before, from, to, after]: FourValues, shape: OfLoad): OfLoad {
  const cubic = monotoneCubic(
    knot(loads.before, before),
    { load: loads.from, value: from },
    { load: loads.to, value: to },
    knot(loads.after, after),
  );
  if (cubic === null) return shape;
  return (load) => within(Math.sqrt(shape(load) * cubic(load)), from, to);
}

/** A latency between two measured loads, as a function of the load: monotone, and never outside the two. */
export function latencyAlong(a: LoadPoint, b: LoadPoint, beyond: Beyond, values: FourValues): OfLoad {
  const loads = loadsOf(a, b, beyond);
  const [, from, to] = values;
  return blended(loads, values, (load) => between(from, to, (load - loads.from) / (loads.to - loads.from)));
}

function latencyBetween(
  field: LatencyField,
  a: LoadPoint,
  b: LoadPoint,
  beyond: Beyond,
  load: number,
): LatencyStatistics | null {
  const at = (statistic: Statistic): number | null => {
    const from = a[field]?.[statistic] ?? null;
    const to = b[field]?.[statistic] ?? null;
    if (from === null || to === null) return null;
    const values: FourValues = [
      beyond.before?.[field]?.[statistic] ?? null,
      from,
      to,
      beyond.after?.[field]?.[statistic] ?? null,
    ];
    return settled(latencyAlong(a, b, beyond, values)(load), from, to);
  };
  const mean = at("mean");
  const p99 = at("p99");
  // Two percentiles that bend differently may not cross.
  const p95 = notAbove(at("p95"), p99);
  const p90 = notAbove(at("p90"), p95 ?? p99);
  const p50 = notAbove(at("p50"), p90 ?? p95 ?? p99);
  if (mean === null && p50 === null && p90 === null && p95 === null && p99 === null) return null;
  return { mean, p50, p90, p95, p99 };
}

function notAbove(value: number | null, higher: number | null): number | null {
  return value === null || higher === null ? value : Math.min(value, higher);
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

function segmentOf(a: LoadPoint, b: LoadPoint, beyond: Beyond): Segment | null {
  const { loadKind, loadValue: loadA } = a;
  const loadB = b.loadValue;
  if (loadKind === null || loadKind !== b.loadKind || loadA === null || loadB === null || loadA >= loadB) return null;
  const { outputTokensPerSecond: tokensA, basis: basisA } = throughputOf(a);
  const { outputTokensPerSecond: tokensB, basis: basisB } = throughputOf(b);
  if (tokensA === null || tokensB === null) {
    return { loadKind, loadA, loadB, throughput: null, basis: null, proportional: () => null };
  }
  const shape: OfFraction =
    loadKind === "concurrency"
      ? closedLoopThroughput(a, b, tokensA, tokensB)
      : (fraction) => between(tokensA, tokensB, fraction);
  const tokens = (point: LoadPoint | null): number | null =>
    point === null ? null : throughputOf(point).outputTokensPerSecond;
  const along = blended(
    loadsOf(a, b, beyond),
    [tokens(beyond.before), tokensA, tokensB, tokens(beyond.after)],
    (load) => shape((load - loadA) / (loadB - loadA)),
  );
  const throughput: OfFraction = (fraction) => along(between(loadA, loadB, fraction));
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

/** Output tokens/s at each load between two load neighbours of one curve; `null` where `interpolateBetween` has none. */
export function throughputBetween(a: LoadPoint, b: LoadPoint, beyond: Beyond): OfLoad | null {
  const segment = segmentOf(a, b, beyond);
  const throughput = segment?.throughput ?? null;
  if (segment === null || throughput === null) return null;
  const { loadA, loadB } = segment;
  return (loadValue) => throughput((loadValue - loadA) / (loadB - loadA));
}

/**
 * Requests/s completed at each load between two load neighbours of one curve, as a function of the load; `null` where
 * `interpolateBetween` has none.
 */
export function requestRateBetween(
  a: LoadPoint,
  b: LoadPoint,
  beyond: Beyond = NOTHING_BEYOND,
): ((loadValue: number) => number) | null {
  const segment = segmentOf(a, b, beyond);
  const rate = segment?.proportional(requestsPerSecondOf(a), requestsPerSecondOf(b)) ?? null;
  if (segment === null || rate === null) return null;
  const { loadA, loadB } = segment;
  return (loadValue) => rate((loadValue - loadA) / (loadB - loadA));
}

/**
 * What to expect at `loadValue` between two load neighbours `a` and `b` of one curve (`a` at the lower load): every latency
 * statistic both have, as the geometric mean of a straight line over the load and of the monotone cubic in log load and log
 * latency through them and the points `beyond` them; throughput as that of Little's law for concurrency (a straight line where no
 * request time is known, and for a request rate) and of its own cubic; token means linear. Everything stays between its two
 * neighbours. `null` where the two are not on one load axis or the load is not between them: nothing is extrapolated.
 */
export function interpolateBetween(
  a: LoadPoint,
  b: LoadPoint,
  loadValue: number,
  beyond: Beyond = NOTHING_BEYOND,
): InterpolatedPoint | null {
  const segment = segmentOf(a, b, beyond);
  if (segment === null || !(segment.loadA <= loadValue && loadValue <= segment.loadB)) return null;
  const fraction = (loadValue - segment.loadA) / (segment.loadB - segment.loadA);
  const [rateA, rateB] = [requestsPerSecondOf(a), requestsPerSecondOf(b)];
  const rate = segment.proportional(rateA, rateB)?.(fraction) ?? null;
  const [inputA, inputB] = [a.inputTokensPerSecond, b.inputTokensPerSecond];
  const input = segment.proportional(inputA, inputB)?.(fraction) ?? null;
  const [tokensA, tokensB] = [throughputOf(a).outputTokensPerSecond, throughputOf(b).outputTokensPerSecond];
  const tokens = segment.throughput?.(fraction) ?? null;
  const latency = (field: LatencyField) => latencyBetween(field, a, b, beyond, loadValue);
  return {
    ttftMs: latency("ttftMs"),
    tpotMs: latency("tpotMs"),
    itlMs: latency("itlMs"),
    ntpotMs: latency("ntpotMs"),
    e2eMs: latency("e2eMs"),
    loadKind: segment.loadKind,
    loadValue,
    outputTokensPerSecond: settledKnown(tokens, tokensA, tokensB),
    throughputBasis: segment.basis,
    requestsPerSecond: settledKnown(rate, rateA, rateB),
    inputTokensPerSecond: settledKnown(input, inputA, inputB),
    inputTokensMean: betweenKnown(a.inputTokensMean, b.inputTokensMean, fraction),
    outputTokensMean: betweenKnown(a.outputTokensMean, b.outputTokensMean, fraction),
  };
}

/** Steps of false position; each gains several digits, and halvings make up for those that gain none. */
const ROOT_STEPS = 80;
/** As near as the digits that are kept can tell. */
const ROOT_TOLERANCE = 1e-13;

/**
 * The load between two at which a value that rises (or falls) with the load reaches another; the ends lie on either side of it.
 * False position with the end that stays put counted half (Illinois), and a halving where that gains too little.
 */
export function loadReaching(valueAt: OfLoad, from: number, to: number, reached: number): number {
  let [low, high] = [from, to];
  let [belowBy, aboveBy] = [valueAt(from) - reached, valueAt(to) - reached];
  if (belowBy === 0) return from;
  let side = 0;
  for (let step = 0; step < ROOT_STEPS && high - low > ROOT_TOLERANCE * high; step++) {
    const width = high - low;
    const guess = step % 4 === 3 ? low + width / 2 : high - (aboveBy * width) / (aboveBy - belowBy);
    const middle = guess > low && guess < high ? guess : low + width / 2;
    if (middle <= low || middle >= high) break;
    const off = valueAt(middle) - reached;
    if (Math.abs(off) <= ROOT_TOLERANCE * Math.abs(reached)) return settled(middle, from, to);
    if (off < 0 === belowBy < 0) {
      [low, belowBy] = [middle, off];
      if (side === -1) aboveBy /= 2;
      side = -1;
    } else {
      [high, aboveBy] = [middle, off];
      if (side === 1) belowBy /= 2;
      side = 1;
    }
  }
  return settled(low, from, to);
}
