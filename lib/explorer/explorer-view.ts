import { type Answer, answerOver } from "../answer/answer";
import type { Slo } from "../domain";
import { type AvailableAxis, type Axes, availableAxes } from "../frontier/axes";
import { loadCurves } from "../frontier/curve";
import type { ChartPoint, Frontier } from "../frontier/frontiers";
import type { LoadCurve } from "../frontier/load-curve";
import { withTdp } from "../frontier/tdp";
import { type Metric, STATISTICS, type Statistic } from "../measurement/latency";
import { type ExplorerQuery, serializeExplorerQuery } from "../params/explorer-params";
import { filteredCurves } from "../selection/curve-filter";
import { operatingPoint } from "../selection/operating-point";
import { sloLabel } from "../selection/slo";
import type { OperatingPoint, Question, Ranking } from "../selection/types";
import type { ExplorerData } from "./data";
import { unpackRuns } from "./packed-runs";
import { countsOf, type RankingCounts } from "./summary";

export interface ExplorerView {
  question: Question;
  axes: Axes;
  available: AvailableAxis[];
  answer: Answer;
  curves: LoadCurve[];
  ranking: Ranking;
  frontiers: Frontier[];
  /** Curves of the configurations the link emphasises, with those of their points that have both values of the axes. */
  highlighted: HighlightedCurve[];
  /** How many configurations each part of the ranking holds; more than are listed where the page has a summary. */
  counts: RankingCounts;
  /** How many accelerators here have a price; with none, throughput per US dollar is not offered. */
  pricedAccelerators: number;
  /** How many accelerators here have a draw, measured or by their TDP; with none, throughput per watt is not offered. */
  poweredAccelerators: number;
}

export interface HighlightedCurve {
  curve: LoadCurve;
  points: ChartPoint[];
}

/**
 * Targets of a page whose link names none: two seconds to the first token (MLPerf's limit for chat servers) and
 * 20 tokens/s after it, faster than anyone reads.
 */
const FIRST_LIMITS: { metric: Metric; limitMs: number }[] = [
  { metric: "ttft", limitMs: 2000 },
  { metric: "tpot", limitMs: 50 },
];

const CENTRAL: readonly Statistic[] = ["mean", "p50"];

/** The same limits on the mean, or the median where there is none. */
function centralSlos(available: readonly AvailableAxis[]): Slo[] {
  return FIRST_LIMITS.flatMap(({ metric, limitMs }) => {
    const statistic = CENTRAL.find((candidate) => has(available, metric, candidate));
    return statistic === undefined ? [] : [{ metric, statistic, limitMs }];
  });
}

/** That one request at a time meets the targets, and nothing is known beyond, answers nobody. */
function isOneRequest({ kind, loadKind, loadValue }: OperatingPoint): boolean {
  return kind === "atLeast" && loadKind === "concurrency" && loadValue !== null && loadValue <= 1;
}

/**
 * The first targets: on the statistic that most points here have, the stricter one where two have as many. Where nothing measured
 * meets those, on means; where nothing meets those either, none: the knee of each curve then answers. Nobody asked for them, so a
 * page that begins with nothing would help no one.
 */
function firstSlos(
  { curves, first }: Pick<ExplorerCurves, "curves" | "first">,
  question: Omit<Question, "slos">,
): Slo[] {
  const strict = measuredSlos(FIRST_LIMITS, first);
  const asked = filteredCurves(curves, question.only).curves;
  const isAnswered = (slos: readonly Slo[]): boolean =>
    asked.some((curve) => {
      const result = operatingPoint(curve, slos, question);
      return result.kind === "found" && !isOneRequest(result.operatingPoint);
    });
  return [strict, centralSlos(first), []].find(isAnswered) ?? strict;
}

/** Limits on the statistic that most points here have; a metric that was not measured here drops out. */
export function measuredSlos(
  limits: readonly { metric: Metric; limitMs: number }[],
  available: readonly AvailableAxis[],
): Slo[] {
  // Two limits on one metric would fall on one statistic: the first counts.
  const distinct = limits.filter(
    (limit, index) => limits.findIndex((other) => other.metric === limit.metric) === index,
  );
  return distinct.flatMap(({ metric, limitMs }) => {
    const [best] = available
      .filter((axis) => axis.metric === metric)
      .sort((a, b) => b.points - a.points || STATISTICS.indexOf(b.statistic) - STATISTICS.indexOf(a.statistic));
    return best === undefined ? [] : [{ metric, statistic: best.statistic, limitMs }];
  });
}

/** What does not depend on the question: the curves with their outliers flagged, and which latencies they have. */
export interface ExplorerCurves {
  curves: LoadCurve[];
  available: AvailableAxis[];
  /** Latencies the first axes and targets are chosen from: those of the emphasised curves, if there are any, so that they are drawn. */
  first: AvailableAxis[];
}

/** Curves of the runs the page was given; computed once per page. */
export function explorerCurves(data: ExplorerData): ExplorerCurves {
  // Outliers came flagged.
  const curves = withTdp(loadCurves(unpackRuns(data.runs)), data.accelerators).map((curve) => {
    const reason = data.keptOff[curve.curveId];
    return reason === undefined ? curve : { ...curve, keptOff: reason };
  });
  const { summary } = data;
  if (summary !== null) return { curves, available: summary.available, first: summary.first };
  return withAxes(curves, data.query.highlight);
}

/** Curves with the latencies they have. */
export function withAxes(curves: LoadCurve[], highlight: readonly string[]): ExplorerCurves {
  const available = availableAxes(curves);
  const emphasised = availableAxes(curves.filter((curve) => highlight.includes(curve.configuration.configurationId)));
  const first = available.filter((axis) => has(emphasised, axis.metric, axis.statistic));
  return { curves, available, first: first.length > 0 ? first : available };
}

/** The query with targets: a link that names none gets the first ones. */
export function withTargets(query: ExplorerQuery, curves: Pick<ExplorerCurves, "curves" | "first">): ExplorerQuery {
  return query.slos === null ? { ...query, slos: firstSlos(curves, query.question) } : query;
}

/**
 * The query with a latency axis that is left open where it names the one the targets ask for anyway: links that store everything
 * name it, and the axis shall still follow the targets where a reader changes them.
 */
export function withOpenAxis(query: ExplorerQuery, { available, first }: ExplorerCurves): ExplorerQuery {
  const open = { ...query, axes: { ...query.axes, latency: null } };
  const { latency } = query.axes;
  const followed = chosenAxes(open, { ...query.question, slos: query.slos ?? [] }, available, first);
  return latency?.metric === followed.metric && latency.statistic === followed.statistic ? open : query;
}

/** Everything the page shows, from curves and query; called by the server and by the browser. */
export function explorerView(
  data: Pick<ExplorerData, "prices" | "summary">,
  { curves, available, first }: ExplorerCurves,
  query: ExplorerQuery,
): ExplorerView {
  const question: Question = { ...query.question, slos: query.slos ?? [] };
  const axes = chosenAxes(query, question, available, first);
  const answer = answerOver(curves, data.prices, question);
  return {
    question,
    axes,
    available,
    answer,
    curves,
    ranking: answer.ranking,
    counts: data.summary?.counts ?? countsOf(answer.ranking),
    pricedAccelerators: new Set(
      curves.filter((curve) => answer.usdPerHour(curve) !== null).map((curve) => curve.configuration.accelerator),
    ).size,
    poweredAccelerators: new Set(
      curves
        .filter((curve) => curve.tdpWatts !== undefined || curve.points.some((point) => point.powerWattsMean !== null))
        .map((curve) => curve.configuration.accelerator),
    ).size,
    frontiers: answer.frontiersOn(axes),
    highlighted: curves
      .filter((curve) => query.highlight.includes(curve.configuration.configurationId))
      .map((curve) => ({ curve, points: answer.pointsOn(curve, axes) })),
  };
}

/** What a page of this data shows before anything is changed, with the question whole: targets it leaves open are the first ones. */
export function askedView(data: ExplorerData): { curves: ExplorerCurves; query: ExplorerQuery; view: ExplorerView } {
  const curves = explorerCurves(data);
  const query = withTargets(data.query, curves);
  return { curves, query, view: explorerView(data, curves, query) };
}

/** True where rows are plans: a demand was given, or a stock to be used. */
export function hasPlan({ question }: Pick<ExplorerView, "question">): boolean {
  return question.demand !== null || question.stock.length > 0;
}

function has(available: readonly AvailableAxis[], metric: Metric, statistic: Statistic): boolean {
  return available.some((item) => item.metric === metric && item.statistic === statistic && item.points > 0);
}

/** The y axis: what the link says, else the first target, else the metric with most points (TPOT before TTFT on a tie). */
export function chosenAxes(
  query: ExplorerQuery,
  question: Question,
  available: readonly AvailableAxis[],
  preferred: readonly AvailableAxis[],
): Axes {
  const { throughput, latency } = query.axes;
  if (latency !== null && has(available, latency.metric, latency.statistic)) return { throughput, ...latency };
  for (const offered of [preferred, available]) {
    for (const slo of question.slos) {
      if (has(offered, slo.metric, slo.statistic)) return { throughput, metric: slo.metric, statistic: slo.statistic };
    }
  }
  const order: Metric[] = ["tpot", "itl", "ttft", "ntpot", "e2e"];
  const best = [...preferred]
    .filter((item) => item.points > 0)
    .sort(
      (a, b) =>
        b.points - a.points ||
        order.indexOf(a.metric) - order.indexOf(b.metric) ||
        STATISTICS.indexOf(a.statistic) - STATISTICS.indexOf(b.statistic),
    )[0];
  return { throughput, metric: best?.metric ?? "tpot", statistic: best?.statistic ?? "mean" };
}

/** Link to a configuration with the whole question; it pins the revision where the query does. */
export function configurationHref(
  configurationId: string,
  query: ExplorerQuery,
  view: Pick<ExplorerView, "question">,
): string {
  const search = serializeExplorerQuery({ ...query, slos: view.question.slos, showAll: false, highlight: [] });
  return `/configurations/${encodeURIComponent(configurationId)}?${search}`;
}

/** `TTFT p95 ≤ 500 ms and TPOT p95 ≤ 50 ms`. */
export function targetsText(question: Question): string {
  return question.slos.map(sloLabel).join(" and ");
}
