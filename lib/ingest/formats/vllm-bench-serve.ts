import type { Adapter, AdapterResult } from "../adapter";
import type { DraftRun } from "../complete-run";
import { isRecord, type JsonRecord, numberOf, own, positiveIntegerOf, textAt } from "../fields";
import { documentsOf, elementsOf, type ParsedFile } from "../parse-file";
import { problem } from "../problem";
import type { GivenFacts, Problem } from "../report";
import { readVllmPoint } from "./vllm-bench-serve-point";

/** Sent ahead of a sweep to warm the server up. */
const WARM_UP_FILE = /(?:^|\/)warmup\.json$/;

/** Servers a `--metadata framework=…` may name. */
const KNOWN_SERVERS = new Set(["vllm", "sglang", "trtllm", "tensorrt-llm", "tgi", "atom", "jetstream"]);

/** `vllm bench serve` and its predecessor `benchmark_serving.py`: one result object a load point. */
export const vllmBenchServe: Adapter = {
  format: "vllm-bench-serve",
  label: "vllm bench serve results (JSON, one object a line, or a sweep's summary)",
  factsWin: "flags",
  sniff: (file) =>
    documentsOf(file).some(({ value }) => (Array.isArray(value) ? value.some(isResult) : isResult(value))),
  read: (files) => {
    const result: AdapterResult = { drafts: [], problems: [], skipped: [] };
    const seen = new Map<string, string>();
    // A sweep's summary repeats the runs beside it: files of single results go first.
    for (const file of [...files].sort((a, b) => Number(holdsArray(a)) - Number(holdsArray(b))))
      readFile(file, seen, result);
    return result;
  },
};

function isResult(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const has = (key: string) => own(value, key) !== undefined;
  return has("model_id") && has("request_throughput") && has("completed") && !has("total_output_tokens_retokenized");
}

function holdsArray(file: ParsedFile): boolean {
  return documentsOf(file).some(({ value }) => Array.isArray(value));
}

function readFile(file: ParsedFile, seen: Map<string, string>, result: AdapterResult): void {
  if (WARM_UP_FILE.test(file.path)) {
    result.skipped.push({ file: file.path, reason: "the warm-up of a sweep, not a measurement" });
    return;
  }
  const drafts: DraftRun[] = [];
  const problems: Problem[] = [];
  const fresh = new Map<string, string>();
  let repeated: string | null = null;
  for (const { at, value } of elementsOf(file)) {
    if (!isRecord(value) || !isResult(value)) {
      const expected = "a result of vllm bench serve";
      problems.push(
        problem(file.path, at, value, expected, `${file.path}, ${at}: is not ${expected} like the rest of the file.`),
      );
      continue;
    }
    const text = JSON.stringify(value);
    const before = seen.get(text) ?? (fresh.has(text) ? file.path : undefined);
    if (before !== undefined) {
      repeated = before;
      continue;
    }
    fresh.set(text, file.path);
    const read = readVllmPoint(file.path, at, value);
    if (read.kind === "problems") problems.push(...read.problems);
    else drafts.push(draftOf(file.path, value, read.point));
  }
  result.problems.push(...problems);
  if (problems.length > 0) return;
  for (const [text, path] of fresh) seen.set(text, path);
  result.drafts.push(...drafts);
  if (drafts.length === 0 && repeated !== null) {
    result.skipped.push({ file: file.path, reason: `every result of it stands in ${repeated} already` });
  }
}

function draftOf(path: string, record: JsonRecord, point: DraftRun["points"][number]): DraftRun {
  const measuredOn = dateOf(textAt(record, "date"));
  return {
    format: vllmBenchServe.format,
    tool: "vllm bench serve",
    measuredOn,
    stated: statedFacts(record),
    hints: hintedFacts(record),
    seriesKey: null,
    qualityFlags: [],
    variant: variantOf(record),
    points: [{ ...point, measuredOn }],
    files: [path],
  };
}

/**
 * The words a person set this deployment apart with (`--label`, `--metadata deployment=no-features`). Numbers and names of
 * the single run are left out: they may differ from load to load of one curve.
 */
function variantOf(record: JsonRecord): string {
  const words = Object.entries(record).filter(
    ([key, value]) =>
      typeof value === "string" &&
      numberOf(value) === null &&
      !/(?:^|[_-])(?:date|time|run|id|file|path|result)/i.test(key),
  );
  return JSON.stringify(words.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** `20260427-170958` (local time, no zone) → `2026-04-27T17:09:58`. */
function dateOf(text: string | null): string | null {
  const match = /^(\d{4})(\d{2})(\d{2})-([01]\d|2[0-3])([0-5]\d)([0-5]\d)$/.exec(text ?? "");
  return match === null ? null : `${match[1]}-${match[2]}-${match[3]}T${match[4]}:${match[5]}:${match[6]}`;
}

/** What the result and its `--metadata` say for certain. Sweeps write their parameters with `-` or `_`. */
function statedFacts(record: JsonRecord): GivenFacts {
  const facts: GivenFacts = {};
  const model = textAt(record, "model_id");
  if (model !== null) facts.model = model;
  const parallelism: NonNullable<GivenFacts["parallelism"]> = {};
  const tensor = integer(record, "tensor_parallel_size");
  const pipeline = integer(record, "pipeline_parallel_size");
  const data = integer(record, "data_parallel_size");
  if (tensor !== null) parallelism.tensor = tensor;
  if (pipeline !== null) parallelism.pipeline = pipeline;
  if (data !== null) parallelism.data = data;
  if (Object.keys(parallelism).length > 0) facts.parallelism = parallelism;
  const random = integer(record, "random_input_len", "random_output_len") !== null;
  const dataset = textOf(record, "dataset_name") ?? (random ? "random" : null);
  if (dataset !== null) facts.dataset = dataset.toLowerCase().replace(/[\s_]+/g, "-");
  const input = integer(record, "random_input_len", "input_len");
  const output = integer(record, "random_output_len", "output_len");
  if (input !== null) facts.inputTokens = input;
  if (output !== null) facts.outputTokens = output;
  return facts;
}

/**
 * What it makes likely. `backend` is the protocol the client spoke: only `vllm` also names a server. Metadata such as
 * `gpu=4xNVIDIA_L40S` is the user's own free text.
 */
function hintedFacts(record: JsonRecord): GivenFacts {
  const facts: GivenFacts = {};
  const framework = textOf(record, "framework")?.toLowerCase() ?? null;
  if (textAt(record, "backend") === "vllm" || textAt(record, "endpoint_type") === "vllm") facts.server = "vllm";
  else if (framework !== null && KNOWN_SERVERS.has(framework)) facts.server = framework;
  const version = textOf(record, "vllm_version", "server_version");
  if (version !== null) facts.serverVersion = version;
  const hardware = textOf(record, "gpu", "accelerator", "gpu_name", "gpu_type");
  const counted = /^(\d{1,5})\s*x\s*(\S.*)$/i.exec(hardware ?? "");
  if (counted !== null) {
    facts.accelerator = (counted[2] ?? "").replaceAll("_", " ");
    facts.acceleratorCount = Number(counted[1]);
  } else if (hardware !== null) {
    facts.accelerator = hardware.replaceAll("_", " ");
  }
  const count = integer(record, "accelerator_count", "gpu_count", "num_gpus");
  if (count !== null) facts.acceleratorCount = count;
  return facts;
}

/** The first of several keys that holds text, each also in its spelling with dashes. */
function textOf(record: JsonRecord, ...keys: string[]): string | null {
  for (const key of keys) {
    const text = textAt(record, key) ?? textAt(record, key.replaceAll("_", "-"));
    if (text !== null) return text;
  }
  return null;
}

function integer(record: JsonRecord, ...keys: string[]): number | null {
  for (const key of keys) {
    const value = positiveIntegerOf(own(record, key)) ?? positiveIntegerOf(own(record, key.replaceAll("_", "-")));
    if (value !== null) return value;
  }
  return null;
}
