import { formatExactLatency, formatLatency, formatNumber } from "../../format";
import type { BundleContext } from "../plan/bundle-context";
import { figureName } from "../plan/settings-standing";
import { commented } from "../write/commented";
import { kubectlFor } from "../write/shell-commands";
import { histogramStatistic, serverSelector } from "./promql";
import { type LatencyTarget, promSeconds, targetLabel } from "./targets";

/** A rule of Prometheus, as the operator's PrometheusRule and Google's Rules both take it. */
export interface AlertRule {
  alert: string;
  expr: string;
  for: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
}

export interface RuleGroup {
  name: string;
  interval: string;
  rules: AlertRule[];
}

/** Latencies are averaged over so many minutes: long enough for percentiles, short enough to warn somebody in time. */
export const WINDOW_MINUTES = 5;
/** Above what an autoscaler acts at (0.8), below full. */
const KV_CACHE_FULL = 0.95;

/** Annotations are Go templates: braces in a model's name must not be read as one. */
function templateText(text: string): string {
  return text.replaceAll("{{", '{{ "{{" }}');
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1).toLowerCase();
}

function latencyAlert(context: BundleContext, target: LatencyTarget, limitMs: number): AlertRule {
  const { identity, choice, server } = context;
  const label = targetLabel(target);
  const limit = formatExactLatency(limitMs);
  const measured = histogramStatistic(target.histogram, target.statistic, serverSelector(context), WINDOW_MINUTES);
  const named = figureName(context);
  const predicted = target.predictedMs === null ? "not known" : formatLatency(target.predictedMs);
  return commented(
    {
      alert: `Inference${capitalised(target.metric)}${capitalised(target.statistic)}AboveTarget`,
      expr: `${measured} > ${promSeconds(limitMs)}`,
      for: "5m",
      labels: { severity: "warning", inference_service: identity.name },
      annotations: {
        summary: `${label} of ${identity.name} is above its target of ${limit}`,
        description: `${label} of ${templateText(choice.configuration.model)} has been {{ $value | humanizeDuration }} for 5 minutes; the target is ${limit}, ${named} at the operating point: ${predicted}.`,
        runbook: [
          `1. Load: sum(${server.signals.running}) and sum(${server.signals.waiting}) against the operating point on the dashboard. Above it, add replicas: raise maxReplicas, or the demand of the capacity plan.`,
          "2. At or below the operating point's load: compare prompt and answer lengths with the measured workload; longer ones need a plan of their own.",
          `3. One pod alone: ${kubectlFor(context.options)} get pods -l app.kubernetes.io/instance=${identity.name} -o wide, then its logs and its node.`,
        ].join(" "),
      },
    },
    {
      alert: `the target ${label} ≤ ${limit}, in seconds${
        target.statistic === "mean" ? "" : "; percentiles are read off the histogram's buckets, as fine as those are"
      }; ${named}: ${predicted}`,
    },
  );
}

function queueAlert(context: BundleContext): AlertRule {
  const { identity, server, options, target } = context;
  const remedy =
    options.autoscaler === "none"
      ? `Add replicas: ${kubectlFor(options)} scale ${target.kind.toLowerCase()} ${target.name} --replicas=N.`
      : `Check whether the autoscaler is at its maximum or waits for nodes: ${kubectlFor(options)} get hpa,pods -l app.kubernetes.io/instance=${identity.name}. Raise the maximum.`;
  const series = `${server.signals.waiting}${serverSelector(context)}`;
  return commented(
    {
      alert: "InferenceQueueGrowing",
      expr: `sum(min_over_time(${series}[10m])) > 0 and sum(deriv(${series}[10m])) > 0`,
      for: "5m",
      labels: { severity: "warning", inference_service: identity.name },
      annotations: {
        summary: `Requests pile up in the queue of ${identity.name}`,
        description:
          "The queue has not been empty for 10 minutes and grows: more requests come than are answered, and every one waits longer.",
        runbook: `${remedy} Until then, turn requests away before they queue.`,
      },
    },
    { alert: "no number to choose: a queue that never empties and grows does not go away by itself" },
  );
}

function kvCacheAlert(context: BundleContext): AlertRule[] {
  const { identity, server } = context;
  if (server.signals.kvCache === null) return [];
  const rule: AlertRule = commented(
    {
      alert: "InferenceKvCacheFull",
      expr: `max(avg_over_time(${server.signals.kvCache}${serverSelector(context)}[10m])) > ${KV_CACHE_FULL}`,
      for: "5m",
      labels: { severity: "warning", inference_service: identity.name },
      annotations: {
        summary: `The KV cache of a pod of ${identity.name} is full`,
        description:
          "A pod's KV cache has been {{ $value | humanizePercentage }} full on average for 10 minutes: requests wait for room, or are thrown out and computed again.",
        runbook:
          "Longer requests than measured, or more of them at once: add replicas, limit request length, or choose a configuration with more memory for the cache.",
      },
    },
    { alert: `${KV_CACHE_FULL}: above the 0.8 autoscalers act at, short of full; a convention, not a measured limit` },
  );
  return [rule];
}

function downAlert(context: BundleContext): AlertRule {
  const { identity, startup } = context;
  const minutes = formatNumber(startup.seconds / 60);
  return commented(
    {
      alert: "InferenceNoPodsReady",
      expr: `absent(up${serverSelector(context)} == 1)`,
      for: "5m",
      labels: { severity: "critical", inference_service: identity.name },
      annotations: {
        summary: `No pod of ${identity.name} answers`,
        description: `For 5 minutes no pod could be scraped: nothing serves. A first start, or a new node, may take up to ${minutes} minutes and sets this off too.`,
        runbook: `${kubectlFor(context.options)} get pods -l app.kubernetes.io/instance=${identity.name}. Pending: ${kubectlFor(context.options)} describe pod, no free accelerator. Running but not ready: ${kubectlFor(context.options)} logs, the model is still loading or fails to. None: the autoscaler or a rollout took them.`,
      },
    },
    { alert: "a server opens its port when the model is loaded; before that there is nothing to scrape" },
  );
}

/** Alerts at exactly the targets that were chosen, and at what breaks any server: queue, cache, nobody there. */
export function alertGroup(context: BundleContext, targets: readonly LatencyTarget[]): RuleGroup {
  return {
    name: context.identity.name,
    interval: "30s",
    rules: [
      ...targets.flatMap((target) => (target.limitMs === null ? [] : [latencyAlert(context, target, target.limitMs)])),
      queueAlert(context),
      ...kvCacheAlert(context),
      downAlert(context),
    ],
  };
}
