/** Values that agree to this many significant digits tie: floats are never compared for equality. */
export const TIE_SIGNIFICANT_DIGITS = 9;
