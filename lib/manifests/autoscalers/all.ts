import { ok } from "../../result";
import type { Autoscaler } from "../options/manifest-options";
import { NOTHING, type Planner } from "../plan/bundle-context";
import { hpa } from "./hpa";
import { keda } from "./keda";

/** Every autoscaler: one line each. */
export const AUTOSCALER_PLANS: Record<Autoscaler, Planner> = {
  none: () => ok(NOTHING),
  hpa,
  keda,
};
