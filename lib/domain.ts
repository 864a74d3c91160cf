/**
 * The words of the product as types: model, accelerator, configuration, workload, run,
 * load point, SLO and operating point. Everything between ingest and manifests speaks in these.
 * Latencies are milliseconds, throughputs tokens/s of the whole deployment, money USD. `null` means not known.
 */

import type { Metric, Statistic } from "./measurement/latency";
import type { Measurement } from "./measurement/measurement";
import type { QualityFlag } from "./measurement/quality-flags";

/** Parallelism as measured. `label` is the source's own short form, e.g. `tp8-ep8`, `p1x(tp4)+d3x(tp4)`; `null` parts are unknown. */
export interface Parallelism {
  label: string | null;
  tensor: number | null;
  pipeline: number | null;
  data: number | null;
  expert: number | null;
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
  servingMode: ServingMode;
  prefillAccelerators: number | null;
  decodeAccelerators: number | null;
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

/** One type of machine with accelerators, as its seller names it. */
export interface Machine {
  /** Id of the seller, as prices name it: `aws`. */
  seller: string;
  type: string;
  /** Catalogue id. */
  accelerator: string;
  accelerators: number;
  cpu: number;
  memoryGib: number;
  source: string;
}

/** CPU of the machine, as Kubernetes names it. */
export const HOST_ARCHITECTURES = ["amd64", "arm64"] as const;
export type HostArchitecture = (typeof HOST_ARCHITECTURES)[number];

/** What placing pods and choosing images needs to know of an accelerator. `null` = not known. */
export interface AcceleratorHardware {
  /** Generation, lower case: `hopper`, `blackwell`, `cdna3`, `trainium2` … */
  architecture: string | null;
  /** Accelerators of the largest single machine. */
  maximumPerMachine: number;
  /** CPUs and memory a pod asks for with each accelerator; `null` = the share of its memory class. */
  podCpu: number | null;
  podMemoryGib: number | null;
  hostArchitecture: HostArchitecture;
  /** Its machines are sold as whole racks that NVLink joins. */
  isNvlinkRack: boolean;
  /** Devices Kubernetes sees of one: 2 for modules of two dies. */
  kubernetesDevices: number;
  /** Devices a server counts for one: 2 where a chip has two cores. */
  serverDevices: number;
  /** CUDA compute capability: `9.0`. */
  computeCapability: string | null;
  /** NVIDIA's own name of it, as its management library and DRA driver report it; node labels have dashes for the blanks. */
  productName: string | null;
  /** PCI device ids by which AMD's node labeller names it: the card and its virtual function. */
  pciDeviceIds: string[];
  /** Karpenter's name, and its memory (MiB) where one name has several sizes. */
  karpenterName: string | null;
  karpenterMemoryMib: number | null;
  /** Of a processor, as Node Feature Discovery labels it: vendor, family, model number. */
  cpuModel: { vendor: string; family: string; model: string } | null;
  /** Logical CPUs of a processor's socket, two a core. */
  socketThreads: number | null;
  /** CSS colours on light and on dark. */
  colour: { light: string; dark: string } | null;
  /** Machines it is sold in: few accelerators and small machines first. */
  machines: Machine[];
}

export interface Accelerator {
  id: string;
  name: string;
  /** Short name for charts and sentences: `H100 SXM`, `MI300X`. */
  shortName: string;
  vendor: string;
  memoryGib: number | null;
  memoryBandwidthGbPerSecond: number | null;
  bf16Tflops: number | null;
  fp8Tflops: number | null;
  fp4Tflops: number | null;
  tdpWatts: number | null;
  interconnect: string | null;
  kubernetesResource: string | null;
  gkeNodeLabel: string | null;
  gkeAcceleratorLabel: string | null;
  /** Alternative spellings a person or report may use (lower case). */
  aliases: string[];
  source: string;
  notes: string | null;
  /** What is known of the hardware around it; `null` = nothing, or not sent along. */
  hardware: AcceleratorHardware | null;
}

export interface Model {
  /** Hugging Face id. */
  id: string;
  displayName: string;
  family: string | null;
  totalParametersBillions: number | null;
  activeParametersBillions: number | null;
  contextLengthTokens: number | null;
  weightsPrecision: string | null;
  weightBytes: number | null;
  /**
   * Published checkpoints of the same model at other precisions. Serves a measurement whose source names its precision but
   * not its weights; whoever uses one says so.
   */
  quantisedCheckpoints: { precision: string; checkpoint: string }[];
  licence: string | null;
  /** Needs a Hugging Face token; `null` = not known. */
  gated: boolean | null;
  source: string;
}

export const PRICE_KINDS = ["on_demand", "spot", "reserved_1y", "reserved_3y", "tco"] as const;
/** `tco` rows are total-cost-of-ownership estimates, not offers. */
export type PriceKind = (typeof PRICE_KINDS)[number];

export interface Price {
  priceId: string;
  provider: string;
  instanceType: string | null;
  region: string | null;
  acceleratorId: string;
  /** Accelerators in the instance the price is for. */
  acceleratorCount: number;
  /** USD per hour of the whole instance. */
  usdPerHour: number;
  kind: PriceKind;
  /** True where the row prices the accelerator alone: CPU and memory come on top. */
  acceleratorOnly: boolean;
  asOf: string | null;
  source: string;
  notes: string | null;
}

/** Service-level objective: metric + statistic + upper limit. */
export interface Slo {
  metric: Metric;
  statistic: Statistic;
  limitMs: number;
}
