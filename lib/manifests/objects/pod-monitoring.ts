import type { V1LabelSelector, V1ObjectMeta } from "@kubernetes/client-node";
import { INSTANCE_LABEL } from "../monitoring/promql";
import type { BundleContext } from "../plan/bundle-context";

/** Google Managed Prometheus' scrape object; no published TypeScript types exist. */
export interface PodMonitoring {
  apiVersion: "monitoring.googleapis.com/v1";
  kind: "PodMonitoring";
  metadata: V1ObjectMeta;
  spec: {
    selector: V1LabelSelector;
    endpoints: { port: string; path: string; interval: string }[];
    targetLabels?: { metadata?: string[]; fromPod?: { from: string; to: string }[] };
  };
}

/** Collects the server's metrics; the autoscaler has nothing to read without it. */
export function podMonitoring({ identity, server }: BundleContext): PodMonitoring {
  return {
    apiVersion: "monitoring.googleapis.com/v1",
    kind: "PodMonitoring",
    metadata: { name: identity.name, labels: identity.labels },
    spec: {
      selector: { matchLabels: identity.selector },
      endpoints: [{ port: "http", path: server.metricsPath, interval: "15s" }],
      targetLabels: {
        metadata: ["pod", "container", "node"],
        fromPod: [{ from: "app.kubernetes.io/instance", to: INSTANCE_LABEL }],
      },
    },
  };
}
