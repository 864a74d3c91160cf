import { neutralColour } from "@/components/frontier-chart/colors";
import { chartGeometry, limitPixel } from "@/components/frontier-chart/geometry";
import type { ChartLimit, ChartModel } from "@/components/frontier-chart/model";
import type { ChartGeometry, ChartSize } from "@/components/frontier-chart/placed";
import { tickLabel } from "@/components/frontier-chart/scale";
import type { Accelerator } from "@/lib/catalogue/catalogue";

/** The chart as previews of links show it: our static chart, in pixels of 1/{@link PICTURE_SCALE}. */
const SIZE: ChartSize = { width: 656, height: 226, narrow: false };
/** Previews are seen small: everything is drawn this much larger than on a page. */
export const PICTURE_SCALE = 1.75;

const LINE = "#e3e6ea";
const AXIS = "#596170";
const OK = "#e9f5ee";
const OK_LINE = "#0f7250";

/** A text of the picture, and where it stands in its pixels. */
export interface PictureText {
  text: string;
  left: number;
  top: number;
  size: number;
  colour: string;
  isBold: boolean;
}

export interface SocialPicture {
  /** Everything but texts, as an SVG document. */
  svg: string;
  /** What draws pictures has no fonts for texts of an SVG: they are set apart. */
  texts: PictureText[];
  width: number;
  height: number;
}

/** Chart of a view for the preview of a link. */
export function socialPicture(
  model: ChartModel,
  limit: ChartLimit | null,
  accelerators: readonly Accelerator[],
): SocialPicture {
  const geometry = chartGeometry(model, SIZE, limit?.value ?? null);
  const colours = new Map(accelerators.map(({ id, hardware }) => [id, hardware?.colour?.light]));
  const colourOf = (id: string) => colours.get(id) ?? neutralColour(id);
  return {
    svg: svgOf(geometry, limit, colourOf),
    texts: textsOf(geometry, model, limit, colourOf),
    width: SIZE.width * PICTURE_SCALE,
    height: SIZE.height * PICTURE_SCALE,
  };
}

function svgOf(geometry: ChartGeometry, limit: ChartLimit | null, colourOf: (id: string) => string): string {
  const { plot, x, y, series, rings } = geometry;
  const parts: string[] = [];
  if (limit !== null) {
    const top = limitPixel(geometry, limit.value);
    const box = `x="${plot.left}" width="${plot.right - plot.left}"`;
    parts.push(`<rect ${box} y="${top}" height="${Math.max(0, plot.bottom - top)}" fill="${OK}"/>`);
    parts.push(
      `<path d="M${plot.left} ${top}H${plot.right}" stroke="${OK_LINE}" stroke-width="1.5" stroke-dasharray="5 4"/>`,
    );
  }
  for (const tick of y.ticks) parts.push(`<path d="M${plot.left} ${y.toPixel(tick)}H${plot.right}" stroke="${LINE}"/>`);
  parts.push(`<path d="M${plot.left} ${plot.bottom}H${plot.right}" stroke="${AXIS}"/>`);
  for (const tick of x.ticks) parts.push(`<path d="M${x.toPixel(tick)} ${plot.bottom}v4" stroke="${AXIS}"/>`);
  for (const { series: of, path, dominatedPath, marks, label } of series) {
    const colour = colourOf(of.accelerator);
    parts.push(
      `<path d="${dominatedPath}" stroke="${colour}" stroke-width="4" stroke-linecap="round" opacity="0.28"/>`,
      `<path d="${path}" fill="none" stroke="${colour}" stroke-width="2" stroke-linejoin="round"/>`,
      ...marks.map(({ px, py }) => `<circle cx="${px}" cy="${py}" r="3.6" fill="${colour}"/>`),
    );
    if (label?.leader != null) {
      const { x1, y1, x2, y2 } = label.leader;
      parts.push(`<path d="M${x1} ${y1}L${x2} ${y2}" stroke="${colour}" stroke-width="0.8"/>`);
    }
  }
  for (const { ring, px, py } of rings) {
    parts.push(
      `<circle cx="${px}" cy="${py}" r="${ring.winner ? 9 : 7}" fill="none" stroke="${colourOf(ring.accelerator)}" stroke-width="2.2"/>`,
    );
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIZE.width} ${SIZE.height}" fill="none">${parts.join("")}</svg>`;
}

/** Of letters: their width and height as shares of their size. */
const LETTER_WIDTH = 0.55;
const LETTER_HEIGHT = 1.2;

function textsOf(
  { plot, x, y, series, size }: ChartGeometry,
  model: ChartModel,
  limit: ChartLimit | null,
  colourOf: (id: string) => string,
): PictureText[] {
  const at = (
    text: string,
    place: { x: number; baseline: number; from: "start" | "middle" | "end" },
    { size: letters = 11.5, colour = AXIS, isBold = false }: Partial<PictureText> = {},
  ): PictureText => {
    const width = text.length * letters * LETTER_WIDTH;
    const shift = place.from === "start" ? 0 : place.from === "middle" ? width / 2 : width;
    return {
      text,
      left: (place.x - shift) * PICTURE_SCALE,
      top: (place.baseline - letters * LETTER_HEIGHT * 0.8) * PICTURE_SCALE,
      size: letters * PICTURE_SCALE,
      colour,
      isBold,
    };
  };
  return [
    ...y.ticks.map((tick) => at(tickLabel(tick), { x: plot.left - 8, baseline: y.toPixel(tick) + 4, from: "end" })),
    ...x.ticks.map((tick) => at(tickLabel(tick), { x: x.toPixel(tick), baseline: plot.bottom + 18, from: "middle" })),
    at(model.yLabel, { x: plot.left, baseline: 13, from: "start" }),
    at(model.xLabel, { x: plot.right, baseline: size.height - 8, from: "end" }),
    ...series.flatMap(({ series: of, label }) =>
      label === null
        ? []
        : [
            at(
              of.label,
              { x: label.px, baseline: label.py, from: "start" },
              { size: 12.5, colour: colourOf(of.accelerator), isBold: true },
            ),
          ],
    ),
    ...(limit === null
      ? []
      : [
          at(
            limit.label,
            { x: plot.right + 6, baseline: y.toPixel(Math.min(y.domain[1], limit.value)) + 4, from: "start" },
            { colour: OK_LINE, isBold: true },
          ),
        ]),
  ];
}
