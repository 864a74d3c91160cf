import type { LoadPoint } from "../domain";
import { type PointFilter, usableThroughput } from "../frontier/axes";
import type { LoadCurve } from "../frontier/load-curve";

/** Two curves held against each other where both were measured. */
export interface SharedLoads {
  /** Geometric mean over the shared loads of the second's throughput ÷ the first's. */
  ratio: number;
  /** How many loads both were measured at. */
  loads: number;
  /** Relative error of the ratio from the spread of repeats, mean over the loads that have both; `null` = none says one. */
  error: number | null;
}

function byLoad(curve: LoadCurve, filter: PointFilter): Map<string, { point: LoadPoint; throughput: number }> {
  const found = new Map<string, { point: LoadPoint; throughput: number }>();
  for (const point of curve.points) {
    const throughput = usableThroughput(point, filter)?.outputTokensPerSecond;
    if (throughput === undefined || point.loadValue === null) continue;
    found.set(`${point.loadKind} ${point.loadValue}`, { point, throughput });
  }
  return found;
}

/**
 * How much more throughput one curve has than another. Only loads that both were measured at count: where a sweep ends says
 * nothing of the server, and a shorter one would look slower.
 * @returns `null` where they share no load
 */
export function sharedLoads(before: LoadCurve, after: LoadCurve, filter: PointFilter): SharedLoads | null {
  const others = byLoad(after, filter);
  const logs: number[] = [];
  const errors: number[] = [];
  for (const [load, { point, throughput }] of byLoad(before, filter)) {
    const other = others.get(load);
    if (other === undefined) continue;
    logs.push(Math.log(other.throughput / throughput));
    const [a, b] = [point.repeatsRelativeSpread, other.point.repeatsRelativeSpread];
    if (a !== null && b !== null) errors.push(Math.hypot(a, b));
  }
  if (logs.length === 0) return null;
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return { ratio: Math.exp(mean(logs)), loads: logs.length, error: errors.length === 0 ? null : mean(errors) };
}
