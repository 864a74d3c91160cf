import { ok, type Result } from "../../result";
import { horizontalPodAutoscaler } from "../objects/hpa";
import { podMonitoring } from "../objects/pod-monitoring";
import type { AddOn, Prerequisite } from "../plan/add-on";
import type { BundleContext } from "../plan/bundle-context";
import type { AutoscalerKind } from "./autoscaler";
import { isAnnotated, uncollected } from "./collected";
import { type ScalingSignal, scalingSignal } from "./signal";

const STACKDRIVER_ADAPTER =
  "https://raw.githubusercontent.com/GoogleCloudPlatform/k8s-stackdriver/master/custom-metrics-stackdriver-adapter/deploy/production/adapter_new_resource_model.yaml";

/** Name under which the Pods metric API knows a server's gauge. The custom metrics API allows no colon: adapters rename. */
function podsMetricName(prometheusName: string, source: BundleContext["options"]["metrics"]): string {
  return source === "gmp" ? `prometheus.googleapis.com|${prometheusName}|gauge` : prometheusName.replaceAll(":", "_");
}

/** What makes a Prometheus read the pods, as the start of a sentence; `""` where the bundle does. */
function scraping({ options, platform }: BundleContext): string {
  if (options.monitoring === "prometheus-operator") return "";
  const annotated = isAnnotated(platform) ? "they carry prometheus.io/* annotations; with" : "with";
  return `A Prometheus that scrapes the pods (${annotated} the Prometheus operator choose its monitoring), and `;
}

function adapter(context: BundleContext, signal: ScalingSignal): Prerequisite[] {
  const { options, platform } = context;
  if (options.metrics === "gmp") {
    return [
      {
        what: "Managed collection of Google Managed Prometheus (on by default), and the custom metrics adapter, once a cluster; its service account needs roles/monitoring.viewer:",
        check: "kubectl get apiservice v1beta1.custom.metrics.k8s.io",
        install: [`kubectl apply -f ${STACKDRIVER_ADAPTER}`],
      },
    ];
  }
  const { metric } = signal;
  // A share of the cache is averaged over a pod's engines, counts are added up.
  const aggregate = signal.kind === "kv-cache" ? "avg" : "sum";
  return [
    ...(platform.ownPrometheus === undefined ? [] : [platform.ownPrometheus.adapterAccess]),
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
}

function plan(context: BundleContext): Result<AddOn> {
  const signal = scalingSignal(context);
  if (!signal.ok) return signal;
  const { options } = context;
  const metricName = podsMetricName(signal.value.metric, options.metrics);
  // Without its collection the autoscaler had nothing to read.
  const collects = options.metrics === "gmp" && options.monitoring !== "gmp";
  return ok({
    objects: [
      ...(collects ? [podMonitoring(context)] : []),
      horizontalPodAutoscaler(context, signal.value, metricName),
    ],
    prerequisites: adapter(context, signal.value),
    notes: options.metrics === "gmp" ? [] : uncollected(context),
  });
}

/** HorizontalPodAutoscaler on a gauge of the server, read through a metrics adapter. */
export const hpa: AutoscalerKind = {
  label: "HPA",
  help: "HorizontalPodAutoscaler on the server's own metric, through a metrics adapter",
  object: { kind: "HorizontalPodAutoscaler", resource: "hpa" },
  plan,
};
