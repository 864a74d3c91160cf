import type { Accelerator } from "../catalogue/catalogue";
import type { LoadCurve } from "./load-curve";

/** Curves with what their accelerators may draw at most, which stands in for a draw nobody measured. */
export function withTdp(
  curves: readonly LoadCurve[],
  accelerators: readonly Pick<Accelerator, "id" | "tdpWatts">[],
): LoadCurve[] {
  const byId = new Map(accelerators.map(({ id, tdpWatts }) => [id, tdpWatts]));
  return curves.map((curve) => {
    const watts = byId.get(curve.configuration.accelerator) ?? null;
    return watts === null ? curve : { ...curve, tdpWatts: watts * curve.configuration.acceleratorCount };
  });
}
