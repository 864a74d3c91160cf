import type { Autoscaler } from "../options";
import { type Outcome, ok } from "../outcome";
import { type AddOn, type BundleContext, NOTHING } from "../parts";
import { hpa } from "./hpa";
import { keda } from "./keda";

/** Every autoscaler that is written; one line each. */
export const AUTOSCALER_PLANS: Partial<Record<Autoscaler, (context: BundleContext) => Outcome<AddOn>>> = {
  none: () => ok(NOTHING),
  hpa,
  keda,
};
