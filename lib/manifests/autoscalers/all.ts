import type { Autoscaler } from "../options";
import { ok } from "../outcome";
import { NOTHING, type Planner } from "../parts";
import { hpa } from "./hpa";
import { keda } from "./keda";

/** Every autoscaler: one line each. */
export const AUTOSCALER_PLANS: Record<Autoscaler, Planner> = {
  none: () => ok(NOTHING),
  hpa,
  keda,
};
