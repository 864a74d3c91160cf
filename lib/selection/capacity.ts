import type { Price } from "../catalogue/catalogue";
import type { LoadPoint } from "../domain";
import { takesPart } from "../frontier/axes";
import { requestsPerSecondOf } from "../frontier/derive";
import { interpolateBetween, requestRateBetween } from "../frontier/interpolate";
import type { LoadCurve } from "../frontier/load-curve";
import type { LatencyField, LatencyStatistics } from "../measurement/latency";
import { machinesForReplicas, type Packing } from "./replica-shape";
import type { CapacityPlan, Cost, OperatingPoint, Question } from "./types";

/** Average month of cloud price lists: 365 × 24 ÷ 12. */
const HOURS_PER_MONTH = 730;
/** Halvings that bring a load interval below the resolution of a double. */
const BISECTION_STEPS = 60;

type Latencies = Record<LatencyField, LatencyStatistics | null>;

function latenciesOf({ ttftMs, tpotMs, itlMs, ntpotMs, e2eMs }: Latencies): Latencies {
  return { ttftMs, tpotMs, itlMs, ntpotMs, e2eMs };
}

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

/**
 * The load between two points at which the curve completes this many requests/s; their rates lie on either side of it.
 * `null` where the two are not on one load axis.
 */
function loadAtRate(a: LoadPoint, b: LoadPoint, requestsPerSecond: number): number | null {
  const rateAt = requestRateBetween(a, b);
  if (rateAt === null) return null;
  let low = a.loadValue ?? 0;
  let high = b.loadValue ?? 0;
  for (let step = 0; step < BISECTION_STEPS; step++) {
    const middle = low + (high - low) / 2;
    if (rateAt(middle) < requestsPerSecond) low = middle;
    else high = middle;
  }
  return high;
}

/**
 * The latencies a replica shows when it serves this many requests/s, read off its curve at the lowest load that does:
 * measured there, interpolated between two loads, or, below the lowest measured load, at most what was measured at it.
 * `null` where the curve does not reach that rate.
 */
export function latencyAtRate(
  curve: LoadCurve,
  requestsPerSecond: number,
  options: Pick<Question, "measuredOnly" | "includeOutliers">,
): CapacityPlan["predicted"] {
  const points = curve.points
    .filter((point) => takesPart(point, options))
    .map((point) => ({ point, rate: requestsPerSecondOf(point) }));
  let previous: { point: LoadPoint; rate: number } | null = null;
  for (const { point, rate } of points) {
    if (rate === null) continue;
    if (rate === requestsPerSecond) return { ...latenciesOf(point), basis: "measured" };
    if (rate > requestsPerSecond) {
      if (previous === null) return { ...latenciesOf(point), basis: "atMost" };
      const load = loadAtRate(previous.point, point, requestsPerSecond);
      const interpolated = load === null ? null : interpolateBetween(previous.point, point, load);
      if (interpolated) return { ...latenciesOf(interpolated), basis: "interpolated" };
      // Not on one load axis: the higher of the two bounds it from above.
      return { ...latenciesOf(point), basis: "atMost" };
    }
    previous = { point, rate };
  }
  return null;
}

type Demanded = Pick<Question, "demandRequestsPerSecond" | "headroom">;

/**
 * Replicas that a demand of Q requests/s takes: ⌈Q ÷ (requests/s of one replica × (1 − headroom))⌉. `null` where no demand was
 * given, the headroom is not in 0…1 (1 excluded), or the replica's requests/s are not known.
 */
export function replicasFor(
  requestsPerSecond: number | null,
  { demandRequestsPerSecond: demand, headroom }: Demanded,
): number | null {
  if (demand === null || !Number.isFinite(demand) || demand <= 0 || !(headroom >= 0 && headroom < 1)) return null;
  if (requestsPerSecond === null || requestsPerSecond <= 0) return null;
  return unitsFor(demand, requestsPerSecond * (1 - headroom));
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
 * What a demand takes: replicas ({@link replicasFor}); accelerators and cost in whole machines as the provider sells them (single
 * accelerators at the user's own price); the latency at Q ÷ replicas read off the same curve; a month is 730 h; what the rest
 * carries when one replica is lost. `null` where the replicas are not known.
 */
export function capacityPlan(
  curve: LoadCurve,
  operatingPoint: OperatingPoint,
  cost: Cost,
  question: Demanded & Pick<Question, "measuredOnly" | "includeOutliers">,
): CapacityPlan | null {
  const { demandRequestsPerSecond: demand, headroom } = question;
  const rate = operatingPoint.requestsPerSecond;
  const replicas = replicasFor(rate, question);
  if (demand === null || rate === null || replicas === null) return null;

  const perReplica = demand / replicas;
  const { acceleratorCount } = curve.configuration;
  const bill =
    cost.kind === "known" ? billOf(replicas, acceleratorCount, { ...cost, usdPerReplicaHour: cost.usdPerHour }) : null;
  const afterLoss = replicas > 1 ? demand / (replicas - 1) : null;
  return {
    demandRequestsPerSecond: demand,
    headroom,
    replicas,
    accelerators: bill?.accelerators ?? replicas * acceleratorCount,
    instances: bill?.instances ?? null,
    instanceType: cost.kind === "known" && bill?.instances != null ? (cost.price?.instanceType ?? null) : null,
    usdPerHour: bill?.usdPerHour ?? null,
    usdPerMonth: bill === null ? null : usdPerMonth(bill.usdPerHour),
    requestsPerSecondPerReplica: perReplica,
    utilisation: perReplica / rate,
    predicted: latencyAtRate(curve, perReplica, question),
    oneReplicaLost:
      afterLoss === null ? null : { requestsPerSecondPerReplica: afterLoss, withinOperatingPoint: afterLoss <= rate },
  };
}
