import { ok, type Result, refused } from "../../result";
import type { Collector } from "../monitoring/collectors";
import { serverSelector } from "../monitoring/promql";
import { type PrometheusQuestion, scaledObject } from "../objects/scaled-object";
import type { AddOn, Prerequisite } from "../plan/add-on";
import type { BundleContext } from "../plan/bundle-context";
import type { AutoscalerKind } from "./autoscaler";
import { uncollected } from "./collected";
import { METRICS_SOURCE_KINDS } from "./metrics-sources";
import { type ScalingSignal, scalingSignal } from "./signal";

const OWN_METRICS = "keda-prometheus";

/** The Prometheus KEDA asks. */
function collector({ options }: BundleContext): Collector {
  return METRICS_SOURCE_KINDS[OWN_METRICS].asks(options);
}

type Source = Pick<PrometheusQuestion, "serverAddress" | "addressComment" | "access">;

/** Whom KEDA asks. @param namespace where the platform's own Prometheus is asked; it answers for one */
function source(context: BundleContext, namespace: string | null): Source {
  const own = context.platform.ownPrometheus?.keda;
  if (own !== undefined && namespace !== null) {
    const { serverAddress, addressComment } = own;
    return {
      serverAddress,
      addressComment,
      access: { authentication: own.authentication(context.identity.name), namespace },
    };
  }
  return collector(context).address;
}

function question(context: BundleContext, signal: ScalingSignal, namespace: string | null): PrometheusQuestion {
  const selector = serverSelector(context);
  const share = signal.kind === "kv-cache";
  return {
    ...source(context, namespace),
    query: share ? `sum(avg by (pod) (${signal.metric}${selector}))` : `sum(${signal.metric}${selector})`,
    queryComment: `${
      share ? "each pod's share, added up" : "of all pods together"
    }: AverageValue divides by the number of replicas`,
  };
}

function prerequisites(context: BundleContext): Prerequisite[] {
  const keda: Prerequisite = {
    what: "KEDA 2.17 or later:",
    check: "kubectl get crd scaledobjects.keda.sh",
    install: ["helm install keda keda --repo https://kedacore.github.io/charts --namespace keda --create-namespace"],
  };
  const own = context.platform.ownPrometheus;
  if (own !== undefined) return [own.keda.operator];
  return [keda, collector(context).kedaPrerequisite];
}

function plan(context: BundleContext): Result<AddOn> {
  const signal = scalingSignal(context);
  if (!signal.ok) return signal;
  const { namespace } = context.options;
  const own = context.platform.ownPrometheus?.keda;
  if (own !== undefined && namespace === null) return refused(own.needsNamespace);
  const asked = own === undefined ? null : namespace;
  return ok({
    objects: [
      ...(own === undefined || asked === null ? [] : own.accessObjects(context.identity.name, asked)),
      scaledObject(context, signal.value, question(context, signal.value, asked)),
    ],
    prerequisites: prerequisites(context),
    notes: [
      `KEDA makes the HorizontalPodAutoscaler itself: do not put a second one on the same ${context.target.kind}.`,
      ...uncollected(context, collector(context)),
    ],
  });
}

/** KEDA's ScaledObject on a gauge of the server, read from Prometheus. */
export const keda: AutoscalerKind = {
  label: "KEDA",
  help: "ScaledObject that asks Prometheus itself; the KEDA operator",
  object: { kind: "ScaledObject", resource: "scaledobject" },
  ownMetrics: OWN_METRICS,
  metricsProblem: (metrics) =>
    metrics === OWN_METRICS
      ? null
      : "KEDA reads Prometheus itself: with the autoscaler keda the source is keda-prometheus.",
  readsPods: false,
  plan,
};
