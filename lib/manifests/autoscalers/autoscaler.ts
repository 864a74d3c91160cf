import type { OptionLabel } from "../options/option-label";
import type { Planner } from "../plan/bundle-context";

/** One way the number of replicas follows the load. */
export interface AutoscalerKind extends OptionLabel {
  /** The object that scales, by kind and as kubectl lists it; `null` where nothing does. */
  object: { kind: string; resource: string } | null;
  plan: Planner;
}
