import { aks } from "./aks";
import { eks } from "./eks";
import { eksKarpenter } from "./eks-karpenter";
import { generic } from "./generic";
import { gke } from "./gke";
import { gkeAutopilot } from "./gke-autopilot";
import type { PlatformId } from "./ids";
import { openshift } from "./openshift";
import type { Platform } from "./platform";

/** Every platform manifests can be written for: one line each. Page, API and command line offer this list. */
export const PLATFORMS: readonly Platform[] = [gke, gkeAutopilot, eks, eksKarpenter, aks, openshift, generic];

/** A platform by its id, or `null` where it is not written. */
export function platformOf(id: PlatformId): Platform | null {
  return PLATFORMS.find((platform) => platform.id === id) ?? null;
}
