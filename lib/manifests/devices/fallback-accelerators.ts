import type { Accelerator } from "../../catalogue/catalogue";
import type { Configuration } from "../../domain";

/** What one claim may fall back to, and what it may not although it meets the targets too. */
export interface Fallbacks {
  /** In the order of the ranking, the chosen accelerator left out. */
  accelerators: Accelerator[];
  /** Whole sentences: what differs from the measurement, and accelerators that cannot be listed. */
  notes: string[];
}

export const NO_FALLBACKS: Fallbacks = { accelerators: [], notes: [] };

/** `firstAvailable` takes eight subrequests. */
const MAXIMUM_SUBREQUESTS = 8;

/** Why a configuration cannot share its flags and image with the chosen one; `null` if it can. */
function differenceOf(chosen: Configuration, other: Configuration, sameVendor: boolean): string | null {
  if (!sameVendor) return "another vendor's accelerator needs another image and other flags";
  if (other.server !== chosen.server) return `it was measured with ${other.server ?? "an unknown server"}`;
  if (other.acceleratorCount !== chosen.acceleratorCount) {
    return `it takes ${other.acceleratorCount} accelerators, and --tensor-parallel-size is fixed in the pod`;
  }
  const parts = ["tensor", "pipeline", "data", "expert"] as const;
  if (parts.some((part) => (other.parallelism[part] ?? 1) !== (chosen.parallelism[part] ?? 1))) {
    return "its parallelism differs, and the flags are fixed in the pod";
  }
  if (other.precision !== chosen.precision || other.checkpoint !== chosen.checkpoint) {
    return `it was measured with other weights (${other.checkpoint ?? other.precision ?? "precision unknown"})`;
  }
  if (other.speculative !== chosen.speculative) return "it was measured with other speculative decoding";
  return null;
}

/**
 * Accelerators a claim may fall back to: those of the ranking (so they meet the same targets) whose measured configuration
 * has the very flags of the chosen one. Each other accelerator that meets the targets is named with the reason why not.
 * @param ranked configurations that meet the targets, best first
 */
export function fallbacksOf(
  chosen: Configuration,
  ranked: readonly Configuration[],
  accelerators: readonly Accelerator[],
): Fallbacks {
  const byId = new Map(accelerators.map((accelerator) => [accelerator.id, accelerator]));
  const own = byId.get(chosen.accelerator);
  const found: Accelerator[] = [];
  const reasons = new Map<string, string>();
  const notes: string[] = [];
  for (const other of ranked) {
    const accelerator = byId.get(other.accelerator);
    if (accelerator === undefined || other.accelerator === chosen.accelerator || found.includes(accelerator)) continue;
    const reason = differenceOf(chosen, other, accelerator.kubernetesResource === own?.kubernetesResource);
    if (reason !== null) {
      if (!reasons.has(accelerator.id)) reasons.set(accelerator.id, reason);
      continue;
    }
    reasons.delete(accelerator.id);
    if (found.length < MAXIMUM_SUBREQUESTS - 1) {
      found.push(accelerator);
      if (other.serverVersion !== chosen.serverVersion) {
        const version = other.serverVersion === null ? "an unknown version" : `version ${other.serverVersion}`;
        notes.push(
          `${accelerator.shortName} met the targets with ${version} of the server; here it runs ${chosen.serverVersion ?? "another"}.`,
        );
      }
    } else reasons.set(accelerator.id, `a claim lists at most ${MAXIMUM_SUBREQUESTS}`);
  }
  return {
    accelerators: found,
    notes: [
      ...notes,
      ...[...reasons].map(
        ([id, reason]) =>
          `${byId.get(id)?.shortName ?? id} meets the targets too, but cannot be in the same claim: ${reason}.`,
      ),
    ],
  };
}
