import { canonicalSettings } from "../../../measurement/settings";
import type { DraftRun } from "../../facts/draft-run";
import { isRecord, type JsonRecord, numberOf, own, positiveIntegerOf, recordAt, textAt } from "../../parse/fields";
import { documentsOf, type ParsedDocument, type ParsedFile } from "../../parse/parsed-file";
import { problem } from "../../problem";
import type { GivenFacts, ReadPoint } from "../../report";
import type { Adapter } from "../adapter";
import { type ResultFormat, readResultFiles } from "../result-files";
import { type ClientDialect, readClientPoint } from "../serving-client/client-result";
import { sglangDialect, sglangWorkload } from "../sglang/sglang-bench-serving";
import { vllmDialect } from "../vllm/vllm-bench-serve";

const FORMAT = "llm-optimizer";

/** Where a test keeps what its serving client measured. */
const RESULT_KEYS = ["results", "result", "metrics", "benchmark_results"];

/** The tests of the file written at the end; its `best_configurations` repeat some of them. */
const LIST_KEYS = ["test_results", "results", "tests"];

/** Both clients' names; the tool ships a client that descends from SGLang's. */
const dialect: ClientDialect = {
  ...sglangDialect,
  metricKeys: { ttft: ["ttft"], tpot: ["tpot"], itl: ["itl"], e2e: ["e2e_latency", "e2el"] },
  requestThroughput: ["request_throughput"],
  totalThroughput: ["total_throughput", "total_token_throughput"],
  failedRequests: (record, completed) =>
    sglangDialect.failedRequests(record, completed) ?? vllmDialect.failedRequests(record, completed),
};

const tests: ResultFormat = {
  name: "a test of llm-optimizer",
  isResult: isTest,
  elements: (file) => allTestsOf(file).filter(({ value }) => !hasFailed(value)),
  readPoint,
  draft,
};

/**
 * llm-optimizer (bentoml): one test a configuration, its client's results beside the arguments it ran with; one test a line
 * while it runs, `{metadata, test_results}` at the end. The shape follows excerpts its users published; the writer itself was
 * not seen and no real file was tried.
 */
export const llmOptimizer: Adapter = {
  format: FORMAT,
  label: "llm-optimizer results (JSON, or one test a line)",
  factsWin: "flags",
  sniff: (file) => allTestsOf(file).some(({ value }) => isRecord(value) && (isTest(value) || hasFailed(value))),
  read: (files) => {
    const barren = files.filter((file) => allTestsOf(file).every(({ value }) => hasFailed(value)));
    const result = readResultFiles(
      files.filter((file) => !barren.includes(file)),
      tests,
    );
    for (const { path } of barren) {
      const message = `${path}: every test in it failed before a request completed, so nothing was measured.`;
      result.problems.push(problem(path, "", "", "at least one test with results", message));
    }
    return result;
  },
};

function isTest(value: unknown): boolean {
  return isRecord(value) && configOf(value) !== null && resultOf(value) !== null;
}

function configOf(test: JsonRecord): JsonRecord | null {
  const config = recordAt(test, "config");
  return config !== null && (recordAt(config, "client_args") ?? recordAt(config, "server_args")) !== null
    ? config
    : null;
}

/** The client's figures; `null` for a test that failed before there were any. */
function resultOf(test: JsonRecord): { key: string; record: JsonRecord } | null {
  for (const key of RESULT_KEYS) {
    const record = recordAt(test, key);
    if (record !== null && (numberOf(own(record, "completed")) ?? 0) > 0) return { key, record };
  }
  return null;
}

/** Every test of a file; the head of the whole file holds for each that has none of its own. */
function allTestsOf(file: ParsedFile): ParsedDocument[] {
  return documentsOf(file).flatMap(({ location, value }) => {
    const root = location === "$" ? "$" : `${location}, $`;
    if (Array.isArray(value)) return listed(value, root);
    if (!isRecord(value)) return [];
    const key = LIST_KEYS.find((name) => Array.isArray(own(value, name)));
    const list = key === undefined ? undefined : own(value, key);
    if (!Array.isArray(list)) return [{ location, value }];
    const metadata = recordAt(value, "metadata");
    return listed(list, `${root}.${key}`).map((test) =>
      metadata !== null && isRecord(test.value) && recordAt(test.value, "metadata") === null
        ? { location: test.location, value: { ...test.value, metadata } }
        : test,
    );
  });
}

function listed(values: readonly unknown[], location: string): ParsedDocument[] {
  return values.map((value, index) => ({ location: `${location}[${index}]`, value }));
}

/** Tests whose server never answered hold no results: they are left out, and a sweep usually has some. */
function hasFailed(value: unknown): boolean {
  return isRecord(value) && configOf(value) !== null && resultOf(value) === null;
}

function readPoint(path: string, location: string, record: JsonRecord): ReturnType<ResultFormat["readPoint"]> {
  const result = resultOf(record);
  const resultsLocation = `${location.includes("$") ? location : `${location}, $`}.${result?.key ?? "results"}`;
  return readClientPoint(path, resultsLocation, result?.record ?? {}, dialect);
}

function draft(path: string, record: JsonRecord, point: ReadPoint): DraftRun {
  const config = configOf(record);
  const client = recordAt(config, "client_args");
  const server = recordAt(config, "server_args");
  const metadata = recordAt(record, "metadata");
  const result = resultOf(record)?.record ?? {};
  const stated: GivenFacts = { ...sglangWorkload({ ...client, ...withoutNulls(result) }) };
  const parallelism = parallelismOf(server);
  if (Object.keys(parallelism).length > 0) stated.parallelism = parallelism;
  const started = server === null ? null : canonicalSettings(server);
  if (started !== null) stated.serverArguments = started;
  return {
    format: FORMAT,
    tool: "llm-optimizer",
    measuredOn: null,
    stated,
    hints: hintsOf(metadata, client, server, textAt(record, "cmd"), textAt(result, "backend"), parallelism),
    seriesKey: null,
    qualityFlags: [],
    points: [point],
    files: [path],
  };
}

function withoutNulls(record: JsonRecord): JsonRecord {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== null));
}

function parallelismOf(server: JsonRecord | null): NonNullable<GivenFacts["parallelism"]> {
  const parallelism: NonNullable<GivenFacts["parallelism"]> = {};
  const parts = {
    tensor: ["tensor_parallel_size", "tp_size", "tp"],
    pipeline: ["pipeline_parallel_size", "pp_size", "pp"],
    data: ["data_parallel_size", "dp_size", "dp"],
    expert: ["ep_size", "expert_parallel_size"],
  } as const;
  for (const [part, keys] of Object.entries(parts) as [keyof typeof parts, readonly string[]][]) {
    for (const key of keys) {
      const size = server === null ? null : positiveIntegerOf(own(server, key));
      if (size !== null) parallelism[part] ??= size;
    }
  }
  return parallelism;
}

function hintsOf(
  metadata: JsonRecord | null,
  client: JsonRecord | null,
  server: JsonRecord | null,
  command: string | null,
  backend: string | null,
  parallelism: NonNullable<GivenFacts["parallelism"]>,
): GivenFacts {
  const hints: GivenFacts = {};
  const model = [
    textAt(metadata, "model_tag"),
    textAt(metadata, "model"),
    textAt(client, "model"),
    textAt(server, "model"),
  ];
  const named = model.find((name) => name !== null && /^[\w.-]+\/[\w.-]+$/.test(name));
  if (named !== undefined && named !== null) hints.model = named;
  const framework = textAt(metadata, "framework")?.toLowerCase() ?? backend;
  const launched = /\bvllm serve\b|vllm\.entrypoints/.test(command ?? "")
    ? "vllm"
    : /sglang\.launch_server/.test(command ?? "")
      ? "sglang"
      : framework;
  if (launched !== null) hints.server = launched;
  const accelerator = textAt(metadata, "gpu_type");
  if (accelerator !== null) hints.accelerator = accelerator;
  // GPUs the tool was given: a test that spreads over fewer leaves the rest idle.
  const gpus = metadata === null ? null : positiveIntegerOf(own(metadata, "gpu_count"));
  const spread = (parallelism.tensor ?? 1) * (parallelism.pipeline ?? 1) * (parallelism.data ?? 1);
  if (gpus !== null && (Object.keys(parallelism).length === 0 || spread === gpus)) hints.acceleratorCount = gpus;
  const precision = textAt(server, "quantization")?.toLowerCase();
  if (precision === "fp8") hints.precision = precision;
  return hints;
}
