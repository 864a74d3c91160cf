import type { KubernetesObject } from "@kubernetes/client-node";

/** Something that must be in the cluster before a bundle works. */
export interface Prerequisite {
  /** One sentence. */
  what: string;
  /** Command that shows whether it is there; `null` = nothing to ask the cluster. */
  check: string | null;
  /** Lines that bring it there; may be empty. */
  install: readonly string[];
}

/** What one option adds to a bundle beside the server itself. */
export interface AddOn {
  objects: KubernetesObject[];
  prerequisites: Prerequisite[];
  /** Whole sentences for the top of the manifest. */
  notes: string[];
  /** Labels the server's pods need for it. */
  podLabels?: Record<string, string>;
}

/** An option that is off. */
export const NOTHING: AddOn = { objects: [], prerequisites: [], notes: [] };
