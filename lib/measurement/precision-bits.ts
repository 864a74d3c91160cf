/** Bits of one weight by the name of a precision: `fp8` 8, `int4-w4a16` 4, `bf16` 16; `null` where the name does not say. */
export function precisionBits(precision: string | null): number | null {
  const text = precision?.toLowerCase() ?? "";
  const bits = /w(\d+)a\d+/.exec(text)?.[1] ?? /(?:fp|bf|int|float)(\d+)/.exec(text)?.[1];
  return bits === undefined ? null : Number(bits);
}
