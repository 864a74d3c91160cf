import { tableEntry } from "../../table-entry";

/** Servers' names for a quantisation, lower case, by our names for a precision; formats whose names do not say their width are left out. */
const PRECISION_OF_QUANTIZATION: Readonly<Record<string, string>> = {
  fp8: "fp8",
  fbgemm_fp8: "fp8",
  ptpc_fp8: "fp8",
  w8a8_fp8: "fp8",
  modelopt: "fp8",
  modelopt_fp8: "fp8",
  fp8_per_channel_per_token: "fp8",
  fp8_block_scales: "fp8",
  modelopt_fp4: "fp4",
  nvfp4: "fp4",
  petit_nvfp4: "fp4",
  mxfp4: "fp4",
  awq: "int4",
  awq_marlin: "int4",
  w4a16: "int4",
  w4a16_awq: "int4",
  w4a16_gptq: "int4",
  w8a8_int8: "int8",
  experts_int8: "int8",
};

const PRECISION_OF_DTYPE: Readonly<Record<string, string>> = {
  bfloat16: "bf16",
  bf16: "bf16",
  float16: "fp16",
  fp16: "fp16",
  half: "fp16",
};

/** What names of quantised weights say of their precision, the first that fits. */
const PRECISION_IN_NAME: readonly [RegExp, string][] = [
  [/(?:nv|mx)?fp4(?![0-9])/i, "fp4"],
  [/fp8(?![0-9])|w8a8-fp8/i, "fp8"],
  [/awq|int4|w4a16|4bit/i, "int4"],
  [/int8|w8a8|w8a16|8bit/i, "int8"],
];

/** `modelopt_fp4` → `fp4`; `null` where the name does not say. */
export function quantizationPrecision(quantization: string): string | null {
  return tableEntry(PRECISION_OF_QUANTIZATION, quantization.toLowerCase()) ?? null;
}

/** `bfloat16` → `bf16`; `null` for `auto` and what is no type of 16 bits. */
export function dtypePrecision(dtype: string): string | null {
  return tableEntry(PRECISION_OF_DTYPE, dtype.toLowerCase().replace(/^torch\./, "")) ?? null;
}

/** `nvidia/Llama-3.3-70B-Instruct-FP8` → `fp8`; `null` where a name says nothing. */
export function precisionInName(weights: string): string | null {
  const name = weights.slice(weights.lastIndexOf("/") + 1);
  return PRECISION_IN_NAME.find(([pattern]) => pattern.test(name))?.[1] ?? null;
}
