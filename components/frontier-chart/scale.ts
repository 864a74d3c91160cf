/** Scales and ticks of the chart, for the server's picture and the live one. */
import { nice, ticks } from "d3-array";
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
/** More ticks than these on a logarithmic axis leave only the powers of ten. */
const MAXIMUM_LOG_TICKS = 9;

/** Linear scale from 0 to a round number at or above `max`, with about `tickCount` ticks. */
export function linearScale(max: number, [from, to]: [number, number], tickCount: number): Scale {
  const domain = nice(0, max > 0 ? max : 1, tickCount);
  const end = domain[1];
  return {
    kind: "linear",
    domain,
    toPixel: (value) => from + (value / end) * (to - from),
    toValue: (pixel) => ((pixel - from) / (to - from)) * end,
    ticks: ticks(...domain, tickCount),
  };
}

/** Logarithmic scale around positive values, with ticks at 1, 2 and 5 of each decade. */
export function logScale(min: number, max: number, [from, to]: [number, number]): Scale {
  const low = min * 0.82;
  const high = max * 1.22;
  const span = Math.log(high / low);
  return {
    kind: "log",
    domain: [low, high],
    toPixel: (value) => from + (Math.log(value / low) / span) * (to - from),
    toValue: (pixel) => low * Math.exp(((pixel - from) / (to - from)) * span),
    ticks: logTicks(low, high),
  };
}

/** 1, 2 and 5 of each decade; the powers of ten alone where these are too many. */
function logTicks(low: number, high: number): number[] {
  const powers: number[] = [];
  for (let exponent = Math.floor(Math.log10(low)); exponent <= Math.log10(high); exponent += 1) {
    powers.push(Number(`1e${exponent}`));
  }
  const isInside = (tick: number) => tick >= low && tick <= high;
  const decades = powers.filter(isInside);
  const all = powers.flatMap((power) => [power, 2 * power, 5 * power]).filter(isInside);
  return all.length <= MAXIMUM_LOG_TICKS || decades.length < 2 ? all : decades;
}

/** A part of an axis, from a value to another, with ticks at round numbers. */
export function windowScale(
  kind: Scale["kind"],
  [low, high]: readonly [number, number],
  [from, to]: [number, number],
  tickCount: number,
): Scale {
  const domain: Scale["domain"] = [low, high];
  if (kind === "linear") {
    return {
      kind,
      domain,
      toPixel: (value) => from + ((value - low) / (high - low)) * (to - from),
      toValue: (pixel) => low + ((pixel - from) / (to - from)) * (high - low),
      ticks: ticks(low, high, tickCount),
    };
  }
  const span = Math.log(high / low);
  const decades = logTicks(low, high);
  return {
    kind,
    domain,
    toPixel: (value) => from + (Math.log(value / low) / span) * (to - from),
    toValue: (pixel) => low * Math.exp(((pixel - from) / (to - from)) * span),
    // Within a decade there are no powers to name.
    ticks: decades.length < 2 ? ticks(low, high, tickCount) : decades,
  };
}

/** Logarithmic where it is asked for or the range asks for it, else linear from 0. All values must be positive. */
export function latencyScale(
  min: number,
  max: number,
  pixels: [number, number],
  tickCount: number,
  kind: "auto" | Scale["kind"] = "auto",
): Scale {
  const isLog = kind === "auto" ? max / min > LOG_ABOVE_RATIO : kind === "log";
  return isLog ? logScale(min, max, pixels) : linearScale(max * 1.08, pixels, tickCount);
}

/** From here on a number is wider than the room beside the plot, and is written in thousands. */
const THOUSANDS_FROM = 100_000;

/** The label of a tick: `2,000`; `1,400k`. */
export function tickLabel(value: number): string {
  return value < THOUSANDS_FROM ? formatNumber(value) : `${formatNumber(value / 1000)}k`;
}
