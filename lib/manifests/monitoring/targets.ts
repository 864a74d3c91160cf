import { formatExactLatency } from "../../format";
import {
  latencyField,
  METRIC_LABELS,
  METRICS,
  type Metric,
  STATISTIC_LABELS,
  type Statistic,
} from "../../measurement/latency";
import type { BundleContext } from "../plan/bundle-context";
import type { ServerSignals } from "../plan/server-plan";

/** One latency statistic that the server exports, with what was asked of it and what was predicted. */
export interface LatencyTarget {
  metric: Metric;
  statistic: Statistic;
  /** Prometheus histogram, seconds. */
  histogram: string;
  /** `null` = no target was chosen for it. */
  limitMs: number | null;
  /** At the operating point; `null` = not known there. */
  predictedMs: number | null;
}

/** `TTFT p95`. */
export function targetLabel({ metric, statistic }: Pick<LatencyTarget, "metric" | "statistic">): string {
  return `${METRIC_LABELS[metric]} ${STATISTIC_LABELS[statistic]}`;
}

/** NTPOT is end-to-end latency ÷ output tokens of each request: no server exports it. */
function histogramOf(signals: ServerSignals, metric: Metric): string | null {
  return metric === "ntpot" ? null : (signals[metric] ?? null);
}

function predictedMs({ choice }: BundleContext, metric: Metric, statistic: Statistic): number | null {
  return choice.operatingPoint[latencyField(metric)]?.[statistic] ?? null;
}

/** The targets that were chosen, once each and the strictest, which can be watched; the others as sentences that say so. */
export function watchedTargets(context: BundleContext): { targets: LatencyTarget[]; notes: string[] } {
  const { choice, server } = context;
  const targets = new Map<string, LatencyTarget>();
  const notes: string[] = [];
  for (const { metric, statistic, limitMs } of choice.slos) {
    const label = targetLabel({ metric, statistic });
    const histogram = histogramOf(server.signals, metric);
    if (histogram === null) {
      notes.push(
        `The target ${label} ≤ ${formatExactLatency(limitMs)} has no alert and no panel: ${server.label} exports no metric of it.`,
      );
      continue;
    }
    const strictest = Math.min(limitMs, targets.get(label)?.limitMs ?? limitMs);
    const predicted = predictedMs(context, metric, statistic);
    targets.set(label, { metric, statistic, histogram, limitMs: strictest, predictedMs: predicted });
  }
  return { targets: [...targets.values()], notes };
}

const PREDICTED_STATISTICS = ["p95", "p99", "p90", "p50", "mean"] as const;

/** Latencies without a target whose value at the operating point is known: one statistic each, for the dashboard. */
export function predictedOnly(context: BundleContext): LatencyTarget[] {
  const targeted = new Set(context.choice.slos.map((slo) => slo.metric));
  return METRICS.flatMap((metric) => {
    const histogram = targeted.has(metric) ? null : histogramOf(context.server.signals, metric);
    if (histogram === null) return [];
    for (const statistic of PREDICTED_STATISTICS) {
      const value = predictedMs(context, metric, statistic);
      if (value !== null) return [{ metric, statistic, histogram, limitMs: null, predictedMs: value }];
    }
    return [];
  });
}

/** Milliseconds as the seconds of a PromQL number, without the noise of binary fractions. */
export function promSeconds(valueMs: number): string {
  return String(Number((valueMs / 1000).toPrecision(12)));
}
