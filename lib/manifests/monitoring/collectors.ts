import type { V1NetworkPolicyPort } from "@kubernetes/client-node";
import { type IngressRule, namespaces } from "../objects/network-policy";
import type { Monitoring } from "../options/manifest-options";
import type { Prerequisite } from "../plan/add-on";
import type { OwnPrometheus } from "../platforms/platform";
import { commented } from "../write/commented";

const GMP_FRONTEND =
  "https://raw.githubusercontent.com/GoogleCloudPlatform/prometheus-engine/main/examples/frontend.yaml";

/** A Prometheus that collects the server's metrics. */
export interface Collector {
  /** Lets it in. @param own the platform's own Prometheus, where it has one */
  ingress(ports: V1NetworkPolicyPort[], own: OwnPrometheus | undefined): IngressRule;
  /** Whether it may read pods by their `prometheus.io/` annotations, too. */
  readsAnnotations: boolean;
  /** The address KEDA asks by default. */
  address: { serverAddress: string; addressComment: string };
  /** What KEDA needs to ask it. */
  kedaPrerequisite: Prerequisite;
}

const google: Collector = {
  ingress: (ports) =>
    commented(
      { from: [namespaces("gmp-system", "gke-gmp-system")], ports },
      { from: "the collectors of Google Managed Prometheus (Standard, Autopilot)" },
    ),
  readsAnnotations: false,
  // Its frontend as installed below.
  address: {
    serverAddress: "http://frontend.monitoring.svc:9090",
    addressComment:
      "the frontend of Google Managed Prometheus in the namespace monitoring (see above); set it to where yours is",
  },
  kedaPrerequisite: {
    what: "The frontend of Google Managed Prometheus, through which KEDA asks; its service account needs roles/monitoring.viewer:",
    check: "kubectl -n monitoring get service frontend",
    install: [
      "kubectl create namespace monitoring",
      `curl -s ${GMP_FRONTEND} | sed "s/\\$PROJECT_ID/YOUR_PROJECT/" | kubectl apply -n monitoring -f -`,
    ],
  },
};

const own: Collector = {
  ingress: (ports, platforms) =>
    platforms === undefined
      ? commented({ from: [namespaces("monitoring")], ports }, { from: "Prometheus: set the namespace yours runs in" })
      : commented({ from: [namespaces(platforms.namespace)], ports }, { from: platforms.comment }),
  readsAnnotations: true,
  address: {
    serverAddress: "http://prometheus-operated.monitoring.svc:9090",
    addressComment:
      "set it to your Prometheus: this is the Service of the Prometheus operator in the namespace monitoring",
  },
  kedaPrerequisite: {
    what: "A Prometheus that KEDA reaches at the ScaledObject's serverAddress, and that keeps the pods' label app.kubernetes.io/instance (as its own chart and the PodMonitor here do):",
    check: "kubectl get services -A -l operated-prometheus=true",
    install: [],
  },
};

/** Google's Prometheus, and one of the reader's own or of the platform's. */
export const COLLECTORS = { google, own } as const;

/** Which of them each monitoring makes read the pods; `null` = none. */
const COLLECTOR_OF: Record<Monitoring, Collector | null> = { none: null, "prometheus-operator": own, gmp: google };

/** The Prometheus that a monitoring makes read the pods; `null` where it makes none. */
export function collectorOf({ monitoring }: { monitoring: Monitoring }): Collector | null {
  return COLLECTOR_OF[monitoring];
}
