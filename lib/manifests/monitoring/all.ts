import { ok } from "../../result";
import type { Monitoring } from "../options/manifest-options";
import { NOTHING, type Planner } from "../plan/bundle-context";
import { gmp } from "./gmp";
import { prometheusOperator } from "./prometheus-operator";

/** Every kind of monitoring: one line each. */
export const MONITORING_PLANS: Record<Monitoring, Planner> = {
  none: () => ok(NOTHING),
  "prometheus-operator": prometheusOperator,
  gmp,
};
