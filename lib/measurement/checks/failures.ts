import { formatCount, formatPercent } from "../../format";
import type { Measurement } from "../measurement";
import type { PointCheck } from "./check";

/** Share of failed requests from which on it is said. */
export const SOME_FAILED = 0.01;
/** … from which on the others no longer tell how a request fares. */
const MANY_FAILED = 0.1;

/** Failed requests ÷ all that ended, 0…1; `null` where either is not known. */
export function failedShareOf({
  requestsCompleted,
  requestsFailed,
}: Pick<Measurement, "requestsCompleted" | "requestsFailed">): number | null {
  if (requestsCompleted === null || requestsFailed === null) return null;
  const ended = requestsCompleted + requestsFailed;
  return ended > 0 ? requestsFailed / ended : null;
}

/** Requests cut off ÷ all that were sent, 0…1; `null` where not known. */
export function cancelledShareOf({
  requestsCompleted,
  requestsFailed,
  requestsCancelled,
}: Pick<Measurement, "requestsCompleted" | "requestsFailed" | "requestsCancelled">): number | null {
  if (requestsCompleted === null || requestsCancelled === null) return null;
  const sent = requestsCompleted + (requestsFailed ?? 0) + requestsCancelled;
  return sent > 0 ? requestsCancelled / sent : null;
}

function failuresIn(measurement: Measurement): string {
  const { requestsCompleted, requestsFailed } = measurement;
  const ended = (requestsCompleted ?? 0) + (requestsFailed ?? 0);
  return `${formatCount(requestsFailed ?? 0)} of ${formatCount(ended)} requests failed (${formatPercent(failedShareOf(measurement) ?? 0)})`;
}

export const fewFailures: PointCheck = {
  flag: "requests_failed",
  consequence: "note",
  asks: "Did nearly all requests succeed?",
  tolerance: "1% failed",
  source: "latencies are those of the requests that succeeded alone",
  find({ measurement }) {
    const share = failedShareOf(measurement);
    return share === null || share < SOME_FAILED || share >= MANY_FAILED ? null : { reason: failuresIn(measurement) };
  },
};

export const failuresTolerable: PointCheck = {
  flag: "many_requests_failed",
  consequence: "doubt",
  asks: "Did enough requests succeed for the others to speak for all?",
  tolerance: "10% failed",
  source:
    "what fails is mostly what would have been slow; a server that drops requests looks faster than one that serves them",
  find({ measurement }) {
    const share = failedShareOf(measurement);
    return share === null || share < MANY_FAILED ? null : { reason: failuresIn(measurement) };
  },
};

export const failuresBelowCompleted: PointCheck = {
  flag: "failures_exceed_completed",
  consequence: "doubt",
  asks: "Did more requests succeed than fail?",
  tolerance: "none",
  source: "as above",
  find({ measurement }) {
    const { requestsCompleted, requestsFailed } = measurement;
    if (requestsCompleted === null || requestsFailed === null || requestsFailed <= requestsCompleted) return null;
    return { reason: failuresIn(measurement) };
  },
};
