import type { Accelerator } from "../../domain";
import { isCpu, isNeuron, isTpu } from "../hardware/hosts";
import { platformLacks } from "../hardware/machines";
import type { PlatformId } from "../platforms/ids";
import { GCS_SOURCE, IMAGE_SOURCE, S3_SOURCE, VOLUME_SOURCE } from "../storage/source";

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

/** A Kubernetes minor version, `1.34`. */
export interface ClusterVersion {
  major: number;
  minor: number;
}

/** What a person settles about the cluster, beside the choice itself. One definition for page, HTTP, command line and links. */
export interface ManifestOptions {
  platform: PlatformId;
  clusterVersion: ClusterVersion;
  deviceAccess: DeviceAccess;
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
  /** Written into every object; `null` = `kubectl apply -n` decides. */
  namespace: string | null;
  /** Extended resource of the cluster's RDMA device plugin, for pods that work together over the network; `null` = none. */
  rdmaResource: string | null;
  /** Name of the cluster: stands in commands and in Karpenter's node class; `null` = not said. */
  clusterName: string | null;
}

/** What was asked for; what is left out follows from the platform and the accelerator. */
export type AskedOptions = { [K in keyof ManifestOptions]?: ManifestOptions[K] | null | undefined };

/** One option that cannot be as asked, with the reason. */
export interface OptionConflict {
  option: keyof ManifestOptions;
  value: string;
  reason: string;
}

/** The oldest release the manifests are written for. */
export const OLDEST_CLUSTER: ClusterVersion = { major: 1, minor: 30 };
/** The one taken where nobody says: DRA is GA in it. */
const DEFAULT_CLUSTER: ClusterVersion = { major: 1, minor: 34 };

/** `1.34`, `v1.34.2`, `1.35.1-gke.1396000` → `{1, 34}`; `null` for anything else. */
export function parseClusterVersion(text: string): ClusterVersion | null {
  const match = /^v?1\.(\d{1,2})(?:[.+-].{0,40})?$/.exec(text.trim());
  return match === null ? null : { major: 1, minor: Number(match[1]) };
}

export function clusterVersionText({ major, minor }: ClusterVersion): string {
  return `${major}.${minor}`;
}

/** True where a cluster has at least `1.minor`. */
function hasMinor(version: ClusterVersion, minor: number): boolean {
  return version.major > 1 || version.minor >= minor;
}

export function isGke(platform: PlatformId): boolean {
  return platform === "gke" || platform === "gke-autopilot";
}

export function isEks(platform: PlatformId): boolean {
  return platform === "eks" || platform === "eks-karpenter";
}

/** Where manifests go when nobody says: GKE where its node label is known, EKS for AWS's own chips, else anywhere. */
export function defaultPlatform(accelerator: Accelerator): PlatformId {
  if (isNeuron(accelerator)) return "eks";
  return accelerator.gkeAcceleratorLabel === null ? "generic" : "gke";
}

/** Every option, those not asked for filled in from the platform and the autoscaler. */
export function completeOptions(asked: AskedOptions, accelerator: Accelerator): ManifestOptions {
  const platform = asked.platform ?? defaultPlatform(accelerator);
  const autoscaler = asked.autoscaler ?? "hpa";
  return {
    platform,
    clusterVersion: asked.clusterVersion ?? DEFAULT_CLUSTER,
    deviceAccess: asked.deviceAccess ?? "plugin",
    autoscaler,
    metrics:
      asked.metrics ?? (autoscaler === "keda" ? "keda-prometheus" : isGke(platform) ? "gmp" : "prometheus-adapter"),
    signal: asked.signal ?? "auto",
    gateway: asked.gateway ?? "none",
    storage: asked.storage ?? "hub",
    storageSource: asked.storageSource ?? null,
    monitoring:
      asked.monitoring ?? (isGke(platform) ? "gmp" : platform === "openshift" ? "prometheus-operator" : "none"),
    benchmarkJob: asked.benchmarkJob ?? false,
    networkPolicy: asked.networkPolicy ?? false,
    namespace: asked.namespace ?? null,
    rdmaResource: asked.rdmaResource ?? null,
    clusterName: asked.clusterName ?? null,
  };
}

/** Releases in which what an option needs is on by default (the feature gates' pages of kubernetes.io). */
const DRA_MINOR = 34;
const IMAGE_VOLUME_MINOR = 35;
/** EKS, GKE and AKS names alike. */
const CLUSTER_NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/;
/** An extended resource: a domain, of which Kubernetes keeps its own for itself, and a name. */
const EXTENDED_RESOURCE =
  /^(?!requests\.|[^/]*kubernetes\.io\/)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?){0,5}\/[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$/;
const NAMESPACE = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** How each storage names what holds the weights; `null` = it needs no name. */
export const STORAGE_SOURCES: Record<StorageKind, { what: string; pattern: RegExp; example: string } | null> = {
  hub: null,
  pvc: {
    what: "the PersistentVolumeClaim that holds the model, and the path in it",
    pattern: VOLUME_SOURCE,
    example: "models/llama-3.1-8b",
  },
  gcsfuse: {
    what: "the Cloud Storage bucket, and the path in it",
    pattern: GCS_SOURCE,
    example: "gs://my-models/llama-3.1-8b",
  },
  lustre: {
    what: "the PersistentVolumeClaim on Lustre that holds the model, and the path in it",
    pattern: VOLUME_SOURCE,
    example: "lustre-models/llama-3.1-8b",
  },
  s3: {
    what: "the S3 bucket, and the path in it",
    pattern: S3_SOURCE,
    example: "s3://my-models/llama-3.1-8b",
  },
  "oci-image": {
    what: "the image that holds the model, by tag or better by digest, and after # the folder in it",
    pattern: IMAGE_SOURCE,
    example: "registry.example.org/models/llama-3.1-8b:1.0#models",
  },
};

/** Everything about the options that cannot be, each with its reason; a page offers only what is not among them. */
export function optionConflicts(options: ManifestOptions, accelerator: Accelerator): OptionConflict[] {
  const conflicts: OptionConflict[] = [];
  const { platform, clusterVersion, autoscaler, metrics, gateway, storage, storageSource, monitoring } = options;
  const refuse = (option: OptionConflict["option"], value: string, reason: string) => {
    conflicts.push({ option, value, reason });
  };
  const gke = isGke(platform);
  if (!hasMinor(clusterVersion, OLDEST_CLUSTER.minor)) {
    const oldest = clusterVersionText(OLDEST_CLUSTER);
    refuse("clusterVersion", clusterVersionText(clusterVersion), `The manifests need Kubernetes ${oldest} or later.`);
  }
  if (isTpu(accelerator) && !gke) {
    refuse("platform", platform, `${accelerator.name} exists on Google Cloud only: choose the platform gke.`);
  }
  const lacks = platformLacks(platform, accelerator);
  if (lacks !== null) refuse("platform", platform, lacks);
  if (options.deviceAccess === "dra") {
    if (isCpu(accelerator)) {
      refuse(
        "deviceAccess",
        "dra",
        `${accelerator.name} is no device that could be claimed: its pods ask for cpu and memory. Leave the device access at plugin.`,
      );
    } else if (!hasMinor(clusterVersion, DRA_MINOR)) {
      refuse(
        "deviceAccess",
        "dra",
        "Dynamic Resource Allocation is on by default (resource.k8s.io/v1) from Kubernetes 1.34.",
      );
    } else if (platform === "gke-autopilot") {
      refuse("deviceAccess", "dra", "GKE Autopilot installs its own device plugin; DRA needs node pools of your own.");
    } else if (platform === "eks-karpenter") {
      refuse(
        "deviceAccess",
        "dra",
        "Karpenter makes no nodes for pods that get devices by claims (kubernetes-sigs/karpenter issue 3228): choose the platform eks, or the device plugin.",
      );
    }
  }
  if (autoscaler === "hpa" && metrics === "keda-prometheus") {
    refuse("metrics", metrics, "keda-prometheus is KEDA's own scaler: choose the autoscaler keda, or another source.");
  }
  if (autoscaler === "keda" && metrics !== "keda-prometheus") {
    refuse("metrics", metrics, "KEDA reads Prometheus itself: with the autoscaler keda the source is keda-prometheus.");
  }
  if (autoscaler === "hpa" && metrics === "gmp" && !gke) {
    refuse("metrics", metrics, "Google Managed Prometheus feeds the autoscaler on GKE only.");
  }
  if (gateway === "gke" && !gke) refuse("gateway", gateway, "GKE Inference Gateway exists on GKE only.");
  if (gateway !== "none" && gateway !== "gke" && platform === "gke-autopilot") {
    refuse("gateway", gateway, "GKE Autopilot has its own Inference Gateway: choose gke, or a Standard cluster.");
  }
  if (storage === "gcsfuse" && !gke) refuse("storage", storage, "The Cloud Storage FUSE driver is part of GKE only.");
  if (storage === "lustre" && !gke && !isEks(platform)) {
    refuse("storage", storage, "Lustre volumes are written for GKE (Managed Lustre) and EKS (FSx for Lustre).");
  }
  if (storage === "s3" && !isEks(platform)) {
    refuse(
      "storage",
      storage,
      "The Mountpoint for S3 driver is written for EKS; elsewhere mount the bucket as a PersistentVolumeClaim (pvc).",
    );
  }
  if (storage === "oci-image" && !hasMinor(clusterVersion, IMAGE_VOLUME_MINOR)) {
    refuse("storage", storage, "Image volumes are on by default from Kubernetes 1.35.");
  }
  const source = STORAGE_SOURCES[storage];
  if (source !== null) {
    if (storageSource === null) refuse("storageSource", "", `${storage} needs ${source.what}, e.g. ${source.example}.`);
    else if (!source.pattern.test(storageSource)) {
      refuse("storageSource", storageSource, `This is not ${source.what}; expected e.g. ${source.example}.`);
    }
  } else if (storageSource !== null) {
    refuse("storageSource", storageSource, "The hub needs no source: the model's own id is what is downloaded.");
  }
  if (monitoring === "gmp" && !gke) {
    refuse("monitoring", monitoring, "Google Managed Prometheus objects (PodMonitoring, Rules) exist on GKE only.");
  }
  if (options.namespace !== null && !NAMESPACE.test(options.namespace)) {
    refuse("namespace", options.namespace, "A namespace has lower-case letters, digits and dashes, at most 63.");
  }
  const { rdmaResource } = options;
  if (rdmaResource !== null) {
    if (gke) {
      refuse(
        "rdmaResource",
        rdmaResource,
        "On GKE RDMA comes as network claims beside GPU claims (DRANET) on machines of its own, which is not written: leave it out, or choose the platform generic and add the claims by hand.",
      );
    } else if (isEks(platform)) {
      refuse(
        "rdmaResource",
        rdmaResource,
        "On EKS RDMA goes over EFA, which needs another image and other settings of the server; that is not written: leave it out, or choose the platform generic and add them by hand.",
      );
    } else if (!EXTENDED_RESOURCE.test(rdmaResource)) {
      refuse("rdmaResource", rdmaResource, "The RDMA resource is named as nodes list it, e.g. rdma/ib.");
    } else if (rdmaResource === accelerator.kubernetesResource) {
      refuse(
        "rdmaResource",
        rdmaResource,
        `${rdmaResource} is the accelerator itself; the RDMA resource is the network card's, e.g. rdma/ib.`,
      );
    }
  }
  if (options.clusterName !== null && !CLUSTER_NAME.test(options.clusterName)) {
    refuse(
      "clusterName",
      options.clusterName,
      "A cluster's name has letters, digits, dashes and underscores, at most 100.",
    );
  }
  return conflicts;
}
