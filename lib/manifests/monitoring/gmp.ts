import type { V1ObjectMeta } from "@kubernetes/client-node";
import { ok, type Result } from "../../result";
import { podMonitoring } from "../objects/pod-monitoring";
import type { AddOn, BundleContext } from "../plan/bundle-context";
import { kubectlFor } from "../write/shell-commands";
import { alertGroup, type RuleGroup } from "./alerts";
import { dashboard } from "./dashboard";
import { watchedTargets } from "./targets";

/** Rules of Google Managed Prometheus; they see the series of their own namespace only. */
interface Rules {
  apiVersion: "monitoring.googleapis.com/v1";
  kind: "Rules";
  metadata: V1ObjectMeta;
  spec: { groups: RuleGroup[] };
}

/** Collection, alerts and dashboard for Google Managed Prometheus. */
export function gmp(context: BundleContext): Result<AddOn> {
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
