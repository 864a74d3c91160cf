import type { V1ObjectMeta } from "@kubernetes/client-node";
import { ok, type Result } from "../../result";
import { type PodMonitoring, podMonitoring } from "../objects/pod-monitoring";
import type { AddOn } from "../plan/add-on";
import type { BundleContext } from "../plan/bundle-context";
import { platformNames } from "../platforms/all";
import type { Platform } from "../platforms/platform";
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

/** The platforms that have it, in words. */
export const MANAGED_ON = platformNames(hasManaged);

function hasManaged({ hasManagedPrometheus }: Platform): boolean {
  return hasManagedPrometheus === true;
}

/** Why a platform has nothing of Google Managed Prometheus; `null` where it has it. @param what the start of the sentence: what exists elsewhere */
export function noManagedPrometheus(platform: Platform, what: string): string | null {
  return hasManaged(platform) ? null : `${what} on ${MANAGED_ON} only.`;
}

/** Collection, alerts and dashboard for Google Managed Prometheus. */
export const gmp: MonitoringKind = {
  label: "Google Managed Prometheus",
  help: `PodMonitoring, alerts at the targets and a dashboard; ${MANAGED_ON} only`,
  problem: (platform) =>
    noManagedPrometheus(platform, "Google Managed Prometheus objects (PodMonitoring, Rules) exist"),
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
