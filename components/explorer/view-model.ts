import type { ChartMark, ChartModel, ChartSeries, MarkShape, OperatingRing } from "@/components/frontier-chart/model";
import { latencyField, METRICS, type Metric, type Slo, STATISTICS, type Statistic } from "@/lib/domain";
import type { ExplorerData } from "@/lib/explorer/data";
import { unpackRuns } from "@/lib/explorer/packed-runs";
import { hardwareLabel, operatingPointBasis } from "@/lib/explorer/sentence";
import { formatNumber, formatUsd } from "@/lib/format";
import { type AvailableAxis, type Axes, availableAxes } from "@/lib/frontier/axes";
import { loadCurves } from "@/lib/frontier/curve";
import { type ChartPoint, type Frontier, frontiers } from "@/lib/frontier/frontiers";
import { flagOutliers } from "@/lib/frontier/outliers";
import { type ExplorerQuery, serializeExplorerQuery } from "@/lib/search-params";
import { unitPriceOf } from "@/lib/selection/cost";
import { rank } from "@/lib/selection/rank";
import { sloLabel } from "@/lib/selection/slo";
import type { LoadCurve, OperatingPoint, Question, Ranking } from "@/lib/selection/types";
import { configurationSubtitle, loadLabel, METRIC_LABELS, STATISTIC_LABELS } from "@/lib/words";

export interface ExplorerView {
  question: Question;
  axes: Axes;
  available: AvailableAxis[];
  curves: LoadCurve[];
  ranking: Ranking;
  frontiers: Frontier[];
  /** `usd` is offered only where some accelerator here has a price. */
  pricedAccelerators: number;
}

/**
 * Targets of a page whose link names none: two seconds to the first token (MLPerf's limit for chat servers) and
 * 20 tokens/s after it, faster than anyone reads.
 */
const FIRST_LIMITS: { metric: Metric; limitMs: number }[] = [
  { metric: "ttft", limitMs: 2000 },
  { metric: "tpot", limitMs: 50 },
];

/** The first targets on the statistic that most points here have; the stricter one where two have as many. */
function firstSlos(available: readonly AvailableAxis[]): Slo[] {
  return measuredSlos(FIRST_LIMITS, available);
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

/** USD per hour of one replica of a curve's configuration on the chosen price basis; `null` = unknown. */
export function usdPerHourOf(data: ExplorerData, question: Question, curve: LoadCurve): number | null {
  const { accelerator, acceleratorCount } = curve.configuration;
  const unit = unitPriceOf(data.prices, accelerator, question.price, acceleratorCount);
  return unit.kind === "known" ? unit.usdPerAcceleratorHour * acceleratorCount : null;
}

/** What does not depend on the question: the curves with their outliers flagged, and which latencies they have. */
export interface ExplorerCurves {
  curves: LoadCurve[];
  available: AvailableAxis[];
}

/** Curves of the runs the page got; once a page. */
export function explorerCurves(data: ExplorerData): ExplorerCurves {
  const runs = flagOutliers(unpackRuns(data.runs), { models: data.catalogueModels, accelerators: data.accelerators });
  const curves = loadCurves(runs);
  return { curves, available: availableAxes(curves) };
}

/** The query with targets: a link that names none gets the first ones. */
export function withTargets(query: ExplorerQuery, available: readonly AvailableAxis[]): ExplorerQuery {
  return query.slos === null ? { ...query, slos: firstSlos(available) } : query;
}

/** From curves and the query to everything the page shows. The server and the browser both come through here. */
export function explorerView(
  data: ExplorerData,
  { curves, available }: ExplorerCurves,
  query: ExplorerQuery,
): ExplorerView {
  const question: Question = { ...query.question, slos: query.slos ?? [] };
  const usdPerHour = new Map(curves.map((curve) => [curve, usdPerHourOf(data, question, curve)]));
  const axes = chosenAxes(query, question, available);
  return {
    question,
    axes,
    available,
    curves,
    ranking: rank(curves, data.prices, question),
    pricedAccelerators: new Set(
      curves.filter((curve) => usdPerHour.get(curve) !== null).map((curve) => curve.configuration.accelerator),
    ).size,
    frontiers: frontiers(curves, axes, {
      measuredOnly: question.measuredOnly,
      includeOutliers: question.includeOutliers,
      usdPerHourOf: (curve) => usdPerHour.get(curve) ?? null,
    }),
  };
}

function has(available: readonly AvailableAxis[], metric: Metric, statistic: Statistic): boolean {
  return available.some((item) => item.metric === metric && item.statistic === statistic && item.points > 0);
}

/** The y axis: what the link says, else the first target, else the metric with most points (TPOT before TTFT on a tie). */
function chosenAxes(query: ExplorerQuery, question: Question, available: readonly AvailableAxis[]): Axes {
  const { throughput, latency } = query.axes;
  if (latency !== null && has(available, latency.metric, latency.statistic)) return { throughput, ...latency };
  for (const slo of question.slos) {
    if (has(available, slo.metric, slo.statistic)) return { throughput, metric: slo.metric, statistic: slo.statistic };
  }
  const order: Metric[] = ["tpot", "itl", "ttft", "ntpot", "e2e"];
  const best = [...available]
    .filter((item) => item.points > 0)
    .sort(
      (a, b) =>
        b.points - a.points ||
        order.indexOf(a.metric) - order.indexOf(b.metric) ||
        STATISTICS.indexOf(a.statistic) - STATISTICS.indexOf(b.statistic),
    )[0];
  return { throughput, metric: best?.metric ?? "tpot", statistic: best?.statistic ?? "mean" };
}

const SHAPES: Record<string, MarkShape> = {
  fp8: "circle",
  fp4: "diamond",
  bf16: "square",
  fp16: "square",
  int4: "triangle",
  "int8-w8a8": "triangle",
  int8: "triangle",
};

/** Mark shape of a precision; unknown precision is a cross. */
export function precisionShape(precision: string | null): MarkShape {
  return precision === null ? "cross" : (SHAPES[precision] ?? "circle");
}

const X_LABELS: Record<Axes["throughput"], string> = {
  accelerator: "output tokens/s per accelerator",
  deployment: "output tokens/s per deployment",
  usd: "output tokens per US dollar",
};

/** The chart of a view. */
export function explorerChart(data: ExplorerData, view: ExplorerView, query: ExplorerQuery): ChartModel {
  const { axes } = view;
  const nameOf = (id: string) => data.accelerators.find((item) => item.id === id)?.shortName ?? id;
  const series: ChartSeries[] = view.frontiers
    .filter((frontier) => frontier.points.length > 0)
    .map((frontier) => ({
      id: frontier.accelerator,
      accelerator: frontier.accelerator,
      label: nameOf(frontier.accelerator),
      marks: frontier.points.map((point) => ({ ...chartMark(data, point, query, view), connection: point.connection })),
      dominated: frontier.dominated.map(({ x, y }) => ({ x, y })),
    }));
  const yName = `${METRIC_LABELS[axes.metric]} ${STATISTIC_LABELS[axes.statistic]}`;
  const points = view.frontiers.reduce((sum, item) => sum + item.points.length + item.dominated.length, 0);
  return {
    series,
    rings: operatingRings(data, view),
    xLabel: X_LABELS[axes.throughput],
    yLabel: `${yName}, ms`,
    description: `Frontiers of ${series.map((item) => item.label).join(", ")}: ${X_LABELS[axes.throughput]} against ${yName}, ${points} points. The table below the chart has the same data.`,
  };
}

function chartMark(
  data: ExplorerData,
  point: ChartPoint,
  query: ExplorerQuery,
  view: ExplorerView,
): Omit<ChartMark, "connection"> {
  const { configuration } = point.curve;
  const accelerator = data.accelerators.find((item) => item.id === configuration.accelerator);
  const details: [string, string][] = [
    ["Configuration", configurationSubtitle(configuration)],
    ["Load", loadLabel(point.point.loadKind, point.point.loadValue)],
    ["Throughput", `${formatNumber(point.x)} ${X_LABELS[view.axes.throughput].replace("output ", "")}`],
  ];
  if (point.basis === "derived") details.push(["", "throughput derived, not measured"]);
  for (const metric of METRICS) {
    const statistics = point.point[latencyField(metric)];
    if (statistics === null) continue;
    const values = STATISTICS.flatMap((statistic) => {
      const value = statistics[statistic];
      return value === null ? [] : [`${STATISTIC_LABELS[statistic]} ${formatNumber(value)}`];
    });
    if (values.length > 0) details.push([`${METRIC_LABELS[metric]} ms`, values.join(", ")]);
  }
  details.push(["Source", [point.curve.source.name, point.curve.measuredOn?.slice(0, 10)].filter(Boolean).join(", ")]);
  return {
    id: point.point.pointId,
    x: point.x,
    y: point.y,
    shape: precisionShape(configuration.precision),
    basis: point.basis,
    href: configurationHref(configuration.configurationId, query, view),
    title: hardwareLabel(accelerator, configuration.accelerator, configuration.acceleratorCount),
    details,
  };
}

function latencyAt(point: OperatingPoint, axes: Axes): number | null {
  return point[latencyField(axes.metric)]?.[axes.statistic] ?? null;
}

function operatingRings(data: ExplorerData, view: ExplorerView): OperatingRing[] {
  const seen = new Set<string>();
  const rings: OperatingRing[] = [];
  for (const [index, row] of view.ranking.ranked.entries()) {
    const { configuration } = row.curve;
    if (seen.has(configuration.accelerator)) continue;
    seen.add(configuration.accelerator);
    const y = latencyAt(row.operatingPoint, view.axes);
    const usd = usdPerHourOf(data, view.question, row.curve);
    const throughput = row.operatingPoint.outputTokensPerSecond;
    const x =
      view.axes.throughput === "deployment"
        ? throughput
        : view.axes.throughput === "accelerator"
          ? throughput / configuration.acceleratorCount
          : usd === null
            ? null
            : (throughput * 3600) / usd;
    if (x === null || y === null) continue;
    const accelerator = data.accelerators.find((item) => item.id === configuration.accelerator);
    rings.push({
      accelerator: configuration.accelerator,
      x,
      y,
      kind: row.operatingPoint.kind,
      winner: index === 0,
      title: `${hardwareLabel(accelerator, configuration.accelerator, configuration.acceleratorCount)}${
        row.cost.kind === "known" ? ` · ${formatUsd(row.cost.usdPerMillionOutputTokens)} / M tokens` : ""
      }`,
      detail: operatingPointBasis(row.operatingPoint),
    });
  }
  return rings;
}

/** Link to a configuration with the whole question; it pins the revision where the query does. */
export function configurationHref(
  configurationId: string,
  query: ExplorerQuery,
  view: Pick<ExplorerView, "question">,
): string {
  const search = serializeExplorerQuery({ ...query, slos: view.question.slos, showAll: false });
  return `/configurations/${encodeURIComponent(configurationId)}?${search}`;
}

/** `TTFT p95 ≤ 500 ms and TPOT p95 ≤ 50 ms`. */
export function targetsText(question: Question): string {
  return question.slos.map(sloLabel).join(" and ");
}
