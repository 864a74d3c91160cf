import type { LoadPoint } from "../domain";
import type { Metric, Statistic } from "../measurement/latency";
import { METRICS, STATISTICS } from "../measurement/latency";
import { SECONDS_PER_HOUR } from "../units";
import type { ThroughputBasis } from "./derive";
import { latencyOf, throughputOf } from "./derive";
import type { LoadCurve } from "./load-curve";
import { isOutlier } from "./outliers";

/** What throughput is given per: one accelerator, the whole deployment, one US dollar, or one watt. */
export const THROUGHPUT_AXES = ["accelerator", "deployment", "usd", "watt"] as const;
export type ThroughputAxis = (typeof THROUGHPUT_AXES)[number];

/** How latencies are spread over their axis: `auto` = logarithmic where their range asks for it. */
export const AXIS_SCALES = ["auto", "log", "linear"] as const;
export type AxisScale = (typeof AXIS_SCALES)[number];

/** One pair of axes. The frontier is computed and drawn on the same value of this type. */
export interface Axes {
  throughput: ThroughputAxis;
  metric: Metric;
  statistic: Statistic;
}

/** Which points take part in frontiers and answers. */
export interface PointFilter {
  /** Leave out points whose throughput is derived. */
  measuredOnly: boolean;
  /** Let points flagged as outliers take part. */
  includeOutliers: boolean;
}

/** A point the filter leaves in: no outlier unless asked for, no derived throughput where only measured counts. */
export function takesPart(point: LoadPoint, filter: PointFilter): boolean {
  if (!filter.includeOutliers && isOutlier(point)) return false;
  return !(filter.measuredOnly && throughputOf(point).basis === "derived");
}

/** The throughput a point takes part with, output tokens/s of the deployment; `null` where it has none or is filtered out. */
export function usableThroughput(
  point: LoadPoint,
  filter: PointFilter,
): { outputTokensPerSecond: number; basis: ThroughputBasis } | null {
  const { outputTokensPerSecond, basis } = throughputOf(point);
  if (outputTokensPerSecond === null || basis === null || outputTokensPerSecond <= 0) return null;
  return takesPart(point, filter) ? { outputTokensPerSecond, basis } : null;
}

/**
 * Position of a point on a pair of axes: x = output tokens/s per accelerator, of the deployment, per watt, or output tokens per USD
 * (`usdPerHour` = price of the whole deployment); y = the latency in milliseconds, which belongs to a request and is never
 * divided. `null` where the latency, the throughput or the price is not known.
 */
export function axisValues(
  point: LoadPoint,
  curve: LoadCurve,
  axes: Axes,
  usdPerHour: number | null,
): { x: number; y: number } | null {
  const y = latencyOf(point, axes.metric, axes.statistic).value;
  const { outputTokensPerSecond } = throughputOf(point);
  if (y === null || outputTokensPerSecond === null) return null;
  const { acceleratorCount } = curve.configuration;
  const per = { acceleratorCount, usdPerHour, watts: wattsOf(point, curve) };
  const x = throughputOnAxis(outputTokensPerSecond, axes.throughput, per);
  return x === null ? null : { x, y };
}

/** What throughput of a whole deployment may be divided by. */
export interface AxisDivisors {
  acceleratorCount: number;
  /** Price of the whole deployment; `null` = not known. */
  usdPerHour: number | null;
  /** Draw of the whole deployment; `null` = not known. */
  watts: number | null;
}

/** What a point drew: as it was measured, else all its accelerators at their TDP; `null` where neither is known. */
export function wattsOf(point: Pick<LoadPoint, "powerWattsMean">, curve: Pick<LoadCurve, "tdpWatts">): number | null {
  return point.powerWattsMean ?? curve.tdpWatts ?? null;
}

/**
 * Throughput as an axis gives it.
 * @param outputTokensPerSecond of the whole deployment
 * @returns output tokens/s, or output tokens per USD; `null` where what it is divided by is not known
 */
export function throughputOnAxis(
  outputTokensPerSecond: number,
  axis: ThroughputAxis,
  { acceleratorCount, usdPerHour, watts }: AxisDivisors,
): number | null {
  switch (axis) {
    case "deployment":
      return outputTokensPerSecond;
    case "accelerator":
      return outputTokensPerSecond / acceleratorCount;
    case "usd":
      return usdPerHour === null || usdPerHour <= 0 ? null : (outputTokensPerSecond * SECONDS_PER_HOUR) / usdPerHour;
    case "watt":
      return watts === null || watts <= 0 ? null : outputTokensPerSecond / watts;
  }
}

/** One latency axis that has data, and how much. */
export interface AvailableAxis {
  metric: Metric;
  statistic: Statistic;
  /** Load points that have this latency and a throughput. */
  points: number;
  /** Different accelerators among them. */
  accelerators: number;
}

/**
 * The latency metric × statistic pairs for which the curves have points that can be drawn, in the order of `METRICS` and
 * `STATISTICS`. By default derived throughput counts and outliers do not.
 */
export function availableAxes(
  curves: readonly LoadCurve[],
  filter: PointFilter = { measuredOnly: false, includeOutliers: false },
): AvailableAxis[] {
  const found = METRICS.flatMap((metric) =>
    STATISTICS.map((statistic) => ({ metric, statistic, points: 0, accelerators: new Set<string>() })),
  );
  for (const curve of curves) {
    for (const point of curve.points) {
      if (usableThroughput(point, filter) === null) continue;
      for (const axis of found) {
        if (latencyOf(point, axis.metric, axis.statistic).value === null) continue;
        axis.points++;
        axis.accelerators.add(curve.configuration.accelerator);
      }
    }
  }
  return found.filter((axis) => axis.points > 0).map((axis) => ({ ...axis, accelerators: axis.accelerators.size }));
}
