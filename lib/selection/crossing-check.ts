import type { LoadPoint } from "../domain";
import {
  type Beyond,
  beyondPair,
  type FourValues,
  latencyAlong,
  loadReaching,
  throughputBetween,
} from "../frontier/interpolate";
import type { LoadCurve } from "../frontier/load-curve";
import { isOutlier } from "../frontier/outliers";
import { groupBy } from "../group-by";
import { latencyField, METRICS, type Metric, STATISTICS, type Statistic } from "../measurement/latency";
import {
  type CrossingError,
  GAP_NAMES,
  type GapName,
  gapName,
  type StatisticClass,
  statisticClass,
} from "./crossing-errors";
import { quantile } from "./quantile";

/** Fewer crossings tell no error. */
const MIN_CROSSINGS = 30;

/** A crossing whose truth is known: predicted ÷ measured throughput − 1. */
interface Crossed {
  metric: Metric;
  statistics: StatisticClass;
  gap: GapName;
  error: number;
}

/** Where a measured point is left out, the throughput at the load where its own latency would be the limit. */
function predictedAt(
  truth: LoadPoint,
  a: LoadPoint,
  b: LoadPoint,
  beyond: Beyond,
  throughputAt: (load: number) => number,
  latency: { metric: Metric; statistic: Statistic },
): number | null {
  const of = (point: LoadPoint | null): number | null =>
    point?.[latencyField(latency.metric)]?.[latency.statistic] ?? null;
  const [from, limit, to] = [of(a), of(truth), of(b)];
  if (from === null || limit === null || to === null || !(from <= limit && limit < to)) return null;
  const values: FourValues = [of(beyond.before), from, to, of(beyond.after)];
  return throughputAt(loadReaching(latencyAlong(a, b, beyond, values), a.loadValue ?? 0, b.loadValue ?? 0, limit));
}

function crossingsOf(curve: LoadCurve): Crossed[] {
  const points = curve.points.filter((point) => point.loadValue !== null && !isOutlier(point));
  return points.flatMap((truth, index) => {
    const [a, b] = [points[index - 1], points[index + 1]];
    const measured = truth.outputTokensPerSecond;
    if (a === undefined || b === undefined || measured === null || measured <= 0) return [];
    // Derived throughput is no truth.
    if (a.outputTokensPerSecond === null || b.outputTokensPerSecond === null) return [];
    const beyond = beyondPair(points.toSpliced(index, 1), index - 1);
    const throughputAt = throughputBetween(a, b, beyond);
    if (throughputAt === null) return [];
    return METRICS.flatMap((metric) =>
      STATISTICS.flatMap((statistic) => {
        const predicted = predictedAt(truth, a, b, beyond, throughputAt, { metric, statistic });
        if (predicted === null) return [];
        const gap = gapName(a.loadValue ?? 0, b.loadValue ?? 0);
        return [{ metric, statistics: statisticClass(statistic), gap, error: predicted / measured - 1 }];
      }),
    );
  });
}

function summarised(
  crossings: readonly Crossed[],
  kind: Pick<CrossingError, "metric" | "statistics" | "gap">,
): CrossingError[] {
  if (crossings.length < MIN_CROSSINGS) return [];
  const errors = crossings.map(({ error }) => Math.abs(error)).sort((a, b) => a - b);
  return [{ ...kind, crossings: errors.length, median: quantile(errors, 0.5) ?? 0, p90: quantile(errors, 0.9) ?? 0 }];
}

/** How far off interpolated crossings are, over all of them and by kind. */
export interface CrossingCheck {
  crossings: number;
  median: number | null;
  p90: number | null;
  /** Share of crossings whose predicted throughput is more than a quarter above the measured one, 0…1. */
  overPromised: number | null;
  /** By gap alone, by gap and metric, and by gap, metric and kind of statistic, where there are 30 or more. */
  byKind: CrossingError[];
}

/** Over-promised: predicted this much above what was measured. */
const OVER_PROMISE = 0.25;

/**
 * How well the throughput at an SLO crossing is predicted: each inner measured point of each curve is left out, its own latency
 * taken for the limit, and the throughput where the rest of the curve reaches that limit held against its own.
 */
export function crossingErrors(curves: readonly LoadCurve[]): CrossingCheck {
  const all = curves.flatMap(crossingsOf);
  const errors = all.map(({ error }) => Math.abs(error)).sort((a, b) => a - b);
  const byKind = GAP_NAMES.flatMap((gap) => {
    const ofGap = all.filter((crossing) => crossing.gap === gap);
    return [
      ...summarised(ofGap, { metric: null, statistics: null, gap }),
      ...[...groupBy(ofGap, ({ metric }) => metric)].flatMap(([metric, ofMetric]) => [
        ...summarised(ofMetric, { metric, statistics: null, gap }),
        ...[...groupBy(ofMetric, ({ statistics }) => statistics)].flatMap(([statistics, members]) =>
          summarised(members, { metric, statistics, gap }),
        ),
      ]),
    ];
  });
  return {
    crossings: errors.length,
    median: quantile(errors, 0.5),
    p90: quantile(errors, 0.9),
    overPromised: all.length === 0 ? null : all.filter(({ error }) => error > OVER_PROMISE).length / all.length,
    byKind,
  };
}
