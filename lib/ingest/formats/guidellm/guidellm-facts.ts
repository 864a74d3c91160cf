import { compareText } from "../../../compare-text";
import { isPlainText } from "../../facts/models";
import { isRecord, type JsonRecord, numberOf, own, positiveIntegerOf, recordAt, textAt } from "../../parse/fields";
import type { GivenFacts } from "../../report";

/** What a report says of what was measured and how. */
export interface GuidellmFacts {
  toolVersion: string | null;
  stated: GivenFacts;
  hints: GivenFacts;
  /** Free labels of the user: deployments that differ in them are different. */
  variant: string;
}

const DATASET_MAX_LENGTH = 100;

/** Keys that are a synthetic data set's own, wherever it is described. */
const SYNTHETIC_KEYS = ["prompt_tokens", "output_tokens"];

/**
 * Facts of one benchmark. The model is the name the server answers to. Accelerator, parallelism and server are not written by the
 * tool; labels of the user (`extras`, `labels`) are hints. Keys, headers and addresses are never looked at.
 */
export function guidellmFacts(report: JsonRecord, element: JsonRecord): GuidellmFacts {
  const args = recordAt(report, "args");
  const reportConfig = recordAt(report, "config");
  const spec = recordAt(reportConfig, "spec");
  const config = recordAt(element, "config");
  const worker = recordAt(element, "worker");
  const loader = recordAt(element, "request_loader");

  const stated: GivenFacts = {};
  const model =
    textAt(worker, "backend_model") ??
    textAt(recordAt(config, "backend"), "model") ??
    textAt(recordAt(spec, "backend"), "model") ??
    textAt(args, "model") ??
    textAt(recordAt(args, "backend_kwargs"), "model");
  if (model !== null) stated.model = model;
  const data = [loader, args, spec, recordAt(config, "requests")]
    .map((owner) => (owner === null ? undefined : own(owner, "data")))
    .find((value) => value !== undefined && value !== null);
  Object.assign(stated, workloadOfData(data));

  const hints: GivenFacts = {};
  const tokenizer =
    textAt(loader, "processor") ?? textAt(args, "processor") ?? textAt(recordAt(spec, "tokenizer"), "model");
  // A tokenizer may also be a directory of the machine the tool ran on.
  if (tokenizer !== null && /^[\w.-]+\/[\w.-]+$/.test(tokenizer)) hints.model = tokenizer;
  const backend =
    textAt(worker, "backend_type") ??
    textAt(recordAt(config, "backend"), "kind") ??
    textAt(recordAt(spec, "backend"), "kind") ??
    textAt(args, "backend");
  if (backend?.startsWith("vllm") === true) hints.server = "vllm";
  const labels = { ...recordAt(element, "extras"), ...recordAt(recordAt(reportConfig, "metadata"), "labels") };
  Object.assign(hints, factsOfLabels(labels));
  return {
    toolVersion: textAt(recordAt(report, "metadata"), "guidellm_version"),
    stated,
    hints,
    variant: variantOf(labels),
  };
}

/** Data set and nominal lengths; a mixture of several is not described by one of them. */
function workloadOfData(data: unknown): GivenFacts {
  const sources: unknown[] = Array.isArray(data) ? data : [data];
  const [source] = sources;
  if (sources.length !== 1 || source === undefined || source === null) return {};
  const described = typeof source === "string" ? describedData(source) : source;
  if (typeof described === "string") return datasetNamed(described);
  if (!isRecord(described)) return {};
  if (!SYNTHETIC_KEYS.some((key) => own(described, key) !== undefined)) {
    const name = ["source", "path", "name"].map((key) => textAt(described, key)).find((text) => text !== null);
    return name === undefined || name === null ? {} : datasetNamed(name);
  }
  const buckets = own(described, "prefix_buckets");
  const sharesPrefix =
    (Array.isArray(buckets) && buckets.length > 0) || positiveIntegerOf(own(described, "prefix_tokens")) !== null;
  const turns = numberOf(own(described, "turns")) ?? 1;
  const dataset = ["synthetic", ...(sharesPrefix ? ["shared-prefix"] : []), ...(turns > 1 ? ["multi-turn"] : [])];
  const facts: GivenFacts = { dataset: dataset.join("-") };
  // With a prefix or earlier turns before it, a prompt is longer than asked for: the measured mean says how long.
  const input = positiveIntegerOf(own(described, "prompt_tokens"));
  const output = positiveIntegerOf(own(described, "output_tokens"));
  if (input !== null && !sharesPrefix && turns <= 1) facts.inputTokens = input;
  if (output !== null) facts.outputTokens = output;
  return facts;
}

/** `{"prompt_tokens": 128, …}` or `prompt_tokens=128,output_tokens=128` as a record; any other text as it is. */
function describedData(text: string): unknown {
  const trimmed = text.trim();
  if (trimmed.startsWith("{")) {
    try {
      return JSON.parse(trimmed) as unknown;
    } catch {
      return null;
    }
  }
  const pairs = trimmed.split(",").map((part) => /^\s*([a-z_]+)\s*=\s*([^=]*)$/i.exec(part));
  if (!pairs.every((pair) => pair !== null)) return trimmed;
  return Object.fromEntries(pairs.map((pair) => [pair[1] ?? "", pair[2]?.trim() ?? ""]));
}

/** `org/name`, a path or an address → its last part without an ending such as `.jsonl`. */
function datasetNamed(text: string): GivenFacts {
  const last =
    text
      .replace(/[?#].*$/, "")
      .replace(/[\\/]+$/, "")
      .split(/[\\/]/)
      .pop() ?? "";
  const dataset = last.replace(/\.(?:jsonl?|csv|txt|parquet|arrow|db|tar|hdf5)$/i, "");
  return isPlainText(dataset, DATASET_MAX_LENGTH) ? { dataset } : {};
}

/** Facts by the names that users commonly give their labels. */
function factsOfLabels(labels: JsonRecord): GivenFacts {
  const textOf = (...keys: string[]) => keys.map((key) => textAt(labels, key)).find((text) => text !== null) ?? null;
  const countOf = (...keys: string[]) =>
    keys.map((key) => positiveIntegerOf(own(labels, key))).find((count) => count !== null) ?? null;
  const facts: GivenFacts = {};
  const accelerator = textOf("accelerator", "gpu", "gpu_type", "gpu_name", "hardware");
  const acceleratorCount = countOf("accelerator_count", "gpu_count", "num_gpus");
  const tensor = countOf("tp", "tensor_parallel_size");
  const server = textOf("server", "engine", "framework");
  const serverVersion = textOf("server_version", "engine_version", "vllm_version");
  const precision = textOf("precision", "quantization");
  if (accelerator !== null) facts.accelerator = accelerator;
  if (acceleratorCount !== null) facts.acceleratorCount = acceleratorCount;
  if (tensor !== null) facts.parallelism = { tensor };
  if (server !== null) facts.server = server;
  if (serverVersion !== null) facts.serverVersion = serverVersion;
  if (precision !== null) facts.precision = precision;
  return facts;
}

/**
 * Text labels in a fixed order, without those that name the single run (ids, dates, files): they do not distinguish
 * deployments.
 */
function variantOf(labels: JsonRecord): string {
  const words = Object.entries(labels).filter(
    ([key, value]) => typeof value === "string" && !/(?:^|[_-])(?:date|time|run|id|file|path|result)/i.test(key),
  );
  return words.length === 0 ? "" : JSON.stringify(words.sort(([a], [b]) => compareText(a, b)));
}
