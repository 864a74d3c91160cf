import { generic } from "./generic";
import { gke } from "./gke";

/** Every platform manifests can be written for: one line each. Page, API and command line offer this list. */
export const PLATFORMS = [gke, generic] as const;

export type PlatformId = (typeof PLATFORMS)[number]["id"];

export const PLATFORM_IDS: readonly PlatformId[] = PLATFORMS.map((platform) => platform.id);
