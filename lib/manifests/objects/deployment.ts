import type { V1Deployment, V1PodTemplateSpec } from "@kubernetes/client-node";
import { AUTOSCALER_KINDS } from "../autoscalers/all";
import type { BundleContext } from "../plan/bundle-context";
import { commented } from "../write/commented";
import { ROLE_LABEL } from "./pod";

/**
 * The model server. No `replicas` where an autoscaler owns them: applying again must not reset them; else as many as the demand
 * needs.
 */
export function deployment(
  context: BundleContext,
  template: V1PodTemplateSpec,
  annotations: Record<string, string>,
): V1Deployment {
  const { identity, startup, scaling, options, target, role } = context;
  const roleLabel: Record<string, string> = role === null ? {} : { [ROLE_LABEL]: role };
  const owner = AUTOSCALER_KINDS[options.autoscaler].object?.kind;
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: target.name, labels: { ...identity.labels, ...roleLabel }, annotations },
    spec: commented(
      {
        ...(owner !== undefined ? {} : { replicas: scaling.minimum }),
        revisionHistoryLimit: 3,
        progressDeadlineSeconds: startup.rolloutSeconds,
        strategy: commented(
          { type: "RollingUpdate", rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
          { rollingUpdate: "a surge pod would need spare accelerators; without them the rollout hangs" },
        ),
        selector: { matchLabels: { ...identity.selector, ...roleLabel } },
        template,
      },
      {
        replicas: scaling.minimumReason,
        revisionHistoryLimit: owner !== undefined ? `replicas are left out: the ${owner} below owns them` : undefined,
        progressDeadlineSeconds: startup.rolloutDerivation,
      },
    ),
  };
}
