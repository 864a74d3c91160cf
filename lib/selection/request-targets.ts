import { formatPercent } from "../format";
import { requestsPerSecondOf } from "../frontier/derive";
import { failedShareOf, SOME_FAILED } from "../measurement/checks/failures";
import type { Measurement } from "../measurement/measurement";

/** Targets on how many requests are served well, whatever their latency. Shares 0…1. */
export interface RequestTargets {
  /** Failed requests ÷ all that ended may be at most this; 1 = any. */
  maxFailedShare: number;
  /** Requests within the limits the benchmark was given ÷ all completed is to be at least this; `null` = not asked. */
  minGoodputShare: number | null;
}

/** Where nobody says otherwise: 1%, from which on failures are worth a word. */
export const DEFAULT_MAX_FAILED_SHARE = SOME_FAILED;

/** The measured figures that request targets are held against. */
export type CountedRequests = Pick<
  Measurement,
  | "requestsCompleted"
  | "requestsFailed"
  | "goodputRequestsPerSecond"
  | "requestRateAchieved"
  | "outputTokensPerSecond"
  | "outputTokensPerSecondDerived"
  | "outputTokensMean"
  | "outputTokensMeanDerived"
>;

/** Requests within the benchmark's own limits ÷ all completed, 0…1; `null` where nobody counted them. */
export function goodputShareOf(point: CountedRequests): number | null {
  const rate = requestsPerSecondOf(point);
  const { goodputRequestsPerSecond: good } = point;
  return good === null || rate === null ? null : Math.min(1, good / rate);
}

/** Which request target a point misses; `null` where it meets them. A figure nobody counted misses nothing. */
export function missedRequestTarget(point: CountedRequests, targets: RequestTargets): "failed" | "goodput" | null {
  const failed = failedShareOf(point);
  if (failed !== null && failed > targets.maxFailedShare) return "failed";
  if (targets.minGoodputShare === null) return null;
  const good = goodputShareOf(point);
  return good !== null && good < targets.minGoodputShare ? "goodput" : null;
}

/** `at most 1% failed requests`, `at least 95% goodput`. */
export function requestTargetText(target: "failed" | "goodput", targets: RequestTargets): string {
  return target === "failed"
    ? `at most ${formatPercent(targets.maxFailedShare)} failed requests`
    : `at least ${formatPercent(targets.minGoodputShare ?? 0)} goodput`;
}

/** By how much a point misses a request target: `3% of its requests failed, the limit is 1%`. */
export function missedText(point: CountedRequests, target: "failed" | "goodput", targets: RequestTargets): string {
  return target === "failed"
    ? `${formatPercent(failedShareOf(point) ?? 0)} of its requests failed, the limit is ${formatPercent(targets.maxFailedShare)}`
    : `${formatPercent(goodputShareOf(point) ?? 0)} of its requests were within the benchmark’s own limits, at least ${formatPercent(targets.minGoodputShare ?? 0)} are asked`;
}
