/**
 * The words of the product as types: configuration, workload, run, load point and SLO. Everything between ingest and
 * manifests speaks in these; models, accelerators, machines and prices are in `catalogue/catalogue.ts`.
 * Latencies are milliseconds, throughputs tokens/s of the whole deployment, money USD. `null` means not known.
 */

import type { Metric, Statistic } from "./measurement/latency";
import type { Measurement } from "./measurement/measurement";
import type { QualityFlag } from "./measurement/quality-flags";
import type { Settings } from "./measurement/settings";

/** Parallelism as measured. `label` is the source's own short form, e.g. `tp8-ep8`, `p1x(tp4)+d3x(tp4)`; `null` parts are unknown. */
export interface Parallelism {
  label: string | null;
  tensor: number | null;
  pipeline: number | null;
  data: number | null;
  expert: number | null;
  /** Ranks that share the sequence of one request. */
  context: number | null;
}

export const SERVING_MODES = ["aggregated", "disaggregated"] as const;
export type ServingMode = (typeof SERVING_MODES)[number];

/** What one would deploy. Its fields together are its identity. */
export interface ConfigurationFacts {
  /** Hugging Face id of the model. */
  model: string;
  /** Hugging Face id of the exact weights when they differ from `model` (e.g. a quantised checkpoint). */
  checkpoint: string | null;
  /** Catalogue id, e.g. `h100-sxm-80gb`. */
  accelerator: string;
  /** Accelerators of the whole measured deployment (prefill + decode where disaggregated). */
  acceleratorCount: number;
  nodes: number | null;
  /** `vllm`, `sglang`, `trtllm` …; `null` if the source does not say. */
  server: string | null;
  serverVersion: string | null;
  /** `fp8`, `fp4`, `bf16`, `int4` …; `null` if unknown. */
  precision: string | null;
  parallelism: Parallelism;
  /** Speculative decoding, e.g. `mtp3`; `null` = none stated. */
  speculative: string | null;
  /** Tokens it guesses ahead, where they are stated apart from the method; `null` = not stated. */
  speculativeTokens: number | null;
  servingMode: ServingMode;
  prefillAccelerators: number | null;
  decodeAccelerators: number | null;
  /** What the server was started with beyond the facts above. */
  settings: Settings;
}

export interface Configuration extends ConfigurationFacts {
  /** Stable id made from the facts: the same in every database. */
  configurationId: string;
}

export interface WorkloadFacts {
  /** Name of the data set or generator: `random`, `sharegpt`, `mlperf-openorca` …; `null` if unknown. */
  dataset: string | null;
  /** Nominal lengths, tokens per request; `null` if unknown. */
  inputTokens: number | null;
  outputTokens: number | null;
}

export interface Workload extends WorkloadFacts {
  /** Stable id, e.g. `random-1024-1024`. */
  workloadId: string;
}

/** Who measured, under which licence the figures come. */
export interface Source {
  /** Short name: `inferencex-app-fixtures`, or what the user gave. */
  name: string;
  url: string | null;
  licence: string | null;
}

/** One load point as stored: a measurement with its place in a run. */
export interface LoadPoint extends Measurement {
  /** Content hash, stable across databases. */
  pointId: string;
  runId: string;
  ordinal: number;
  /** sha256 of the original bytes this point was read from. */
  reportSha256: string;
}

/** One execution of a benchmark tool against one configuration under one workload. */
export interface Run {
  runId: string;
  configuration: Configuration;
  workload: Workload;
  /** Adapter that read it: `inference-perf`, `vllm-bench-serve`, `figures-csv` … */
  format: string;
  tool: string | null;
  toolVersion: string | null;
  /** ISO date or date-time of the measurement; `null` if not stated. */
  measuredOn: string | null;
  source: Source;
  /** Runs with the same key and the same configuration complete one another into one curve; `null` = none. */
  seriesKey: string | null;
  qualityFlags: QualityFlag[];
  addedInRevision: number;
  points: LoadPoint[];
}

/** Service-level objective: metric + statistic + upper limit. */
export interface Slo {
  metric: Metric;
  statistic: Statistic;
  limitMs: number;
}
