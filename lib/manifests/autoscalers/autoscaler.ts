import type { MetricsSource } from "../options/manifest-options";
import type { OptionLabel } from "../options/option-label";
import type { Planner } from "../plan/bundle-context";
import type { Platform } from "../platforms/platform";

/** One way the number of replicas follows the load. */
export interface AutoscalerKind extends OptionLabel {
  /** The object that scales, by kind and as kubectl lists it; `null` where nothing does. */
  object: { kind: string; resource: string } | null;
  /** The only source it can read from; `null` where the platform's is taken when nobody says. */
  ownMetrics: MetricsSource | null;
  /** Why it cannot read from a source on a platform, as a sentence; `null` where it can. */
  metricsProblem(metrics: MetricsSource, platform: Platform): string | null;
  /** Whether it reads one number a pod through an adapter, which has to add up what a pod exports several times. */
  readsPods: boolean;
  plan: Planner;
}
