import type { V1EnvVar } from "@kubernetes/client-node";
import type { Argument } from "../plan/served-weights";
import type { ServerMemory } from "../plan/server-plan";

/** What the software under an accelerator adds to the server, decided from the request. */
export interface RuntimePart {
  /** Longest request and batch, where the accelerator has rules of its own for them; `null` = the usual ones. */
  sizes: readonly Argument[] | null;
  /** Requests the server surely admits at once without being told; left out = vLLM's usual number. */
  admitted?: number;
  arguments: readonly Argument[];
  environment: readonly V1EnvVar[];
  memory?: ServerMemory;
  /** Whole sentences. */
  notes: readonly string[];
}
