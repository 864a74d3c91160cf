import type { V2HorizontalPodAutoscalerBehavior } from "@kubernetes/client-node";
import { commented } from "../write/commented";

const SLOW_START_SECONDS = 2400;
const SCALE_DOWN_WINDOW_SECONDS = { quick: 300, slow: 600 };
const SCALE_UP_PODS_PER_MINUTE = 2;
const MINUTE_SECONDS = 60;

/**
 * Up at once, a few pods a minute; down slowly, because a pod that is taken away too early costs a model load to get back.
 * @param startupSeconds the startup budget: where a start is slow, so is scaling down
 */
export function scalingBehavior(startupSeconds: number): V2HorizontalPodAutoscalerBehavior {
  const window = startupSeconds > SLOW_START_SECONDS ? SCALE_DOWN_WINDOW_SECONDS.slow : SCALE_DOWN_WINDOW_SECONDS.quick;
  return {
    scaleUp: commented(
      {
        stabilizationWindowSeconds: 0,
        policies: [{ type: "Pods", value: SCALE_UP_PODS_PER_MINUTE, periodSeconds: MINUTE_SECONDS }],
      },
      {
        stabilizationWindowSeconds:
          "at once, as a new pod takes minutes to load; few at a time, as none of them helps before",
      },
    ),
    scaleDown: commented(
      {
        stabilizationWindowSeconds: window,
        policies: [{ type: "Pods", value: 1, periodSeconds: window }],
      },
      { stabilizationWindowSeconds: "slow on purpose: getting a pod back costs a model load" },
    ),
  };
}
