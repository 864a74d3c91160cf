import { labelCurves } from "./curve-labels";
import type { ChartLimit, ChartModel } from "./model";
import type { ChartGeometry, ChartSize, Place, PlacedMark, PlacedSeries, PlotArea } from "./placed";
import { latencyScale, linearScale, windowScale } from "./scale";
import type { ChartWindow } from "./zoom";

/** Size of the chart on screens 1440 px and 390 px wide: there the picture is shown as drawn, on others it is scaled. */
export const WIDE: ChartSize = { width: 800, height: 500, narrow: false };
export const NARROW: ChartSize = { width: 358, height: 330, narrow: true };

/** Margins of the plot inside the picture; the live chart gives recharts the same. */
function plotArea(size: ChartSize): PlotArea {
  return size.narrow
    ? { left: 46, top: 26, right: size.width - 8, bottom: size.height - 46 }
    : { left: 52, top: 26, right: size.width - 92, bottom: size.height - 46 };
}

function extent(model: ChartModel): { maxX: number; minY: number; maxY: number } | null {
  let maxX = 0;
  let minY = Number.POSITIVE_INFINITY;
  let maxY = 0;
  const see = (x: number, y: number) => {
    if (x > maxX) maxX = x;
    if (y < minY) minY = y;
    if (y > maxY) maxY = y;
  };
  for (const series of model.series) {
    for (const mark of series.marks) see(mark.x, mark.y);
    for (const point of series.dominated) see(point.x, point.y);
  }
  for (const ring of model.rings) see(ring.x, ring.y);
  return maxX > 0 && minY > 0 && Number.isFinite(minY) ? { maxX, minY, maxY } : null;
}

function linesTo(points: readonly { x: number; y: number }[], place: Place): string {
  return points
    .map(place)
    .map(({ px, py }) => `L${round(px)} ${round(py)}`)
    .join("");
}

/** The frontier as a path: a line between load neighbours of one curve, else up first, then right. */
function frontierPath(marks: PlacedMark[], place: Place): string {
  let path = "";
  for (const [index, { mark, px, py }] of marks.entries()) {
    if (index === 0) path += `M${round(px)} ${round(py)}`;
    const next = marks[index + 1];
    if (next === undefined) continue;
    path +=
      mark.connection === "line"
        ? `${linesTo(mark.path ?? [], place)}L${round(next.px)} ${round(next.py)}`
        : `V${round(next.py)}H${round(next.px)}`;
  }
  return path;
}

function round(pixel: number): number {
  return Math.round(pixel * 10) / 10;
}

/**
 * Places everything.
 * @param domainLimit limit that the y axis must reach; held still while the line is dragged
 * @param window the part of the axes that is looked at; `null` = all there is
 */
export function chartGeometry(
  model: ChartModel,
  size: ChartSize,
  domainLimit: number | null,
  window: ChartWindow | null = null,
): ChartGeometry {
  const plot = plotArea(size);
  const found = extent(model);
  const { maxX, minY, maxY } = found ?? { maxX: 1, minY: 1, maxY: domainLimit ?? 10 };
  // A limit far outside the data would squeeze the curves flat: it may stretch the axis by three times, no more.
  const low = domainLimit === null ? minY : Math.min(minY, Math.max(domainLimit, minY / 3));
  const high = domainLimit === null ? maxY : Math.max(maxY, Math.min(domainLimit, maxY * 3));
  const wholeX = linearScale(maxX, [plot.left, plot.right], size.narrow ? 3 : 5);
  const wholeY = latencyScale(low, high, [plot.bottom, plot.top], size.narrow ? 4 : 5, model.yScale);
  const x = window === null ? wholeX : windowScale("linear", window.x, [plot.left, plot.right], size.narrow ? 3 : 5);
  const y = window === null ? wholeY : windowScale(wholeY.kind, window.y, [plot.bottom, plot.top], size.narrow ? 4 : 5);
  // Half a pixel of grace: a point on the edge of the axes is on them.
  const isSeen = ({ px, py }: { px: number; py: number }): boolean =>
    window === null ||
    (px >= plot.left - 0.5 && px <= plot.right + 0.5 && py >= plot.top - 0.5 && py <= plot.bottom + 0.5);

  const place: Place = (point) => ({ px: x.toPixel(point.x), py: y.toPixel(point.y) });
  const placed: PlacedSeries[] = model.series.map((series) => {
    const all = series.marks.map((mark) => ({ mark, px: x.toPixel(mark.x), py: y.toPixel(mark.y) }));
    const marks = all.filter(isSeen);
    const faint = series.dominated
      .map((point) => ({ px: round(x.toPixel(point.x)), py: round(y.toPixel(point.y)) }))
      .filter(isSeen);
    const dominatedPath = faint.map(({ px, py }) => `M${px} ${py}h0`).join("");
    return { series, path: frontierPath(all, place), dominatedPath, faint, marks, corners: all, label: null };
  });
  const rings = model.rings
    .map((ring) => ({
      ring,
      ...place(ring),
      path: linesTo(ring.path ?? [], place).replace(/^L/, "M"),
    }))
    .filter(isSeen);
  const limitY = domainLimit === null ? null : clamp(y.toPixel(domainLimit), plot.top, plot.bottom);
  labelCurves(placed, { plot, size, rings, limitY, place });

  return {
    size,
    plot,
    x,
    y,
    series: placed,
    rings,
    empty: found === null,
    isWindow: window !== null,
  };
}

/** Position of a limit on the y axis, kept inside the plot. */
export function limitPixel({ plot, y }: ChartGeometry, value: number): number {
  return clamp(y.toPixel(value), plot.top, plot.bottom);
}

/** The limit's label. A limit beyond the axis gets an arrow, because its line is drawn at the end of the axis instead. */
export function limitLabel({ y }: Pick<ChartGeometry, "y">, { value, label }: ChartLimit): string {
  if (value > y.domain[1]) return `${label} ↑`;
  return value < y.domain[0] ? `${label} ↓` : label;
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

/** The frontier mark nearest to a pixel, within reach of a finger. */
export function nearestMark(
  geometry: ChartGeometry,
  px: number,
  py: number,
  reachPx = 28,
): { series: PlacedSeries; placed: PlacedMark } | null {
  let best: { series: PlacedSeries; placed: PlacedMark } | null = null;
  let bestDistance = reachPx;
  for (const series of geometry.series) {
    for (const placed of series.marks) {
      const distance = Math.hypot(placed.px - px, placed.py - py);
      if (distance < bestDistance) {
        bestDistance = distance;
        best = { series, placed };
      }
    }
  }
  return best;
}
