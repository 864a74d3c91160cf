import path from "node:path";
import { readCatalogue } from "../../db/store/read-catalogue";
import type { Accelerator } from "../../lib/catalogue/catalogue";
import { completeOptions } from "../../lib/manifests/options/complete-options";
import {
  type AskedOptions,
  AUTOSCALERS,
  CONTEXTS,
  DEVICE_ACCESSES,
  GATEWAYS,
  METRICS_SOURCES,
  MONITORINGS,
  parseClusterVersion,
  STORAGES,
} from "../../lib/manifests/options/manifest-options";
import type { Choice } from "../../lib/manifests/plan/choice";
import { PLATFORM_IDS, type PlatformId } from "../../lib/manifests/platforms/all";
import { CLUSTER_OUTPUTS, type ManifestOutputKind, manifestOutput } from "../../lib/manifests/write/manifest-output";
import { bundleRefusal } from "../../lib/manifests/write/manifest-yaml";
import { PLAN, SOURCES } from "../unit/manifests/choice";
import { measuredWith } from "../unit/manifests/server-choices";
import type { Dimensions, Row } from "./covering-array";

const CATALOGUE = readCatalogue(path.resolve(import.meta.dirname, "../../data"));

function accelerator(id: string): Accelerator {
  const found = CATALOGUE.accelerators.find((item) => item.id === id);
  if (found === undefined) throw new Error(`no accelerator ${id}`);
  return found;
}

interface Measured {
  server: string;
  version: string;
  accelerator: string;
  count: number;
  parallelism: Record<string, number | string | null>;
  nodes?: number | null;
  split?: [prefill: number, decode: number];
  /** Options it can be deployed with, beside the ordinary ones. */
  home: Row;
}

const GENERIC: Row = { platform: "generic", monitoring: "none" };
const EKS: Row = { platform: "eks", monitoring: "none" };
const GKE: Row = { platform: "gke", monitoring: "none" };

/** Servers on accelerators, one for each runtime and shape that is written otherwise. */
const MEASURED: Record<string, Measured> = {
  "vLLM on 2 H100": on("vllm", "0.23.0", "h100-sxm-80gb", 2),
  "vLLM on 8 H200": on("vllm", "0.19.0", "h200-sxm-141gb", 8),
  "vLLM on 1 L4": on("vllm", "0.23.0", "l4-24gb", 1),
  "vLLM on 8 MI300X": on("vllm", "0.23.0", "mi300x-192gb", 8),
  "vLLM on 2 Gaudi 3": on("vllm", "0.19.0", "gaudi3-128gb", 2),
  "vLLM on 1 Arc Pro B60": on("vllm", "0.26.0", "intel-arc-pro-b60-24gb", 1),
  "vLLM on 8 TPU v6e": { ...on("vllm", "0.22.0", "tpu-v6e", 8), home: GKE },
  "vLLM on 4 TPU7x": { ...on("vllm", "0.22.0", "tpu-v7x", 4), parallelism: { label: "tp8", tensor: 8 }, home: GKE },
  "vLLM on 4 Trainium2": {
    ...on("vllm", "0.24.0", "trainium2-96gb", 4),
    parallelism: { label: "tp16", tensor: 16 },
    home: EKS,
  },
  "vLLM on 2 Xeon 6980P": on("vllm", "0.28.0", "xeon-6980p", 2),
  "SGLang on 8 B200": on("sglang", "0.5.13.post1", "b200-sxm-180gb", 8),
  "SGLang on 8 MI355X": on("sglang", "v0.5.12-rocm700-mi35x", "mi355x-288gb", 8),
  "TensorRT-LLM on 4 H100": on("trtllm", "1.3.0rc18", "h100-sxm-80gb", 4),
  "TensorRT-LLM on 8 B200": on("trtllm", "1.3.0rc14", "b200-sxm-180gb", 8),
  "vLLM on 2 machines of 8 H100": {
    ...on("vllm", "0.23.0", "h100-sxm-80gb", 16),
    nodes: 2,
    parallelism: { label: "tp8-pp2", tensor: 8, pipeline: 2 },
  },
  "vLLM on 16 TPU v6e": { ...on("vllm", "0.22.0", "tpu-v6e", 16), nodes: 4, home: GKE },
  "SGLang on 2 machines of 8 H200": { ...on("sglang", "0.5.13.post1", "h200-sxm-141gb", 16), nodes: 2 },
  "vLLM, prefill on 4 and decode on 12 H100": {
    ...on("vllm", "0.23.0", "h100-sxm-80gb", 16),
    nodes: null,
    split: [4, 12],
    parallelism: { label: "p1x(tp4)+d3x(tp4)", tensor: null, pipeline: null, data: null, expert: null },
    home: { ...GENERIC, gateway: "istio" },
  },
  "SGLang, prefill on 4 and decode on 12 H100": {
    ...on("sglang", "0.5.13.post1", "h100-sxm-80gb", 16),
    nodes: null,
    split: [4, 12],
    parallelism: { label: "p1x(tp4)+d3x(tp4)", tensor: null, pipeline: null, data: null, expert: null },
    home: { ...GENERIC, gateway: "istio" },
  },
};

function on(server: string, version: string, id: string, count: number): Measured {
  return {
    server,
    version,
    accelerator: id,
    count,
    parallelism: { label: `tp${count}`, tensor: count },
    home: GENERIC,
  };
}

export const DIMENSIONS: Dimensions = {
  measured: Object.keys(MEASURED),
  platform: PLATFORM_IDS,
  clusterVersion: ["1.30", "1.33", "1.34", "1.36"],
  deviceAccess: DEVICE_ACCESSES,
  autoscaler: AUTOSCALERS,
  metrics: METRICS_SOURCES,
  gateway: GATEWAYS,
  storage: STORAGES,
  monitoring: MONITORINGS,
  benchmarkJob: ["no", "yes"],
  networkPolicy: ["no", "yes"],
  context: CONTEXTS,
  answerParsers: ["no", "yes"],
  inferenceObjective: ["no", "yes"],
  namespace: ["none", "serving"],
  output: CLUSTER_OUTPUTS,
};

const ORDINARY: Row = {
  measured: "vLLM on 2 H100",
  platform: "generic",
  clusterVersion: "1.36",
  deviceAccess: "plugin",
  autoscaler: "none",
  metrics: "prometheus-adapter",
  gateway: "none",
  storage: "hub",
  monitoring: "none",
  benchmarkJob: "no",
  networkPolicy: "no",
  context: "measured",
  answerParsers: "yes",
  inferenceObjective: "no",
  namespace: "serving",
  output: "yaml",
};

/** Rows to start from: those of what was measured where the pair says that, else of one server of each kind. */
export function bases(pair: Row): Row[] {
  const { measured } = pair;
  const names =
    measured === undefined
      ? ["vLLM on 2 H100", "vLLM on 8 H200", "vLLM on 8 MI300X", "SGLang on 8 B200", "vLLM on 8 TPU v6e"]
      : [measured];
  return names.map((name) => ({ ...ORDINARY, ...MEASURED[name]?.home, measured: name }));
}

function oneOf<Value extends string>(values: readonly Value[], text: string | undefined): Value {
  const found = values.find((value) => value === text);
  if (found === undefined) throw new Error(`${text} is none of ${values.join(", ")}`);
  return found;
}

/** The options of a row, whatever is deployed with them. */
export function askedBy(row: Row): AskedOptions {
  const storage = oneOf(STORAGES, row.storage);
  const platform: PlatformId = oneOf(PLATFORM_IDS, row.platform);
  const autoscaler = oneOf(AUTOSCALERS, row.autoscaler);
  return {
    platform,
    clusterVersion: parseClusterVersion(row.clusterVersion ?? ""),
    deviceAccess: oneOf(DEVICE_ACCESSES, row.deviceAccess),
    autoscaler,
    metrics: oneOf(METRICS_SOURCES, row.metrics),
    gateway: oneOf(GATEWAYS, row.gateway),
    storage,
    storageSource: SOURCES[storage],
    monitoring: oneOf(MONITORINGS, row.monitoring),
    benchmarkJob: row.benchmarkJob === "yes",
    networkPolicy: row.networkPolicy === "yes",
    context: oneOf(CONTEXTS, row.context),
    answerParsers: row.answerParsers === "yes",
    inferenceObjective: row.inferenceObjective === "yes",
    namespace: row.namespace === "none" ? null : (row.namespace ?? null),
    rdmaResource: row.measured?.includes("prefill") ? "rdma/ib" : null,
  };
}

/** The form the manifests of a row come in. */
export function formOf(row: Row): ManifestOutputKind {
  return oneOf(CLUSTER_OUTPUTS, row.output);
}

/** What a row deploys. */
export function choiceOf(row: Row): Choice {
  const measured = MEASURED[row.measured ?? ""];
  if (measured === undefined) throw new Error(`nothing measured is called ${row.measured}`);
  const { server, version, count, nodes = 1, split, parallelism } = measured;
  return measuredWith(server, version, {
    accelerator: accelerator(measured.accelerator),
    options: askedBy(row),
    configuration: {
      acceleratorCount: count,
      nodes,
      ...(split === undefined
        ? {}
        : { servingMode: "disaggregated", prefillAccelerators: split[0], decodeAccelerators: split[1] }),
    },
    parallelism,
    model: { weightBytes: 14e9 },
    choice: { capacity: row.autoscaler === "hpa" ? PLAN : null },
  });
}

/** Why there are no manifests of a row, or `null`. */
export function refusalOfRow(row: Row): string | null {
  const choice = choiceOf(row);
  const form = formOf(row);
  if (form !== "helm-values" && form !== "helm-objects") return bundleRefusal(choice);
  const output = manifestOutput(choice, askedBy(row), form);
  return !output.ok ? output.error : null;
}

/** A choice with the options of a row, as far as they can be. */
export function withOptionsOf(choice: Choice, row: Row): Choice {
  return { ...choice, options: completeOptions(askedBy(row), choice.accelerator) };
}
