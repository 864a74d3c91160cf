import type {
  KubernetesObject,
  V1Container,
  V1ContainerPort,
  V1EnvVar,
  V1PodSecurityContext,
  V1SecurityContext,
  V1Volume,
  V1VolumeMount,
} from "@kubernetes/client-node";
import type { ServerImage } from "../servers/server-image";
import type { Argument } from "./served-weights";

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

/** A model server, decided: everything its container is made from but devices, storage and placement. */
export interface ServerPlan {
  /** `vllm`, `sglang`, `trtllm`: name of the container and `app.kubernetes.io/name`. */
  name: string;
  /** As a sentence names it: `vLLM`. */
  label: string;
  /** What llm-d's endpoint picker calls it. */
  engineType: "vllm" | "sglang" | "trtllm-serve";
  /** What inference-perf calls the API and the metrics it reads. */
  inferencePerfType: "vllm" | "sglang";
  /** Why the pod gets no variables of the namespace's Services. */
  noServiceLinksReason: string;
  /** Name clients send as `model`. */
  servedModel: string;
  image: ServerImage;
  command: readonly string[];
  commandComment: string;
  arguments: readonly Argument[];
  /** What a reader might miss among the arguments, and why it is not there. */
  leftOut: readonly string[];
  /** How it is started differently from what was measured, as parts of sentences; `null` = how that was is not known. */
  departures: readonly string[] | null;
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
  objects: KubernetesObject[];
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
  /** How its own operator deploys it; left out where the pods are written here. */
  operator?: { backendFramework: "vllm" | "sglang" | "trtllm"; frontendImage: string };
  /** Ports beside the one of requests. */
  ports?: readonly V1ContainerPort[];
}
