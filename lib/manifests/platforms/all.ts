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
export const PLATFORMS: Record<PlatformId, Platform> = {
  gke,
  "gke-autopilot": gkeAutopilot,
  eks,
  "eks-karpenter": eksKarpenter,
  aks,
  openshift,
  generic,
};
