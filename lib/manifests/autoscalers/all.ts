import { ok } from "../../result";
import type { Autoscaler } from "../options/manifest-options";
import { NOTHING } from "../plan/add-on";
import type { AutoscalerKind } from "./autoscaler";
import { hpa } from "./hpa";
import { keda } from "./keda";

const none: AutoscalerKind = {
  label: "none",
  help: "As many replicas as the demand needs, fixed",
  object: null,
  ownMetrics: null,
  metricsProblem: () => null,
  readsPods: false,
  plan: () => ok(NOTHING),
};

/** Every autoscaler: one line each. */
export const AUTOSCALER_KINDS: Record<Autoscaler, AutoscalerKind> = { none, hpa, keda };
