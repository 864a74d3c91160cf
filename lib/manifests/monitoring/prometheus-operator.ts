import type { V1ObjectMeta } from "@kubernetes/client-node";
import { ok, type Result } from "../../result";
import { podMonitor } from "../objects/pod-monitor";
import type { AddOn, Prerequisite } from "../plan/add-on";
import type { BundleContext } from "../plan/bundle-context";
import { commented } from "../write/commented";
import { alertGroup, type RuleGroup } from "./alerts";
import { dashboard } from "./dashboard";
import type { MonitoringKind } from "./monitoring";
import { watchedTargets } from "./targets";

interface PrometheusRule {
  apiVersion: "monitoring.coreos.com/v1";
  kind: "PrometheusRule";
  metadata: V1ObjectMeta;
  spec: { groups: RuleGroup[] };
}

/** Name of the Helm release in the chart's own instructions. */
const RELEASE = "kube-prometheus-stack";

/** Labels of an object the Prometheus of the chart is to find; a platform's own takes every object of a namespace. */
function chartLabels({ platform }: BundleContext, labels: Record<string, string>): Record<string, string> {
  if (platform.ownPrometheus !== undefined) return labels;
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

function plan(context: BundleContext): Result<AddOn> {
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
    prerequisites: [context.platform.ownPrometheus?.dashboard ?? OPERATOR],
    notes,
  });
}

/** Collection, alerts and dashboard for the Prometheus operator. */
export const prometheusOperator: MonitoringKind = {
  label: "Prometheus operator",
  help: "PodMonitor, alerts at the targets and a dashboard; kube-prometheus-stack, or OpenShift's own",
  problem: () => null,
  collection: (context, { name, labels, selector, port, path }) => [
    podMonitor({ name, labels: chartLabels(context, labels) }, selector, { port, path }),
  ],
  plan,
};
