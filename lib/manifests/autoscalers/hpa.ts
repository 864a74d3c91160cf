import { ok, type Result, refused } from "../../result";
import { horizontalPodAutoscaler } from "../objects/hpa";
import type { MetricsSource } from "../options/manifest-options";
import type { AddOn } from "../plan/add-on";
import type { BundleContext } from "../plan/bundle-context";
import type { Platform } from "../platforms/platform";
import type { AutoscalerKind } from "./autoscaler";
import { METRICS_SOURCE_KINDS } from "./metrics-sources";
import { scalingSignal } from "./signal";

const NO_ADAPTER = "keda-prometheus is KEDA's own scaler: choose the autoscaler keda, or another source.";

function metricsProblem(metrics: MetricsSource, platform: Platform): string | null {
  const { adapter, problem } = METRICS_SOURCE_KINDS[metrics];
  return adapter === null ? NO_ADAPTER : problem(platform);
}

function plan(context: BundleContext): Result<AddOn> {
  const signal = scalingSignal(context);
  if (!signal.ok) return signal;
  const { adapter } = METRICS_SOURCE_KINDS[context.options.metrics];
  if (adapter === null) return refused(NO_ADAPTER);
  return ok({
    objects: [
      ...adapter.objects(context),
      horizontalPodAutoscaler(context, signal.value, adapter.metricName(signal.value.metric)),
    ],
    prerequisites: adapter.prerequisites(context, signal.value),
    notes: adapter.notes(context),
  });
}

/** HorizontalPodAutoscaler on a gauge of the server, read through a metrics adapter. */
export const hpa: AutoscalerKind = {
  label: "HPA",
  help: "HorizontalPodAutoscaler on the server's own metric, through a metrics adapter",
  object: { kind: "HorizontalPodAutoscaler", resource: "hpa" },
  ownMetrics: null,
  metricsProblem,
  readsPods: true,
  plan,
};
