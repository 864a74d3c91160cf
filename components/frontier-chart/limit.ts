import type { Slo } from "@/lib/domain";
import { formatExactLatency } from "@/lib/format";
import type { Metric, Statistic } from "@/lib/measurement/latency";
import type { ChartLimit } from "./model";

/** The target on a latency axis as the line the chart draws; `null` where no target is on that axis. */
export function limitOn(slos: readonly Slo[], axis: { metric: Metric; statistic: Statistic }): ChartLimit | null {
  const slo = slos.find((item) => item.metric === axis.metric && item.statistic === axis.statistic);
  return slo === undefined ? null : { value: slo.limitMs, label: `≤ ${formatExactLatency(slo.limitMs)}` };
}
