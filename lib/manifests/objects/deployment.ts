import type {
  V1Container,
  V1Deployment,
  V1EnvVar,
  V1PodSpec,
  V1TopologySpreadConstraint,
  V1Volume,
} from "@kubernetes/client-node";
import { commented } from "../commented";
import type { Host } from "../hosts";
import type { ServerImage } from "../image";
import type { Identity, NodePlacement } from "../platforms/platform";
import { HTTP_PORT, type ServerArguments } from "../servers/vllm";
import { NODE_AND_IMAGE_SECONDS, type Shutdown, type StartupBudget } from "../timing";
import type { Weights } from "../weights";

/** Everything the Deployment is made from, decided elsewhere. */
export interface DeploymentParts {
  identity: Identity;
  annotations: Record<string, string>;
  podAnnotations: Record<string, string>;
  image: ServerImage;
  server: ServerArguments;
  environment: V1EnvVar[];
  tokenOptional: boolean;
  resourceName: string;
  accelerators: number;
  host: Host;
  placement: NodePlacement;
  startup: StartupBudget;
  stop: Shutdown;
  weights: Weights;
  storageClass: { name: string; comment: string } | null;
  /** How the container runs: GPU image with a user of its own, GPU image as root, TPU image. */
  user: "nonRoot" | "root" | "tpu";
  spread: boolean;
}

const CACHE_PATH = "/cache";
const BYTES_PER_GIB = 2 ** 30;
/** Weights, their temporary copies while downloading, and compiled programs. */
const CACHE_WEIGHT_FACTOR = 1.3;
const CACHE_EXTRA_GIB = 20;
const CACHE_STEP_GIB = 10;
const SHARED_MEMORY_GIB = { single: 4, several: 16 };
const MEMORY_LIMIT_FACTOR = 1.5;
const PROBE_SECONDS = 10;
const VLLM_USER_ID = 2000;
const ROOT_GROUP_ID = 0;
/** Where libraries of images without a usable home directory write (llm-d mounts the same). */
const WRITABLE_PATHS: [name: string, path: string][] = [
  ["home-cache", "/.cache"],
  ["home-triton", "/.triton"],
  ["home-config", "/.config"],
];

function environment(parts: DeploymentParts): V1EnvVar[] {
  const readyTimeout: V1EnvVar = { name: "VLLM_ENGINE_READY_TIMEOUT_S", value: String(parts.startup.seconds) };
  return [
    {
      name: "HF_TOKEN",
      valueFrom: { secretKeyRef: { name: "hf-token", key: "token", optional: parts.tokenOptional } },
    },
    { name: "HF_HOME", value: `${CACHE_PATH}/huggingface` },
    commented(
      { name: "VLLM_CACHE_ROOT", value: `${CACHE_PATH}/vllm` },
      { name: "compiled programs; kept when the container restarts" },
    ),
    commented(readyTimeout, {
      name: "the server's own patience (600 s by default) must not end before the startup probe's",
    }),
    commented(
      { name: "USER", value: "vllm" },
      { name: "PyTorch asks for a user name, also where the user id has none" },
    ),
    ...parts.environment,
  ];
}

function container(parts: DeploymentParts): V1Container {
  const { accelerators, host, resourceName, startup, stop } = parts;
  const memoryGib = host.memoryGibPerAccelerator * accelerators;
  const health = { path: "/health", port: "http" };
  const values = parts.server.list.map((argument) => argument.value);
  const reasons = parts.server.list.map((argument) => argument.why);
  return commented(
    {
      name: "vllm",
      image: parts.image.reference,
      imagePullPolicy: "IfNotPresent",
      command: ["vllm", "serve"],
      args: commented(values, reasons),
      env: environment(parts),
      ports: [{ name: "http", containerPort: HTTP_PORT, protocol: "TCP" }],
      startupProbe: commented(
        {
          httpGet: health,
          periodSeconds: PROBE_SECONDS,
          timeoutSeconds: 5,
          failureThreshold: Math.ceil(startup.seconds / PROBE_SECONDS),
        },
        { failureThreshold: startup.derivation },
      ),
      readinessProbe: {
        httpGet: { path: "/v1/models", port: "http" },
        periodSeconds: 5,
        timeoutSeconds: 2,
        failureThreshold: 3,
      },
      livenessProbe: commented(
        { httpGet: health, periodSeconds: PROBE_SECONDS, timeoutSeconds: 5, failureThreshold: 6 },
        { failureThreshold: "a restart costs a model load: be slow to kill" },
      ),
      lifecycle: { preStop: { sleep: { seconds: stop.preStopSeconds } } },
      securityContext:
        parts.user === "tpu"
          ? { allowPrivilegeEscalation: false }
          : commented(
              { allowPrivilegeEscalation: false, readOnlyRootFilesystem: false, capabilities: { drop: ["ALL"] } },
              { readOnlyRootFilesystem: "the NVIDIA container hook writes into the root filesystem" },
            ),
      resources: {
        requests: {
          cpu: String(host.cpuPerAccelerator * accelerators),
          memory: `${memoryGib}Gi`,
          [resourceName]: String(accelerators),
        },
        limits: { memory: `${Math.ceil(memoryGib * MEMORY_LIMIT_FACTOR)}Gi`, [resourceName]: String(accelerators) },
      },
      volumeMounts: [
        { name: "shm", mountPath: "/dev/shm" },
        { name: "cache", mountPath: CACHE_PATH },
        ...(parts.user === "nonRoot" ? [] : WRITABLE_PATHS.map(([name, mountPath]) => ({ name, mountPath }))),
      ],
    },
    {
      image: parts.image.reason,
      command: "said in full: the image's entrypoint changed between versions",
      args: [
        "what was measured; flags the source does not record stay at the server's defaults",
        ...parts.server.leftOut,
      ].join("\n"),
    },
  );
}

function volumes(parts: DeploymentParts): V1Volume[] {
  const { weights, storageClass, accelerators } = parts;
  const neededGib = (weights.bytes / BYTES_PER_GIB) * CACHE_WEIGHT_FACTOR + CACHE_EXTRA_GIB;
  const cacheGib = Math.ceil(neededGib / CACHE_STEP_GIB) * CACHE_STEP_GIB;
  const sharedGib = accelerators === 1 ? SHARED_MEMORY_GIB.single : SHARED_MEMORY_GIB.several;
  return [
    commented(
      { name: "shm", emptyDir: { medium: "Memory", sizeLimit: `${sharedGib}Gi` } },
      { name: "workers talk through shared memory; counts against the memory limit" },
    ),
    commented(
      {
        name: "cache",
        ephemeral: {
          volumeClaimTemplate: {
            spec: commented(
              {
                accessModes: ["ReadWriteOnce"],
                ...(storageClass === null ? {} : { storageClassName: storageClass.name }),
                resources: {
                  requests: commented(
                    { storage: `${cacheGib}Gi` },
                    {
                      storage: `${weights.bytesBasis} × ${CACHE_WEIGHT_FACTOR} + ${CACHE_EXTRA_GIB} GiB for compiled programs`,
                    },
                  ),
                },
              },
              storageClass === null ? {} : { storageClassName: storageClass.comment },
            ),
          },
        },
      },
      { name: "one volume a pod: a shared ReadWriteOnce claim would tie all replicas to one node" },
    ),
    ...(parts.user === "nonRoot" ? [] : WRITABLE_PATHS.map(([name]) => ({ name, emptyDir: {} }))),
  ];
}

function spreadConstraints(identity: Identity): V1TopologySpreadConstraint[] {
  return ["topology.kubernetes.io/zone", "kubernetes.io/hostname"].map((topologyKey) => ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: "ScheduleAnyway",
    labelSelector: { matchLabels: identity.selector },
  }));
}

const USER_COMMENTS = {
  nonRoot: "the image's own user (2000, group 0); allowed under Pod Security level restricted",
  root: "this image runs as root (images from v0.23.0 on have a user of their own): Pod Security level baseline, not restricted",
  tpu: "as the image comes; TPU drivers are reached as root, so Pod Security level restricted is not met",
};

function podSpec(parts: DeploymentParts): V1PodSpec {
  const { placement, stop, identity } = parts;
  const selection = placement.nodeSelector ?? placement.affinity;
  return commented(
    {
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: stop.graceSeconds,
      securityContext:
        parts.user === "nonRoot"
          ? {
              runAsNonRoot: true,
              runAsUser: VLLM_USER_ID,
              runAsGroup: ROOT_GROUP_ID,
              fsGroup: ROOT_GROUP_ID,
              fsGroupChangePolicy: "OnRootMismatch",
              seccompProfile: { type: "RuntimeDefault" },
            }
          : { seccompProfile: { type: "RuntimeDefault" } },
      ...(placement.nodeSelector === undefined ? {} : { nodeSelector: placement.nodeSelector }),
      ...(placement.affinity === undefined ? {} : { affinity: placement.affinity }),
      tolerations: placement.tolerations,
      ...(parts.spread ? { topologySpreadConstraints: spreadConstraints(identity) } : {}),
      containers: [container(parts)],
      volumes: volumes(parts),
    },
    {
      enableServiceLinks: 'a Service named "vllm" would set VLLM_PORT=tcp://..., which the server takes for its port',
      terminationGracePeriodSeconds: stop.derivation,
      securityContext: USER_COMMENTS[parts.user],
      nodeSelector: placement.nodeSelector === undefined ? undefined : placement.comment,
      affinity: placement.affinity === undefined ? undefined : placement.comment,
      tolerations: selection === undefined ? placement.comment : undefined,
    },
  );
}

/** The model server. No `replicas`: the autoscaler owns them, and applying again must not reset them. */
export function deployment(parts: DeploymentParts): V1Deployment {
  const { identity, startup } = parts;
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: identity.name, labels: identity.labels, annotations: parts.annotations },
    spec: commented(
      {
        revisionHistoryLimit: 3,
        progressDeadlineSeconds: startup.seconds + NODE_AND_IMAGE_SECONDS,
        strategy: commented(
          { type: "RollingUpdate", rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
          { rollingUpdate: "a surge pod would need spare accelerators; without them the rollout hangs" },
        ),
        selector: { matchLabels: identity.selector },
        template: {
          metadata: {
            labels: identity.labels,
            ...(Object.keys(parts.podAnnotations).length === 0 ? {} : { annotations: parts.podAnnotations }),
          },
          spec: podSpec(parts),
        },
      },
      {
        revisionHistoryLimit: "replicas are left out: the HorizontalPodAutoscaler below owns them",
        progressDeadlineSeconds:
          "startup budget + 20 minutes for a new node and the image; by default a rollout fails after 600 s",
      },
    ),
  };
}
