import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { paretoFrontier } from "@/lib/frontier/pareto";

interface At {
  x: number;
  y: number;
  id: number;
}

// Small integers make ties frequent, which is where frontiers go wrong.
const anyPoints = fc
  .array(fc.record({ x: fc.integer({ min: 0, max: 12 }), y: fc.integer({ min: 0, max: 12 }) }), { maxLength: 40 })
  .map((places): At[] => places.map((place, id) => ({ ...place, id })));

const frontierOf = (points: readonly At[]): At[] =>
  paretoFrontier(
    points,
    (at) => at.x,
    (at) => at.y,
    (a, b) => a.id - b.id,
  );

const dominates = (a: At, b: At): boolean => a.x >= b.x && a.y <= b.y && (a.x > b.x || a.y < b.y);

describe("paretoFrontier", () => {
  it("keeps no point that another one dominates, and leaves out only dominated or equal ones", () => {
    fc.assert(
      fc.property(anyPoints, (points) => {
        const frontier = frontierOf(points);
        const kept = new Set(frontier);
        for (const at of frontier) expect(points.some((other) => dominates(other, at))).toBe(false);
        for (const at of points) {
          if (kept.has(at)) continue;
          expect(frontier.some((other) => dominates(other, at) || (other.x === at.x && other.y === at.y))).toBe(true);
        }
      }),
    );
  });

  it("does not change when a dominated point is added", () => {
    fc.assert(
      fc.property(anyPoints, fc.nat(), fc.nat({ max: 5 }), fc.nat({ max: 5 }), (points, pick, less, more) => {
        const frontier = frontierOf(points);
        const beaten = frontier[pick % Math.max(frontier.length, 1)];
        fc.pre(beaten !== undefined && less + more > 0);
        if (beaten === undefined) return;
        expect(frontierOf([...points, { x: beaten.x - less, y: beaten.y + more, id: points.length }])).toEqual(
          frontier,
        );
      }),
    );
  });

  it("does not depend on the order of its input", () => {
    fc.assert(
      fc.property(
        anyPoints.chain((points) =>
          fc.tuple(fc.constant(points), fc.shuffledSubarray(points, { minLength: points.length })),
        ),
        ([points, shuffled]) => {
          expect(frontierOf(shuffled)).toEqual(frontierOf(points));
        },
      ),
    );
  });

  it("comes back ascending on both axes", () => {
    fc.assert(
      fc.property(anyPoints, (points) => {
        const frontier = frontierOf(points);
        for (const [index, at] of frontier.entries()) {
          const next = frontier[index + 1];
          if (next === undefined) continue;
          expect(next.x).toBeGreaterThan(at.x);
          expect(next.y).toBeGreaterThan(at.y);
        }
      }),
    );
  });

  it("drops dominated ties: equal latency with less throughput, equal throughput with more latency", () => {
    const points = [
      { x: 100, y: 10, id: 0 },
      { x: 90, y: 10, id: 1 },
      { x: 100, y: 12, id: 2 },
    ];
    expect(frontierOf(points).map((at) => at.id)).toEqual([0]);
  });

  it("keeps one of several equal points, the one the tie-break names", () => {
    const points = [
      { x: 1, y: 1, id: 7 },
      { x: 1, y: 1, id: 3 },
      { x: 1, y: 1, id: 5 },
    ];
    expect(frontierOf(points).map((at) => at.id)).toEqual([3]);
    expect(
      paretoFrontier(
        points,
        (at) => at.x,
        (at) => at.y,
      ).map((at) => at.id),
    ).toEqual([7]);
  });

  it("has no place for points that are not on the axes", () => {
    const points = [
      { x: Number.NaN, y: 1, id: 0 },
      { x: Number.POSITIVE_INFINITY, y: 1, id: 1 },
      { x: 5, y: Number.NaN, id: 2 },
      { x: 4, y: 4, id: 3 },
    ];
    expect(frontierOf(points).map((at) => at.id)).toEqual([3]);
    expect(frontierOf([])).toEqual([]);
  });
});
