import type { CrossingCheck } from "../selection/crossing-check";
import type { PercentileRatio } from "../selection/percentile-ratios";
import type { DerivationCheck, LeaveOneOut } from "../selection/truth-check";

/** How far the rules can be trusted on the data of one revision, and which sources it has. */
export interface MethodCheck {
  revision: number;
  curves: number;
  points: number;
  outliers: number;
  leaveOneOut: LeaveOneOut;
  /** How well the throughput at an SLO crossing is predicted. */
  crossings: CrossingCheck;
  derivation: DerivationCheck[];
  /** How percentiles relate to means and medians on the data at hand. */
  percentileRatios: PercentileRatio[];
  sources: { name: string; url: string | null; licence: string | null; points: number }[];
}
