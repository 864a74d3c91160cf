import { type Box, Occupied, placeLabels } from "./label-places";
import type { ChartGeometry, ChartSize, Place, PlacedSeries, PlotArea } from "./placed";

const RING_PX = 10;
/** Half the size of a mark, with a little air. */
const MARK_PX = 7;
/** Room around a bare mark, a ringed one, and one with the arrow of "at least". */
const GAP_PX = 9;
const RING_GAP_PX = 14;
const ARROW_GAP_PX = 24;
/** Half the height of the limit's pill, and its least width in the plot of a narrow chart. */
const LIMIT_PILL_PX = 12;
const NARROW_PILL_WIDTH_PX = 92;
/** Marks from a curve's end on at which its name may stand. */
const LABEL_ANCHORS = 12;

/** Names of the curves, at their ends where there is room, and never on marks, lines, rings, the limit or one another. */
export function labelCurves(
  placed: PlacedSeries[],
  {
    plot,
    size,
    rings,
    limitY,
    place,
  }: { plot: PlotArea; size: ChartSize; rings: ChartGeometry["rings"]; limitY: number | null; place: Place },
): void {
  const hard = new Occupied(size.width, size.height);
  const soft = new Occupied(size.width, size.height);
  for (const { faint, marks, corners } of placed) {
    for (const { px, py } of marks) hard.addBox(squareAround(px, py, MARK_PX));
    for (const [index, { px, py, mark }] of corners.entries()) {
      const next = corners[index + 1];
      if (next === undefined) continue;
      const isLine = mark.connection === "line";
      const way = isLine
        ? [{ px, py }, ...(mark.path ?? []).map(place), next]
        : [{ px, py }, { px, py: next.py }, next];
      for (const [from, to] of pairs(way)) {
        const seen = insidePlot(from, to, plot);
        if (seen !== null) hard.addLine(seen.x1, seen.y1, seen.x2, seen.y2);
      }
    }
    for (const { px, py } of faint) soft.addBox(squareAround(px, py, 2));
  }
  for (const { ring, px, py } of rings) {
    hard.addBox(squareAround(px, py, RING_PX));
    if (ring.kind === "atLeast") hard.addBox({ left: px, right: px + ARROW_GAP_PX - 4, top: py - 6, bottom: py + 6 });
  }
  if (limitY !== null) {
    hard.addLine(plot.left, limitY, plot.right, limitY);
    const left = size.narrow ? plot.right - NARROW_PILL_WIDTH_PX : plot.right + 2;
    hard.addBox({ left, right: size.width, top: limitY - LIMIT_PILL_PX, bottom: limitY + LIMIT_PILL_PX });
  }
  const inOrder = placed
    .filter(({ marks }) => marks.length > 0)
    .sort((a, b) => endOf(a).py - endOf(b).py || endOf(a).px - endOf(b).px);
  const requests = inOrder.map(({ series, marks }) => ({
    text: series.label,
    anchors: marks
      .slice(-LABEL_ANCHORS)
      .reverse()
      .map(({ px, py }) => ({ px, py, gap: gapAt(rings, px, py) })),
  }));
  const within = { left: plot.left + 2, right: size.width, top: plot.top - 6, bottom: plot.bottom - 1 };
  const labels = placeLabels(requests, within, hard, soft);
  for (const [index, series] of inOrder.entries()) series.label = labels[index] ?? null;
}

/** The part of a straight line that is inside the axes (Liang and Barsky 1984); `null` where none is. */
function insidePlot(
  from: { px: number; py: number },
  to: { px: number; py: number },
  { left, right, top, bottom }: PlotArea,
): { x1: number; y1: number; x2: number; y2: number } | null {
  const [dx, dy] = [to.px - from.px, to.py - from.py];
  let [start, end] = [0, 1];
  for (const [step, room] of [
    [-dx, from.px - left],
    [dx, right - from.px],
    [-dy, from.py - top],
    [dy, bottom - from.py],
  ] as const) {
    if (step === 0 && room < 0) return null;
    if (step < 0) start = Math.max(start, room / step);
    if (step > 0) end = Math.min(end, room / step);
  }
  if (start > end) return null;
  const at = (share: number) => [from.px + dx * share, from.py + dy * share] as const;
  const [[x1, y1], [x2, y2]] = [at(start), at(end)];
  return { x1, y1, x2, y2 };
}

/** Each with the next one. */
function pairs<T>(items: readonly T[]): [T, T][] {
  return items.slice(1).flatMap((item, index): [T, T][] => {
    const before = items[index];
    return before === undefined ? [] : [[before, item]];
  });
}

function squareAround(px: number, py: number, half: number): Box {
  return { left: px - half, right: px + half, top: py - half, bottom: py + half };
}

function endOf({ marks }: PlacedSeries): { px: number; py: number } {
  return marks.at(-1) ?? { px: 0, py: 0 };
}

/** A ring (with the arrow of "at least") around a mark needs more room than the bare mark. */
function gapAt(rings: ChartGeometry["rings"], px: number, py: number): number {
  const ringed = rings.find((item) => Math.hypot(item.px - px, item.py - py) < RING_PX);
  return ringed === undefined ? GAP_PX : ringed.ring.kind === "atLeast" ? ARROW_GAP_PX : RING_GAP_PX;
}
