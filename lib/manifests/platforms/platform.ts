import type {
  KubernetesObject,
  V1Affinity,
  V1EnvVar,
  V1ObjectMeta,
  V1StorageClass,
  V1Toleration,
} from "@kubernetes/client-node";
import type { Accelerator } from "../../catalogue/catalogue";
import type { Seller } from "../../catalogue/machines";
import type { Result } from "../../result";
import type { GatewayKind, ManifestOptions, MetricsSource, Monitoring } from "../options/manifest-options";
import type { AddOn, Prerequisite } from "../plan/add-on";
import type { Choice } from "../plan/choice";
import type { Identity } from "../plan/identity";
import type { Scaling } from "../plan/replica-bounds";
import type { ReplicaLayout } from "../plan/replica-layout";
import type { ServerUser } from "../plan/server-plan";

/** How pods reach nodes that have the accelerator. */
export interface NodePlacement {
  nodeSelector?: Record<string, string>;
  affinity?: V1Affinity;
  tolerations: V1Toleration[];
  /** Why these labels: the comment beside the selector, or beside the tolerations where there is no selector. */
  comment: string;
  notes: string[];
}

/** Istio that is part of a platform. */
export interface PlatformIstio {
  /** Class of its gateways, one for the whole cluster. */
  gatewayClass: { apiVersion: string; kind: "GatewayClass"; metadata: V1ObjectMeta; spec: { controllerName: string } };
  prerequisites: readonly Prerequisite[];
}

/** A storage class by name. */
export interface NamedStorageClass {
  name: string;
  /** `null` where the platform brings it. */
  object: V1StorageClass | null;
  /** Why this class. */
  comment: string;
}

/** What keeps the machines of one replica together. */
export interface GroupTopology {
  /** Node label. */
  label: string;
  /** Why this one. */
  comment: string;
  /** What there must be of it, as a sentence that ends before a command. */
  prerequisite(machines: number, replicas: number, autoscales: boolean): string;
}

/** What the nodes of a bundle are made from: everything decided of its servers, but for how they are written. */
export interface NodesRequest {
  choice: Choice;
  options: ManifestOptions;
  identity: Identity;
  layout: ReplicaLayout;
  scaling: Scaling;
  /** What the storage keeps on the node's own disk, and the memory its sidecars take, GiB. */
  storage: { nodeDiskGib: number; sidecarMemoryGib: number };
  /** The prefill servers beside these; `null` where nothing is disaggregated. */
  prefill: NodesRequest | null;
}

/** RDMA that takes more than an extended resource, and is not written. */
export interface UnwrittenRdma {
  /** Why the resource cannot be asked for, and what to do, as a sentence. */
  problem: string;
  /** The faster network, as a list in brackets. */
  network: string;
  /** Whose it is: `GKE and EKS have`. */
  clusters: string;
}

/** Gateways of a platform's own, and whether others can be installed beside them. */
export interface PlatformGateways {
  /** The gateway that exists there only. */
  own: GatewayKind;
  /** Why no other one can be had, as a sentence; `null` where others can. */
  others: string | null;
}

/** How Cloud Storage is mounted: the driver, and the sidecar it puts into the pods. */
export interface CloudStorageFuse {
  driver(clusterName: string): Omit<Prerequisite, "check">;
  /** Annotations that limit the sidecar. @param gib its cache and its own memory */
  sidecarLimits(gib: number): Record<string, string>;
}

/** A Prometheus that is part of the platform and answers nobody without a token. */
export interface OwnPrometheus {
  /** Namespace it collects from, and what that is, for a NetworkPolicy. */
  namespace: string;
  comment: string;
  /** What the dashboard needs beside it. */
  dashboard: Prerequisite;
  /** What prometheus-adapter needs to ask it. */
  adapterAccess: Prerequisite;
  keda: {
    operator: Prerequisite;
    /** Why KEDA needs a namespace that is known. */
    needsNamespace: string;
    serverAddress: string;
    addressComment: string;
    /** Name of the authentication among `accessObjects`. */
    authentication(bundle: string): string;
    accessObjects(bundle: string, namespace: string): KubernetesObject[];
  };
}

/**
 * One way of running Kubernetes, with everything specific to it: no code outside this folder asks which platform it is. A new
 * platform is one file that exports one of these, and its line in `all.ts`.
 */
export interface Platform<Id extends string = string> {
  /** As addresses, HTTP and the command line name it. */
  id: Id;
  /** As the page names it. */
  label: string;
  /** What it means and what it needs, one line. */
  help: string;
  /** The service whose clusters it is for, as sentences name it: `GKE`; left out where it is of no seller. */
  service?: string;
  /** Which of the service's ways it is, where the service has several: `Autopilot`. */
  mode?: string;
  /** Who sells its machines; `null` where they are the reader's own, or anybody's. */
  seller: Seller | null;
  /** True where the platform makes nodes as pods ask for them: there are no node pools to make. */
  makesNodes?: true;
  /** For which accelerators it is the default platform; of several, the first in the list. */
  isDefault?: {
    for(accelerator: Accelerator): boolean;
    /** Which they are, in a few words: `where …`, `for …`; empty = all. */
    words: string;
  };
  /** Why it cannot have this accelerator, whatever the count; `null` where it can. */
  lacks(accelerator: Accelerator): string | null;
  /** Where the pods go, or why they cannot run here. @param name of the bundle, where nodes are brought by an object of its own */
  placement(accelerator: Accelerator, layout: ReplicaLayout, name: string): Result<NodePlacement>;
  podAnnotations: Record<string, string>;
  environment(accelerator: Accelerator, layout: ReplicaLayout): V1EnvVar[];
  /** Storage class of the cache volume; `null` = the cluster's default. */
  storageClass(accelerator: Accelerator): NamedStorageClass | null;
  /** What must be in the cluster before the manifest works. */
  prerequisites(options: ManifestOptions, accelerator: Accelerator): Prerequisite[];
  /** Objects that bring the nodes, and what depends on the machine; asked when everything else is decided. */
  addOn?(request: NodesRequest): AddOn;
  /** Node label whose value the machines of one replica share, each value for one replica; left out where none is certain. */
  groupTopology?: GroupTopology;
  /** The server's user as the platform's admission lets it run; left out = as the image has it. */
  user?(user: ServerUser): ServerUser;

  /** Defaults: the metrics source of a HorizontalPodAutoscaler, and what collects metrics, alerts and draws dashboards. */
  defaults: { metrics: MetricsSource; monitoring: Monitoring };
  /** Why pods cannot get devices by claims (DRA); left out where they can. */
  claimsProblem?: string;
  /** Left out where RDMA is an extended resource of a device plugin. */
  unwrittenRdma?: UnwrittenRdma;
  /** Left out where every gateway is installed by the reader. */
  gateways?: PlatformGateways;
  /** Istio as the platform itself brings it; left out where whoever runs the cluster installs it. */
  istio?: PlatformIstio;
  /** Whether Google Managed Prometheus is part of it. */
  hasManagedPrometheus?: boolean;
  /** Left out where a Prometheus is installed by the reader, or is Google's. */
  ownPrometheus?: OwnPrometheus;
  /** What shows whether the cluster enforces NetworkPolicy, which the API server does not say; a sentence and a command. */
  networkPolicyCheck(clusterName: string): { what: string; check: string };
  /** Left out where Cloud Storage cannot be mounted. */
  cloudStorageFuse?: CloudStorageFuse;
  /** The Lustre it sells, by its name, and its driver; left out where none is written. */
  lustre?: { name: string; driver(clusterName: string): Prerequisite };
  /** Mountpoint for S3 with a role that may read the bucket; left out where that is not written. */
  s3Driver?(clusterName: string): Prerequisite;
  /** The scheduler that knows which Neuron chips are connected, where it is not that of AWS's chart. */
  neuronScheduler?: { name: string; prerequisite: Prerequisite };
}
