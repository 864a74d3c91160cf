import { latencyField } from "../../measurement/latency";
import { addFlag } from "../../measurement/quality-flags";
import { MS_PER_SECOND } from "../../units";
import type { ReadPoint } from "../report";

/** Below this share of the offered rate, requests were held back and not just counted over the end of the run. */
const KEPT_UP_WITH = 0.9;

/** Requests sent within this share of the run were sent at once: their rate (`1e9`) was meant as none. */
const AT_ONCE_SHARE = 0.001;

const CAP = /^max_concurrency_(\d+)$/;

/**
 * A point with the load that bound it. A request rate with a limit of requests in flight is a load only where the limit did not
 * hold requests back: where it did, as many requests were in flight as it allowed, whatever the rate, and a curve over the
 * rate would show all of them as one load. A rate at which all requests are sent in an instant is no rate either.
 *
 * The limit bound where the requests achieved stay below the rate and, by Little's law, the rate × the mean latency asks for more
 * requests in flight than it allows; without a latency, where more requests were sent than answered by then. The rate stays as
 * a caveat. Any other point is returned as it is.
 */
export function withBindingLoad(point: ReadPoint): ReadPoint {
  const { loadKind, loadValue: rate } = point;
  if (loadKind !== "request_rate" || rate === null) return point;
  const cap = capOf(point);
  const requests = point.requestsCompleted === null ? null : point.requestsCompleted + (point.requestsFailed ?? 0);
  const isBound = isAtOnce(point, rate, requests) || (cap !== null && binds(point, rate, cap, requests));
  if (!isBound) return point;
  const qualityFlags = point.qualityFlags.filter((flag) => !CAP.test(flag));
  addFlag(qualityFlags, `request_rate_${rate}`);
  return cap === null
    ? { ...point, loadKind: "max", loadValue: null, qualityFlags }
    : { ...point, loadKind: "concurrency", loadValue: cap, qualityFlags };
}

function capOf({ qualityFlags }: ReadPoint): number | null {
  for (const flag of qualityFlags) {
    const digits = CAP.exec(flag)?.[1];
    if (digits !== undefined) return Number(digits);
  }
  return null;
}

function isAtOnce({ durationS }: ReadPoint, rate: number, requests: number | null): boolean {
  return requests !== null && requests > 1 && durationS !== null && requests / rate < AT_ONCE_SHARE * durationS;
}

function binds(point: ReadPoint, rate: number, cap: number, requests: number | null): boolean {
  const { requestRateAchieved: achieved } = point;
  if (achieved === null || achieved >= KEPT_UP_WITH * rate || (requests !== null && requests <= cap)) return false;
  const latencyS = meanLatencySeconds(point);
  if (latencyS !== null) return rate * latencyS > cap;
  return requests !== null && requests * (1 - achieved / rate) > cap;
}

/** Mean time of a whole request: measured, else TTFT + TPOT × (output tokens − 1); `null` where neither is known. */
function meanLatencySeconds(point: ReadPoint): number | null {
  const mean = (metric: "e2e" | "ttft" | "tpot" | "itl") => point[latencyField(metric)]?.mean ?? null;
  const whole = mean("e2e");
  if (whole !== null) return whole / MS_PER_SECOND;
  const first = mean("ttft");
  const perToken = mean("tpot") ?? mean("itl");
  const tokens = point.outputTokensMean;
  if (first === null || perToken === null || tokens === null) return null;
  return (first + perToken * Math.max(0, tokens - 1)) / MS_PER_SECOND;
}
