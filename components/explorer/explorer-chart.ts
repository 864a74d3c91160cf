import type { ChartMark, ChartModel, ChartSeries, MarkShape, OperatingRing } from "@/components/frontier-chart/model";
import { formatMoney } from "@/lib/currency";
import { acceleratorName } from "@/lib/explorer/accelerator-name";
import { curveNames } from "@/lib/explorer/curve-names";
import type { ExplorerData } from "@/lib/explorer/data";
import { configurationHref, type ExplorerView } from "@/lib/explorer/explorer-view";
import { hardwareLabel, operatingPointBasis } from "@/lib/explorer/row-words";
import { formatNumber, plural } from "@/lib/format";
import type { Axes } from "@/lib/frontier/axes";
import { axisValues, takesPart, throughputOnAxis, wattsOf } from "@/lib/frontier/axes";
import { pathBetween } from "@/lib/frontier/curve-path";
import type { ChartPoint } from "@/lib/frontier/frontiers";
import type { LoadCurve } from "@/lib/frontier/load-curve";
import { latencyField, METRIC_LABELS, METRICS, STATISTIC_LABELS, STATISTICS } from "@/lib/measurement/latency";
import type { ExplorerQuery } from "@/lib/params/explorer-params";
import type { OperatingPoint, Question, RankedConfiguration } from "@/lib/selection/types";
import { tableEntry } from "@/lib/table-entry";
import { configurationSubtitle, loadLabel } from "@/lib/words";

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
  return precision === null ? "cross" : (tableEntry(SHAPES, precision) ?? "circle");
}

/** Titles of the throughput axis. */
export const X_LABELS: Record<Axes["throughput"], string> = {
  accelerator: "output tokens/s per accelerator",
  deployment: "output tokens/s per deployment",
  usd: "output tokens per US dollar",
  watt: "output tokens/s per watt (TDP where not measured)",
};

/** The chart of a view. */
export function explorerChart(data: ExplorerData, view: ExplorerView, query: ExplorerQuery): ChartModel {
  const { axes } = view;
  const series: ChartSeries[] = view.frontiers
    .filter((frontier) => frontier.points.length > 0)
    .map((frontier) => ({
      id: frontier.accelerator,
      accelerator: frontier.accelerator,
      label: acceleratorName(data.accelerators, frontier.accelerator),
      marks: frontier.points.map((point, index) => ({
        ...chartMark(data, point, query, view),
        connection: point.connection,
        path: point.connection === "line" ? pathTo(view, point, frontier.points[index + 1]) : [],
      })),
      dominated: frontier.dominated.map(({ x, y }) => ({ x, y })),
    }));
  series.push(...highlightSeries(data, query, view));
  const yName = `${METRIC_LABELS[axes.metric]} ${STATISTIC_LABELS[axes.statistic]}`;
  const points = view.frontiers.reduce((sum, item) => sum + item.points.length + item.dominated.length, 0);
  return {
    series,
    rings: operatingRings(data, view),
    xLabel: X_LABELS[axes.throughput],
    yLabel: `${yName}, ms`,
    yScale: query.axes.scale,
    description: `Frontiers of ${series.map((item) => (item.emphasised === true ? `${item.label} (emphasised)` : item.label)).join(", ")}: ${X_LABELS[axes.throughput]} against ${yName}, ${plural(points, "point")}. The table below the chart has the same data.`,
  };
}

/** The points of a curve that count under a question. */
function taking(curve: LoadCurve, question: Question) {
  return curve.points.filter((point) => takesPart(point, question));
}

/** The way to the next point of the same curve. */
function pathTo(view: ExplorerView, { curve, point }: ChartPoint, next: ChartPoint | undefined) {
  return next === undefined || next.curve !== curve
    ? []
    : pathBetween(taking(curve, view.question), [point, next.point], view.axes, {
        acceleratorCount: curve.configuration.acceleratorCount,
        usdPerHour: view.answer.usdPerHour(curve),
        tdpWatts: curve.tdpWatts ?? null,
      });
}

/** The line an interpolated answer lies on, itself among its places. */
function ringPath(view: ExplorerView, { curve, operatingPoint }: RankedConfiguration, ring: { x: number; y: number }) {
  if (operatingPoint.kind !== "interpolated") return [];
  const { acceleratorCount } = curve.configuration;
  const usdPerHour = view.answer.usdPerHour(curve);
  const [low, high] = operatingPoint.between;
  const ends = [low, high].map((point) => axisValues(point, curve, view.axes, usdPerHour));
  const [start, end] = ends;
  if (start == null || end == null) return [];
  const between = pathBetween(taking(curve, view.question), [low, high], view.axes, {
    acceleratorCount,
    usdPerHour,
    tdpWatts: curve.tdpWatts ?? null,
  });
  // Throughput and latency both rise or fall along the way: a place is before the ring or after it.
  const isBefore = (place: { x: number; y: number }) =>
    start.y === end.y ? place.x < ring.x === start.x < end.x : place.y < ring.y === start.y < end.y;
  return [start, ...between.filter(isBefore), ring, ...between.filter((place) => !isBefore(place)), end];
}

/** The whole load curve of each emphasised configuration, over the frontiers. */
function highlightSeries(data: ExplorerData, query: ExplorerQuery, view: ExplorerView): ChartSeries[] {
  const drawn = view.highlighted.filter(({ points }) => points.length > 0);
  const configurations = drawn.map(({ curve }) => curve.configuration);
  const names = curveNames(configurations, data.accelerators);
  return drawn.map(({ curve, points }, index): ChartSeries => {
    const { accelerator } = curve.configuration;
    return {
      id: `highlight-${curve.curveId}`,
      accelerator,
      label: names[index] ?? "",
      // One colour an accelerator: those that share it differ in lightness and dashes.
      variant: configurations.slice(0, index).filter((other) => other.accelerator === accelerator).length,
      marks: points.map((point, place) => ({
        ...chartMark(data, point, query, view),
        connection: place === points.length - 1 ? null : "line",
        path: pathTo(view, point, points[place + 1]),
      })),
      dominated: [],
      emphasised: true,
    };
  });
}

function distinctionDetail(text: string | undefined): [string, string][] {
  return text === undefined ? [] : [["", text]];
}

/** `2,310 W measured`; `5,600 W by TDP, not measured`. */
function powerText({ point, curve }: ChartPoint): string {
  const watts = formatNumber(wattsOf(point, curve) ?? 0);
  return point.powerWattsMean === null ? `${watts} W by TDP, not measured` : `${watts} W measured`;
}

/** What a reader is told of a point: its configuration, load, throughput, every latency, source. */
export function markDetails(point: ChartPoint, axes: Axes, distinction?: string): [string, string][] {
  const { configuration } = point.curve;
  const details: [string, string][] = [
    ["Configuration", configurationSubtitle(configuration)],
    ...distinctionDetail(distinction),
    ["Load", loadLabel(point.point.loadKind, point.point.loadValue)],
    ["Throughput", `${formatNumber(point.x)} ${X_LABELS[axes.throughput].replace("output ", "").replace(/ \(.*/, "")}`],
  ];
  if (axes.throughput === "watt") details.push(["Power", powerText(point)]);
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
  return details;
}

function chartMark(
  data: ExplorerData,
  point: ChartPoint,
  query: ExplorerQuery,
  view: ExplorerView,
): Omit<ChartMark, "connection"> {
  const { configuration } = point.curve;
  return {
    id: point.point.pointId,
    owner: configuration.configurationId,
    x: point.x,
    y: point.y,
    shape: precisionShape(configuration.precision),
    basis: point.basis,
    href: configurationHref(configuration.configurationId, query, view),
    title: hardwareLabel(data.accelerators, configuration),
    details: markDetails(point, view.axes, data.distinctions[configuration.configurationId]),
  };
}

function latencyAt(point: OperatingPoint, axes: Axes): number | null {
  return point[latencyField(axes.metric)]?.[axes.statistic] ?? null;
}

/** What an operating point draws: between two loads it is not said where it was measured at one of them. */
export function wattsAt(point: OperatingPoint, curve: Pick<LoadCurve, "tdpWatts">): number | null {
  if (point.kind !== "interpolated") return wattsOf(point.point, curve);
  return point.between.every((end) => end.powerWattsMean === null) ? (curve.tdpWatts ?? null) : null;
}

function operatingRings(data: ExplorerData, view: ExplorerView): OperatingRing[] {
  const seen = new Set<string>();
  const rings: OperatingRing[] = [];
  for (const [index, row] of view.ranking.ranked.entries()) {
    const { configuration } = row.curve;
    if (seen.has(configuration.accelerator)) continue;
    seen.add(configuration.accelerator);
    const y = latencyAt(row.operatingPoint, view.axes);
    const usd = view.answer.usdPerHour(row.curve);
    const x = throughputOnAxis(row.operatingPoint.outputTokensPerSecond, view.axes.throughput, {
      acceleratorCount: configuration.acceleratorCount,
      usdPerHour: usd,
      watts: wattsAt(row.operatingPoint, row.curve),
    });
    if (x === null || y === null) continue;
    rings.push({
      series: configuration.accelerator,
      accelerator: configuration.accelerator,
      x,
      y,
      kind: row.operatingPoint.kind,
      path: ringPath(view, row, { x, y }),
      winner: index === 0,
      title: `${hardwareLabel(data.accelerators, configuration)}${
        row.cost.kind === "known"
          ? ` · ${formatMoney(row.cost.usdPerMillionOutputTokens, row.currency)} / M tokens`
          : ""
      }`,
      detail: operatingPointBasis(row.operatingPoint),
    });
  }
  return rings;
}
