import { describe, expect, it } from "vitest";
import { chartGeometry, WIDE } from "../../../components/frontier-chart/geometry";
import type { ChartModel } from "../../../components/frontier-chart/model";
import { windowOfBrush, zoomed } from "../../../components/frontier-chart/zoom";

const mark = (id: string, x: number, y: number) => ({
  id,
  owner: "c",
  x,
  y,
  shape: "circle" as const,
  basis: "measured" as const,
  href: "/",
  title: id,
  details: [],
  connection: "line" as const,
});

const model: ChartModel = {
  series: [
    {
      id: "a",
      accelerator: "a",
      label: "a",
      marks: [mark("low", 10, 10), mark("middle", 50, 100), mark("high", 100, 2000)],
      dominated: [{ x: 20, y: 500 }],
    },
  ],
  rings: [],
  xLabel: "x",
  yLabel: "y",
  description: "",
};
const whole = chartGeometry(model, WIDE, null);
const placeOf = (id: string) => whole.series[0]?.marks.find(({ mark: of }) => of.id === id) ?? { px: 0, py: 0 };

describe("a part of the chart", () => {
  it("is what was dragged over, on linear and logarithmic axes", () => {
    const { px, py } = placeOf("middle");
    const window = windowOfBrush(whole, { fromX: px - 20, fromY: py + 20, toX: px + 20, toY: py - 20 });
    if (window === null) throw new Error("no window");
    const part = chartGeometry(model, WIDE, null, window);
    expect(part.y.kind).toBe("log");
    expect(part.series[0]?.marks.map(({ mark: of }) => of.id)).toEqual(["middle"]);
    expect(part.series[0]?.faint).toEqual([]);
    const [inside] = part.series[0]?.marks ?? [];
    // It was dragged about its middle.
    expect(inside?.px).toBeCloseTo((part.plot.left + part.plot.right) / 2, 5);
    expect(inside?.py).toBeCloseTo((part.plot.top + part.plot.bottom) / 2, 5);
    for (const scale of [part.x, part.y]) {
      expect(scale.ticks.length).toBeGreaterThan(1);
      for (const tick of scale.ticks) {
        expect(tick).toBeGreaterThanOrEqual(scale.domain[0]);
        expect(tick).toBeLessThanOrEqual(scale.domain[1]);
      }
    }
  });

  it("is of one axis where the drag was along one, and none where it was a press", () => {
    const { left, top } = whole.plot;
    const along = windowOfBrush(whole, { fromX: left + 50, fromY: top + 50, toX: left + 150, toY: top + 51 });
    expect(along?.y).toEqual(whole.y.domain);
    expect(windowOfBrush(whole, { fromX: 100, fromY: 100, toX: 102, toY: 103 })).toBeNull();
  });

  it("keeps the place under the pointer where it is, and ends at all there is", () => {
    const at = placeOf("middle");
    const near = zoomed(whole, whole, 2, at);
    if (near === null) throw new Error("no window");
    const part = chartGeometry(model, WIDE, null, near);
    expect(part.x.toPixel(50)).toBeCloseTo(at.px, 5);
    expect(part.y.toPixel(100)).toBeCloseTo(at.py, 5);
    expect(zoomed(part, whole, 1 / 4, at)).toBeNull();
  });

  it("comes no nearer than there is something to tell apart", () => {
    let now = whole;
    for (let step = 0; step < 100; step++) {
      const next = zoomed(now, whole, 2);
      now = next === null ? whole : chartGeometry(model, WIDE, null, next);
    }
    expect(now.x.domain[1] - now.x.domain[0]).toBeGreaterThanOrEqual((whole.x.domain[1] - whole.x.domain[0]) / 800);
  });
});
