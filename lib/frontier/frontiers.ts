import { compareText } from "../compare-text";
import type { LoadPoint } from "../domain";
import { groupBy } from "../group-by";
import type { Axes, PointFilter } from "./axes";
import { axisValues, usableThroughput } from "./axes";
import { newestCurveFirst } from "./curve";
import type { ThroughputBasis } from "./derive";
import { latencyOf } from "./derive";
import type { LoadCurve } from "./load-curve";
import { paretoFrontier } from "./pareto";

/** A measured load point placed on a pair of axes. */
export interface ChartPoint {
  x: number;
  /** Milliseconds. */
  y: number;
  point: LoadPoint;
  curve: LoadCurve;
  /** Of its throughput. */
  basis: ThroughputBasis;
  /** Of its latency: the mean of NTPOT may be derived. */
  latencyBasis: "measured" | "derived";
}

export interface FrontierPoint extends ChartPoint {
  /**
   * How it connects to the next point of the frontier. `line`: the two are load neighbours on one curve. `step`: they are
   * different deployments (or not neighbours), between which nothing can be deployed: draw up first, then right.
   * `null`: the last one.
   */
  connection: "line" | "step" | null;
}

/** The frontier of one accelerator, and the points it dominates. */
export interface Frontier {
  accelerator: string;
  /** Ascending in x, so ascending in y. */
  points: FrontierPoint[];
  /** Points that another one beats on both axes (or equals), ascending in x. */
  dominated: ChartPoint[];
}

export interface FrontierOptions extends PointFilter {
  /** USD/h of the whole deployment of a curve; `null` = price not known. Asked only for the `usd` axis. */
  usdPerHourOf: (curve: LoadCurve) => number | null;
}

/** Of points equal on both axes: measured before derived, then the newer curve, then the id. */
function preferred(a: ChartPoint, b: ChartPoint): number {
  if (a.basis !== b.basis) return a.basis === "measured" ? -1 : 1;
  return newestCurveFirst(a.curve, b.curve) || compareText(a.point.pointId, b.point.pointId);
}

/** The points of a curve that have a place on the axes, in their order of load. */
export function placedPoints(curve: LoadCurve, axes: Axes, options: FrontierOptions): ChartPoint[] {
  const placed: ChartPoint[] = [];
  const usdPerHour = axes.throughput === "usd" ? options.usdPerHourOf(curve) : null;
  for (const point of curve.points) {
    const throughput = usableThroughput(point, options);
    const position = throughput && axisValues(point, curve, axes, usdPerHour);
    if (throughput === null || position === null) continue;
    const latencyBasis = latencyOf(point, axes.metric, axes.statistic).basis === "derived" ? "derived" : "measured";
    placed.push({ x: position.x, y: position.y, point, curve, basis: throughput.basis, latencyBasis });
  }
  return placed;
}

/** A point of the frontier and its index among all points, where those of one curve stand together by load. */
interface Kept {
  chartPoint: ChartPoint;
  index: number;
}

function connectionBetween(a: Kept, b: Kept | undefined): FrontierPoint["connection"] {
  if (b === undefined) return null;
  const [pointA, pointB] = [a.chartPoint.point, b.chartPoint.point];
  const sameAxis = pointA.loadKind === pointB.loadKind && pointA.loadValue !== null && pointB.loadValue !== null;
  const neighbours = a.chartPoint.curve === b.chartPoint.curve && Math.abs(a.index - b.index) === 1;
  return sameAxis && neighbours ? "line" : "step";
}

function frontierOf(accelerator: string, placed: readonly ChartPoint[]): Frontier {
  const frontier = paretoFrontier(
    placed,
    (chartPoint) => chartPoint.x,
    (chartPoint) => chartPoint.y,
    preferred,
  );
  const indexes = new Map<ChartPoint, number>(frontier.map((chartPoint) => [chartPoint, -1]));
  const dominated: ChartPoint[] = [];
  for (const [index, chartPoint] of placed.entries()) {
    if (indexes.has(chartPoint)) indexes.set(chartPoint, index);
    else dominated.push(chartPoint);
  }
  const kept = frontier.map((chartPoint): Kept => ({ chartPoint, index: indexes.get(chartPoint) ?? -1 }));
  return {
    accelerator,
    points: kept.map((one, index) => ({ ...one.chartPoint, connection: connectionBetween(one, kept[index + 1]) })),
    dominated: dominated.sort((a, b) => a.x - b.x || a.y - b.y || compareText(a.point.pointId, b.point.pointId)),
  };
}

/**
 * One frontier per accelerator, by accelerator id: its measured load points that no other one beats on these axes
 * (more throughput, less latency). The curves must be of one model and one workload, anything else is a bug and throws.
 * Points without a value on the axes, and those the options leave out, are on neither list. O(n log n).
 */
export function frontiers(curves: readonly LoadCurve[], axes: Axes, options: FrontierOptions): Frontier[] {
  const first = curves[0];
  const isComparable = ({ configuration, workload }: LoadCurve) =>
    configuration.model === first?.configuration.model && workload.workloadId === first.workload.workloadId;
  if (!curves.every(isComparable)) {
    throw new Error("frontiers: curves of different models or workloads cannot be compared");
  }
  return [...groupBy(curves, ({ configuration }) => configuration.accelerator)]
    .map(([accelerator, group]) => [accelerator, group.flatMap((curve) => placedPoints(curve, axes, options))] as const)
    .filter(([, placed]) => placed.length > 0)
    .sort(([a], [b]) => compareText(a, b))
    .map(([accelerator, placed]) => frontierOf(accelerator, placed));
}
