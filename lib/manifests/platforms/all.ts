import type { Accelerator } from "../../catalogue/catalogue";
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

/** The default platform. */
export function defaultPlatform(accelerator: Accelerator): Platform {
  return PLATFORMS.find((platform: Platform) => platform.isDefault?.for(accelerator) === true) ?? generic;
}

/** `A`, `A and B`, `A, B and C`. @param last between the last two: `and`, `or` */
export function inWords(names: readonly string[], last: string): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} ${last} ${names.at(-1)}`;
}

/**
 * The platforms something is true of, for a sentence: a service by its name where it is true of all its ways (`GKE`), else each
 * way by its own (`Autopilot`).
 * @param last between the last two: `and`, `or`
 */
export function platformNames(has: (platform: Platform) => boolean, last: "and" | "or" = "and"): string {
  const all: readonly Platform[] = PLATFORMS;
  const names = all.filter(has).map(({ label, service, mode }) => {
    const ways = all.filter((other) => service !== undefined && other.service === service);
    return ways.every(has) ? (service ?? label) : (mode ?? service ?? label);
  });
  return inWords([...new Set(names)], last);
}

/** The default platforms as part of a sentence: `gke where …, eks for …, else generic`. */
export function defaultPlatformWords(): string {
  const all: readonly Platform[] = PLATFORMS;
  const parts = all.flatMap(({ id, isDefault }) =>
    isDefault === undefined || isDefault.words === "" ? [] : [`${id} ${isDefault.words}`],
  );
  return [...parts, `else ${generic.id}`].join(", ");
}
