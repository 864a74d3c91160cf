import { formatCount, formatNumber } from "../../format";
import { MS_PER_SECOND } from "../../units";
import { derivedOutputTokensPerSecond } from "../derived-throughput";
import type { Measurement } from "../measurement";
import type { PointCheck } from "./check";

/** Factor by which figures that Little's law ties together may differ: ramp-up, waiting at the client, varying lengths. */
const LITTLE_NOTED_ABOVE = 1.25;
const LITTLE_DOUBTED_ABOVE = 1.5;
const LITTLE_NOTED_BELOW = 0.5;

/** Tools that round print two decimals. */
const DECIMALS = 100;

/**
 * Requests/s completed: by count and duration, which are exact; else as stated, the least it can have been where it may have been
 * rounded to two decimals. `null` = not known.
 */
function leastRateOf({ requestsCompleted, durationS, requestRateAchieved }: Measurement): number | null {
  if (requestsCompleted !== null && durationS !== null && durationS > 0) return requestsCompleted / durationS;
  if (requestRateAchieved === null) return null;
  const isRounded = Math.abs(Math.round(requestRateAchieved * DECIMALS) / DECIMALS - requestRateAchieved) < 1e-12;
  return isRounded ? Math.max(0, requestRateAchieved - 1 / (2 * DECIMALS)) : requestRateAchieved;
}

/** Requests in flight by Little's law, rate × E2E, of the requests in flight that are stated; `null` where one is not known. */
function inFlightShareOf(measurement: Measurement): number | null {
  const { loadKind, loadValue, e2eMs } = measurement;
  const e2e = e2eMs?.mean ?? null;
  const rate = leastRateOf(measurement);
  if (loadKind !== "concurrency" || loadValue === null || rate === null || e2e === null) return null;
  return (rate * e2e) / MS_PER_SECOND / loadValue;
}

/** Measured output tokens/s of what the requests in flight make at the measured latencies; `null` where not known. */
function throughputShareOf(measurement: Measurement): number | null {
  const derived = derivedOutputTokensPerSecond(measurement);
  return measurement.outputTokensPerSecond === null || derived === null
    ? null
    : measurement.outputTokensPerSecond / derived;
}

function inFlightReason(measurement: Measurement, share: number): string {
  const stated = measurement.loadValue ?? 0;
  return `requests/s × E2E makes ${formatNumber(share * stated)} in flight, stated are ${formatNumber(stated)}`;
}

function throughputReason(measurement: Measurement, share: number): string {
  const measured = measurement.outputTokensPerSecond ?? 0;
  return `${formatNumber(measured)} output tokens/s measured, ${formatNumber(measured / share)} by ${formatNumber(measurement.loadValue ?? 0)} in flight at these latencies`;
}

export const loadNotExceeded: PointCheck = {
  flag: "more_in_flight_than_offered",
  consequence: "doubt",
  asks: "Were there no more requests in flight than the load allows (requests/s × E2E)?",
  tolerance: "a factor of 1.5",
  source: "J. D. C. Little, L = λW (1961); several workers that each keep the stated concurrency",
  find({ measurement, evidence }) {
    if (evidence.loadCountsSessions === true) return null;
    const share = inFlightShareOf(measurement);
    return share === null || share <= LITTLE_DOUBTED_ABOVE ? null : { reason: inFlightReason(measurement, share) };
  },
};

export const throughputPossible: PointCheck = {
  flag: "throughput_above_concurrency",
  consequence: "doubt",
  asks: "Can this many requests in flight make that throughput at these latencies?",
  tolerance: "a factor of 1.5; no shipped point reaches 1.2",
  source: "Little’s law; figures per accelerator multiplied by too many of them, a load of one client among several",
  find({ measurement, evidence }) {
    if (evidence.loadCountsSessions === true) return null;
    const share = throughputShareOf(measurement);
    return share === null || share <= LITTLE_DOUBTED_ABOVE ? null : { reason: throughputReason(measurement, share) };
  },
};

export const throughputFitsLatency: PointCheck = {
  flag: "throughput_inconsistent_with_latency",
  consequence: "note",
  asks: "Do throughput and requests in flight fit the latencies?",
  tolerance: "between 0.5 and 1.25 of what Little’s law makes of them",
  source: "Little’s law; below: the load was not reached, or not for long",
  find({ measurement, evidence }) {
    if (evidence.loadCountsSessions === true) return null;
    const throughput = throughputShareOf(measurement);
    if (throughput !== null && isNoted(throughput)) return { reason: throughputReason(measurement, throughput) };
    const inFlight = inFlightShareOf(measurement);
    if (inFlight !== null && isNoted(inFlight)) return { reason: inFlightReason(measurement, inFlight) };
    return null;
  },
};

function isNoted(share: number): boolean {
  return share < LITTLE_NOTED_BELOW || (share > LITTLE_NOTED_ABOVE && share <= LITTLE_DOUBTED_ABOVE);
}

export const enoughPrompts: PointCheck = {
  flag: "fewer_requests_than_concurrency",
  consequence: "note",
  asks: "Were there at least as many requests as were to be in flight?",
  tolerance: "none",
  source: "with fewer the load was never reached: everything was sent at once",
  find({ measurement, evidence }) {
    const { loadKind, loadValue, requestsCompleted, requestsFailed } = measurement;
    if (loadKind !== "concurrency" || loadValue === null) return null;
    const sent =
      evidence.requestsPlanned ?? (requestsCompleted === null ? null : requestsCompleted + (requestsFailed ?? 0));
    if (sent === null || sent >= loadValue) return null;
    return { reason: `${formatCount(sent)} requests for ${formatNumber(loadValue)} in flight` };
  },
};

/** Achieved requests/s may pass the offered ones by this share … */
const RATE_ABOVE = 0.25;
/** … and, by chance, by this many standard deviations of a Poisson stream (one is √n of n requests). */
const RATE_DEVIATIONS = 3;

export const rateNotExceeded: PointCheck = {
  flag: "rate_above_offered",
  consequence: "doubt",
  asks: "Were no more requests completed a second than were offered?",
  tolerance: "25% and three standard deviations of as many random arrivals",
  source: "what is not offered cannot be completed: the requests were not sent at the stated rate",
  find({ measurement }) {
    const { loadKind, loadValue, requestsCompleted } = measurement;
    const rate = leastRateOf(measurement);
    if (loadKind !== "request_rate" || loadValue === null || rate === null) return null;
    const chance =
      requestsCompleted === null || requestsCompleted === 0 ? 0 : RATE_DEVIATIONS / Math.sqrt(requestsCompleted);
    if (rate <= loadValue * (1 + RATE_ABOVE + chance)) return null;
    return {
      reason: `${formatNumber(rate)} requests/s completed, ${formatNumber(loadValue)} offered`,
    };
  },
};

/** Requests sent within this share of the time they take at the stated rate were not sent at that rate. */
const SENT_TOO_FAST = 0.5;
/** With fewer, the time between the first and the last says little. */
const FEWEST_SENT = 10;

export const sentAtItsRate: PointCheck = {
  flag: "sent_at_once",
  consequence: "doubt",
  asks: "Were the requests sent over the time the stated rate takes?",
  tolerance: "half of that time, of 10 requests or more",
  source: "a generator that falls behind or ignores its rate sends a burst: another load than the one stated",
  find({ measurement, evidence }) {
    const { loadKind, loadValue, requestsCompleted, requestsFailed } = measurement;
    const { sendDurationS } = evidence;
    if (loadKind !== "request_rate" || loadValue === null || sendDurationS === undefined) return null;
    const sent = evidence.requestsPlanned ?? (requestsCompleted ?? 0) + (requestsFailed ?? 0);
    if (sent < FEWEST_SENT || sendDurationS >= (SENT_TOO_FAST * (sent - 1)) / loadValue) return null;
    return {
      reason: `${formatCount(sent)} requests were sent within ${formatNumber(sendDurationS)} s; at ${formatNumber(loadValue)} a second it takes ${formatNumber((sent - 1) / loadValue)} s`,
    };
  },
};
