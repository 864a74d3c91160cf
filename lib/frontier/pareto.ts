/**
 * The items no other one beats: none has more `x` with no more `y`, or less `y` with no less `x`.
 * Of items equal on both axes one is kept: the first by `tieBreak`, without it the first in the input.
 * An item whose x or y is not finite has no place on the axes and is left out.
 * Returned ascending in x (so ascending in y). O(n log n).
 */
export function paretoFrontier<T>(
  items: readonly T[],
  x: (item: T) => number,
  y: (item: T) => number,
  tieBreak?: (a: T, b: T) => number,
): T[] {
  // Both axes are read once into plain number arrays and only indices are sorted: a million points stay affordable.
  const xs = Float64Array.from(items, x);
  const ys = Float64Array.from(items, y);
  const valueAt = (values: Float64Array, index: number): number => values[index] ?? Number.NaN;
  const tie = (a: number, b: number): number => {
    const itemA = items[a];
    const itemB = items[b];
    return itemA === undefined || itemB === undefined ? 0 : (tieBreak?.(itemA, itemB) ?? 0);
  };
  const order = Uint32Array.from(items.keys())
    .filter((index) => Number.isFinite(valueAt(xs, index)) && Number.isFinite(valueAt(ys, index)))
    .sort((a, b) => valueAt(xs, b) - valueAt(xs, a) || valueAt(ys, a) - valueAt(ys, b) || tie(a, b) || a - b);

  // From the most throughput down, a point is worth keeping only if it is faster than all that deliver as much or more.
  const kept: T[] = [];
  let lowestY = Number.POSITIVE_INFINITY;
  for (const index of order) {
    const item = items[index];
    if (item === undefined || valueAt(ys, index) >= lowestY) continue;
    lowestY = valueAt(ys, index);
    kept.push(item);
  }
  return kept.reverse();
}
