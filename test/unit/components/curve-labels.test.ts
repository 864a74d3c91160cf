import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chartGeometry, NARROW, WIDE } from "../../../components/frontier-chart/geometry";
import { type Box, labelWidth } from "../../../components/frontier-chart/label-places";
import type { ChartModel, ChartSeries, OperatingRing } from "../../../components/frontier-chart/model";
import type { ChartGeometry, ChartSize } from "../../../components/frontier-chart/placed";

function series(
  label: string,
  points: readonly (readonly [x: number, y: number])[],
  connection: "line" | "step",
): ChartSeries {
  return {
    id: label,
    accelerator: label,
    label,
    dominated: [],
    marks: points.map(([x, y], index) => ({
      id: `${label}-${index}`,
      owner: label,
      x,
      y,
      shape: "circle",
      basis: "measured",
      href: "#",
      title: label,
      details: [],
      connection: index === points.length - 1 ? null : connection,
    })),
  };
}

function ring(accelerator: string, [x, y]: readonly [number, number], kind: OperatingRing["kind"]): OperatingRing {
  return { series: accelerator, accelerator, x, y, kind, winner: false, title: "", detail: "" };
}

const chart = (all: ChartSeries[], rings: OperatingRing[] = []): ChartModel => ({
  series: all,
  rings,
  xLabel: "x",
  yLabel: "y",
  description: "",
});

/** Corners of what is drawn from one mark to the next. */
function linesOf({ series: all }: ChartGeometry): [x1: number, y1: number, x2: number, y2: number][] {
  return all.flatMap(({ marks }) =>
    marks.flatMap(({ px, py, mark }, index): [number, number, number, number][] => {
      const next = marks[index + 1];
      if (next === undefined) return [];
      if (mark.connection === "line") return [[px, py, next.px, next.py]];
      return [
        [px, py, px, next.py],
        [px, next.py, next.px, next.py],
      ];
    }),
  );
}

function overlaps(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

function crosses(box: Box, [x1, y1, x2, y2]: [number, number, number, number]): boolean {
  const steps = Math.ceil(Math.hypot(x2 - x1, y2 - y1)) + 1;
  return Array.from({ length: steps + 1 }, (_, step) => step / steps).some((share) => {
    const [x, y] = [x1 + (x2 - x1) * share, y1 + (y2 - y1) * share];
    return x > box.left + 1 && x < box.right - 1 && y > box.top + 1 && y < box.bottom - 1;
  });
}

/** What a name covers, in words; empty where it covers nothing. */
function covered(geometry: ChartGeometry, size: ChartSize, limit: number | null): string[] {
  const found: string[] = [];
  const labels = geometry.series.flatMap(({ label, series: of }) => (label === null ? [] : [{ label, of }]));
  const lines = linesOf(geometry);
  for (const [index, { label, of }] of labels.entries()) {
    const { box } = label;
    expect(box.right - box.left).toBeCloseTo(labelWidth(of.label), 6);
    for (const other of labels.slice(index + 1))
      if (overlaps(box, other.label.box)) found.push(`${of.label} on ${other.of.label}`);
    for (const { px, py, mark } of geometry.series.flatMap(({ marks }) => marks)) {
      if (overlaps(box, { left: px - 5, right: px + 5, top: py - 5, bottom: py + 5 }))
        found.push(`${of.label} on mark ${mark.id}`);
    }
    for (const line of lines) if (crosses(box, line)) found.push(`${of.label} on a line`);
    for (const { px, py } of geometry.rings) {
      if (overlaps(box, { left: px - 9, right: px + 9, top: py - 9, bottom: py + 9 }))
        found.push(`${of.label} on a ring`);
    }
    if (limit !== null) {
      const y = Math.min(geometry.plot.bottom, Math.max(geometry.plot.top, geometry.y.toPixel(limit)));
      if (crosses(box, [geometry.plot.left, y, geometry.plot.right, y])) found.push(`${of.label} on the limit`);
      const pill = {
        left: size.narrow ? geometry.plot.right - 90 : geometry.plot.right + 4,
        right: size.width,
        top: y - 11,
        bottom: y + 11,
      };
      if (overlaps(box, pill)) found.push(`${of.label} on the limit's pill`);
    }
    if (box.left < 0 || box.right > size.width || box.top < 0 || box.bottom > size.height)
      found.push(`${of.label} outside`);
  }
  return found;
}

/** As crowded as the fullest page: eight curves that end close together, three of one name's length, a limit through their ends. */
const CROWDED: ChartModel = chart(
  ["B200 SXM", "B300 SXM", "GB200 NVL72", "GB300 NVL72", "H100 SXM", "H200 SXM", "MI300X", "MI355X"].map(
    (name, index) =>
      series(
        name,
        Array.from({ length: 12 }, (_, step) => [200 * (step + 1) + index * 90, 12 * 1.3 ** step + index * 3] as const),
        index % 2 === 0 ? "line" : "step",
      ),
  ),
  [ring("MI355X", [3030, 236], "atLeast"), ring("H100 SXM", [2760, 227], "interpolated")],
);

/** Widths from a telephone to the largest screen. */
const SIZES: ChartSize[] = [
  NARROW,
  { width: 480, height: 440, narrow: true },
  { width: 560, height: 350, narrow: false },
  WIDE,
  { width: 1500, height: 940, narrow: false },
];

describe("names of curves", () => {
  it.each(SIZES)("cover no mark, line, ring, limit or one another where it is crowded: $width px", (size) => {
    for (const limit of [null, 40, 230, 5000]) {
      const geometry = chartGeometry(CROWDED, size, limit);
      expect(covered(geometry, size, limit), `limit ${limit}`).toEqual([]);
      const placed = geometry.series.filter(({ label }) => label !== null).length;
      expect(placed, "names that found room").toBeGreaterThanOrEqual(size.narrow ? 5 : 8);
    }
  });

  it("cover nothing whatever is drawn, and stand at the end of a curve that is alone", () => {
    const value = fc.double({ min: 1, max: 1e4, noNaN: true });
    const curve = fc
      .array(fc.tuple(value, value), { minLength: 1, maxLength: 8 })
      .map((points) => [...points].sort(([a], [b]) => a - b));
    fc.assert(
      fc.property(
        fc.array(curve, { minLength: 1, maxLength: 7 }),
        fc.option(value),
        fc.constantFrom(...SIZES),
        fc.constantFrom("line" as const, "step" as const),
        (curves, limit, size, connection) => {
          const all = curves.map((points, index) => series(`Accelerator ${index}`, points, connection));
          const geometry = chartGeometry(chart(all), size, limit);
          expect(covered(geometry, size, limit)).toEqual([]);
        },
      ),
      { numRuns: 40, endOnFailure: true },
    );
    const alone = chartGeometry(
      chart([
        series(
          "H100 SXM",
          [
            [10, 10],
            [60, 40],
          ],
          "line",
        ),
        series("other", [[100, 90]], "line"),
      ]),
      WIDE,
      null,
    );
    const [first] = alone.series;
    const end = first?.marks.at(-1);
    expect(first?.label?.leader).toBeNull();
    expect(first?.label?.px ?? 0).toBeGreaterThan(end?.px ?? 0);
    expect(Math.abs((first?.label?.py ?? 0) - (end?.py ?? 0))).toBeLessThan(20);
  });

  it("stand apart with a line to their curve where it ends among others", () => {
    const geometry = chartGeometry(CROWDED, WIDE, null);
    for (const { label, marks } of geometry.series) {
      if (label === null || label.leader === null) continue;
      const end = marks.at(-1);
      expect([label.leader.x2, label.leader.y2]).toEqual([end?.px, end?.py]);
    }
  });
});
