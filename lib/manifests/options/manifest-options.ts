export const DEVICE_ACCESSES = ["plugin", "dra"] as const;
export type DeviceAccess = (typeof DEVICE_ACCESSES)[number];

export const AUTOSCALERS = ["none", "hpa", "keda"] as const;
export type Autoscaler = (typeof AUTOSCALERS)[number];

export const METRICS_SOURCES = ["prometheus-adapter", "gmp", "keda-prometheus"] as const;
export type MetricsSource = (typeof METRICS_SOURCES)[number];

export const SIGNALS = ["auto", "running", "queue", "kv-cache"] as const;
export type Signal = (typeof SIGNALS)[number];

export const GATEWAYS = ["none", "gke", "istio", "agentgateway", "envoy-ai-gateway"] as const;
export type GatewayKind = (typeof GATEWAYS)[number];

export const STORAGES = ["hub", "pvc", "gcsfuse", "lustre", "s3", "oci-image"] as const;
export type StorageKind = (typeof STORAGES)[number];

export const MONITORINGS = ["none", "prometheus-operator", "gmp"] as const;
export type Monitoring = (typeof MONITORINGS)[number];

/** The longest request a server takes: by the measured lengths, or as long as the model and the memory allow. */
export const CONTEXTS = ["measured", "model"] as const;
export type ContextLength = (typeof CONTEXTS)[number];

/** A Kubernetes minor version, `1.34`. */
export interface ClusterVersion {
  major: number;
  minor: number;
}

/** What a person settles about the cluster, beside the choice itself. One definition for page, HTTP, command line and links. */
export interface ManifestOptions {
  /** Id of one of `PLATFORMS`. */
  platform: string;
  clusterVersion: ClusterVersion;
  deviceAccess: DeviceAccess;
  context: ContextLength;
  /** Whether reasoning and tool calls are split from answers, where the model's recipe says how. */
  answerParsers: boolean;
  autoscaler: Autoscaler;
  /** Where the autoscaler reads from; without an autoscaler it does not matter. */
  metrics: MetricsSource;
  signal: Signal;
  gateway: GatewayKind;
  storage: StorageKind;
  /** Bucket, claim or image the weights are in, as the storage names it; `null` for the Hugging Face hub. */
  storageSource: string | null;
  monitoring: Monitoring;
  benchmarkJob: boolean;
  networkPolicy: boolean;
  /** Whether a priority is written that requests can name; its definition must be in the cluster. */
  inferenceObjective: boolean;
  /** Written into every object; `null` = `kubectl apply -n` decides. */
  namespace: string | null;
  /** Extended resource of the cluster's RDMA device plugin, for pods that work together over the network; `null` = none. */
  rdmaResource: string | null;
  /** Name of the cluster, for commands and Karpenter's node class; `null` = not given. */
  clusterName: string | null;
}

/** True where pods get their accelerators by resource claims, from a DRA driver instead of a device plugin. */
export function claimsDevices({ deviceAccess }: Pick<ManifestOptions, "deviceAccess">): boolean {
  return deviceAccess === "dra";
}

/** What was asked for; what is left out follows from the platform and the accelerator. */
export type AskedOptions = { [K in keyof ManifestOptions]?: ManifestOptions[K] | null | undefined };

/** The oldest release the manifests are written for. */
export const OLDEST_CLUSTER: ClusterVersion = { major: 1, minor: 30 };
/** `1.34`, `v1.34.2`, `1.35.1-gke.1396000` → `{1, 34}`; `null` for anything else. */
export function parseClusterVersion(text: string): ClusterVersion | null {
  const match = /^v?1\.(\d{1,2})(?:[.+-].{0,40})?$/.exec(text.trim());
  return match === null ? null : { major: 1, minor: Number(match[1]) };
}

export function clusterVersionText({ major, minor }: ClusterVersion): string {
  return `${major}.${minor}`;
}

/** True where a cluster has at least `1.minor`. */
export function hasMinor(version: ClusterVersion, minor: number): boolean {
  return version.major > 1 || version.minor >= minor;
}
