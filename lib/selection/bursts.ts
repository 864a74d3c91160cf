import { MS_PER_SECOND } from "../units";
import type { CapacityPlan, RankedConfiguration } from "./types";

/** Requests that come at random find all places taken so often, and wait so long. */
export interface BurstWait {
  /** Places: requests that replicas hold at their operating point at once. */
  places: number;
  /** Share of the places that is taken on average, 0…1. */
  busy: number;
  /** Share of requests that wait for a place, 0…1. */
  waitShare: number;
  /** Mean wait of those that do, ms. */
  waitMs: number;
}

/** More places need no queue theory, and the recursion below takes a step for each. */
const MAX_PLACES = 200_000;

/**
 * Share of arrivals that wait where `places` serve an offered load of `erlangs` (Erlang C), by the stable recursion of Erlang B:
 * A. K. Erlang, Solution of some Problems in the Theory of Probabilities (1917). 1 where more is offered than served.
 */
export function erlangC(places: number, erlangs: number): number {
  if (erlangs >= places) return 1;
  let blocked = 1;
  for (let place = 1; place <= places; place++) blocked = (erlangs * blocked) / (place + erlangs * blocked);
  const busy = erlangs / places;
  return blocked / (1 - busy * (1 - blocked));
}

/**
 * What arrivals at random cost a plan that was measured with a fixed number in flight: the replicas as one queue with a place for
 * each request they hold at their operating point (M/G/c). Mean wait by A. O. Allen and A. A. Cunneen's approximation with
 * answer times that vary as much as their mean: Erlang C ÷ (places ÷ time in the system − requests/s). `null` where the demand
 * is none of requests, or the load was not measured with so many in flight.
 */
export function burstWait({
  operatingPoint,
  capacity,
}: Pick<RankedConfiguration, "operatingPoint" | "capacity">): BurstWait | null {
  const { loadKind, loadValue, requestsPerSecond } = operatingPoint;
  const demand = openDemand(capacity);
  if (capacity === null || demand === null || loadKind !== "concurrency") return null;
  if (loadValue === null || requestsPerSecond === null || requestsPerSecond <= 0) return null;
  const places = Math.floor(capacity.replicas * loadValue);
  if (places < 1 || places > MAX_PLACES) return null;
  // Little's law: time in the system = in flight ÷ requests/s.
  const seconds = loadValue / requestsPerSecond;
  const erlangs = demand * seconds;
  const waitShare = erlangC(places, erlangs);
  const spare = places / seconds - demand;
  return {
    places,
    busy: erlangs / places,
    waitShare,
    waitMs: spare > 0 ? MS_PER_SECOND / spare : Number.POSITIVE_INFINITY,
  };
}

/** Requests/s that come when they come; `null` for people who wait for their answer before they ask again. */
function openDemand(capacity: CapacityPlan | null): number | null {
  const demand = capacity?.demand ?? null;
  return demand === null || demand.kind === "people" ? null : (capacity?.demandRequestsPerSecond ?? null);
}
