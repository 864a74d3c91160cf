import type { V1ObjectMeta } from "@kubernetes/client-node";
import { ok, type Result } from "../../result";
import { type PodMonitoring, podMonitoring } from "../objects/pod-monitoring";
import type { AddOn } from "../plan/add-on";
import type { BundleContext } from "../plan/bundle-context";
import { kubectlFor } from "../write/shell-commands";
import { alertGroup, type RuleGroup } from "./alerts";
import { dashboard } from "./dashboard";
import type { MonitoringKind } from "./monitoring";
import { watchedTargets } from "./targets";

/** Rules of Google Managed Prometheus; they see the series of their own namespace only. */
interface Rules {
  apiVersion: "monitoring.googleapis.com/v1";
  kind: "Rules";
  metadata: V1ObjectMeta;
  spec: { groups: RuleGroup[] };
}

function plan(context: BundleContext): Result<AddOn> {
  const { identity, options } = context;
  const { targets, notes } = watchedTargets(context);
  const rules: Rules = {
    apiVersion: "monitoring.googleapis.com/v1",
    kind: "Rules",
    metadata: { name: identity.name, labels: identity.labels },
    spec: { groups: [alertGroup(context, targets)] },
  };
  return ok({
    objects: [podMonitoring(context), rules, dashboard(context, targets)],
    prerequisites: [
      {
        what: "For alerts: an Alertmanager that Google Managed Prometheus sends to (OperatorConfig config in gmp-public). For the dashboard: a Grafana whose sidecar reads ConfigMaps with the label grafana_dashboard, or import the JSON of the ConfigMap into Grafana or Cloud Monitoring.",
        check: `${kubectlFor(options)} get podmonitorings.monitoring.googleapis.com,rules.monitoring.googleapis.com`,
        install: [],
      },
    ],
    notes,
  });
}

/** Collection, alerts and dashboard for Google Managed Prometheus. */
export const gmp: MonitoringKind = {
  label: "Google Managed Prometheus",
  help: "PodMonitoring, alerts at the targets and a dashboard; GKE only",
  problem: ({ hasManagedPrometheus }) =>
    hasManagedPrometheus === true
      ? null
      : "Google Managed Prometheus objects (PodMonitoring, Rules) exist on GKE only.",
  collection(_, { name, labels, selector, port, path }) {
    const monitoring: PodMonitoring = {
      apiVersion: "monitoring.googleapis.com/v1",
      kind: "PodMonitoring",
      metadata: { name, labels },
      spec: { selector: { matchLabels: selector }, endpoints: [{ port, path, interval: "15s" }] },
    };
    return [monitoring];
  },
  plan,
};
