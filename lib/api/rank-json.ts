import type { Price } from "../catalogue/catalogue";
import type { Configuration, Slo } from "../domain";
import type { ThroughputBasis } from "../frontier/derive";
import type { LoadCurve } from "../frontier/load-curve";
import type { LatencyField, LatencyStatistics } from "../measurement/latency";
import type { LoadKind } from "../measurement/measurement";
import type { QualityFlag } from "../measurement/quality-flags";
import type { AskedWorkload } from "../selection/asked-workload";
import { type BurstWait, burstWait } from "../selection/bursts";
import type { Crossover, Lever } from "../selection/crossovers";
import { gradeOf } from "../selection/grade";
import type { Grade } from "../selection/grades";
import { nearMissReason } from "../selection/near-miss-words";
import type { SplitCost } from "../selection/token-prices";
import type { CapacityPlan, OperatingPoint, RankedConfiguration, Ranking, SloStanding } from "../selection/types";

/** Whom an entry is about, and what was measured of it. */
export interface CandidateJson {
  configurationId: string;
  accelerator: string;
  acceleratorCount: number;
  server: string | null;
  serverVersion: string | null;
  precision: string | null;
  /** The source's own short form, e.g. `tp8`; the parts stand in `configuration.parallelism`. */
  parallelism: string | null;
  configuration: Configuration;
  runIds: string[];
  source: string;
  measuredOn: string | null;
}

export interface OperatingPointJson extends Record<LatencyField, LatencyStatistics | null> {
  kind: OperatingPoint["kind"];
  outputTokensPerSecond: number;
  throughputBasis: ThroughputBasis;
  loadKind: LoadKind | null;
  loadValue: number | null;
  requestsPerSecond: number | null;
  /** Failed requests ÷ all that ended, 0…1; `null` = not known. */
  failedShare: number | null;
  /** Relative error to expect of an interpolated point; `null` for the others. */
  expectedRelativeError: number | null;
  /** 9 of 10 such points miss by at most this; `null` for the others. */
  relativeErrorIn9Of10: number | null;
  /** The worst of what the point was made from. */
  grade: Grade;
  /** Measured points it is based on: one, or the two it lies between. */
  pointIds: string[];
  bindingSlo: Slo | null;
  /** Where no SLO does: the request target that the next load with more throughput misses. */
  bindingRequests: "failed" | "goodput" | null;
  standings: SloStanding[];
  qualityFlags: QualityFlag[];
}

export interface RankedJson extends CandidateJson {
  operatingPoint: OperatingPointJson;
  /** `null` where no price is known. At most this where the operating point is `atLeast`. */
  usdPerMillionOutputTokens: number | null;
  /** Where no price is known: the price of an accelerator-hour below which it would be the cheapest; else `null`. */
  breakEvenUsdPerAcceleratorHour: number | null;
  /** Ranked by cost at one speed: that speed and the cost there. */
  atEqualSpeed: RankedConfiguration["atEqualSpeed"];
  usdPerHour: number | null;
  /** Cost by what is paid for; `null` where price or input is not known. */
  split: SplitCost | null;
  /** Percent taken off the list price of the offer; 0 = none. */
  discountPercent: number;
  /** The offer the cost is based on; `null` where unknown or the user's own. */
  price: Price | null;
  /** What each provider asks, cheapest first; empty where the price is unknown or the user's own. */
  providers: { provider: string; price: Price; usdPerMillionOutputTokens: number; usdPerMonth: number | null }[];
  /** `null` unless a demand was asked for. */
  replicas: number | null;
  capacity: CapacityPlan | null;
  /** What requests that come at random cost the plan, by M/G/c; `null` where the load was not measured with a fixed number in flight. */
  bursts: BurstWait | null;
  whyNotMore: string;
}

export interface NearMissJson extends CandidateJson {
  reason: string;
  standings: SloStanding[];
  loadKind: LoadKind | null;
  loadValue: number | null;
  pointId: string;
  smallestRelaxation: { slo: Slo; limitMs: number; relativeIncrease: number } | null;
}

export interface NotComparableJson extends CandidateJson {
  reason: string;
  missing: Slo[];
}

/** What the command line and the HTTP API answer to "which accelerators, for these targets". */
export interface RankJson {
  revision: number;
  /** Hugging Face id. */
  model: string;
  /** Workload id, also when none was asked for and the one with most data was taken. */
  workload: string;
  /** The reader's own requests, and what the workload has otherwise; `null` where none were said. */
  askedWorkload: (AskedWorkload & { differences: string[] }) | null;
  slos: Slo[];
  ranked: RankedJson[];
  nearMisses: NearMissJson[];
  notComparable: NotComparableJson[];
  /** Configurations that meet the targets on accelerators the stock does not have. */
  outsideStock: (CandidateJson & { reason: string })[];
  /** Configurations that the filters of the question leave out. */
  filteredOut: (CandidateJson & { reason: string })[];
  /** What would change the answer; `null` where nobody asked. */
  whatIf: CrossoverJson[] | null;
}

/** The nearest value of a target, the demand or a price at which another configuration is first. */
export interface CrossoverJson {
  lever: Lever;
  direction: "up" | "down";
  /** Milliseconds, a multiple of the demand (requests/s where none was asked), USD an accelerator-hour. */
  from: number;
  at: number;
  /** What is first then; `null` = nothing meets the question. */
  configurationId: string | null;
}

function candidate(curve: LoadCurve): CandidateJson {
  const { configuration } = curve;
  return {
    configurationId: configuration.configurationId,
    accelerator: configuration.accelerator,
    acceleratorCount: configuration.acceleratorCount,
    server: configuration.server,
    serverVersion: configuration.serverVersion,
    precision: configuration.precision,
    parallelism: configuration.parallelism.label,
    configuration,
    runIds: curve.runIds,
    source: curve.source.name,
    measuredOn: curve.measuredOn,
  };
}

function pointIdsOf(point: OperatingPoint): string[] {
  return point.kind === "interpolated" ? point.between.map((item) => item.pointId) : [point.point.pointId];
}

/** An operating point for machines: latencies in milliseconds, tokens/s of one replica. */
function operatingPointJson(point: OperatingPoint): OperatingPointJson {
  return {
    kind: point.kind,
    outputTokensPerSecond: point.outputTokensPerSecond,
    throughputBasis: point.throughputBasis,
    loadKind: point.loadKind,
    loadValue: point.loadValue,
    ttftMs: point.ttftMs,
    tpotMs: point.tpotMs,
    itlMs: point.itlMs,
    ntpotMs: point.ntpotMs,
    e2eMs: point.e2eMs,
    requestsPerSecond: point.requestsPerSecond,
    failedShare: point.failedShare,
    expectedRelativeError: point.kind === "interpolated" ? point.expectedRelativeError : null,
    relativeErrorIn9Of10: point.kind === "interpolated" ? point.relativeErrorIn9Of10 : null,
    grade: gradeOf(point),
    pointIds: pointIdsOf(point),
    bindingSlo: point.bindingSlo,
    bindingRequests: point.bindingRequests,
    standings: point.standings,
    qualityFlags: point.qualityFlags,
  };
}

function rankedJson(entry: RankedConfiguration): RankedJson {
  const { cost, capacity } = entry;
  return {
    ...candidate(entry.curve),
    operatingPoint: operatingPointJson(entry.operatingPoint),
    usdPerMillionOutputTokens: cost.kind === "known" ? cost.usdPerMillionOutputTokens : null,
    breakEvenUsdPerAcceleratorHour: entry.breakEvenUsdPerAcceleratorHour,
    usdPerHour: cost.kind === "known" ? cost.usdPerHour : null,
    atEqualSpeed: entry.atEqualSpeed,
    split: entry.split,
    discountPercent: cost.kind === "known" ? cost.discountPercent : 0,
    price: cost.kind === "known" ? cost.price : null,
    providers: entry.providers.map(({ provider, offer, usdPerMillionOutputTokens, usdPerMonth }) => ({
      ...{ provider, price: offer.price, usdPerMillionOutputTokens, usdPerMonth },
    })),
    replicas: capacity?.replicas ?? null,
    capacity,
    bursts: burstWait(entry),
    whyNotMore: entry.whyNotMore,
  };
}

/** What was asked of whom, as an answer repeats it. */
export interface AskedOf {
  revision: number;
  /** Hugging Face id. */
  model: string;
  /** Workload id. */
  workload: string;
  slos: readonly Slo[];
  askedWorkload: AskedWorkload | null;
  /** What the workload has otherwise than what is asked. */
  differences: readonly string[];
}

/** Shapes an answer for machines; numbers in full precision, unknown as `null`. */
export function rankJson(asked: AskedOf, ranking: Ranking, crossovers: readonly Crossover[] | null = null): RankJson {
  return {
    revision: asked.revision,
    model: asked.model,
    workload: asked.workload,
    askedWorkload:
      asked.askedWorkload === null ? null : { ...asked.askedWorkload, differences: [...asked.differences] },
    slos: [...asked.slos],
    ranked: ranking.ranked.map(rankedJson),
    nearMisses: ranking.nearMisses.map((miss) => ({
      ...candidate(miss.curve),
      reason: nearMissReason(miss),
      standings: miss.standings,
      loadKind: miss.point.loadKind,
      loadValue: miss.point.loadValue,
      pointId: miss.point.pointId,
      smallestRelaxation: miss.smallestRelaxation,
    })),
    notComparable: ranking.notComparable.map((entry) => ({
      ...candidate(entry.curve),
      reason: entry.reason,
      missing: entry.missing,
    })),
    outsideStock: ranking.outsideStock.map(({ curve, reason }) => ({ ...candidate(curve), reason })),
    filteredOut: ranking.filteredOut.map(({ curve, reason }) => ({ ...candidate(curve), reason })),
    whatIf:
      crossovers?.map(({ lever, direction, from, at, first }) => ({
        ...{ lever, direction, from, at },
        configurationId: first?.curve.configuration.configurationId ?? null,
      })) ?? null,
  };
}
