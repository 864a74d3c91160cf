import type { V2HorizontalPodAutoscaler } from "@kubernetes/client-node";
import type { Scaling } from "../autoscaling";
import { commented } from "../commented";
import type { Identity } from "../platforms/platform";

const SLOW_START_SECONDS = 2400;
const SCALE_DOWN_WINDOW_SECONDS = { quick: 300, slow: 600 };
const SCALE_UP_PODS_PER_MINUTE = 2;
const MINUTE_SECONDS = 60;

/**
 * Scales on the server's own gauge. Up at once, a few pods a minute; down slowly, because a pod that is taken away too
 * early costs a model load to get back.
 */
export function horizontalPodAutoscaler(
  identity: Identity,
  scaling: Scaling,
  metricName: string,
  startupSeconds: number,
): V2HorizontalPodAutoscaler {
  const window = startupSeconds > SLOW_START_SECONDS ? SCALE_DOWN_WINDOW_SECONDS.slow : SCALE_DOWN_WINDOW_SECONDS.quick;
  return {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: {
      name: identity.name,
      labels: identity.labels,
      annotations: { "inference-quickstart.dev/target": `${scaling.target}: ${scaling.targetReason}` },
    },
    spec: commented(
      {
        scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: identity.name },
        minReplicas: scaling.minimum,
        maxReplicas: scaling.maximum,
        metrics: [
          {
            type: "Pods",
            pods: {
              metric: { name: metricName },
              target: commented(
                { type: "AverageValue", averageValue: String(scaling.target) },
                { averageValue: scaling.targetReason },
              ),
            },
          },
        ],
        behavior: {
          scaleUp: {
            stabilizationWindowSeconds: 0,
            policies: [{ type: "Pods", value: SCALE_UP_PODS_PER_MINUTE, periodSeconds: MINUTE_SECONDS }],
          },
          scaleDown: commented(
            {
              stabilizationWindowSeconds: window,
              policies: [{ type: "Pods", value: 1, periodSeconds: window }],
            },
            { stabilizationWindowSeconds: "slow on purpose: getting a pod back costs a model load" },
          ),
        },
      },
      { minReplicas: scaling.minimumReason, maxReplicas: scaling.maximumReason },
    ),
  };
}
