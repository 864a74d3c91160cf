import { isRecord, type JsonRecord, own, positiveIntegerOf, recordAt, textAt } from "../../parse/fields";

/**
 * Where a row comes from: `aggregate` = the benchmark's own result file (`agg_*.json`, `results_bmk`), `api` = a row of the
 * dashboard's API. Both have the same metrics; what they say of the accelerators differs.
 */
export type InferencexRowKind = "aggregate" | "api";

/** The kind of a row of InferenceX (formerly InferenceMAX), or `null` where it is none. */
export function inferencexRowKind(value: unknown): InferencexRowKind | null {
  if (!isRecord(value)) return null;
  const has = (...keys: string[]) => keys.some((key) => own(value, key) !== undefined);
  if (
    has("hw", "prefill_hw") &&
    has("conc", "users") &&
    has("tput_per_gpu", "infmax_model_prefix", "request_metrics")
  ) {
    return "aggregate";
  }
  const metrics = recordAt(value, "metrics");
  const hasThroughput = metrics !== null && own(metrics, "tput_per_gpu") !== undefined;
  return has("hardware") && has("spec_method", "conc") && hasThroughput ? "api" : null;
}

/** True for recorded sessions of an agent (rows of the API then have null lengths), whose "itl" is a mean per request. */
export function isAgentic(row: JsonRecord): boolean {
  const scenario = textAt(row, "scenario_type") ?? textAt(row, "benchmark_type") ?? "";
  if (scenario.startsWith("agentic") || recordAt(row, "request_metrics") !== null) return true;
  return own(row, "isl") === null && own(row, "osl") === null;
}

/** A truth value, also as the text shells and Python write; `false` for anything else. */
export function truthAt(row: JsonRecord, key: string): boolean {
  const value = own(row, key);
  return value === true || (typeof value === "string" && value.trim().toLowerCase() === "true");
}

/** Accelerators a row's figures were divided by, as its writer did. */
export interface Denominators {
  /** Of `tput_per_gpu`: all accelerators of the deployment. */
  total: number | null;
  /** Of `input_tput_per_gpu`. */
  input: number | null;
  /** Of `output_tput_per_gpu`. */
  output: number | null;
  /** Stated apart; `null` unless prefill and decode ran on accelerators of their own. */
  prefill: number | null;
  decode: number | null;
}

/**
 * What the per-GPU figures of a row were divided by (InferenceX `process_result.py`): one node TP × PP × PCP; several nodes the
 * prefill accelerators for input, the decode accelerators for output (all where there are none), both for the total. In API
 * rows that are not disaggregated both counts name the same accelerators.
 */
export function denominatorsOf(row: JsonRecord, kind: InferencexRowKind): Denominators {
  const prefill = count(row, "num_prefill_gpu");
  const decode = count(row, "num_decode_gpu");
  const split = truthAt(row, "disagg") || (kind === "aggregate" && prefill !== null && decode !== null);
  if (split && (prefill !== null || decode !== null)) {
    const total = (prefill ?? 0) + (decode ?? 0);
    // Agentic results divide all three by all accelerators.
    if (isAgentic(row)) return { total, input: total, output: total, prefill, decode };
    return { total, input: prefill ?? total, output: decode ?? total, prefill, decode };
  }
  const counted = count(row, "num_aggregate_gpu") ?? largest(prefill, decode);
  const all = counted === null ? (productOf(row) ?? workersOf(row)) : withoutExperts(row, counted);
  return { total: all, input: all, output: all, prefill: null, decode: null };
}

/**
 * A count of accelerators without the experts it was multiplied by. Older rows say TP × EP accelerators, but expert parallelism
 * divides the devices of tensor parallelism and adds none (InferenceX-app, `docs/overview-data-integrity.md`): one machine of
 * eight was counted as 64, and its throughput eight times too high.
 */
function withoutExperts(row: JsonRecord, counted: number): number {
  const devices = productOf(row) ?? workersOf(row);
  const experts = count(row, "ep") ?? count(row, "decode_ep") ?? count(row, "prefill_ep") ?? 1;
  // With one device for each worker nothing tells experts that were multiplied from experts on devices of their own.
  const isTold = devices !== null && devices > 1 && experts > 1;
  return isTold && counted === devices * experts ? devices : counted;
}

function productOf(row: JsonRecord): number | null {
  const tensor = count(row, "tp");
  return tensor === null ? null : tensor * (count(row, "pp") ?? 1) * (count(row, "pcp_size") ?? 1);
}

/** API rows without counts: the accelerators of all workers of one side. */
function workersOf(row: JsonRecord): number | null {
  const tensor = count(row, "decode_tp") ?? count(row, "prefill_tp");
  return tensor === null ? null : tensor * (count(row, "decode_num_workers") ?? count(row, "prefill_num_workers") ?? 1);
}

function largest(a: number | null, b: number | null): number | null {
  if (a === null) return b;
  return b === null ? a : Math.max(a, b);
}

function count(row: JsonRecord, key: string): number | null {
  return positiveIntegerOf(own(row, key));
}
