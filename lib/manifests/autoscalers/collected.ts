import type { BundleContext } from "../parts";

/** A note where the autoscaler reads Prometheus and nothing here makes a Prometheus read the pods; else none. */
export function uncollected({ options, platform, server }: BundleContext): string[] {
  const annotated = Object.keys(platform.podAnnotations).some((key) => key.startsWith("prometheus.io/"));
  if (options.monitoring === "prometheus-operator" || annotated) return [];
  if (options.monitoring === "gmp" && options.metrics === "keda-prometheus") return [];
  return [
    `The autoscaler reads a Prometheus, and nothing here makes one collect from the pods: choose the monitoring prometheus-operator, or have yours scrape port http, path ${server.metricsPath}, with the labels namespace, pod and app_kubernetes_io_instance.`,
  ];
}
