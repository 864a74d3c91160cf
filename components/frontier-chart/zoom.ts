import type { ChartGeometry, PlotArea } from "./placed";
import type { Scale } from "./scale";

/** The part of the axes that is looked at, in their values; `null` = all there is. */
export interface ChartWindow {
  x: [low: number, high: number];
  y: [low: number, high: number];
}

/** A rectangle of the picture, px; corners in any order. */
export interface Brush {
  fromX: number;
  fromY: number;
  toX: number;
  toY: number;
}

/** Below this a press was no drag, px. */
const LEAST_BRUSH_PX = 6;
/** Nearer than this share of all there is nothing more to tell apart. */
const SMALLEST_SHARE = 1 / 400;

const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value));

/** The window a brush marks out; `null` where it is a press rather than a drag. */
export function windowOfBrush({ plot, x, y }: ChartGeometry, brush: Brush): ChartWindow | null {
  const [left, right] = ordered(clamped(brush.fromX, brush.toX, plot.left, plot.right));
  const [top, bottom] = ordered(clamped(brush.fromY, brush.toY, plot.top, plot.bottom));
  if (right - left < LEAST_BRUSH_PX && bottom - top < LEAST_BRUSH_PX) return null;
  // A drag along one axis is about that axis.
  const wide = right - left >= LEAST_BRUSH_PX;
  const high = bottom - top >= LEAST_BRUSH_PX;
  return {
    x: wide ? [x.toValue(left), x.toValue(right)] : x.domain,
    y: high ? [y.toValue(bottom), y.toValue(top)] : y.domain,
  };
}

/** True once a brush is a drag. */
export function isDrag({ fromX, fromY, toX, toY }: Brush): boolean {
  return Math.abs(toX - fromX) >= LEAST_BRUSH_PX || Math.abs(toY - fromY) >= LEAST_BRUSH_PX;
}

/**
 * The window after a step of zoom about a place of the picture.
 * @param factor above 1 = nearer
 * @param whole the geometry of all there is: no window goes beyond it
 * @returns `null` where that is all there is
 */
export function zoomed(
  now: ChartGeometry,
  whole: ChartGeometry,
  factor: number,
  at: { px: number; py: number } = middleOf(now.plot),
): ChartWindow | null {
  const { plot } = now;
  const share = { x: clamp(at.px, plot.left, plot.right), y: clamp(at.py, plot.top, plot.bottom) };
  const x = stretched(now.x, whole.x, share.x, [plot.left, plot.right], factor);
  const y = stretched(now.y, whole.y, share.y, [plot.bottom, plot.top], factor);
  const isWhole = same(x, whole.x.domain) && same(y, whole.y.domain);
  return isWhole ? null : { x, y };
}

/** One axis of {@link zoomed}: what lies at the place stays there, but for the ends of all there is. */
function stretched(
  now: Scale,
  whole: Scale,
  at: number,
  [from, to]: [number, number],
  factor: number,
): [low: number, high: number] {
  const wholeLow = whole.domain[0];
  const wholeHigh = whole.domain[1];
  const low = clamp(now.toValue(at + (from - at) / factor), wholeLow, wholeHigh);
  const high = clamp(now.toValue(at + (to - at) / factor), wholeLow, wholeHigh);
  const span = (value: number) => (now.kind === "log" ? Math.log(value) : value);
  const isTooNear = span(high) - span(low) < (span(wholeHigh) - span(wholeLow)) * SMALLEST_SHARE;
  return isTooNear ? now.domain : [low, high];
}

function middleOf({ left, right, top, bottom }: PlotArea): { px: number; py: number } {
  return { px: (left + right) / 2, py: (top + bottom) / 2 };
}

function same([a, b]: readonly [number, number], [c, d]: readonly [number, number]): boolean {
  return a === c && b === d;
}

function ordered([a, b]: [number, number]): [number, number] {
  return a <= b ? [a, b] : [b, a];
}

function clamped(a: number, b: number, low: number, high: number): [number, number] {
  return [clamp(a, low, high), clamp(b, low, high)];
}
