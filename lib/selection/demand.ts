import type { LoadKind } from "../measurement/measurement";
import { HOURS_PER_DAY, MS_PER_SECOND, SECONDS_PER_DAY } from "../units";

/** What has to be carried, as the person who asks knows it. */
export type Demand =
  | { kind: "requests"; requestsPerSecond: number }
  /** People at once, each of whom waits for an answer and then thinks before asking again. */
  | { kind: "people"; people: number; thinkSeconds: number }
  /** `peakFactor` = the busiest time ÷ the mean of the day. */
  | { kind: "requestsPerDay"; requestsPerDay: number; peakFactor: number }
  /** Output tokens. */
  | { kind: "tokensPerDay"; tokensPerDay: number; peakFactor: number }
  /** Requests/s of each hour of a day, 24 of them. */
  | { kind: "day"; requestsPerSecondByHour: readonly number[] };

/** The part of a load that a demand is measured by. */
export interface Carried {
  loadKind: LoadKind | null;
  loadValue: number | null;
  requestsPerSecond: number | null;
  outputTokensPerSecond: number | null;
  /** Mean time a request stays in the system; `null` = not known. */
  e2eMsMean: number | null;
}

/** A demand as one number to be shared by replicas, and how much of it one replica carries at a load. */
export interface DemandMeasure {
  /** At the busiest time. */
  peak: number;
  unit: "requestsPerSecond" | "people" | "outputTokensPerSecond";
  /** `null` = not known at that load. */
  carriedAt(load: Carried): number | null;
}

/**
 * People one replica serves at a load: those whose answer is being made and those who think, N = n + X × Z (interactive response
 * time law: N = X × (R + Z), with X × R = n in flight). X = requests/s, R = time in the system, Z = time to think.
 */
function peopleAt({ loadKind, loadValue, requestsPerSecond, e2eMsMean }: Carried, thinkSeconds: number): number | null {
  if (requestsPerSecond === null) return null;
  if (loadKind === "concurrency" && loadValue !== null) return loadValue + requestsPerSecond * thinkSeconds;
  return e2eMsMean === null ? null : requestsPerSecond * (e2eMsMean / MS_PER_SECOND + thinkSeconds);
}

/** How a demand is measured and shared by replicas. */
export function measureOf(demand: Demand): DemandMeasure {
  const byRate = (peak: number): DemandMeasure => ({
    peak,
    unit: "requestsPerSecond",
    carriedAt: ({ requestsPerSecond }) => requestsPerSecond,
  });
  switch (demand.kind) {
    case "requests":
      return byRate(demand.requestsPerSecond);
    case "requestsPerDay":
      return byRate((demand.requestsPerDay * demand.peakFactor) / SECONDS_PER_DAY);
    case "day":
      return byRate(Math.max(...demand.requestsPerSecondByHour));
    case "tokensPerDay":
      return {
        peak: (demand.tokensPerDay * demand.peakFactor) / SECONDS_PER_DAY,
        unit: "outputTokensPerSecond",
        carriedAt: ({ outputTokensPerSecond }) => outputTokensPerSecond,
      };
    case "people":
      return { peak: demand.people, unit: "people", carriedAt: (load) => peopleAt(load, demand.thinkSeconds) };
  }
}

/** Time to think where a person gives none: none at all, everybody always waits for an answer. Asks for most. */
const DEFAULT_THINK_SECONDS = 0;
/** Busiest time ÷ mean of the day where a person gives none: an even day. */
const DEFAULT_PEAK_FACTOR = 1;

const DEMAND_MAXIMUM = 1e15;

/** What a text may say of a demand, for messages and documentation. */
export const DEMAND_FORMS =
  "requests/s, or people:N:THINK_SECONDS, requests-a-day:N:PEAK, tokens-a-day:N:PEAK, day:Q0,…,Q23 (requests/s of each hour)";

function positive(text: string | undefined, otherwise: number | null = null): number | null {
  if (text === undefined || text.trim() === "") return otherwise;
  const value = Number(text.replaceAll("_", ""));
  return Number.isFinite(value) && value > 0 && value <= DEMAND_MAXIMUM ? value : null;
}

/** Reads a demand as {@link DEMAND_FORMS} says; `null` where it makes no sense. */
export function parseDemand(text: string): Demand | null {
  const [kind = "", first, second, ...rest] = text.trim().split(":");
  if (rest.length > 0) return null;
  if (kind === "day") return dayDemand(first, second);
  const amount = positive(first);
  switch (kind) {
    case "people": {
      const think = second === undefined || second === "" ? DEFAULT_THINK_SECONDS : Number(second);
      const isValid = Number.isFinite(think) && think >= 0 && think <= SECONDS_PER_DAY;
      return amount === null || !isValid ? null : { kind, people: amount, thinkSeconds: think };
    }
    case "requests-a-day":
    case "tokens-a-day": {
      const peakFactor = positive(second, DEFAULT_PEAK_FACTOR);
      if (amount === null || peakFactor === null || peakFactor < 1 || peakFactor > MAX_PEAK_FACTOR) return null;
      return kind === "requests-a-day"
        ? { kind: "requestsPerDay", requestsPerDay: amount, peakFactor }
        : { kind: "tokensPerDay", tokensPerDay: amount, peakFactor };
    }
    default: {
      const requestsPerSecond = first === undefined ? positive(kind) : null;
      return requestsPerSecond === null ? null : { kind: "requests", requestsPerSecond };
    }
  }
}

const MAX_PEAK_FACTOR = 1000;

function dayDemand(list: string | undefined, rest: string | undefined): Demand | null {
  if (list === undefined || rest !== undefined) return null;
  const values = list
    .split(/[\s,;]+/)
    .filter((text) => text !== "")
    .map(Number);
  const isValid = values.length === HOURS_PER_DAY && values.every((value) => value >= 0 && value <= DEMAND_MAXIMUM);
  return isValid && values.some((value) => value > 0) ? { kind: "day", requestsPerSecondByHour: values } : null;
}

/** Writes a demand so that {@link parseDemand} reads the same. */
export function formatDemand(demand: Demand): string {
  switch (demand.kind) {
    case "requests":
      return String(demand.requestsPerSecond);
    case "people":
      return `people:${demand.people}:${demand.thinkSeconds}`;
    case "requestsPerDay":
      return `requests-a-day:${demand.requestsPerDay}:${demand.peakFactor}`;
    case "tokensPerDay":
      return `tokens-a-day:${demand.tokensPerDay}:${demand.peakFactor}`;
    case "day":
      return `day:${demand.requestsPerSecondByHour.join(",")}`;
  }
}
