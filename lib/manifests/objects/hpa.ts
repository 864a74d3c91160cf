import type { V2HorizontalPodAutoscaler } from "@kubernetes/client-node";
import type { ScalingSignal } from "../autoscalers/signal";
import type { BundleContext } from "../plan/bundle-context";
import { commented } from "../write/commented";
import { scalingBehavior } from "./scaling-behavior";

/**
 * Scales on the server's own gauge, averaged over the pods.
 * @param metricName the gauge as the metrics adapter names it
 */
export function horizontalPodAutoscaler(
  context: BundleContext,
  signal: ScalingSignal,
  metricName: string,
): V2HorizontalPodAutoscaler {
  const { identity, scaling, startup, target } = context;
  return {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: {
      name: identity.name,
      labels: identity.labels,
      annotations: { "inference-quickstart.dev/target": `${signal.target}: ${signal.targetReason}` },
    },
    spec: commented(
      {
        scaleTargetRef: { apiVersion: target.apiVersion, kind: target.kind, name: target.name },
        minReplicas: scaling.minimum,
        maxReplicas: scaling.maximum,
        metrics: [
          {
            type: "Pods",
            pods: {
              metric: { name: metricName },
              target: commented(
                { type: "AverageValue", averageValue: String(signal.target) },
                { averageValue: signal.targetReason },
              ),
            },
          },
        ],
        behavior: scalingBehavior(startup.seconds),
      },
      { minReplicas: scaling.minimumReason, maxReplicas: scaling.maximumReason },
    ),
  };
}
