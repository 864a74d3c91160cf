import type { KubernetesObject } from "@kubernetes/client-node";
import { COLLECTORS, type Collector, collectorOf } from "../monitoring/collectors";
import { MANAGED_ON, noManagedPrometheus } from "../monitoring/gmp";
import { podMonitoring } from "../objects/pod-monitoring";
import type { ManifestOptions, MetricsSource } from "../options/manifest-options";
import type { OptionLabel } from "../options/option-label";
import type { Prerequisite } from "../plan/add-on";
import type { BundleContext } from "../plan/bundle-context";
import type { Platform } from "../platforms/platform";
import { isAnnotated, uncollected } from "./collected";
import type { ScalingSignal } from "./signal";

/** What reads a gauge for a HorizontalPodAutoscaler. */
export interface MetricsAdapter {
  /** Name under which the Pods metric API knows a server's gauge. */
  metricName(prometheusName: string): string;
  /** What must collect the gauge, where the monitoring does not. */
  objects(context: BundleContext): KubernetesObject[];
  prerequisites(context: BundleContext, signal: ScalingSignal): Prerequisite[];
  notes(context: BundleContext): string[];
}

/** One way an autoscaler comes to its numbers. */
export interface MetricsSourceKind extends OptionLabel {
  /** The Prometheus it asks. */
  asks(options: Pick<ManifestOptions, "monitoring">): Collector;
  /** Why a platform cannot have it, as a sentence; `null` where it can. */
  problem(platform: Platform): string | null;
  /** `null` where no HorizontalPodAutoscaler can read it. */
  adapter: MetricsAdapter | null;
}

/** What makes a Prometheus read the pods, as the start of a sentence; `""` where the bundle does. */
function scraping({ options, platform }: BundleContext): string {
  if (collectorOf(options) === COLLECTORS.own) return "";
  const annotated = isAnnotated(platform) ? "they carry prometheus.io/* annotations; with" : "with";
  return `A Prometheus that scrapes the pods (${annotated} the Prometheus operator choose its monitoring), and `;
}

const prometheusAdapter: MetricsAdapter = {
  // The custom metrics API allows no colon: the adapter renames.
  metricName: (prometheusName) => prometheusName.replaceAll(":", "_"),
  objects: () => [],
  prerequisites(context, { metric, kind }) {
    const { ownPrometheus } = context.platform;
    // A share of the cache is averaged over a pod's engines, counts are added up.
    const aggregate = kind === "kv-cache" ? "avg" : "sum";
    return [
      ...(ownPrometheus === undefined ? [] : [ownPrometheus.adapterAccess]),
      {
        what: `${scraping(context)}prometheus-adapter with this rule for the autoscaler:`,
        check: "kubectl get apiservice v1beta1.custom.metrics.k8s.io",
        install: [
          "rules:",
          "  custom:",
          `    - seriesQuery: '${metric}{namespace!="",pod!=""}'`,
          "      resources: {overrides: {namespace: {resource: namespace}, pod: {resource: pod}}}",
          `      name: {matches: "", as: "${metric.replaceAll(":", "_")}"}`,
          `      metricsQuery: '${aggregate}(<<.Series>>{<<.LabelMatchers>>}) by (<<.GroupBy>>)'`,
        ],
      },
    ];
  },
  notes: uncollectedBy(COLLECTORS.own),
};

const STACKDRIVER_ADAPTER =
  "https://raw.githubusercontent.com/GoogleCloudPlatform/k8s-stackdriver/master/custom-metrics-stackdriver-adapter/deploy/production/adapter_new_resource_model.yaml";

const stackdriverAdapter: MetricsAdapter = {
  metricName: (prometheusName) => `prometheus.googleapis.com|${prometheusName}|gauge`,
  // Without its collection the autoscaler had nothing to read.
  objects: (context) => (collectorOf(context.options) === COLLECTORS.google ? [] : [podMonitoring(context)]),
  prerequisites: () => [
    {
      what: "Managed collection of Google Managed Prometheus (on by default), and the custom metrics adapter, once a cluster; its service account needs roles/monitoring.viewer:",
      check: "kubectl get apiservice v1beta1.custom.metrics.k8s.io",
      install: [`kubectl apply -f ${STACKDRIVER_ADAPTER}`],
    },
  ],
  notes: () => [],
};

function uncollectedBy(asked: Collector): (context: BundleContext) => string[] {
  return (context) => uncollected(context, asked);
}

/** Every source of an autoscaler's metric: one entry each. */
export const METRICS_SOURCE_KINDS: Record<MetricsSource, MetricsSourceKind> = {
  "prometheus-adapter": {
    label: "Prometheus adapter",
    help: "Any cluster with a Prometheus; for the HPA",
    asks: () => COLLECTORS.own,
    problem: () => null,
    adapter: prometheusAdapter,
  },
  gmp: {
    label: "Google Managed Prometheus",
    help: `${MANAGED_ON}, with the custom metrics adapter for Cloud Monitoring; for the HPA`,
    asks: () => COLLECTORS.google,
    problem: (platform) => noManagedPrometheus(platform, "Google Managed Prometheus feeds the autoscaler"),
    adapter: stackdriverAdapter,
  },
  "keda-prometheus": {
    label: "KEDA's Prometheus scaler",
    help: "A Prometheus KEDA can reach; for KEDA",
    // The one that collects; without any, the reader's own.
    asks: (options) => collectorOf(options) ?? COLLECTORS.own,
    problem: () => null,
    adapter: null,
  },
};
