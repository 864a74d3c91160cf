import { doubtReasons } from "../measurement/checks/examine";
import { loadLabel } from "../words";
import type { LoadCurve } from "./load-curve";
import { isOutlier } from "./outliers";

/** Doubts named for a curve that is left out whole. */
const DOUBTS_SHOWN = 3;

/**
 * Curves that are kept off whole with the reason. To word it takes every check there is, so the server says it and the browser is
 * told.
 */
export function withKeptOffReasons(curves: readonly LoadCurve[]): LoadCurve[] {
  return curves.map((curve) => {
    const reason = curve.points.length > 0 && curve.points.every(isOutlier) ? keptOffReason(curve) : null;
    return reason === null ? curve : { ...curve, keptOff: reason };
  });
}

/** Each doubt of a curve's points once, with its figures; `null` where they are outliers and nothing else. */
function keptOffReason({ points, configuration, workload }: LoadCurve): string | null {
  const setup = { configuration, workload, model: null, accelerator: null };
  const doubts = new Set<string>();
  for (const point of points) {
    const load = loadLabel(point.loadKind, point.loadValue);
    for (const doubt of doubtReasons(point, setup)) doubts.add(`${load}: ${doubt}`);
  }
  if (doubts.size === 0) return null;
  const shown = [...doubts].slice(0, DOUBTS_SHOWN);
  return `All its points are kept off: ${shown.join("; ")}${doubts.size > shown.length ? "; …" : ""}.`;
}
