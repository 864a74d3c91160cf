import type { LoadCurve } from "../frontier/load-curve";
import type { Statistic } from "../measurement/latency";
import { usdPerMillionTokens } from "./cost";
import { operatingPoint } from "./operating-point";
import type { Question, RankedConfiguration } from "./types";

/** One speed at which configurations are held against each other. */
export interface EqualSpeed {
  statistic: Statistic;
  tpotMs: number;
}

const STATISTICS: readonly Statistic[] = ["mean", "p50"];

/** Range of TPOT that a curve was measured over; `null` where it has fewer than two such points. */
function rangeOf({ points }: LoadCurve, statistic: Statistic): { low: number; high: number } | null {
  const values = points.flatMap((point) => {
    const value = point.tpotMs?.[statistic];
    return value === null || value === undefined || point.loadValue === null ? [] : [value];
  });
  return values.length < 2 ? null : { low: Math.min(...values), high: Math.max(...values) };
}

/**
 * The speed inside the measured range of most rows, the slowest such one (there each is busiest): their cost can be compared
 * there without anybody's load having ended too early. `null` where no two rows share a speed.
 */
export function equalSpeed(rows: readonly Pick<RankedConfiguration, "curve">[]): EqualSpeed | null {
  let best: (EqualSpeed & { rows: number }) | null = null;
  for (const statistic of STATISTICS) {
    const ranges = rows.flatMap(({ curve }) => rangeOf(curve, statistic) ?? []);
    for (const { high } of ranges) {
      const covered = ranges.filter((range) => range.low <= high && high <= range.high).length;
      if (best === null || covered > best.rows || (covered === best.rows && high > best.tpotMs)) {
        best = { statistic, tpotMs: high, rows: covered };
      }
    }
  }
  return best === null || best.rows < 2 ? null : { statistic: best.statistic, tpotMs: best.tpotMs };
}

/** USD per million output tokens of a row at a speed; `null` where its curve was not measured so far, or its price is unknown. */
export function usdPerMillionAt(
  { curve, cost }: Pick<RankedConfiguration, "curve" | "cost">,
  { statistic, tpotMs }: EqualSpeed,
  question: Question,
): number | null {
  const range = rangeOf(curve, statistic);
  if (cost.kind === "unknown" || range === null || tpotMs < range.low || tpotMs > range.high) return null;
  const found = operatingPoint(curve, [{ metric: "tpot", statistic, limitMs: tpotMs }], question);
  return found.kind === "found"
    ? usdPerMillionTokens(cost.usdPerHour, found.operatingPoint.outputTokensPerSecond)
    : null;
}
