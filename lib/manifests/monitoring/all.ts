import type { Monitoring } from "../options";
import { ok } from "../outcome";
import { NOTHING, type Planner } from "../parts";
import { gmp } from "./gmp";
import { prometheusOperator } from "./prometheus-operator";

/** Every kind of monitoring: one line each. */
export const MONITORING_PLANS: Record<Monitoring, Planner> = {
  none: () => ok(NOTHING),
  "prometheus-operator": prometheusOperator,
  gmp,
};
