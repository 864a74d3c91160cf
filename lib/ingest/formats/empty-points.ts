import type { AdapterResult } from "../facts/draft-run";
import type { Problem } from "../report";

/**
 * Leaves out loads at which no request completed, if the file has other load points. A load beyond saturation is no load point,
 * and no reason to refuse the rest of the file.
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
