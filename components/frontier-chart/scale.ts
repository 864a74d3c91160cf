/** Scales and ticks of the chart, small and exact: the same numbers place the server's picture and the live one. */
import { formatNumber } from "@/lib/format";

export interface Scale {
  kind: "linear" | "log";
  domain: [number, number];
  /** Data value → pixel. */
  toPixel: (value: number) => number;
  /** Pixel → data value. */
  toValue: (pixel: number) => number;
  ticks: number[];
}

/** Above this ratio of largest to smallest value an axis is logarithmic. */
const LOG_ABOVE_RATIO = 8;

const NICE_STEPS = [1, 2, 2.5, 5, 10];

function niceStep(span: number, count: number): number {
  const rough = span / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = NICE_STEPS.find((step) => step * power >= rough * 0.999) ?? 10;
  return factor * power;
}

/** Linear scale from 0 to a round number at or above `max`. */
export function linearScale(max: number, pixels: [number, number], tickCount: number): Scale {
  const top = max > 0 ? max : 1;
  const step = niceStep(top, tickCount);
  const end = Math.ceil((top / step) * 0.999) * step;
  const ticks: number[] = [];
  for (let index = 0; index * step <= end * 1.0001; index += 1) ticks.push(Number((index * step).toPrecision(12)));
  const [from, to] = pixels;
  return {
    kind: "linear",
    domain: [0, end],
    toPixel: (value) => from + (value / end) * (to - from),
    toValue: (pixel) => ((pixel - from) / (to - from)) * end,
    ticks,
  };
}

/** Logarithmic scale around positive values, with ticks at 1, 2 and 5 of each decade. */
export function logScale(min: number, max: number, pixels: [number, number], maxTicks = 9): Scale {
  const low = min * 0.82;
  const high = max * 1.22;
  const all: number[] = [];
  for (let exponent = Math.floor(Math.log10(low)); exponent <= Math.ceil(Math.log10(high)); exponent += 1) {
    for (const factor of [1, 2, 5]) all.push(Number((factor * 10 ** exponent).toPrecision(12)));
  }
  const inside = all.filter((tick) => tick >= low && tick <= high);
  const decades = inside.filter((tick) => Math.abs(Math.log10(tick) % 1) < 1e-9);
  const ticks = inside.length <= maxTicks || decades.length < 2 ? inside : decades;
  const [from, to] = pixels;
  const span = Math.log(high / low);
  return {
    kind: "log",
    domain: [low, high],
    toPixel: (value) => from + (Math.log(value / low) / span) * (to - from),
    toValue: (pixel) => low * Math.exp(((pixel - from) / (to - from)) * span),
    ticks,
  };
}

/** Logarithmic where the range asks for it, else linear from 0. All values must be positive. */
export function latencyScale(min: number, max: number, pixels: [number, number], tickCount: number): Scale {
  return max / min > LOG_ABOVE_RATIO ? logScale(min, max, pixels) : linearScale(max * 1.08, pixels, tickCount);
}

/** From here on a number is wider than the room beside the plot, and is written in thousands. */
const THOUSANDS_FROM = 100_000;

/** What stands at a tick: `2,000`; `1,400k`. */
export function tickLabel(value: number): string {
  return value < THOUSANDS_FROM ? formatNumber(value) : `${formatNumber(value / 1000)}k`;
}
