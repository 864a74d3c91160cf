import { type PrometheusQuestion, scaledObject } from "../objects/scaled-object";
import { type Outcome, ok } from "../outcome";
import type { AddOn, BundleContext, Prerequisite } from "../parts";
import { serverSelector } from "../promql";
import { uncollected } from "./collected";
import { type ScalingSignal, scalingSignal } from "./signal";

const GMP_FRONTEND =
  "https://raw.githubusercontent.com/GoogleCloudPlatform/prometheus-engine/main/examples/frontend.yaml";

/** Where Prometheus answers when nobody says: the operator's own Service; for Google's, its frontend as installed below. */
const ADDRESSES = {
  operator: "http://prometheus-operated.monitoring.svc:9090",
  gmp: "http://frontend.monitoring.svc:9090",
};

function readsGmp({ options }: BundleContext): boolean {
  return options.monitoring === "gmp";
}

function question(context: BundleContext, signal: ScalingSignal): PrometheusQuestion {
  const selector = serverSelector(context);
  const share = signal.kind === "kv-cache";
  return {
    serverAddress: readsGmp(context) ? ADDRESSES.gmp : ADDRESSES.operator,
    addressComment: readsGmp(context)
      ? "the frontend of Google Managed Prometheus in the namespace monitoring (see above); set it to where yours is"
      : "set it to your Prometheus: this is the Service of the Prometheus operator in the namespace monitoring",
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
  if (!readsGmp(context)) {
    return [
      keda,
      {
        what: "A Prometheus that KEDA reaches at the ScaledObject's serverAddress, and that keeps the pods' label app.kubernetes.io/instance (as its own chart and the PodMonitor here do):",
        check: "kubectl get services -A -l operated-prometheus=true",
        install: [],
      },
    ];
  }
  return [
    keda,
    {
      what: "The frontend of Google Managed Prometheus, through which KEDA asks; its service account needs roles/monitoring.viewer:",
      check: "kubectl -n monitoring get service frontend",
      install: [
        "kubectl create namespace monitoring",
        `curl -s ${GMP_FRONTEND} | sed "s/\\$PROJECT_ID/YOUR_PROJECT/" | kubectl apply -n monitoring -f -`,
      ],
    },
  ];
}

/** KEDA's ScaledObject on a gauge of the server, read from Prometheus. */
export function keda(context: BundleContext): Outcome<AddOn> {
  const signal = scalingSignal(context);
  if (signal.kind === "refused") return signal;
  return ok({
    objects: [scaledObject(context, signal.value, question(context, signal.value))],
    prerequisites: prerequisites(context),
    notes: [
      "KEDA makes the HorizontalPodAutoscaler itself: do not put a second one on the same Deployment.",
      ...uncollected(context),
    ],
  });
}
