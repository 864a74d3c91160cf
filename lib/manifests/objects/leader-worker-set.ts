import type { V1ObjectMeta, V1PodTemplateSpec } from "@kubernetes/client-node";
import { AUTOSCALER_KINDS } from "../autoscalers/all";
import type { BundleContext } from "../plan/bundle-context";
import { podsPerReplica } from "../plan/replica-layout";
import { commented } from "../write/commented";

/** leaderworkerset.x-k8s.io/v1, as far as it is written here; no published TypeScript types exist. */
export interface LeaderWorkerSet {
  apiVersion: "leaderworkerset.x-k8s.io/v1";
  kind: "LeaderWorkerSet";
  metadata: V1ObjectMeta;
  spec: {
    replicas?: number;
    startupPolicy: "LeaderCreated";
    rolloutStrategy: {
      type: "RollingUpdate";
      rollingUpdateConfiguration: { maxUnavailable: number; maxSurge: number };
    };
    leaderWorkerTemplate: {
      size: number;
      restartPolicy: "RecreateGroupOnPodRestart";
      leaderTemplate: V1PodTemplateSpec;
      workerTemplate: V1PodTemplateSpec;
    };
  };
}

/** Label of the leader in every group, set by the controller. */
export const LEADER_LABEL = { "leaderworkerset.sigs.k8s.io/worker-index": "0" };
const EXCLUSIVE_TOPOLOGY = "leaderworkerset.sigs.k8s.io/exclusive-topology";

/**
 * Names of pods, and of the sets the controller makes for them, start with this one's. A StatefulSet's name plus the hash of
 * its revision is a label value: 63 − 11, less two digits and a dash for the group.
 */
export const MAXIMUM_NAME_CHARACTERS = 49;

/** Replicas of several pods each: the unit that is scaled, rolled out and restarted is the whole group. */
export function leaderWorkerSet(
  context: BundleContext,
  leaderTemplate: V1PodTemplateSpec,
  workerTemplate: V1PodTemplateSpec,
  annotations: Record<string, string>,
): LeaderWorkerSet {
  const { identity, layout, platform, scaling, options } = context;
  const owner = AUTOSCALER_KINDS[options.autoscaler].object?.kind;
  const topology = platform.groupTopology;
  return {
    apiVersion: "leaderworkerset.x-k8s.io/v1",
    kind: "LeaderWorkerSet",
    metadata: {
      name: identity.name,
      labels: identity.labels,
      annotations:
        topology === undefined
          ? annotations
          : commented(
              { [EXCLUSIVE_TOPOLOGY]: topology.label, ...annotations },
              { [EXCLUSIVE_TOPOLOGY]: topology.comment },
            ),
    },
    spec: commented(
      {
        ...(owner !== undefined ? {} : { replicas: scaling.minimum }),
        startupPolicy: "LeaderCreated",
        rolloutStrategy: commented(
          { type: "RollingUpdate", rollingUpdateConfiguration: { maxUnavailable: 1, maxSurge: 0 } },
          { rollingUpdateConfiguration: "a surge group would need spare machines; without them the rollout hangs" },
        ),
        leaderWorkerTemplate: commented(
          {
            size: podsPerReplica(layout),
            restartPolicy: "RecreateGroupOnPodRestart",
            leaderTemplate,
            workerTemplate,
          },
          {
            size: `machines of one replica, as measured: ${layout.accelerators} accelerators on each`,
            restartPolicy: "one server over all of them: when a part fails, the rest cannot go on",
          },
        ),
      },
      {
        replicas: scaling.minimumReason,
        startupPolicy:
          owner !== undefined
            ? `workers start beside the leader: it is ready only with them. Replicas are left out: the ${owner} below owns them`
            : "workers start beside the leader: it is ready only with them",
      },
    ),
  };
}
