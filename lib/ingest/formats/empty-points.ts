import type { AdapterResult } from "../facts/draft-run";
import type { Problem } from "../report";

/**
 * A load driven past saturation, at which no request completed, is no load point, and no reason to refuse the others measured
 * in the same file: where there are others, it is left out with its reason.
 * @param pointCount load points of the file that could be read
 * @returns the problems that remain
 */
export function leaveOutEmptyPoints(
  problems: readonly Problem[],
  pointCount: number,
  result: AdapterResult,
): Problem[] {
  if (pointCount === 0 || !problems.every((item) => item.emptyPoint === true)) return [...problems];
  for (const { file, at } of problems) {
    result.skipped.push({ file, reason: `${at}: no request completed at this load, so it is no load point` });
  }
  return [];
}
