import type { V1LabelSelector, V1ObjectMeta } from "@kubernetes/client-node";

/** monitoring.coreos.com/v1, as far as it is written here; no published TypeScript types are used. */
export interface PodMonitor {
  apiVersion: "monitoring.coreos.com/v1";
  kind: "PodMonitor";
  metadata: V1ObjectMeta;
  spec: {
    selector: V1LabelSelector;
    podMetricsEndpoints: { port: string; path: string; interval: string }[];
    podTargetLabels?: string[];
  };
}

/**
 * Has the Prometheus operator collect from the named port of the selected pods.
 * @param podTargetLabels labels of the pods that their series keep
 */
export function podMonitor(
  metadata: V1ObjectMeta,
  selector: Record<string, string>,
  endpoint: { port: string; path: string },
  podTargetLabels: readonly string[] = [],
): PodMonitor {
  return {
    apiVersion: "monitoring.coreos.com/v1",
    kind: "PodMonitor",
    metadata,
    spec: {
      selector: { matchLabels: selector },
      podMetricsEndpoints: [{ ...endpoint, interval: "15s" }],
      ...(podTargetLabels.length === 0 ? {} : { podTargetLabels: [...podTargetLabels] }),
    },
  };
}
