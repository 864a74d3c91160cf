import type { Monitoring } from "../options";
import { type Outcome, ok } from "../outcome";
import { type AddOn, type BundleContext, NOTHING } from "../parts";
import { gmp } from "./gmp";
import { prometheusOperator } from "./prometheus-operator";

/** Every kind of monitoring that is written; one line each. */
export const MONITORING_PLANS: Partial<Record<Monitoring, (context: BundleContext) => Outcome<AddOn>>> = {
  none: () => ok(NOTHING),
  "prometheus-operator": prometheusOperator,
  gmp,
};
