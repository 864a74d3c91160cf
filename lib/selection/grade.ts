import { WIDE_GAP } from "./crossing-errors";
import type { Grade } from "./grades";
import type { OperatingPoint } from "./types";

/** True where two loads are so far apart that what lies between is no more than an estimate. */
export function isWideGap(loadA: number | null, loadB: number | null): boolean {
  return loadA !== null && loadB !== null && loadB > loadA * WIDE_GAP;
}

/**
 * The grade of an operating point: estimated where a percentile was, or where it lies across too wide a gap; at least where the
 * load ended before the target; bounded where a higher percentile stands in; interpolated between two loads; else measured.
 */
export function gradeOf(point: OperatingPoint): Grade {
  const { kind, standings } = point;
  if (standings.some(({ basis }) => basis === "estimated")) return "estimated";
  if (kind === "interpolated" && isWideGap(point.between[0].loadValue, point.between[1].loadValue)) return "estimated";
  if (kind === "atLeast") return "atLeast";
  if (standings.some(({ basis }) => basis === "bound")) return "bounded";
  return kind;
}
