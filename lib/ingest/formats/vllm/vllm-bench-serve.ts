import { appendAll } from "../../../append-all";
import { compareText } from "../../../compare-text";
import { dateInText } from "../../facts/dates";
import type { DraftRun } from "../../facts/draft-run";
import { has, isRecord, type JsonRecord, numberOf, own, positiveIntegerOf, textAt } from "../../parse/fields";
import { documentsOf, type ParsedFile } from "../../parse/parsed-file";
import type { GivenFacts } from "../../report";
import type { Adapter } from "../adapter";
import { firstOf, hasKeys } from "../companions";
import { holdsResult, type ResultFormat, readResultFiles, resultRecords } from "../result-files";
import { type ClientDialect, readClientPoint } from "../serving-client/client-result";
import { isSweepTable, sweepTableElements, sweptColumns, sweptParameters } from "./vllm-sweep-table";

/** Sent ahead of a sweep to warm the server up. */
const WARM_UP_FILE = /(?:^|\/)warmup\.json$/;

/** Servers a `--metadata framework=…` may name. */
const KNOWN_SERVERS = new Set(["vllm", "sglang", "trtllm", "tensorrt-llm", "tgi", "atom", "jetstream"]);

const FORMAT = "vllm-bench-serve";

/** Speculative decoding by a method the result does not name. */
const METHOD_NOT_SAID = "speculative";

/** Columns of a table named in a note. */
const COLUMNS_NAMED = 8;

/** Keys and zero traps of `vllm bench serve`, its predecessor and the client of trtllm-serve. */
export const vllmDialect: ClientDialect = {
  // Forks of 2024 wrote `mean_latency_ms` for the whole request.
  metricKeys: { ttft: ["ttft"], tpot: ["tpot"], itl: ["itl"], e2e: ["e2el", "latency"] },
  requestThroughput: ["request_throughput", "request_inthroughput"],
  totalThroughput: ["total_token_throughput"],
  inputTokens: ["total_input_tokens"],
  outputTokens: ["total_output_tokens"],
  missingRate: "refuse",
  // The client of trtllm-serve gives every first token at -1 s where it did not stream.
  withoutStreaming: (record) => numberOf(own(record, "mean_ttft_ms")) === -1000,
  outputTokensElsewhere: [],
  failedRequests: (record, completed) => {
    const planned = numberOf(own(record, "num_prompts"));
    return planned !== null && Number.isSafeInteger(planned) && planned >= completed ? planned - completed : null;
  },
};

const results: ResultFormat = {
  name: "a result of vllm bench serve",
  isResult,
  distinguishingPath: serverParametersOf,
  readPoint: (path, location, record) => readClientPoint(path, location, record, vllmDialect),
  draft: draftOf,
};

/** The table of a sweep: the same results, one a row, cells as text. */
const tableResults: ResultFormat = {
  ...results,
  elements: sweepTableElements,
  draft: (path, record, point) => ({
    ...draftOf(path, record, point),
    variant: JSON.stringify([textAt(record, "label"), sweptParameters(record)]),
  }),
};

/**
 * `vllm bench serve`, its predecessor `benchmark_serving.py` and what descends from it (the client of trtllm-serve): one result
 * object a load point. Sweep tables (`summary.csv`), `request_inthroughput` files and the client of trtllm-serve follow their
 * writers' sources; they were not tried on real files.
 */
export const vllmBenchServe: Adapter = {
  format: FORMAT,
  label: "vllm bench serve results (JSON, one object a line, or a sweep's summary)",
  companions: [
    {
      reason: "PyTorch benchmark records: the result file beside it holds the same figures",
      isValue: (value) => hasKeys(firstOf(value), ["benchmark", "metric"]),
    },
    { reason: "the record of a failed sweep run", isValue: (value) => hasKeys(value, ["run_number", "error_type"]) },
    {
      reason: "the table form of a vLLM sweep: its summary.json holds the same runs",
      isTable: (columns) => columns.has("request_throughput") && columns.has("model_id"),
    },
  ],
  requestLists: ["generated_texts"],
  spareLists: ["itls"],
  yamlKeys: ["model_id"],
  factsWin: "flags",
  records: resultRecords(results),
  sniff: (file) => isSweepTable(file) || holdsResult(file, isResult),
  read: (files) => {
    const warmUps = files.filter((file) => WARM_UP_FILE.test(file.path));
    const tables = files.filter(isSweepTable);
    const reports = files.filter((file) => !warmUps.includes(file) && !isSweepTable(file));
    // A sweep's summary repeats the runs beside it: files of single results go first.
    const ordered = reports.sort((a, b) => Number(holdsArray(a)) - Number(holdsArray(b)));
    const result = readResultFiles(ordered, results);
    for (const file of warmUps) {
      result.skipped.push({ file: file.path, reason: "the warm-up of a sweep, not a measurement" });
    }
    if (reports.length === 0) {
      const table = readResultFiles(tables, tableResults);
      const notes = tables.flatMap((file) => {
        const columns = sweptColumns(file).map((name) => `"${name}"`);
        if (columns.length === 0) return [];
        const named = columns.slice(0, COLUMNS_NAMED).join(", ");
        const more = columns.length > COLUMNS_NAMED ? ` and ${columns.length - COLUMNS_NAMED} more` : "";
        return [`${file.path}: ${named}${more} are no columns of the client: rows that differ in them are kept apart.`];
      });
      if (notes.length > 0) result.notes = notes;
      appendAll(result.drafts, table.drafts);
      appendAll(result.problems, table.problems);
      appendAll(result.skipped, table.skipped);
    } else {
      for (const file of tables) {
        const reason = "the table form of a vLLM sweep: the result files beside it hold the same runs";
        result.skipped.push({ file: file.path, reason });
      }
    }
    return result;
  },
};

function isResult(value: unknown): boolean {
  if (!isRecord(value) || !has(value, "model_id") || !has(value, "completed")) return false;
  return vllmDialect.requestThroughput.some((key) => has(value, key)) && !has(value, "total_output_tokens_retokenized");
}

function holdsArray(file: ParsedFile): boolean {
  return documentsOf(file).some(({ value }) => Array.isArray(value));
}

function draftOf(path: string, record: JsonRecord, point: DraftRun["points"][number]): DraftRun {
  const measuredOn = dateInText(textAt(record, "date"));
  return {
    format: FORMAT,
    tool: isTrtllmClient(record) ? "trtllm-serve benchmark_serving" : "vllm bench serve",
    measuredOn,
    stated: statedFacts(record),
    hints: hintedFacts(record),
    ...tokenizerOf(record),
    seriesKey: null,
    qualityFlags: [],
    variant: JSON.stringify([variantOf(record), serverParametersOf(path)]),
    points: [Object.assign(point, { measuredOn })],
    files: [path],
  };
}

/** The tokenizer, where it is not the model's own name again. */
function tokenizerOf(record: JsonRecord): Pick<DraftRun, "tokenizer"> {
  const tokenizer = textAt(record, "tokenizer_id");
  return tokenizer === null || tokenizer === textAt(record, "model_id") ? {} : { tokenizer };
}

/** The client of trtllm-serve alone writes these. */
function isTrtllmClient(record: JsonRecord): boolean {
  return ["user_throughput", "avg_decoded_tokens_per_iter"].some((key) => own(record, key) !== undefined);
}

/** A sweep names the directory of a load by the server parameters it was measured with: `SERVE--max_num_seqs=8-BENCH--…`. */
function serverParametersOf(path: string): string | null {
  return /(?:^|\/)(SERVE--[^/]*?)-?(?:BENCH--[^/]*)?\/[^/]*$/.exec(path)?.[1] ?? null;
}

const OF_ONE_RUN = /(?:^|[_-])(?:date|time|run|id|file|path|result)/i;

/**
 * Words with which the person distinguished this deployment (`--label`, `--metadata deployment=no-features`). Numbers and names
 * of the single run are left out: they may differ from load to load of one curve.
 */
function variantOf(record: JsonRecord): string {
  const words: [string, string][] = [];
  for (const key of Object.keys(record)) {
    const value = record[key];
    if (typeof value === "string" && !OF_ONE_RUN.test(key) && numberOf(value) === null) words.push([key, value]);
  }
  return JSON.stringify(words.sort(([a], [b]) => compareText(a, b)));
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
  // `isl` and `osl` are what people call the columns they add to a table of results.
  const input = integer(record, "random_input_len", "input_len", "isl");
  const output = integer(record, "random_output_len", "output_len", "osl");
  // The client reads the server's counters: that tokens were accepted is certain, by which method is not said.
  const drafts = numberOf(own(record, "spec_decode_num_drafts"));
  if (drafts !== null && drafts > 0) facts.speculative = METHOD_NOT_SAID;
  if (input !== null) facts.inputTokens = input;
  if (output !== null) facts.outputTokens = output;
  return facts;
}

/**
 * What it makes likely. `backend` and `endpoint_type` are the protocol the client spoke, and SGLang, ATOM and others are asked in
 * that called `vllm` too: the server stays unknown. Metadata such as `gpu=4xNVIDIA_L40S` is the user's own free text.
 */
function hintedFacts(record: JsonRecord): GivenFacts {
  const facts: GivenFacts = {};
  const framework = textOf(record, "framework")?.toLowerCase() ?? null;
  if (isTrtllmClient(record)) facts.server = "trtllm";
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
    const text = textAt(record, key) ?? textAt(record, dashed(key));
    if (text !== null) return text;
  }
  return null;
}

const DASHED = new Map<string, string>();

/** A key as it is spelled with dashes. Remembered, so that it is made once. */
function dashed(key: string): string {
  const known = DASHED.get(key);
  if (known !== undefined) return known;
  const made = key.replaceAll("_", "-");
  DASHED.set(key, made);
  return made;
}

function integer(record: JsonRecord, ...keys: string[]): number | null {
  for (const key of keys) {
    const value = positiveIntegerOf(own(record, key)) ?? positiveIntegerOf(own(record, dashed(key)));
    if (value !== null) return value;
  }
  return null;
}
