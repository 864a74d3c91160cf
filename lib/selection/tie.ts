/** Values that agree to this many significant digits tie: floats are never compared for equality. */
const TIE_SIGNIFICANT_DIGITS = 9;

/** A value to the digits that count: equal ones tie. */
export function tieRounded(value: number): number {
  return Number(value.toPrecision(TIE_SIGNIFICANT_DIGITS));
}
