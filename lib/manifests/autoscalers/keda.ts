import { ok, type Result, refused } from "../../result";
import { serverSelector } from "../monitoring/promql";
import { type PrometheusQuestion, scaledObject } from "../objects/scaled-object";
import type { AddOn, Prerequisite } from "../plan/add-on";
import type { BundleContext } from "../plan/bundle-context";
import type { AutoscalerKind } from "./autoscaler";
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
  if (readsGmp(context)) {
    return {
      serverAddress: ADDRESSES.gmp,
      addressComment:
        "the frontend of Google Managed Prometheus in the namespace monitoring (see above); set it to where yours is",
    };
  }
  return {
    serverAddress: ADDRESSES.operator,
    addressComment:
      "set it to your Prometheus: this is the Service of the Prometheus operator in the namespace monitoring",
  };
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
      ...uncollected(context),
    ],
  });
}

/** KEDA's ScaledObject on a gauge of the server, read from Prometheus. */
export const keda: AutoscalerKind = {
  label: "KEDA",
  help: "ScaledObject that asks Prometheus itself; the KEDA operator",
  object: { kind: "ScaledObject", resource: "scaledobject" },
  plan,
};
