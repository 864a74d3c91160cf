import { addFlag } from "../../measurement/quality-flags";
import type { ReadPoint } from "../report";

/** Quality flags of points whose report does not say the offered load. */
const UNKNOWN_LOAD_FLAGS = ["load_unknown", "batch_size_unknown"];

/**
 * The concurrency a person gives for a report that does not say its load. It holds for one point: where several lack their
 * load, one number cannot be that of all, and they stay as they are.
 */
export function withGivenConcurrency(
  points: readonly ReadPoint[],
  concurrency: number | undefined,
): readonly ReadPoint[] {
  if (concurrency === undefined) return points;
  const lacks = (point: ReadPoint) =>
    point.loadKind === null && point.qualityFlags.some((flag) => UNKNOWN_LOAD_FLAGS.includes(flag));
  if (points.filter(lacks).length !== 1) return points;
  return points.map((point) => {
    if (!lacks(point)) return point;
    const qualityFlags = point.qualityFlags.filter((flag) => !UNKNOWN_LOAD_FLAGS.includes(flag));
    addFlag(qualityFlags, "load_given");
    return { ...point, loadKind: "concurrency", loadValue: concurrency, qualityFlags };
  });
}
