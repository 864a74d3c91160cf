import { ok } from "../../result";
import type { Monitoring } from "../options/manifest-options";
import { NOTHING } from "../plan/add-on";
import { gmp } from "./gmp";
import type { MonitoringKind } from "./monitoring";
import { prometheusOperator } from "./prometheus-operator";

const none: MonitoringKind = {
  label: "none",
  help: "Scrape annotations at most",
  problem: () => null,
  collection: () => [],
  plan: () => ok(NOTHING),
};

/** Every kind of monitoring: one line each. */
export const MONITORING_KINDS: Record<Monitoring, MonitoringKind> = {
  none,
  "prometheus-operator": prometheusOperator,
  gmp,
};
