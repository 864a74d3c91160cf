import type {
  V1Container,
  V1ContainerPort,
  V1EnvVar,
  V1PodResourceClaim,
  V1PodSecurityContext,
  V1SecurityContext,
  V1Toleration,
  V1Volume,
  V1VolumeMount,
} from "@kubernetes/client-node";
import type { Result } from "../../result";
import type { ManifestOptions } from "../options/manifest-options";
import type { Identity, NodePlacement, Platform } from "../platforms/platform";
import type { ServerImage } from "../servers/vllm-image";
import type { Choice } from "./choice";
import type { Scaling } from "./replica-bounds";
import type { ReplicaLayout } from "./replica-layout";
import type { Argument, Weights } from "./served-weights";
import type { Delivery, Shutdown, StartupBudget } from "./start-and-stop-times";

/** Something that must be in the cluster before a bundle works. */
export interface Prerequisite {
  /** One sentence. */
  what: string;
  /** Command that shows whether it is there; `null` = nothing to ask the cluster. */
  check: string | null;
  /** Lines that bring it there; may be empty. */
  install: readonly string[];
}

/** What one option adds to a bundle beside the server itself. */
export interface AddOn {
  objects: object[];
  prerequisites: Prerequisite[];
  /** Whole sentences for the top of the manifest. */
  notes: string[];
  /** Labels the server's pods need for it. */
  podLabels?: Record<string, string>;
}

/** An option that is off. */
export const NOTHING: AddOn = { objects: [], prerequisites: [], notes: [] };

/** Prometheus names of what a server exports, for autoscaling, routing, alerts and dashboards. */
export interface ServerSignals {
  running: string;
  waiting: string;
  /** Share of the KV cache in use, 0 to 1; `null` where the release exports none under a name that is certain. */
  kvCache: string | null;
  /** Histograms, seconds; `null` where the server exports none. */
  ttft: string | null;
  tpot: string | null;
  e2e: string | null;
  /** Gaps between single tokens, seconds; left out or `null` where the server exports none. */
  itl?: string | null;
  /** Counter of generated tokens; `null` where there is none. */
  generatedTokens: string | null;
}

/** How the server's container runs. */
export interface ServerUser {
  pod: V1PodSecurityContext;
  container: V1SecurityContext;
  comment: string;
  /** Reason beside the container's context, by field. */
  containerComments: { [K in keyof V1SecurityContext]?: string };
  /** Paths the image writes to although its root file system or user does not allow it. */
  writablePaths: readonly [name: string, path: string][];
}

/** What a disaggregated server does of a request; as llm-d labels its pods. */
export type ServingRole = "prefill" | "decode";

/** How one pod of a group starts its part of the server. */
export interface MemberPlan {
  command: readonly string[];
  commandComment: string;
  arguments: readonly Argument[];
  /** Beside the server's own. */
  environment: V1EnvVar[];
}

/** A replica over several machines: the leader answers requests, the workers compute with it. */
export interface GroupPlan {
  leader: MemberPlan;
  worker: MemberPlan;
  /** Whole sentences. */
  notes: string[];
}

/** Memory of a server whose weights and KV cache lie in the machine's own, GiB. */
export interface ServerMemory {
  gib: number;
  /** The sum in words. */
  why: string;
}

/** A model server, decided: everything its container is made from but devices, storage and place. */
export interface ServerPlan {
  /** `vllm`, `sglang`, `trtllm`: name of the container and `app.kubernetes.io/name`. */
  name: string;
  /** As a sentence names it: `vLLM`. */
  label: string;
  /** What llm-d's endpoint picker calls it. */
  engineType: "vllm" | "sglang" | "trtllm-serve";
  /** Name clients send as `model`. */
  servedModel: string;
  image: ServerImage;
  command: readonly string[];
  commandComment: string;
  arguments: readonly Argument[];
  /** What a reader might miss among the arguments, and why it is not there. */
  leftOut: readonly string[];
  environment: V1EnvVar[];
  port: number;
  metricsPath: string;
  /** False where an older server answers nothing there: no Prometheus is told to ask. */
  hasMetrics: boolean;
  /** HTTP paths. */
  probes: { startup: string; readiness: string; liveness: string };
  signals: ServerSignals;
  user: ServerUser;
  /** Files the server needs (options in a ConfigMap). */
  objects: object[];
  volumes: V1Volume[];
  volumeMounts: V1VolumeMount[];
  podAnnotations: Record<string, string>;
  notes: string[];
  /** How it starts on several machines; left out where one replica fits one. */
  group?: GroupPlan;
  /** Takes the requests at `port` for the server, which then listens on `behindPort`. */
  proxy?: {
    container: V1Container;
    behindPort: number;
    /** Whether it also answers requests that come past the gateway, without a prefill server. */
    answersAlone: boolean;
  };
  /** On processors: all it takes, with CPUs of its own; left out where accelerators hold the model. */
  memory?: ServerMemory;
  /** Ports beside the one of requests. */
  ports?: readonly V1ContainerPort[];
}

/** How the container gets its accelerators. */
export interface DevicePlan {
  /** Extended resources, in requests and limits alike; empty where a claim gets them. */
  resources: Record<string, string>;
  /** Names of the pod's claims the container uses. */
  containerClaims: readonly { name: string }[];
  podClaims: V1PodResourceClaim[];
  /** True where the claim picks the node: labels of the accelerator are then left out. */
  picksNodes: boolean;
  tolerations: V1Toleration[];
  runtimeClassName?: string;
  /** A scheduler other than the cluster's own, where devices must be picked with more than their number. */
  schedulerName?: string;
  addOn: AddOn;
}

/** Where the weights come from and where the server keeps its caches. */
export interface StoragePlan {
  /** First argument of the server: what is loaded. */
  model: string;
  /** Flags the way of loading needs. */
  arguments: readonly Argument[];
  environment: V1EnvVar[];
  volumes: V1Volume[];
  volumeMounts: V1VolumeMount[];
  podAnnotations: Record<string, string>;
  serviceAccountName: string | null;
  initContainers: V1Container[];
  /** Whether a Hugging Face token is read from the Secret `hf-token`. */
  usesHub: boolean;
  /** The way of the weights, for start-up budgets. */
  delivery: Delivery;
  /** What the container writes to the node's own disk, GiB; asked for as ephemeral storage, 0 = nothing. */
  ephemeralStorageGib: number;
  /** What lies on the node's own disk beside system and image, GiB. */
  nodeDiskGib: number;
  /** Memory of sidecars the storage brings, GiB. */
  sidecarMemoryGib: number;
  addOn: AddOn;
}

/** The object that runs the server's pods, as autoscalers and disruption budgets name it. */
export interface ScaleTarget {
  apiVersion: string;
  kind: "Deployment" | "LeaderWorkerSet";
  name: string;
}

/** Everything decided of a bundle; options read it and add to it. */
export interface BundleContext {
  choice: Choice;
  options: ManifestOptions;
  platform: Platform;
  identity: Identity;
  layout: ReplicaLayout;
  placement: NodePlacement;
  weights: Weights;
  server: ServerPlan;
  devices: DevicePlan;
  storage: StoragePlan;
  scaling: Scaling;
  startup: StartupBudget;
  stop: Shutdown;
  target: ScaleTarget;
  /** Labels of the pods that answer requests: those a Service sends to, and those an endpoint picker chooses from. */
  reach: { service: Record<string, string>; picker: Record<string, string> };
  /** What these pods do of a request; `null` = all of it. */
  role: ServingRole | null;
  /** The prefill servers beside these decode servers; `null` where nothing is disaggregated. */
  prefill: BundleContext | null;
  /** Helm release of llm-d's router chart, which brings pool and picker; left out where they are written here. */
  release?: string;
}

/** What one option adds to a bundle, or why it cannot. */
export type Planner = (context: BundleContext) => Result<AddOn>;
