import path from "node:path";
import { emptyMeasurement } from "@/lib/measurement/measurement";
import { readCatalogue } from "../../../db/store/read-catalogue";
import type { Accelerator, Model } from "../../../lib/catalogue/catalogue";
import type { Configuration, LoadPoint, Parallelism } from "../../../lib/domain";
import { NO_FALLBACKS } from "../../../lib/manifests/devices/fallback-accelerators";
import { completeOptions } from "../../../lib/manifests/options/complete-options";
import type { AskedOptions, StorageKind } from "../../../lib/manifests/options/manifest-options";
import type { Choice } from "../../../lib/manifests/plan/choice";
import type { LatencyStatistics } from "../../../lib/measurement/latency";
import { type Settings, UNKNOWN_SETTINGS } from "../../../lib/measurement/settings";
import type { CapacityPlan, OperatingPoint } from "../../../lib/selection/types";

/** Parts of a Choice a test cares about; everything else is an ordinary measured point of Qwen3-32B on two H100. */
export interface ChoiceParts {
  configuration?: Partial<Omit<Configuration, "parallelism">>;
  parallelism?: Partial<Parallelism>;
  operatingPoint?: Partial<MeasuredPoint>;
  model?: Partial<Model> | null;
  accelerator?: Partial<Accelerator>;
  /** Options asked for; the rest follows. */
  options?: AskedOptions;
  choice?: Partial<Omit<Choice, "configuration" | "operatingPoint" | "model" | "accelerator">>;
}

type MeasuredPoint = Extract<OperatingPoint, { kind: "measured" }>;

/** Mean only, as most public figures have it. */
export function meanOnly(mean: number): LatencyStatistics {
  return { mean, p50: null, p90: null, p95: null, p99: null };
}

const CATALOGUE = readCatalogue(path.resolve(import.meta.dirname, "../../../data")).accelerators;

/** With the hardware and machines the shipped catalogue has for its id. */
export function withHardware(accelerator: Omit<Accelerator, "hardware">): Accelerator {
  return { ...accelerator, hardware: CATALOGUE.find(({ id }) => id === accelerator.id)?.hardware ?? null };
}

export const H100: Accelerator = withHardware({
  id: "h100-sxm-80gb",
  name: "NVIDIA H100 SXM 80GB",
  shortName: "H100 SXM",
  vendor: "NVIDIA",
  memoryGib: 80,
  memoryBandwidthGbPerSecond: 3350,
  bf16Tflops: 989,
  fp8Tflops: 1979,
  fp4Tflops: null,
  tdpWatts: 700,
  interconnect: null,
  kubernetesResource: "nvidia.com/gpu",
  gkeNodeLabel: "cloud.google.com/gke-accelerator",
  gkeAcceleratorLabel: "nvidia-h100-80gb",
  aliases: [],
  source: "test",
  notes: null,
});

/** A Cloud TPU of the given GKE label: `tpu-v5-lite-podslice`, `tpu-v6e-slice`, `tpu7x`. */
export function tpu(id: string, label: string, memoryGib: number): Accelerator {
  return withHardware({
    ...H100,
    id,
    name: `Google ${id}`,
    shortName: id,
    vendor: "Google",
    memoryGib,
    kubernetesResource: "google.com/tpu",
    gkeNodeLabel: "cloud.google.com/gke-tpu-accelerator",
    gkeAcceleratorLabel: label,
  });
}

export const QWEN: Model = {
  id: "Qwen/Qwen3-32B",
  displayName: "Qwen3-32B",
  family: "Qwen",
  totalParametersBillions: 32,
  activeParametersBillions: 32,
  contextLengthTokens: 40960,
  weightsPrecision: "bf16",
  weightBytes: 64e9,
  quantisedCheckpoints: [],
  licence: "Apache-2.0",
  gated: false,
  source: "test",
};

const POINT: LoadPoint = {
  pointId: "point-1",
  runId: "run-1",
  ordinal: 0,
  reportSha256: "0".repeat(64),
  ...emptyMeasurement(),
  loadKind: "concurrency",
  loadValue: 64,
  requestsCompleted: 640,
  requestsFailed: 0,
  durationS: 300,
  requestRateAchieved: 2.1,
  outputTokensPerSecond: 2150,
  inputTokensPerSecond: 2150,
  totalTokensPerSecond: 4300,
  inputTokensMean: 1024,
  outputTokensMean: 1024,
  ttftMs: meanOnly(300),
  tpotMs: meanOnly(28),
  itlMs: null,
  ntpotMs: null,
  e2eMs: null,
};

export const PLAN: CapacityPlan = {
  demand: { kind: "requests", requestsPerSecond: 12 },
  demandRequestsPerSecond: 12,
  headroom: 0.2,
  replicas: 4,
  accelerators: 8,
  instances: 1,
  instanceType: "a3-highgpu-8g",
  usdPerHour: 20,
  usdPerMonth: 14600,
  requestsPerSecondPerReplica: 3,
  utilisation: 0.7,
  predicted: null,
  oneReplicaLost: { utilisation: 0.93, withinOperatingPoint: true },
  carriesUpTo: { amount: 13.7, unit: "requestsPerSecond" },
  stock: null,
  byHour: null,
};

/** Started with the server's defaults, and that is known. */
export const DEFAULT_SETTINGS: Settings = { serverArguments: {}, environment: {}, engineOptions: {}, image: null };

/** A Choice with the given parts changed. */
export function choice(parts: ChoiceParts = {}): Choice {
  const accelerator = withHardware({ ...H100, ...parts.accelerator });
  const configuration: Configuration = {
    configurationId: "c-0123456789abcdef",
    model: "Qwen/Qwen3-32B",
    checkpoint: null,
    accelerator: parts.accelerator?.id ?? "h100-sxm-80gb",
    acceleratorCount: 2,
    nodes: 1,
    server: "vllm",
    serverVersion: "0.23.0",
    precision: "bf16",
    speculative: null,
    speculativeTokens: null,
    servingMode: "aggregated",
    prefillAccelerators: null,
    decodeAccelerators: null,
    settings: UNKNOWN_SETTINGS,
    ...parts.configuration,
    parallelism: { label: "tp2", tensor: 2, pipeline: 1, data: 1, expert: 1, context: null, ...parts.parallelism },
  };
  const operatingPoint: OperatingPoint = {
    kind: "measured",
    rule: "slo",
    point: POINT,
    loadKind: POINT.loadKind,
    loadValue: POINT.loadValue,
    outputTokensPerSecond: 2150,
    throughputBasis: "measured",
    requestsPerSecond: 2.1,
    inputTokensPerSecond: 2150,
    failedShare: null,
    standings: [],
    bindingSlo: null,
    bindingRequests: null,
    qualityFlags: [],
    ttftMs: POINT.ttftMs,
    tpotMs: POINT.tpotMs,
    itlMs: null,
    ntpotMs: null,
    e2eMs: null,
    ...parts.operatingPoint,
  };
  return {
    workload: { workloadId: "random-1024-1024", dataset: "random", inputTokens: 1024, outputTokens: 1024 },
    slos: [{ metric: "ttft", statistic: "p95", limitMs: 500 }],
    cost: {
      kind: "known",
      usdPerAcceleratorHour: 2.5,
      usdPerHour: 5,
      usdPerMillionOutputTokens: 0.646,
      price: null,
      packing: null,
      discountPercent: 0,
    },
    capacity: null,
    revision: 3,
    shareUrl: "https://quickstart.example/s/abc",
    sources: [{ name: "a-source", url: "https://example.com/data", licence: "Apache-2.0" }],
    runIds: ["run-1"],
    measuredOn: "2026-06-01",
    options: completeOptions({ platform: "generic", ...parts.options }, accelerator),
    fallbacks: NO_FALLBACKS,
    ...parts.choice,
    configuration,
    operatingPoint,
    model: parts.model === null ? null : { ...QWEN, ...parts.model },
    accelerator,
  };
}

/** Something each storage can hold the weights in. */
export const SOURCES: Record<StorageKind, string | null> = {
  hub: null,
  pvc: "models/a/b",
  gcsfuse: "gs://my-models/a/b",
  lustre: "lustre-models",
  s3: "s3://my-models/a",
  "oci-image": `registry.example.org/models/a:1.0@sha256:${"0".repeat(64)}#models`,
};
