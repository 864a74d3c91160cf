import type { Price } from "../catalogue/catalogue";
import type { LoadCurve } from "../frontier/load-curve";
import { HOURS_PER_DAY } from "../units";
import { type Carried, type Demand, type DemandMeasure, measureOf } from "./demand";
import { loadAtDemand, timeInSystemMs } from "./load-at-demand";
import { machinesForReplicas, type Packing, replicaShape } from "./replica-shape";
import { stockRoom } from "./stock";
import type { CapacityPlan, Cost, OperatingPoint, Question, StockUse } from "./types";

/** Average month of cloud price lists: 365 × 24 ÷ 12. */
const HOURS_PER_MONTH = 730;

/** Above this many replicas one more or less is lost in rounding (and adding one to a double may not change it). */
const EXACT_UNITS_LIMIT = 1e9;

/** Least number of whole units of `each` that carry `demand`, exact to the last bit of the product. */
function unitsFor(demand: number, each: number): number {
  let units = Math.max(1, Math.ceil(demand / each));
  if (units > EXACT_UNITS_LIMIT) return units;
  // The quotient may round to either side of a whole number; the product decides.
  while (units > 1 && (units - 1) * each >= demand) units--;
  while (units * each < demand) units++;
  return units;
}

/** An operating point as a demand is measured by it. */
function carriedAt(point: OperatingPoint): Carried {
  const { requestsPerSecond, outputTokensPerSecond } = point;
  const outputTokensMean =
    requestsPerSecond === null || requestsPerSecond <= 0 ? null : outputTokensPerSecond / requestsPerSecond;
  return {
    loadKind: point.loadKind,
    loadValue: point.loadValue,
    requestsPerSecond,
    outputTokensPerSecond,
    e2eMsMean: timeInSystemMs({ ...point, outputTokensMean }),
  };
}

/** How replicas share what is asked of them, before anything is priced. */
export interface Sizing {
  demand: Demand | null;
  measure: DemandMeasure;
  /** What one replica carries at its operating point. */
  each: number;
  replicas: number;
  stock: StockUse | null;
  /** Replicas that have to be paid for. */
  bought: number;
}

/** The stock alone, without a demand: everything that is there. */
const EVERYTHING: DemandMeasure = {
  peak: Number.POSITIVE_INFINITY,
  unit: "requestsPerSecond",
  carriedAt: ({ requestsPerSecond }) => requestsPerSecond,
};

/**
 * Replicas that a demand takes: ⌈demand ÷ (what one replica carries at its operating point × (1 − headroom))⌉, first of the
 * stock, the rest bought where that is allowed. Without a demand: as many as the stock holds. `null` where neither was given, the
 * headroom is not in 0…1 (1 excluded), or what a replica carries is not known.
 */
export function sizingOf(
  curve: LoadCurve,
  operatingPoint: OperatingPoint,
  { demand, headroom, stock, buyBeyondStock }: Pick<Question, "demand" | "headroom" | "stock" | "buyBeyondStock">,
): Sizing | null {
  if (!(headroom >= 0 && headroom < 1)) return null;
  const { configuration } = curve;
  const room = stock.length === 0 ? null : stockRoom(stock, configuration.accelerator, replicaShape(configuration));
  if (demand === null && (room === null || room.replicas === 0)) return null;
  const measure = demand === null ? EVERYTHING : measureOf(demand);
  const each = measure.carriedAt(carriedAt(operatingPoint));
  if (each === null || !(each > 0) || !(measure.peak > 0)) return null;
  const wanted = demand === null ? (room?.replicas ?? 0) : unitsFor(measure.peak, each * (1 - headroom));
  if (room === null) return { demand, measure, each, replicas: wanted, stock: null, bought: wanted };
  const own = Math.min(wanted, room.replicas);
  const bought = buyBeyondStock ? wanted - own : 0;
  const taken = own * configuration.acceleratorCount;
  return {
    ...{ demand, measure, each, bought },
    replicas: own + bought,
    stock: {
      accelerators: room.accelerators,
      taken,
      left: room.accelerators - taken,
      replicasBought: bought,
      replicasMissing: wanted - own - bought,
    },
  };
}

/** What replicas are bought as, and what they cost. */
export interface Bill {
  /** Those of half-empty machines included. */
  accelerators: number;
  /** Whole machines as the provider sells them; `null` where none is bought. */
  instances: number | null;
  usdPerHour: number;
}

/** The bill of a number of replicas: whole machines where machines are bought, else each replica for itself. */
export function billOf(
  replicas: number,
  acceleratorCount: number,
  { price, packing, usdPerReplicaHour }: { price: Price | null; packing: Packing | null; usdPerReplicaHour: number },
): Bill {
  if (price === null || packing === null) {
    return { accelerators: replicas * acceleratorCount, instances: null, usdPerHour: replicas * usdPerReplicaHour };
  }
  const instances = machinesForReplicas(replicas, packing);
  return { accelerators: instances * price.acceleratorCount, instances, usdPerHour: instances * price.usdPerHour };
}

/** USD a month at USD/h, by price lists' month of 730 h. */
export function usdPerMonth(usdPerHour: number): number {
  return usdPerHour * HOURS_PER_MONTH;
}

/**
 * What a demand comes to: replicas ({@link sizingOf}); accelerators and cost in whole machines as the provider sells them (single
 * accelerators at the user's own price); the latency at the share of one replica read off the same curve; a month is 730 h; what
 * the rest carries when one replica is lost; what the same replicas carry at most. `null` where it takes nothing or is not carried
 * by any replica at all.
 */
export function capacityPlan(
  curve: LoadCurve,
  sizing: Sizing | null,
  cost: Cost,
  question: Pick<Question, "headroom" | "measuredOnly" | "includeOutliers">,
): CapacityPlan | null {
  if (sizing === null || sizing.replicas === 0) return null;
  const { demand, measure, each, replicas, stock, bought } = sizing;
  const { headroom } = question;
  const capacity = replicas * each * (1 - headroom);
  // Of a demand that is not carried whole, each replica takes what it can with the headroom kept.
  const total = Math.min(measure.peak, demand === null || (stock?.replicasMissing ?? 0) > 0 ? capacity : measure.peak);
  const share = total / replicas;
  const { acceleratorCount } = curve.configuration;
  const bill = boughtFor(bought, acceleratorCount, cost);
  const predicted = loadAtDemand(curve, share, measure, question);
  const rate = measure.unit === "requestsPerSecond" ? share : (predicted?.requestsPerSecond ?? null);
  return {
    demand,
    demandRequestsPerSecond: measure.unit === "requestsPerSecond" ? total : rate === null ? null : rate * replicas,
    headroom,
    replicas,
    accelerators: (stock?.taken ?? 0) + (bill?.accelerators ?? bought * acceleratorCount),
    instances: bill?.instances ?? null,
    instanceType: cost.kind === "known" && bill?.instances != null ? (cost.price?.instanceType ?? null) : null,
    usdPerHour: bill?.usdPerHour ?? null,
    usdPerMonth: bill === null ? null : usdPerMonth(bill.usdPerHour),
    requestsPerSecondPerReplica: rate,
    utilisation: share / each,
    predicted,
    oneReplicaLost: replicas > 1 ? lostOne(total / (replicas - 1), each) : null,
    carriesUpTo: { amount: capacity, unit: measure.unit },
    stock,
    byHour:
      demand?.kind === "day" ? byHour(demand.requestsPerSecondByHour, sizing, headroom, acceleratorCount, cost) : null,
  };
}

function lostOne(share: number, each: number): CapacityPlan["oneReplicaLost"] {
  return { utilisation: share / each, withinOperatingPoint: share <= each };
}

/** The bill of what is bought; `null` where something is and its price is unknown. */
function boughtFor(replicas: number, acceleratorCount: number, cost: Cost): Bill | null {
  if (replicas === 0) return { accelerators: 0, instances: null, usdPerHour: 0 };
  return cost.kind === "unknown"
    ? null
    : billOf(replicas, acceleratorCount, { ...cost, usdPerReplicaHour: cost.usdPerHour });
}

/** A day's curve followed hour by hour, at least one replica always there. */
function byHour(
  requestsPerSecond: readonly number[],
  { each, stock, replicas: most }: Sizing,
  headroom: number,
  acceleratorCount: number,
  cost: Cost,
): NonNullable<CapacityPlan["byHour"]> {
  const replicas = requestsPerSecond.map((rate) => Math.min(most, unitsFor(rate, each * (1 - headroom))));
  const own = stock === null ? 0 : stock.taken / acceleratorCount;
  let usdPerDay: number | null = 0;
  for (const count of replicas) {
    const bill: Bill | null = boughtFor(Math.max(0, count - own), acceleratorCount, cost);
    usdPerDay = usdPerDay === null || bill === null ? null : usdPerDay + bill.usdPerHour;
  }
  return {
    replicas,
    acceleratorHoursPerDay: replicas.reduce((sum, count) => sum + count, 0) * acceleratorCount,
    usdPerMonth: usdPerDay === null ? null : usdPerMonth(usdPerDay / HOURS_PER_DAY),
  };
}
