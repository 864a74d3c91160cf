import type { Configuration } from "../domain";
import { formatPercent } from "../format";
import { SOME_FAILED } from "../measurement/checks/failures";
import { isWideGap } from "../selection/grade";
import type { OperatingPoint } from "../selection/types";
import { loadLabel } from "../words";
import { acceleratorName, type NamedAccelerator } from "./accelerator-name";

/** `2× H100 SXM`. */
export function hardwareLabel(
  accelerators: readonly NamedAccelerator[],
  { accelerator, acceleratorCount }: Pick<Configuration, "accelerator" | "acceleratorCount">,
): string {
  return `${acceleratorCount}× ${acceleratorName(accelerators, accelerator)}`;
}

/** How the operating point came about, in words. */
export function operatingPointBasis(point: OperatingPoint): string {
  switch (point.kind) {
    case "measured":
      return point.rule === "knee"
        ? `measured at ${loadLabel(point.loadKind, point.loadValue)}, the knee of its curve`
        : `measured at ${loadLabel(point.loadKind, point.loadValue)}${failed(point)}`;
    case "interpolated":
      return `interpolated at ${loadLabel(point.loadKind, point.loadValue)}, between ${loadLabel(
        point.between[0].loadKind,
        point.between[0].loadValue,
      )} and ${loadLabel(point.between[1].loadKind, point.between[1].loadValue)} (expected error ${formatPercent(point.expectedRelativeError)}, 9 of 10 within ${formatPercent(point.relativeErrorIn9Of10)}${
        isWideGap(point.between[0].loadValue, point.between[1].loadValue) ? ", an estimate across so wide a gap" : ""
      })`;
    case "atLeast":
      return `at least: the highest load measured, ${loadLabel(point.loadKind, point.loadValue)}, still met every target${failed(point)}`;
  }
}

/** The share of failed requests, where it is worth a word. */
function failed({ failedShare }: OperatingPoint): string {
  return failedShare !== null && failedShare >= SOME_FAILED
    ? `; ${formatPercent(failedShare)} of the requests failed`
    : "";
}
