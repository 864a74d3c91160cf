import { type Collector, collectorOf } from "../monitoring/collectors";
import type { BundleContext } from "../plan/bundle-context";
import type { Platform } from "../platforms/platform";

/** Whether pods there carry the annotations by which many a Prometheus finds them. */
export function isAnnotated({ podAnnotations }: Pick<Platform, "podAnnotations">): boolean {
  return Object.keys(podAnnotations).some((key) => key.startsWith("prometheus.io/"));
}

/** A note where nothing here makes the Prometheus that the autoscaler asks read the pods; else none. */
export function uncollected({ options, platform, server }: BundleContext, asked: Collector): string[] {
  if (collectorOf(options) === asked || isAnnotated(platform)) return [];
  return [
    `The autoscaler reads a Prometheus, and nothing here makes one collect from the pods: choose the monitoring prometheus-operator, or have yours scrape port http, path ${server.metricsPath}, with the labels namespace, pod and app_kubernetes_io_instance.`,
  ];
}
