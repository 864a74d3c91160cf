/** Where names of curves stand: near their curve, and on nothing else. */

/** Edges in pixels of the picture. */
export interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** A name beside its curve, with a thin line to it where it stands apart. */
export interface PlacedLabel {
  /** Left end of the text, and its baseline. */
  px: number;
  py: number;
  box: Box;
  leader: { x1: number; y1: number; x2: number; y2: number } | null;
}

/** A curve that wants its name, and where it would stand best: the end of the curve first. */
export interface LabelRequest {
  text: string;
  anchors: readonly { px: number; py: number; gap: number }[];
}

const LABEL_HEIGHT_PX = 15;
const LABEL_CHARACTER_PX = 7.4;
/** Of the text above its box's lower edge. */
const BASELINE_PX = 4;
/** Pixels a side of the squares that free room is looked up in. */
const CELL_PX = 3;
/** A line is followed in steps as small as this, so that it misses no square but for a corner. */
const LINE_STEP_PX = 0.75;
/** Where a name is put that finds no room at its curve: these far apart is looked. */
const SEARCH_STEP_PX = 9;

/** Width of a name as drawn, px; a little more than most faces need. */
export function labelWidth(text: string): number {
  return text.length * LABEL_CHARACTER_PX;
}

/**
 * What is drawn, on a grid: whether a box is free is four look-ups, however many points there are. The sums are made when first
 * asked for.
 */
export class Occupied {
  private readonly columns: number;
  private readonly rows: number;
  private readonly cells: Uint8Array;
  private sums: Uint32Array | null = null;

  constructor(width: number, height: number) {
    this.columns = Math.ceil(width / CELL_PX) + 1;
    this.rows = Math.ceil(height / CELL_PX) + 1;
    this.cells = new Uint8Array(this.columns * this.rows);
  }

  addBox({ left, right, top, bottom }: Box): void {
    this.sums = null;
    const [c0, c1] = [this.column(left), this.column(right)];
    const [r0, r1] = [this.row(top), this.row(bottom)];
    for (let row = r0; row <= r1; row += 1) this.cells.fill(1, row * this.columns + c0, row * this.columns + c1 + 1);
  }

  /** A straight line of about the width of a cell. */
  addLine(x1: number, y1: number, x2: number, y2: number): void {
    this.sums = null;
    const steps = Math.max(1, Math.ceil(Math.max(Math.abs(x2 - x1), Math.abs(y2 - y1)) / LINE_STEP_PX));
    for (let step = 0; step <= steps; step += 1) {
      const share = step / steps;
      const row = this.row(y1 + (y2 - y1) * share);
      this.cells[row * this.columns + this.column(x1 + (x2 - x1) * share)] = 1;
    }
  }

  isFree({ left, right, top, bottom }: Box): boolean {
    const sums = this.summed();
    const width = this.columns + 1;
    const [c0, c1] = [this.column(left), this.column(right) + 1];
    const [r0, r1] = [this.row(top), this.row(bottom) + 1];
    const at = (row: number, column: number) => sums[row * width + column] ?? 0;
    return at(r1, c1) - at(r0, c1) - at(r1, c0) + at(r0, c0) === 0;
  }

  private column(x: number): number {
    return Math.min(this.columns - 1, Math.max(0, Math.floor(x / CELL_PX)));
  }

  private row(y: number): number {
    return Math.min(this.rows - 1, Math.max(0, Math.floor(y / CELL_PX)));
  }

  private summed(): Uint32Array {
    if (this.sums !== null) return this.sums;
    const width = this.columns + 1;
    const sums = new Uint32Array(width * (this.rows + 1));
    for (let row = 0; row < this.rows; row += 1) {
      let line = 0;
      for (let column = 0; column < this.columns; column += 1) {
        line += this.cells[row * this.columns + column] ?? 0;
        sums[(row + 1) * width + column + 1] = (sums[row * width + column + 1] ?? 0) + line;
      }
    }
    this.sums = sums;
    return sums;
  }
}

/** Box of a text whose left end and middle are given. */
function boxAt(left: number, middle: number, width: number): Box {
  return { left, right: left + width, top: middle - LABEL_HEIGHT_PX / 2, bottom: middle + LABEL_HEIGHT_PX / 2 };
}

function* nearBoxes({ px, py, gap }: LabelRequest["anchors"][number], width: number): Generator<Box> {
  const above = py - gap - LABEL_HEIGHT_PX / 2;
  const below = py + gap + LABEL_HEIGHT_PX / 2;
  yield boxAt(px + gap, py, width);
  yield boxAt(px + gap / 2, above + 4, width);
  yield boxAt(px + gap / 2, below - 4, width);
  yield boxAt(px - gap - width, py, width);
  yield boxAt(px - width / 2, above, width);
  yield boxAt(px - width / 2, below, width);
  yield boxAt(px - gap / 2 - width, above + 4, width);
  yield boxAt(px - gap / 2 - width, below - 4, width);
}

/** All places in the picture, the nearest to a point first. */
function farBoxes({ px, py }: { px: number; py: number }, width: number, within: Box): Box[] {
  const boxes: { box: Box; distance: number }[] = [];
  for (let left = within.left; left + width <= within.right; left += SEARCH_STEP_PX) {
    for (
      let middle = within.top + LABEL_HEIGHT_PX;
      middle <= within.bottom - LABEL_HEIGHT_PX;
      middle += SEARCH_STEP_PX
    ) {
      const box = boxAt(left, middle, width);
      const nearest = Math.min(Math.max(px, box.left), box.right);
      boxes.push({ box, distance: Math.hypot(nearest - px, middle - py) });
    }
  }
  return boxes.sort((a, b) => a.distance - b.distance).map(({ box }) => box);
}

/** A thin line from a name to its curve, from the edge of the box that is nearer. */
function leaderTo(box: Box, { px, py }: { px: number; py: number }): NonNullable<PlacedLabel["leader"]> {
  const x1 = Math.min(Math.max(px, box.left), box.right);
  const middle = (box.top + box.bottom) / 2;
  const y1 = x1 === px ? (py > middle ? box.bottom : box.top) : middle;
  return { x1, y1, x2: px, y2: py };
}

/**
 * Places names one after another, each where it covers nothing: at its curve's end, else along the curve, else in the nearest free
 * room with a thin line to it. A name that finds none anywhere is left out: the legend below the chart has it.
 * @param within where names may stand
 * @param hard what no name may cover
 * @param soft what names keep off where they can: faint points
 */
export function placeLabels(
  requests: readonly LabelRequest[],
  within: Box,
  hard: Occupied,
  soft: Occupied,
): (PlacedLabel | null)[] {
  const isInside = (box: Box) =>
    box.left >= within.left && box.right <= within.right && box.top >= within.top && box.bottom <= within.bottom;
  return requests.map(({ text, anchors }) => {
    const width = labelWidth(text);
    const place = (box: Box, leader: PlacedLabel["leader"]): PlacedLabel => {
      // A little room around a name, so that the next one does not touch it.
      hard.addBox({ left: box.left - 3, right: box.right + 3, top: box.top - 1, bottom: box.bottom + 1 });
      if (leader !== null) hard.addLine(leader.x1, leader.y1, leader.x2, leader.y2);
      return { px: box.left, py: box.bottom - BASELINE_PX, box, leader };
    };
    for (const isFree of [(box: Box) => hard.isFree(box) && soft.isFree(box), (box: Box) => hard.isFree(box)]) {
      for (const anchor of anchors) {
        for (const box of nearBoxes(anchor, width)) if (isInside(box) && isFree(box)) return place(box, null);
      }
    }
    const [end] = anchors;
    if (end === undefined) return null;
    const free = farBoxes(end, width, within).find((box) => hard.isFree(box));
    return free === undefined ? null : place(free, leaderTo(free, end));
  });
}
