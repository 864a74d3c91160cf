import type { Price, PriceKind } from "../catalogue/catalogue";
import type { LoadPoint, Slo } from "../domain";
import type { ThroughputBasis } from "../frontier/derive";
import type { LoadCurve } from "../frontier/load-curve";
import type { LatencyField, LatencyStatistics } from "../measurement/latency";
import type { LoadKind } from "../measurement/measurement";
import type { QualityFlag } from "../measurement/quality-flags";
import type { Offer } from "./offers";
import type { Packing } from "./replica-shape";

/**
 * How one SLO stands at a point. `bound`: a higher percentile stands in as a conservative bound and must be said so.
 * `derived`: the mean of NTPOT as end-to-end latency ÷ output tokens. `tooFew`: a percentile of too few requests, which meets no
 * target.
 */
export interface SloStanding {
  slo: Slo;
  valueMs: number | null;
  basis: "measured" | "derived" | "bound" | "missing" | "tooFew";
  /** The statistic actually used, e.g. `p99` where p95 was asked and only p99 was measured. */
  statisticUsed: string | null;
  met: boolean;
}

interface OperatingPointBase extends Record<LatencyField, LatencyStatistics | null> {
  loadKind: LoadKind | null;
  loadValue: number | null;
  outputTokensPerSecond: number;
  throughputBasis: ThroughputBasis;
  /** Requests/s one replica completes here; `null` when the output length is not known. */
  requestsPerSecond: number | null;
  inputTokensPerSecond: number | null;
  /** Failed requests ÷ all that ended, 0…1, the higher of two points; `null` = not known. */
  failedShare: number | null;
  standings: SloStanding[];
  /**
   * The SLO that stops it from carrying more; `null` when the highest measured load still met all of them, when more load
   * brings no more throughput, or when no SLO was asked.
   */
  bindingSlo: Slo | null;
  qualityFlags: QualityFlag[];
}

/** Where on its curve a configuration delivers the most while every SLO holds. */
export type OperatingPoint =
  | (OperatingPointBase & { kind: "measured"; point: LoadPoint; rule: "slo" | "knee" })
  | (OperatingPointBase & {
      kind: "interpolated";
      between: [LoadPoint, LoadPoint];
      /** Relative error to expect, from leave-one-out over the shipped curves (0.07 = 7%). */
      expectedRelativeError: number;
    })
  | (OperatingPointBase & { kind: "atLeast"; point: LoadPoint });

export interface PriceBasis {
  /** `null` = any offer of the kind, the cheapest wins. */
  provider: string | null;
  region: string | null;
  kind: PriceKind;
  /** The user's own price of one accelerator for one hour; takes the place of every offer. */
  ownUsdPerAcceleratorHour: number | null;
}

export type Cost =
  | {
      kind: "known";
      /** Price of the machine ÷ its accelerators. */
      usdPerAcceleratorHour: number;
      /** Of one replica, its machine full of others where it holds several. */
      usdPerHour: number;
      /** Where the operating point is `atLeast`, it is at most this. */
      usdPerMillionOutputTokens: number;
      /** What it is bought as; `null` = the user's own price of an accelerator. */
      price: Price | null;
      /** How replicas fit the machines of that price; `null` where none is bought: the user's own price, or an estimate of owning. */
      packing: Packing | null;
    }
  | { kind: "unknown"; reason: string };

/** What a provider asks for the same, its cheapest offer. */
export interface ProviderOffer {
  provider: string;
  offer: Offer;
  usdPerMillionOutputTokens: number;
  /** Bill of the demand; `null` without one. */
  usdPerMonth: number | null;
}

export interface CapacityPlan {
  demandRequestsPerSecond: number;
  headroom: number;
  replicas: number;
  /** Accelerators the replicas use, those of half-empty machines included. */
  accelerators: number;
  /** Whole machines as the provider sells them; `null` when the price is unknown, the user's own or an estimate of owning. */
  instances: number | null;
  instanceType: string | null;
  usdPerHour: number | null;
  usdPerMonth: number | null;
  /** Requests/s each replica sees at this demand. */
  requestsPerSecondPerReplica: number;
  /** Share of a replica's operating-point rate in use, 0…1. */
  utilisation: number;
  /** Latency read off the same curve at that rate; `null` where the curve does not reach. */
  predicted:
    | (Record<LatencyField, LatencyStatistics | null> & { basis: "measured" | "interpolated" | "atMost" })
    | null;
  /** With one replica fewer: what each of the rest then carries and whether it stays within its operating point. */
  oneReplicaLost: { requestsPerSecondPerReplica: number; withinOperatingPoint: boolean } | null;
}

export const RANKINGS = ["cost", "throughputPerAccelerator", "fewestAccelerators", "latency"] as const;
export type RankBy = (typeof RANKINGS)[number];

/** Everything a ranking depends on beside the curves and prices. */
export interface Question {
  slos: Slo[];
  demandRequestsPerSecond: number | null;
  /** Share of capacity kept free, default 0.2. */
  headroom: number;
  price: PriceBasis;
  rankBy: RankBy;
  /** Leave out points whose throughput is derived. */
  measuredOnly: boolean;
  /** Let points flagged as outliers take part. */
  includeOutliers: boolean;
  /** Share of the best throughput that makes the knee when no SLO is given, default 0.95. */
  kneeShare: number;
}

export interface RankedConfiguration {
  curve: LoadCurve;
  operatingPoint: OperatingPoint;
  cost: Cost;
  capacity: CapacityPlan | null;
  /** Cheapest offer of each provider, cheapest first; empty where the price is unknown or the user's own. */
  providers: ProviderOffer[];
  /**
   * Where no price is known: the price of one accelerator for one hour below which it would be the cheapest of all ranked.
   * `null` where it has a price, or nothing else has one.
   */
  breakEvenUsdPerAcceleratorHour: number | null;
  /** Words a person reads: why it is not ranked higher / cannot carry more. */
  whyNotMore: string;
  /** Other curves of the same configuration (older runs, other sources), newest first, with their own throughput under the same question; `null` = none feasible. */
  otherCurves: { curve: LoadCurve; outputTokensPerSecond: number | null }[];
}

export interface NearMiss {
  curve: LoadCurve;
  /** Standing of every SLO at the point that comes closest. */
  standings: SloStanding[];
  /** The point that comes closest. */
  point: LoadPoint;
  /** The smallest single change of one limit that would admit it; `null` if no single one does. */
  smallestRelaxation: { slo: Slo; limitMs: number; relativeIncrease: number } | null;
  reason: string;
}

export interface NotComparable {
  curve: LoadCurve;
  missing: Slo[];
  reason: string;
}

export interface Ranking {
  ranked: RankedConfiguration[];
  nearMisses: NearMiss[];
  notComparable: NotComparable[];
}
