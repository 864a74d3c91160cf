import type { Accelerator } from "../../domain";
import { aks } from "./aks";
import { eks } from "./eks";
import { eksKarpenter } from "./eks-karpenter";
import { generic } from "./generic";
import { gke } from "./gke";
import { gkeAutopilot } from "./gke-autopilot";
import { oke } from "./oke";
import { openshift } from "./openshift";
import type { Platform } from "./platform";

/** Every platform manifests can be written for: one line each. Page, API and command line offer this list, in this order. */
export const PLATFORMS = [
  gke,
  gkeAutopilot,
  eks,
  eksKarpenter,
  aks,
  oke,
  openshift,
  generic,
] as const satisfies Platform[];

export type PlatformId = (typeof PLATFORMS)[number]["id"];

/** Platforms as addresses, HTTP and the command line name them. */
export const PLATFORM_IDS: readonly PlatformId[] = PLATFORMS.map(({ id }) => id);

/** The platform of an id, which was checked where it came in. Throws for one that is not in the list: a bug. */
export function platformOf({ platform }: { platform: string }): Platform {
  const found = PLATFORMS.find(({ id }) => id === platform);
  if (found === undefined) throw new Error(`no platform "${platform}"; there are ${PLATFORM_IDS.join(", ")}`);
  return found;
}

/** Where manifests go when nobody says. */
export function defaultPlatform(accelerator: Accelerator): Platform {
  return PLATFORMS.find((platform: Platform) => platform.isDefaultFor?.(accelerator)) ?? generic;
}
