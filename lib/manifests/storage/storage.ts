import type { V1Container, V1EnvVar, V1Volume, V1VolumeMount } from "@kubernetes/client-node";
import type { Result } from "../../result";
import type { ClusterVersion, ManifestOptions } from "../options/manifest-options";
import type { OptionLabel } from "../options/option-label";
import type { AddOn } from "../plan/add-on";
import type { Choice } from "../plan/choice";
import type { Argument, Weights } from "../plan/served-weights";
import type { Delivery } from "../plan/start-and-stop-times";
import type { Platform } from "../platforms/platform";

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

/** What a storage's plan is made from. */
export interface StorageRequest {
  choice: Choice;
  options: ManifestOptions;
  platform: Platform;
  /** Name of the bundle. */
  name: string;
  weights: Weights;
}

/** How a storage names what holds the weights. */
export interface SourceForm {
  what: string;
  pattern: RegExp;
  example: string;
}

/** One place weights can come from. */
export interface Storage extends OptionLabel {
  /** `null` = it needs no name. */
  source: SourceForm | null;
  /** Why clusters of this platform and version cannot have it, as a sentence; `null` where they can. */
  problem(platform: Platform, clusterVersion: ClusterVersion): string | null;
  plan(request: StorageRequest): Result<StoragePlan>;
}

/** Labels of objects a storage brings: what is known of the bundle before its server is decided. */
export function storageLabels(name: string): Record<string, string> {
  return {
    "app.kubernetes.io/name": "model-storage",
    "app.kubernetes.io/instance": name,
    "app.kubernetes.io/component": "model-storage",
    "app.kubernetes.io/managed-by": "inference-quickstart",
  };
}
