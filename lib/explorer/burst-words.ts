import { formatCount, formatLatency, formatPercent } from "../format";
import { burstWait } from "../selection/bursts";
import type { RankedConfiguration } from "../selection/types";

/** Below it nobody notices who waits. */
const LITTLE_SHARE = 0.001;

/**
 * What requests that come at random cost a plan that was measured with a fixed number in flight, with the rule it is worked out by;
 * `null` where nothing of the kind can be said.
 */
export function burstText(row: Pick<RankedConfiguration, "operatingPoint" | "capacity">): string | null {
  const bursts = burstWait(row);
  if (bursts === null) return null;
  const { places, waitShare, waitMs } = bursts;
  const each = formatCount(places / (row.capacity?.replicas ?? 1));
  const waits =
    waitShare < LITTLE_SHARE
      ? "in less than 0.1% of cases"
      : `in ${formatPercent(waitShare)} of cases, and then wait ${formatLatency(waitMs)} in the mean`;
  return `Measured with ${each} in flight at a time; requests that come at random find all ${formatCount(places)} places taken ${waits} (M/G/c, Erlang C and Allen–Cunneen); burstier ones cost more headroom.`;
}
