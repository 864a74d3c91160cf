import { addFlag } from "../../../measurement/quality-flags";
import { ok, refused } from "../../../result";
import type { DraftRun } from "../../facts/draft-run";
import {
  countAt,
  emptyPoint,
  type FieldSink,
  isRecord,
  type JsonRecord,
  measuredAt,
  memberPath,
  own,
  positiveIntegerOf,
  textAt,
} from "../../parse/fields";
import { problem } from "../../problem";
import type { GivenFacts, ReadPoint } from "../../report";
import type { Adapter } from "../adapter";
import { holdsResult, type ResultFormat, readResultFiles, resultAdapter } from "../result-files";
import { isLlamaBenchTable, llamaBenchTests } from "./llama-bench-tables";

const FORMAT = "llama-bench";
const NS_PER_MS = 1e6;

const KEYS = ["build_commit", "model_filename", "n_prompt", "n_gen", "avg_ns", "avg_ts"];

/** Settings that set one test of the same lengths apart from another. */
const SETTINGS = [
  "n_batch",
  "n_ubatch",
  "n_threads",
  "type_k",
  "type_v",
  "n_gpu_layers",
  "n_cpu_moe",
  "split_mode",
  "no_kv_offload",
  "flash_attn",
  "tensor_split",
  "n_depth",
];

const results: ResultFormat = { name: "a test of llama-bench", isResult, readPoint, draft };

/** The same tests as a table. */
const tableResults: ResultFormat = { ...results, elements: llamaBenchTests };

/**
 * `llama-bench` of llama.cpp, as JSON, JSON lines, CSV or the table it prints: one test a record, one sequence at a time in the tool's own process, repeated
 * and averaged. A test processes a prompt, generates tokens, or does one after the other.
 */
export const llamaBench: Adapter = {
  ...resultAdapter(FORMAT, "llama-bench results (JSON, CSV or its table)", results),
  sniff: (file) => isLlamaBenchTable(file) || holdsResult(file, isResult),
  read: (files) => {
    const tables = files.filter(isLlamaBenchTable);
    const read = readResultFiles(
      files.filter((file) => !tables.includes(file)),
      results,
    );
    // A file beside the table it was printed as holds more of the same tests.
    if (read.drafts.length > 0) {
      for (const { path } of tables) {
        read.skipped.push({ file: path, reason: "the table form of llama-bench: results beside it hold its tests" });
      }
      return read;
    }
    const table = readResultFiles(tables, tableResults);
    return {
      drafts: table.drafts,
      problems: [...read.problems, ...table.problems],
      skipped: [...read.skipped, ...table.skipped],
    };
  },
};

function isResult(value: unknown): boolean {
  return isRecord(value) && KEYS.every((key) => own(value, key) !== undefined);
}

function readPoint(path: string, at: string, record: JsonRecord): ReturnType<ResultFormat["readPoint"]> {
  const sink: FieldSink = { file: path, problems: [] };
  const point: ReadPoint = { ...emptyPoint(path, at), loadKind: "concurrency", loadValue: 1 };
  const promptTokens = countAt(sink, record, "n_prompt", at);
  const generatedTokens = countAt(sink, record, "n_gen", at);
  const contextTokens = countAt(sink, record, "n_depth", at);
  const testMs = measuredNs(sink, record, at);
  const tokensPerSecond = measuredAt(sink, record, "avg_ts", at);
  const hasPrompt = promptTokens !== null && promptTokens > 0;
  const generates = generatedTokens !== null && generatedTokens > 0;
  if (sink.problems.length === 0 && !hasPrompt && !generates) {
    const expected = "tokens of a prompt, or tokens to generate";
    const where = memberPath(at, "n_gen");
    sink.problems.push(
      problem(path, where, own(record, "n_gen"), expected, `${path}, ${where}: expected ${expected}.`),
    );
  }
  if (sink.problems.length > 0) return refused(sink.problems);
  // What stood in the context before a test began was not part of what is timed, but of what it was asked.
  const inputTokens = (promptTokens ?? 0) + (contextTokens ?? 0);
  point.inputTokensMean = inputTokens > 0 ? inputTokens : null;
  point.outputTokensMean = generates ? generatedTokens : null;
  if (hasPrompt && generates) {
    point.totalTokensPerSecond = tokensPerSecond;
    if (testMs !== null) point.e2eMs = meanOnly(testMs);
  } else if (generates) {
    point.outputTokensPerSecond = tokensPerSecond;
    if (testMs !== null) point.tpotMs = meanOnly(testMs / generatedTokens);
  } else {
    // The time to process a prompt is not the time to its first token: nothing is sampled in such a test.
    point.inputTokensPerSecond = tokensPerSecond;
  }
  addFlag(point.qualityFlags, "offline_engine");
  addFlag(point.qualityFlags, "nominal_token_lengths");
  return ok(point);
}

/** Mean time of a test in milliseconds. */
function measuredNs(sink: FieldSink, record: JsonRecord, at: string): number | null {
  const ns = measuredAt(sink, record, "avg_ns", at);
  return ns === null || ns === 0 ? null : ns / NS_PER_MS;
}

/** A handful of repetitions has a mean and no percentiles worth the name. */
function meanOnly(ms: number): NonNullable<ReadPoint["e2eMs"]> {
  return { mean: ms, p50: null, p90: null, p95: null, p99: null };
}

function draft(path: string, record: JsonRecord, point: ReadPoint): DraftRun {
  const build = positiveIntegerOf(own(record, "build_number"));
  const version = build === null ? textAt(record, "build_commit") : `b${build}`;
  const stated: GivenFacts = { server: "llama.cpp", ...(version === null ? {} : { serverVersion: version }) };
  const precision = precisionOf(textAt(record, "model_type") ?? "");
  if (precision !== null) stated.precision = precision;
  const devices = (textAt(record, "gpu_info") ?? "").split(", ").filter((name) => name !== "");
  const [device] = devices;
  return {
    format: FORMAT,
    tool: "llama-bench",
    toolVersion: version,
    measuredOn: textAt(record, "test_time"),
    stated,
    // A machine's GPUs, of which a test may have used fewer: the person's word counts before it.
    hints: {
      dataset: "llama-bench",
      ...(device !== undefined && devices.every((name) => name === device)
        ? { accelerator: device, acceleratorCount: devices.length }
        : {}),
    },
    seriesKey: null,
    qualityFlags: [],
    variant: JSON.stringify(SETTINGS.map((key) => own(record, key) ?? null)),
    points: [point],
    files: [path],
  };
}

/** `llama 8B Q4_K - Medium` → `q4_k-medium`, `qwen3 4B F16` → `fp16`; `null` where the name says nothing. */
function precisionOf(modelType: string): string | null {
  const name = /\b(I?Q\d\w*(?: - \w+)?|BF16|F16|F32|MXFP4\w*)(?:\s|$)/.exec(modelType)?.[1];
  if (name === undefined) return null;
  return name
    .toLowerCase()
    .replace(" - ", "-")
    .replace(/^f(\d+)$/, "fp$1");
}
