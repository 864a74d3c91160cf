import type { V1PodDisruptionBudget } from "@kubernetes/client-node";
import type { Identity } from "../plan/identity";
import { commented } from "../write/commented";

/** One pod at a time may be drained; pods that are not ready never block a drain. */
export function podDisruptionBudget(identity: Identity): V1PodDisruptionBudget {
  return {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: { name: identity.name, labels: identity.labels },
    spec: commented(
      {
        maxUnavailable: 1,
        unhealthyPodEvictionPolicy: "AlwaysAllow",
        selector: { matchLabels: identity.selector },
      },
      { unhealthyPodEvictionPolicy: "a pod still loading its model must not block a node drain" },
    ),
  };
}
