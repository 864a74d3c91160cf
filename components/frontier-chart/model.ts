/** What the chart draws. It knows axes, series and marks; what they mean is the caller's business. */

export type MarkShape = "circle" | "diamond" | "square" | "triangle" | "cross";

export interface ChartMark {
  id: string;
  /** What it is a point of: rows of tables with the same owner light up with it. */
  owner: string;
  x: number;
  y: number;
  shape: MarkShape;
  /** `derived` marks are drawn hollow-tinted: their throughput was not measured. */
  basis: "measured" | "derived";
  /** Where a press on the point leads. */
  href: string;
  /** First line of the tooltip and of the accessible name. */
  title: string;
  /** Further lines, `[label, value]`. */
  details: [string, string][];
  /** How the frontier goes on to the next mark; `null` at its end. */
  connection: "line" | "step" | null;
  /** Where a line leads on its way to the next mark; a straight one where it is not said. */
  path?: readonly { x: number; y: number }[];
}

export interface ChartSeries {
  id: string;
  /** Colour key: one accelerator. */
  accelerator: string;
  label: string;
  /** Frontier, ascending x. */
  marks: ChartMark[];
  /** The other measured points, drawn faint. */
  dominated: { x: number; y: number }[];
  /** Tells series of one colour apart, by lightness and dashes; 0 = as they are, the default. */
  variant?: number;
  /** Drawn strongly over the others, which step back. */
  emphasised?: boolean;
}

export interface OperatingRing {
  /** Id of the series it is on. */
  series: string;
  accelerator: string;
  x: number;
  y: number;
  kind: "measured" | "interpolated" | "atLeast";
  /** Of an interpolated one: the line it lies on, from one measured point to the other. */
  path?: readonly { x: number; y: number }[];
  winner: boolean;
  title: string;
  detail: string;
}

export interface ChartModel {
  series: ChartSeries[];
  rings: OperatingRing[];
  xLabel: string;
  yLabel: string;
  /** Of the y axis; `auto`, the default, is logarithmic where the range asks for it. */
  yScale?: "auto" | "log" | "linear";
  /** Spoken summary. */
  description: string;
}

/** The limit drawn as a line: the target on the y metric. It can be dragged without redrawing the rest. */
export interface ChartLimit {
  value: number;
  label: string;
}
