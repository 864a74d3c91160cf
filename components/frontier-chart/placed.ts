/** The chart with everything in its place. */

import type { PlacedLabel } from "./label-places";
import type { ChartMark, ChartSeries, OperatingRing } from "./model";
import type { Scale } from "./scale";

export interface ChartSize {
  width: number;
  height: number;
  /** Narrow charts put the limit's label inside the plot and draw fewer ticks. */
  narrow: boolean;
}

export interface PlotArea {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

export interface PlacedMark {
  mark: ChartMark;
  px: number;
  py: number;
}

export interface PlacedSeries {
  series: ChartSeries;
  path: string;
  /** All faint points as one path of zero-length strokes: hundreds of points cost one element. */
  dominatedPath: string;
  faint: { px: number; py: number }[];
  /** Those inside the axes. */
  marks: PlacedMark[];
  /** All there are: its lines lead to those outside too. */
  corners: PlacedMark[];
  /** Its name; `null` where there is no room for it. */
  label: PlacedLabel | null;
}

export interface ChartGeometry {
  size: ChartSize;
  plot: PlotArea;
  x: Scale;
  y: Scale;
  series: PlacedSeries[];
  rings: { ring: OperatingRing; px: number; py: number; path: string }[];
  empty: boolean;
  /** A part of the axes is looked at: lines go on beyond its edges. */
  isWindow: boolean;
}

/** Pixels of a pair of values. */
export type Place = (point: { x: number; y: number }) => { px: number; py: number };
