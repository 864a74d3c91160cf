import type { V1ObjectMeta } from "@kubernetes/client-node";
import { ok, type Result } from "../../result";
import { podMonitor } from "../objects/pod-monitor";
import type { AddOn, BundleContext, Prerequisite } from "../plan/bundle-context";
import { commented } from "../write/commented";
import { alertGroup, type RuleGroup } from "./alerts";
import { dashboard } from "./dashboard";
import { watchedTargets } from "./targets";

interface PrometheusRule {
  apiVersion: "monitoring.coreos.com/v1";
  kind: "PrometheusRule";
  metadata: V1ObjectMeta;
  spec: { groups: RuleGroup[] };
}

/** Name of the Helm release in the chart's own instructions. */
const RELEASE = "kube-prometheus-stack";

/** Labels of an object the Prometheus of the chart is to find; OpenShift's own takes every object of a namespace. */
export function chartLabels({ options }: BundleContext, labels: Record<string, string>): Record<string, string> {
  if (options.platform === "openshift") return labels;
  return commented(
    { ...labels, release: RELEASE },
    {
      release:
        "the Prometheus of the chart kube-prometheus-stack takes objects with the name of its Helm release only: set yours",
    },
  );
}

const OPERATOR: Prerequisite = {
  what: "The Prometheus operator (0.60 or later) with a Prometheus that selects these objects, and for the dashboard a Grafana whose sidecar reads ConfigMaps with the label grafana_dashboard; kube-prometheus-stack has all of it:",
  check:
    "kubectl get prometheus -A -o jsonpath='{range .items[*]}{.spec.podMonitorSelector} {.spec.ruleSelector}{\"\\n\"}{end}'",
  install: [
    `helm install ${RELEASE} kube-prometheus-stack --repo https://prometheus-community.github.io/helm-charts --namespace monitoring --create-namespace`,
  ],
};

/** OpenShift has this Prometheus built in, and its own prerequisites say how to switch it on; it has no Grafana. */
const OPENSHIFT_GRAFANA: Prerequisite = {
  what: "For the dashboard: a Grafana of your own whose sidecar reads ConfigMaps with the label grafana_dashboard, or import the JSON of the ConfigMap.",
  check: null,
  install: [],
};

/** Collection, alerts and dashboard for the Prometheus operator. */
export function prometheusOperator(context: BundleContext): Result<AddOn> {
  const { identity, server } = context;
  const { targets, notes } = watchedTargets(context);
  const labels = chartLabels(context, identity.labels);
  const rule: PrometheusRule = {
    apiVersion: "monitoring.coreos.com/v1",
    kind: "PrometheusRule",
    metadata: { name: identity.name, labels },
    spec: { groups: [alertGroup(context, targets)] },
  };
  return ok({
    objects: [
      podMonitor({ name: identity.name, labels }, identity.selector, { port: "http", path: server.metricsPath }, [
        "app.kubernetes.io/instance",
      ]),
      rule,
      dashboard(context, targets),
    ],
    prerequisites: [context.options.platform === "openshift" ? OPENSHIFT_GRAFANA : OPERATOR],
    notes,
  });
}
