import type { Price } from "../catalogue/catalogue";
import type { Currency } from "../currency";
import type { LoadPoint, Slo } from "../domain";
import type { ThroughputBasis } from "../frontier/derive";
import type { LoadCurve } from "../frontier/load-curve";
import type { LatencyField, LatencyStatistics, Statistic } from "../measurement/latency";
import type { LoadKind } from "../measurement/measurement";
import type { QualityFlag } from "../measurement/quality-flags";
import type { CurveFilter, CurveLeftOut } from "./curve-filter";
import type { Demand, DemandMeasure } from "./demand";
import type { Estimate } from "./estimates";
import type { LoadAtDemand } from "./load-at-demand";
import type { Offer, PriceBasis } from "./offers";
import type { Packing } from "./replica-shape";
import type { RequestTargets } from "./request-targets";
import type { StockItem } from "./stock";
import type { SplitCost, TokenPrices } from "./token-prices";

/**
 * How one SLO stands at a point. `bound`: a higher percentile stands in as a conservative bound and must be said so.
 * `derived`: the mean of NTPOT as end-to-end latency ÷ output tokens. `tooFew`: a percentile of too few requests, which meets no
 * target. `estimated`: from the point's own mean or median, judged at the upper end of the interval.
 */
export interface SloStanding {
  slo: Slo;
  valueMs: number | null;
  basis: "measured" | "derived" | "bound" | "missing" | "tooFew" | "estimated";
  /** Where `basis` is `estimated`: what from, and the interval whose upper end is the value. */
  estimate?: Estimate;
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
  /** Where no SLO does: the request target that the next load with more throughput misses. */
  bindingRequests: "failed" | "goodput" | null;
  qualityFlags: QualityFlag[];
}

/** Where on its curve a configuration delivers the most while every SLO holds. */
export type OperatingPoint =
  | (OperatingPointBase & { kind: "measured"; point: LoadPoint; rule: "slo" | "knee" })
  | (OperatingPointBase & {
      kind: "interpolated";
      between: [LoadPoint, LoadPoint];
      /** Relative error to expect of such a crossing, by gap of loads, metric and statistic (0.07 = 7%): the median miss. */
      expectedRelativeError: number;
      /** 9 of 10 such crossings miss by at most this. */
      relativeErrorIn9Of10: number;
    })
  | (OperatingPointBase & { kind: "atLeast"; point: LoadPoint });

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
      /** Percent taken off the list price; 0 = none. */
      discountPercent: number;
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

/** What a demand, or the whole stock where none was given, comes to with one configuration. */
export interface CapacityPlan {
  demand: Demand | null;
  /** At the busiest time, of all replicas together; `null` = not known at that load. */
  demandRequestsPerSecond: number | null;
  headroom: number;
  replicas: number;
  /** Accelerators the replicas are given, those of half-empty machines that are bought included. */
  accelerators: number;
  /** Whole machines to buy as the provider sells them; `null` when the price is unknown, the user's own or an estimate of owning. */
  instances: number | null;
  instanceType: string | null;
  /** Of what is bought: accelerators of one's own stock cost nothing here. `null` = the price is unknown. */
  usdPerHour: number | null;
  usdPerMonth: number | null;
  /** Requests/s each replica sees at this demand; `null` = not known. */
  requestsPerSecondPerReplica: number | null;
  /** Share of what a replica carries at its operating point that is in use, 0…1. */
  utilisation: number;
  /** Latency read off the same curve at that load; `null` where the curve does not reach. */
  predicted: LoadAtDemand | null;
  /** With one replica fewer: what each of the rest then carries, as a share of its operating point, and whether it stays within. */
  oneReplicaLost: { utilisation: number; withinOperatingPoint: boolean } | null;
  /** What these replicas carry with the headroom kept, as a multiple of the demand; with a stock alone, of what it carries: 1. */
  carriesUpTo: { amount: number; unit: DemandMeasure["unit"] };
  /** What it takes of the reader's own stock; `null` where none was given. */
  stock: StockUse | null;
  /** Replicas in each hour of a day's curve; `null` where the demand is none. */
  byHour: { replicas: number[]; acceleratorHoursPerDay: number; usdPerMonth: number | null } | null;
}

/** What a plan takes of the stock. */
export interface StockUse {
  /** Accelerators of this kind there are. */
  accelerators: number;
  taken: number;
  left: number;
  /** Replicas that are bought because the stock holds no more. */
  replicasBought: number;
  /** Replicas that neither the stock holds nor may be bought: the demand is not carried. */
  replicasMissing: number;
}

export const RANKINGS = ["cost", "throughputPerAccelerator", "fewestAccelerators", "latency", "equalTpot"] as const;
export type RankBy = (typeof RANKINGS)[number];

/** Everything a ranking depends on beside the curves and prices. */
export interface Question {
  slos: Slo[];
  /** Targets on failed requests and goodput. */
  requests: RequestTargets;
  /** Which configurations and measurements are asked. */
  only: CurveFilter;
  /** `null` = none: the ranking alone. */
  demand: Demand | null;
  /** Accelerators the reader has; empty = any may be bought. */
  stock: readonly StockItem[];
  /** With a stock: true where more may be bought when it does not hold all, and kinds it does not have. */
  buyBeyondStock: boolean;
  /** Share of capacity kept free, default 0.2. */
  headroom: number;
  price: PriceBasis;
  /** How cost is split between input, input from cache and output. */
  tokenPrices: TokenPrices;
  /** What amounts are shown in; everything is reckoned in US dollars. */
  currency: Currency;
  rankBy: RankBy;
  /** Leave out points whose throughput is derived. */
  measuredOnly: boolean;
  /** Let points flagged as outliers take part. */
  includeOutliers: boolean;
  /** Let a percentile that a curve has nowhere be estimated from the mean or median of its points. */
  estimates: boolean;
  /** Share of the best throughput that makes the knee when no SLO is given, default 0.95. */
  kneeShare: number;
}

export interface RankedConfiguration {
  curve: LoadCurve;
  operatingPoint: OperatingPoint;
  cost: Cost;
  /** Cost by what is paid for; `null` where the price or the input is not known. */
  split: SplitCost | null;
  /** What amounts of the row are shown in. */
  currency: Currency;
  capacity: CapacityPlan | null;
  /** Cheapest offer of each provider, cheapest first; empty where the price is unknown or the user's own. */
  providers: ProviderOffer[];
  /**
   * Where no price is known: the price of one accelerator for one hour below which it would be the cheapest of all ranked.
   * `null` where it has a price, or nothing else has one.
   */
  breakEvenUsdPerAcceleratorHour: number | null;
  /** Ranked by cost at one speed: that speed, and the cost there (`null` = its load was not measured so far); else `null`. */
  atEqualSpeed: { statistic: Statistic; tpotMs: number; usdPerMillion: number | null } | null;
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
  /** By how much it misses a target on failed requests or goodput, as a clause; `null` where it misses none. */
  requestsMissed: string | null;
}

export interface NotComparable {
  curve: LoadCurve;
  missing: Slo[];
  reason: string;
}

export interface Ranking {
  ranked: RankedConfiguration[];
  /** Configurations that meet the targets on accelerators that are not in the stock, where no more may be bought. */
  outsideStock: { curve: LoadCurve; reason: string }[];
  nearMisses: NearMiss[];
  notComparable: NotComparable[];
  /** What the filter of the question leaves out, each with its reason. */
  filteredOut: CurveLeftOut[];
}
