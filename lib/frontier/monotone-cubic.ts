/** A measured value at a load. */
export interface Knot {
  load: number;
  value: number;
}

/** Slope at the end of a curve by three points, kept within what stays monotone. `near` and `far` are slopes of the two intervals. */
function endSlope(nearWidth: number, farWidth: number, near: number, far: number): number {
  const slope = ((2 * nearWidth + farWidth) * near - nearWidth * far) / (nearWidth + farWidth);
  if (slope * near <= 0) return 0;
  return near * far <= 0 && Math.abs(slope) > 3 * Math.abs(near) ? 3 * near : slope;
}

/** Slope at a point between two intervals: their weighted harmonic mean, zero where the curve turns. */
function innerSlope(leftWidth: number, rightWidth: number, left: number, right: number): number {
  if (left * right <= 0) return 0;
  const [ofLeft, ofRight] = [2 * rightWidth + leftWidth, rightWidth + 2 * leftWidth];
  return (ofLeft + ofRight) / (ofLeft / left + ofRight / right);
}

/**
 * The monotone cubic through measured values over the logarithm of the load, in the logarithm of the value, between two loads:
 * F. N. Fritsch and R. E. Carlson, Monotone Piecewise Cubic Interpolation (1980), with the slopes of F. N. Fritsch and
 * J. Butland (1984). What lies beyond the two, where it is known, gives their slopes. `null` where a load or value is not above
 * zero.
 */
export function monotoneCubic(
  before: Knot | null,
  from: Knot,
  to: Knot,
  after: Knot | null,
): ((load: number) => number) | null {
  if (!isPositive(from) || !isPositive(to) || to.load <= from.load) return null;
  const start = Math.log(from.load);
  const width = Math.log(to.load) - start;
  const [low, high] = [Math.log(from.value), Math.log(to.value)];
  const slope = (high - low) / width;
  const left = before !== null && isPositive(before) && before.load < from.load ? before : null;
  const right = after !== null && isPositive(after) && after.load > to.load ? after : null;
  const leftWidth = left === null ? 0 : start - Math.log(left.load);
  const leftSlope = left === null ? 0 : (low - Math.log(left.value)) / leftWidth;
  const rightWidth = right === null ? 0 : Math.log(right.load) - start - width;
  const rightSlope = right === null ? 0 : (Math.log(right.value) - high) / rightWidth;
  const slopeFrom =
    left !== null
      ? innerSlope(leftWidth, width, leftSlope, slope)
      : right !== null
        ? endSlope(width, rightWidth, slope, rightSlope)
        : slope;
  const slopeTo =
    right !== null
      ? innerSlope(width, rightWidth, slope, rightSlope)
      : left !== null
        ? endSlope(width, leftWidth, slope, leftSlope)
        : slope;
  return (load) => {
    const t = (Math.log(load) - start) / width;
    const rest = 1 - t;
    // Cubic Hermite form.
    return Math.exp(
      low * (1 + 2 * t) * rest * rest +
        slopeFrom * width * t * rest * rest +
        high * t * t * (3 - 2 * t) -
        slopeTo * width * t * t * rest,
    );
  };
}

function isPositive({ load, value }: Knot): boolean {
  return load > 0 && value > 0;
}
