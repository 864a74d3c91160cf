/** Bits of one weight by the precision's plain name. */
export const PRECISION_BITS: Record<string, number> = {
  fp32: 32,
  bf16: 16,
  fp16: 16,
  fp8: 8,
  int8: 8,
  fp4: 4,
  mxfp4: 4,
  nvfp4: 4,
  int4: 4,
};

/** `int8-w8a8` → `int8`, `BF16` → `bf16`, `bfloat16` → `bf16`. */
export function normalPrecision(precision: string): string {
  const text = precision.toLowerCase();
  if (text === "bfloat16") return "bf16";
  if (text === "float16" || text === "half") return "fp16";
  return /^(?:fp32|bf16|fp16|fp8|int8|mxfp4|nvfp4|fp4|int4)/.exec(text)?.[0] ?? text;
}
