import type { Result } from "../../result";
import type { ManifestOptions } from "../options/manifest-options";
import type { StoragePlan } from "../plan/bundle-context";
import type { Choice } from "../plan/choice";
import type { Weights } from "../plan/served-weights";
import type { Platform } from "../platforms/platform";

/** What a storage's plan is made from. */
export interface StorageRequest {
  choice: Choice;
  options: ManifestOptions;
  platform: Platform;
  /** Name of the bundle. */
  name: string;
  weights: Weights;
}

/** One place weights can come from. */
export type Storage = (request: StorageRequest) => Result<StoragePlan>;

/** Labels of objects a storage brings: what is known of the bundle before its server is decided. */
export function storageLabels(name: string): Record<string, string> {
  return {
    "app.kubernetes.io/name": "model-storage",
    "app.kubernetes.io/instance": name,
    "app.kubernetes.io/component": "model-storage",
    "app.kubernetes.io/managed-by": "inference-quickstart",
  };
}
