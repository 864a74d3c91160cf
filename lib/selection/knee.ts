import { latencyOf } from "../frontier/derive";
import { paretoFrontier } from "../frontier/pareto";
import type { Metric, Statistic } from "../measurement/latency";
import { STATISTICS } from "../measurement/latency";
import type { JudgedPoint } from "./judged-points";

/**
 * Latency a curve's own frontier is drawn against when no target says which: what a reader feels first, means before
 * percentiles. TPOT, ITL, NTPOT, E2E, TTFT by mean, then by p50, p90, p95, p99.
 */
export const KNEE_LATENCIES: readonly { metric: Metric; statistic: Statistic }[] = STATISTICS.flatMap((statistic) =>
  (["tpot", "itl", "ntpot", "e2e", "ttft"] as const).map((metric) => ({ metric, statistic })),
);

function byLeastLoad(a: JudgedPoint, b: JudgedPoint): number {
  return (
    (a.point.loadValue ?? Number.POSITIVE_INFINITY) - (b.point.loadValue ?? Number.POSITIVE_INFINITY) ||
    a.point.ordinal - b.point.ordinal
  );
}

/**
 * The operating point where no SLO is given: the first (least latency) frontier point of the curve with at least
 * `share` (0…1) of its best throughput. The latency is the one of `KNEE_LATENCIES` most points have, ties to
 * the first; a curve without any latency gives its best-throughput point. `null` where no point has a throughput.
 */
export function kneeOf(points: readonly JudgedPoint[], share: number): JudgedPoint | null {
  const usable = points.filter((judged) => judged.throughput !== null);
  let chosen: { metric: Metric; statistic: Statistic } | null = null;
  let covered = 0;
  for (const latency of KNEE_LATENCIES) {
    let count = 0;
    for (const { point } of usable) if (latencyOf(point, latency.metric, latency.statistic).value !== null) count++;
    if (count > covered) {
      chosen = latency;
      covered = count;
    }
    if (covered === usable.length) break;
  }
  const latencyOrNone = ({ point }: JudgedPoint): number =>
    chosen === null ? 0 : (latencyOf(point, chosen.metric, chosen.statistic).value ?? Number.NaN);
  const frontier = paretoFrontier(usable, (judged) => judged.throughput ?? Number.NaN, latencyOrNone, byLeastLoad);
  const best = frontier.at(-1)?.throughput ?? 0;
  return frontier.find((judged) => (judged.throughput ?? 0) >= best * share) ?? null;
}
