import path from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { acceleratorColor, acceleratorColorsCss } from "../../../components/frontier-chart/colors";
import {
  chartGeometry,
  limitLabel,
  limitPixel,
  NARROW,
  nearestMark,
  WIDE,
} from "../../../components/frontier-chart/geometry";
import type { ChartModel, ChartSeries } from "../../../components/frontier-chart/model";
import { latencyScale, linearScale, logScale, tickLabel } from "../../../components/frontier-chart/scale";
import { readCatalogue } from "../../../db/store/read-catalogue";

/** Of the page, as `app/globals.css` has it. */
const BACKGROUND = { light: "#ffffff", dark: "#0f1115" };

/** WCAG 2 relative luminance of `#rrggbb`. */
function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5]
    .map((start) => Number.parseInt(colour.slice(start, start + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

function series(id: string, points: [x: number, y: number][], connection: "line" | "step" = "step"): ChartSeries {
  return {
    id,
    accelerator: id,
    label: id,
    dominated: [],
    marks: points.map(([x, y], index) => ({
      id: `${id}-${index}`,
      owner: id,
      x,
      y,
      shape: "circle",
      basis: "measured",
      href: "#",
      title: id,
      details: [],
      connection: index === points.length - 1 ? null : connection,
    })),
  };
}

const chart = (...all: ChartSeries[]): ChartModel => ({
  series: all,
  rings: [],
  xLabel: "x",
  yLabel: "y",
  description: "",
});

describe("a scale", () => {
  it("places ticks inside its domain and inverts itself", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-3, max: 1e6, noNaN: true }),
        fc.double({ min: 1.01, max: 1e4, noNaN: true }),
        (low, ratio) => {
          for (const scale of [linearScale(low * ratio, [50, 700], 7), logScale(low, low * ratio, [400, 20])]) {
            const [from, to] = scale.domain;
            expect(scale.ticks.every((tick) => tick >= from * 0.999 && tick <= to * 1.001)).toBe(true);
            expect(scale.toValue(scale.toPixel(low * ratio))).toBeCloseTo(low * ratio, -Math.log10(low * ratio) + 3);
            expect(to).toBeGreaterThanOrEqual(low * ratio * 0.999);
          }
        },
      ),
    );
  });
});

describe("the latency axis", () => {
  it("is logarithmic or linear as asked, whatever its range", () => {
    expect(latencyScale(10, 20, [400, 20], 5).kind).toBe("linear");
    expect(latencyScale(10, 2000, [400, 20], 5).kind).toBe("log");
    expect(latencyScale(10, 20, [400, 20], 5, "log").kind).toBe("log");
    expect(latencyScale(10, 2000, [400, 20], 5, "linear").kind).toBe("linear");
    const asked = (yScale: "log" | "linear") =>
      chartGeometry(
        {
          ...chart(
            series("a", [
              [1, 10],
              [2, 15],
            ]),
          ),
          yScale,
        },
        WIDE,
        null,
      );
    expect([asked("log").y.kind, asked("linear").y.kind]).toEqual(["log", "linear"]);
  });
});

describe("the chart", () => {
  it("steps up first, then right, between different deployments, and joins neighbours of one curve", () => {
    const points: [number, number][] = [
      [100, 10],
      [200, 20],
    ];
    expect(chartGeometry(chart(series("a", points)), WIDE, null).series[0]?.path).toMatch(
      /^M[\d.]+ [\d.]+V[\d.]+H[\d.]+$/,
    );
    expect(chartGeometry(chart(series("a", points, "line")), WIDE, null).series[0]?.path).toMatch(/^M[\d. ]+L[\d. ]+$/);
  });

  it("keeps every mark, label and limit inside the picture", () => {
    const value = fc.double({ min: 0.01, max: 1e5, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 8 }),
        fc.double({ min: 0.001, max: 1e7, noNaN: true }),
        fc.constantFrom(WIDE, NARROW),
        (all, limit, size) => {
          const geometry = chartGeometry(
            chart(...all.map((points, index) => series(`s${index}`, points))),
            size,
            limit,
          );
          for (const placed of geometry.series.flatMap((item) => item.marks)) {
            expect(placed.px).toBeGreaterThanOrEqual(geometry.plot.left - 0.01);
            expect(placed.px).toBeLessThanOrEqual(geometry.plot.right + 0.01);
            expect(placed.py).toBeGreaterThanOrEqual(geometry.plot.top - 0.01);
            expect(placed.py).toBeLessThanOrEqual(geometry.plot.bottom + 0.01);
          }
          for (const { label } of geometry.series) {
            if (label === null) continue;
            expect(label.box.left).toBeGreaterThanOrEqual(geometry.plot.left);
            expect(label.box.right).toBeLessThanOrEqual(size.width);
            expect(label.box.bottom).toBeLessThanOrEqual(geometry.plot.bottom);
          }
          const y = limitPixel(geometry, limit);
          expect(y).toBeGreaterThanOrEqual(geometry.plot.top);
          expect(y).toBeLessThanOrEqual(geometry.plot.bottom);
        },
      ),
    );
  });

  it("writes at its ticks what fits beside the plot", () => {
    expect([0, 50_000, 100_000, 1_400_000].map(tickLabel)).toEqual(["0", "50,000", "100k", "1,400k"]);
  });

  it("says of a limit off the axis that it is elsewhere than the line at the axis' end", () => {
    const label = (limit: number) =>
      limitLabel(
        chartGeometry(
          chart(
            series("a", [
              [10, 100],
              [20, 150],
            ]),
          ),
          WIDE,
          limit,
        ),
        { value: limit, label: "L" },
      );
    expect(label(200)).toBe("L");
    expect(label(2000)).toBe("L ↑");
  });

  it("finds the point under the finger, and none where there is none", () => {
    const geometry = chartGeometry(chart(series("a", [[100, 10]]), series("b", [[900, 90]])), WIDE, null);
    const mark = geometry.series[1]?.marks[0];
    expect(nearestMark(geometry, (mark?.px ?? 0) + 5, mark?.py ?? 0)?.placed.mark.id).toBe("b-0");
    expect(nearestMark(geometry, geometry.plot.left + 200, geometry.plot.top + 100)).toBeNull();
  });

  it("stands without data", () => {
    expect(chartGeometry(chart(), WIDE, 50).empty).toBe(true);
  });

  it("gives an accelerator one colour, known or not", () => {
    expect(acceleratorColor("h100-sxm-80gb")).toBe(acceleratorColor("h100-sxm-80gb"));
    expect(acceleratorColor("h100-sxm-80gb")).not.toBe(acceleratorColor("h200-sxm-141gb"));
    expect(acceleratorColor("somebody-s-chip")).toMatch(
      /^var\(--accelerator-somebody-s-chip, light-dark\(#[0-9a-f]{6}, #[0-9a-f]{6}\)\)$/,
    );
  });

  it("takes the colours of the catalogue, each of one accelerator alone and legible on its background", () => {
    const { accelerators } = readCatalogue(path.resolve(import.meta.dirname, "../../../data"));
    const css = acceleratorColorsCss(accelerators);
    expect(css).toContain("--accelerator-h100-sxm-80gb:light-dark(#0b5cad,#5fa8f0)");
    const pairs = [...css.matchAll(/(--accelerator-[\w-]+):light-dark\((#\w{6}),(#\w{6})\)/g)];
    expect(pairs.length).toBeGreaterThanOrEqual(29);
    expect(new Set(pairs.map(([, , light]) => light)).size).toBe(pairs.length);
    expect(new Set(pairs.map(([, , , dark]) => dark)).size).toBe(pairs.length);
    for (const [, name, light = "", dark = ""] of pairs) {
      expect(contrast(light, BACKGROUND.light), name).toBeGreaterThanOrEqual(4.5);
      expect(contrast(dark, BACKGROUND.dark), name).toBeGreaterThanOrEqual(4.5);
    }
  });

  it("writes no more than colours into the page's style sheet, whatever a row says", () => {
    const { accelerators } = readCatalogue(path.resolve(import.meta.dirname, "../../../data"));
    const [first] = accelerators;
    if (first?.hardware == null) throw new Error("no accelerator");
    const colour = { light: "red}body{display:none", dark: "</style>" };
    expect(acceleratorColorsCss([{ ...first, hardware: { ...first.hardware, colour } }])).toBe(":root{}");
  });
});
