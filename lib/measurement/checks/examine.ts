import type { Measurement } from "../measurement";
import { addFlag, type QualityFlag } from "../quality-flags";
import { CHECKS, MEASUREMENT_CHECKS, POINT_CHECKS, SETUP_CHECKS } from "./all-checks";
import { type Check, type CheckedPoint, type Evidence, NO_EVIDENCE, type PointCheck, type Setup } from "./check";
import { isDoubt } from "./doubts";

/** What the checks of a measurement alone make of it: see {@link examined}. */
export function examinedMeasurement<T extends Measurement>(measurement: T, evidence: Evidence): T {
  return examined(measurement, evidence, null, MEASUREMENT_CHECKS);
}

/** What the checks of a measurement in its setup make of it: see {@link examined}. */
export function examinedInSetup<T extends Measurement>(measurement: T, evidence: Evidence, setup: Setup): T {
  return examined(measurement, evidence, setup, SETUP_CHECKS);
}

/**
 * The measurement with the caveats of what the checks find. A figure that turns out not to be measured is `null`, one that the
 * point's own figures correct is corrected; the checks after that see it so. Asked again, it stays as it is.
 */
function examined<T extends Measurement>(
  measurement: T,
  evidence: Evidence,
  setup: Setup | null,
  checks: readonly PointCheck[],
): T {
  let current = measurement;
  // Made once, as there are three dozen checks for every load of every report.
  let point: CheckedPoint = { measurement, evidence, setup };
  for (const check of checks) {
    const finding = check.find(point);
    if (finding === null) continue;
    // Copied once: nearly all are as they should be.
    if (current === measurement) {
      current = { ...measurement, qualityFlags: [...measurement.qualityFlags] };
      point = { measurement: current, evidence, setup };
    }
    addFlag(current.qualityFlags, check.flag);
    const changed: Measurement = current;
    for (const field of finding.unknown ?? []) changed[field] = null;
    Object.assign(changed, finding.corrected ?? {});
  }
  return current;
}

const CHECK_OF: ReadonlyMap<QualityFlag, Check> = new Map(CHECKS.map((check) => [check.flag, check]));
const POINT_CHECK_OF: ReadonlyMap<QualityFlag, PointCheck> = new Map(POINT_CHECKS.map((check) => [check.flag, check]));

/**
 * Why each doubt of a point is one, as sentences. The figures are looked at again; what only the report itself could tell is
 * said without them.
 */
export function doubtReasons(measurement: Measurement, setup: Setup | null): string[] {
  return measurement.qualityFlags.flatMap((flag) => {
    const check = isDoubt(flag) ? CHECK_OF.get(flag) : undefined;
    if (check === undefined) return [];
    const point: CheckedPoint = { measurement, evidence: NO_EVIDENCE, setup };
    const found = POINT_CHECK_OF.get(flag)?.find(point);
    return [found?.reason ?? `its report does not pass this question: ${check.asks}`];
  });
}

/**
 * All that decides what the checks say, as one text: where it changes, shipped figures are read again. Tolerances stand in it
 * as the checks word them.
 */
export function checksText(): string {
  return JSON.stringify(CHECKS.map(({ flag, consequence, asks, tolerance }) => [flag, consequence, asks, tolerance]));
}
