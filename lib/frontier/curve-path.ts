import type { LoadPoint } from "../domain";
import { type Axes, type AxisDivisors, throughputOnAxis } from "./axes";
import { latencyOf } from "./derive";
import { beyondPair, latencyAlong, throughputBetween } from "./interpolate";

/** Steps in the logarithm of the load between two measured points: what lies between them bends no more than a pixel a step. */
const STEPS = 12;

/**
 * What is interpolated between two load neighbours, as places on a pair of axes from one to the other, both left out: the line an
 * interpolated answer lies on. Empty where there is none.
 * @param points of the curve by load, those that take part
 * @param usdPerHour price of the whole deployment
 */
export function pathBetween(
  points: readonly LoadPoint[],
  [from, to]: readonly [LoadPoint, LoadPoint],
  axes: Axes,
  { acceleratorCount, usdPerHour, tdpWatts = null }: Omit<AxisDivisors, "watts"> & { tdpWatts?: number | null },
): { x: number; y: number }[] {
  const isRising = (from.loadValue ?? 0) <= (to.loadValue ?? 0);
  const [low, high] = isRising ? [from, to] : [to, from];
  const { loadValue: start } = low;
  const { loadValue: end } = high;
  if (start === null || end === null || !(start > 0) || end <= start) return [];
  const beyond = beyondPair(points, points.indexOf(low));
  const places: { x: number; y: number }[] = [];
  const latency = (point: LoadPoint | null): number | null =>
    point === null ? null : latencyOf(point, axes.metric, axes.statistic).value;
  const [fromMs, toMs] = [latency(low), latency(high)];
  const throughputAt = throughputBetween(low, high, beyond);
  if (fromMs === null || toMs === null || throughputAt === null) return [];
  const latencyAt = latencyAlong(low, high, beyond, [latency(beyond.before), fromMs, toMs, latency(beyond.after)]);
  for (let step = 1; step < STEPS; step++) {
    const load = start * (end / start) ** (step / STEPS);
    const per = { acceleratorCount, usdPerHour, watts: wattsBetween(low, high, tdpWatts, step / STEPS) };
    const x = throughputOnAxis(throughputAt(load), axes.throughput, per);
    if (x === null) return [];
    places.push({ x, y: latencyAt(load) });
  }
  return isRising ? places : places.reverse();
}

/**
 * What is drawn between two points, W: where both were measured, in proportion; `null` where one was and the other was not, which no
 * line leads between.
 */
function wattsBetween(low: LoadPoint, high: LoadPoint, tdpWatts: number | null, share: number): number | null {
  const [from, to] = [low.powerWattsMean, high.powerWattsMean];
  if (from === null && to === null) return tdpWatts;
  return from === null || to === null ? null : from + (to - from) * share;
}
