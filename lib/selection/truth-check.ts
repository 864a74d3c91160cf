import { compareText } from "../compare-text";
import type { LoadPoint } from "../domain";
import { type Beyond, beyondPair, interpolateBetween } from "../frontier/interpolate";
import type { LoadCurve } from "../frontier/load-curve";
import { isOutlier } from "../frontier/outliers";
import { groupBy } from "../group-by";
import { derivedOutputTokensPerSecond } from "../measurement/derived-throughput";
import type { Metric } from "../measurement/latency";
import { latencyField, METRICS, STATISTICS } from "../measurement/latency";
import { quantile } from "./quantile";

/** Relative errors, |predicted ÷ measured − 1|; `null` where there is nothing to check. */
export interface ErrorSummary {
  count: number;
  median: number | null;
  p90: number | null;
}

export interface TruthCheck {
  throughput: ErrorSummary;
  /** All metrics and statistics together. */
  latency: ErrorSummary;
  byMetric: Record<Metric, ErrorSummary>;
}

export interface LeaveOneOut {
  overall: TruthCheck;
  /** By source name. */
  bySource: ({ source: string } & TruthCheck)[];
}

class Errors {
  readonly throughput: number[] = [];
  readonly byMetric: Record<Metric, number[]> = { ttft: [], tpot: [], itl: [], ntpot: [], e2e: [] };

  summary(): TruthCheck {
    const latency = METRICS.flatMap((metric) => this.byMetric[metric]);
    const byMetric = {} as Record<Metric, ErrorSummary>;
    for (const metric of METRICS) byMetric[metric] = summarised(this.byMetric[metric]);
    return { throughput: summarised(this.throughput), latency: summarised(latency), byMetric };
  }
}

function summarised(errors: number[]): ErrorSummary {
  const ascending = errors.sort((a, b) => a - b);
  return { count: ascending.length, median: quantile(ascending, 0.5), p90: quantile(ascending, 0.9) };
}

/** Predicts `truth` from its two neighbours and notes how far off each figure is. Derived throughput is no truth. */
function note(truth: LoadPoint, before: LoadPoint, after: LoadPoint, beyond: Beyond, errors: readonly Errors[]): void {
  const predicted = truth.loadValue === null ? null : interpolateBetween(before, after, truth.loadValue, beyond);
  if (predicted === null) return;
  const measured = truth.outputTokensPerSecond;
  if (measured !== null && measured > 0 && predicted.throughputBasis === "measured") {
    const error = Math.abs((predicted.outputTokensPerSecond ?? 0) / measured - 1);
    for (const list of errors) list.throughput.push(error);
  }
  for (const metric of METRICS) {
    for (const statistic of STATISTICS) {
      const value = truth[latencyField(metric)]?.[statistic] ?? null;
      const expected = predicted[latencyField(metric)]?.[statistic] ?? null;
      if (value === null || value <= 0 || expected === null) continue;
      for (const list of errors) list.byMetric[metric].push(Math.abs(expected / value - 1));
    }
  }
}

/**
 * How well interpolation predicts what was measured: each inner measured point of each curve is left out, predicted from its
 * two neighbours (so over twice the usual gap), and compared. Outliers take no part. Overall and by source.
 */
export function leaveOneOut(curves: readonly LoadCurve[]): LeaveOneOut {
  const overall = new Errors();
  const bySource = new Map<string, Errors>();
  for (const curve of curves) {
    const ofSource = bySource.get(curve.source.name) ?? new Errors();
    bySource.set(curve.source.name, ofSource);
    const points = curve.points.filter((point) => point.loadValue !== null && !isOutlier(point));
    for (const [index, truth] of points.entries()) {
      const before = points[index - 1];
      const after = points[index + 1];
      if (before === undefined || after === undefined) continue;
      note(truth, before, after, beyondPair(points.toSpliced(index, 1), index - 1), [overall, ofSource]);
    }
  }
  return {
    overall: overall.summary(),
    bySource: [...bySource]
      .sort(([a], [b]) => compareText(a, b))
      .map(([source, errors]) => ({ source, ...errors.summary() })),
  };
}

/** Measured ÷ derived throughput over the points of a source that have both. */
export interface DerivationCheck {
  source: string;
  count: number;
  median: number;
  p10: number;
  p90: number;
}

/**
 * How good the derivation of throughput is: measured ÷ derived on the closed-loop points that have both, by source.
 * 1 = exact, below 1 = the derivation is optimistic. Sources without such a point are left out.
 */
export function derivationCheck(curves: readonly LoadCurve[]): DerivationCheck[] {
  const ratios = curves.flatMap(({ points, source }) =>
    points.flatMap((point) => {
      const derived = derivedOutputTokensPerSecond(point);
      const measured = point.outputTokensPerSecond;
      return derived === null || measured === null ? [] : [{ source: source.name, ratio: measured / derived }];
    }),
  );
  return [...groupBy(ratios, ({ source }) => source)]
    .sort(([a], [b]) => compareText(a, b))
    .map(([source, members]) => {
      const ascending = members.map(({ ratio }) => ratio).sort((a, b) => a - b);
      const ratioAt = (share: number): number => quantile(ascending, share) ?? Number.NaN;
      return { source, count: ascending.length, median: ratioAt(0.5), p10: ratioAt(0.1), p90: ratioAt(0.9) };
    });
}
