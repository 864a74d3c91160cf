import type { DecidedBundle } from "../plan/decide-add-ons";
import { serialize } from "./yaml-serializer";

/** File of what a cluster shares, beside a bundle's own. */
export function sharedFile(name: string): string {
  return `${name}-shared.yaml`;
}

/** What a bundle needs that is one for its whole cluster, as YAML; `null` = nothing. */
export function sharedText({ shared }: Pick<DecidedBundle, "shared">): string | null {
  if (shared.length === 0) return null;
  const kinds = shared.map(({ kind, metadata }) => `${kind} ${metadata?.name}`).join(", ");
  return serialize(
    shared,
    `Shared by every deployment of this cluster: ${kinds}.\nApply once; leave it when a deployment is deleted.`,
  );
}
