import type { LatencyStatistics } from "../../../measurement/latency";
import { addFlag } from "../../../measurement/quality-flags";
import { ok, refused } from "../../../result";
import { MS_PER_SECOND } from "../../../units";
import type { DraftRun } from "../../facts/draft-run";
import {
  countAt,
  emptyPoint,
  type FieldSink,
  isRecord,
  type JsonRecord,
  measuredAt,
  memberPath,
  numberOf,
  own,
  positiveIntegerOf,
  textAt,
} from "../../parse/fields";
import { problem } from "../../problem";
import type { GivenFacts, ReadPoint } from "../../report";
import { type ResultFormat, resultAdapter } from "../result-files";

const FORMAT = "sglang-one-batch";

const results: ResultFormat = { name: "a result of SGLang's one-batch benchmarks", isResult, readPoint, draft };

/**
 * `sglang.bench_one_batch_server` (one batch sent to a server, every version) and `sglang.bench_one_batch` (one batch in an
 * engine of the same process): one line or element a case, seconds and tokens/s. Follows the writers' sources; not tried on a
 * real file. `input_throughput` and `output_throughput` cover the prefill and the decode phase alone, so the rates of the
 * whole batch are computed from its tokens and its latency.
 */
export const sglangOneBatch = resultAdapter(
  FORMAT,
  "SGLang one-batch results (one object a line, or an array)",
  results,
);

function isResult(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const has = (key: string) => own(value, key) !== undefined;
  const isCase = ["batch_size", "input_len", "output_len", "overall_throughput"].every(has);
  return isCase && (has("latency") || isOffline(value));
}

/** `bench_one_batch` runs the engine itself and times its two phases. */
function isOffline(record: JsonRecord): boolean {
  return own(record, "total_latency") !== undefined && own(record, "prefill_latency") !== undefined;
}

function readPoint(path: string, location: string, record: JsonRecord): ReturnType<ResultFormat["readPoint"]> {
  const sink: FieldSink = { file: path, problems: [] };
  const offline = isOffline(record);
  const point: ReadPoint = { ...emptyPoint(path, location), loadKind: "concurrency" };
  const batch = countAt(sink, record, "batch_size", location);
  const latencyKey = offline ? "total_latency" : "latency";
  const latencyS = measuredAt(sink, record, latencyKey, location);
  const inputLength = measuredAt(sink, record, "input_len", location);
  const outputLength = measuredAt(sink, record, "output_len", location);
  const served = countAt(sink, record, "total_output_tokens", location);
  const ttftS = measuredAt(sink, record, offline ? "prefill_latency" : "last_ttft", location);
  const decodeS = offline ? measuredAt(sink, record, "median_decode_latency", location) : null;
  point.totalTokensPerSecond = measuredAt(sink, record, "overall_throughput", location);
  const refuse = (key: string, expected: string, sentence: string) => {
    const keyLocation = memberPath(location, key);
    sink.problems.push(problem(path, keyLocation, own(record, key), expected, `${path}, ${keyLocation}: ${sentence}`));
  };
  if (sink.problems.length > 0) return refused(sink.problems);
  if (batch === null || batch === 0) refuse("batch_size", "1 or more requests", "the batch holds no request.");
  if (latencyS === null || latencyS === 0)
    refuse(latencyKey, "seconds above 0", "the batch's latency is missing or 0.");
  if (batch === null || latencyS === null || sink.problems.length > 0) {
    return refused(sink.problems);
  }

  point.loadValue = batch;
  point.requestsCompleted = batch;
  point.durationS = latencyS;
  point.requestRateAchieved = batch / latencyS;
  const outputTokens = served ?? (outputLength === null ? null : batch * outputLength);
  point.outputTokensPerSecond = outputTokens === null ? null : outputTokens / latencyS;
  point.inputTokensPerSecond = inputLength === null ? null : (batch * inputLength) / latencyS;
  point.inputTokensMean = inputLength;
  point.outputTokensMean = outputTokens === null ? null : outputTokens / batch;
  point.e2eMs = single("mean", latencyS);
  point.ttftMs = ttftS === null || ttftS === 0 ? null : single("mean", ttftS);
  // Each decode step gives every request one token: the steps are the gaps.
  point.itlMs = decodeS === null || decodeS === 0 ? null : single("p50", decodeS);
  addFlag(point.qualityFlags, "single_batch");
  if (point.ttftMs !== null && !offline) addFlag(point.qualityFlags, "ttft_of_last_request");
  if (offline) addFlag(point.qualityFlags, "offline_engine");
  if ((numberOf(own(record, "num_early_stopped")) ?? 0) > 0) addFlag(point.qualityFlags, "requests_stopped_early");
  const extras = extrasOf(record);
  return ok(Object.keys(extras).length === 0 ? point : { ...point, extras });
}

function single(statistic: "mean" | "p50", seconds: number): LatencyStatistics {
  return { mean: null, p50: null, p90: null, p95: null, p99: null, [statistic]: seconds * MS_PER_SECOND };
}

/** What else is known; −1 stands for unknown. */
function extrasOf(record: JsonRecord): Record<string, number> {
  return Object.fromEntries(
    ["acc_length", "last_gen_throughput", "cache_hit_rate", "steady_state_output_throughput"].flatMap((key) => {
      const value = numberOf(own(record, key));
      return value === null || !Number.isFinite(value) || value < 0 ? [] : [[key, value]];
    }),
  );
}

function draft(path: string, record: JsonRecord, point: ReadPoint): DraftRun {
  const offline = isOffline(record);
  // Its prompts are random token ids.
  const stated: GivenFacts = { dataset: "random", ...(offline ? { server: "sglang" } : {}) };
  const input = positiveIntegerOf(own(record, "input_len"));
  const output = positiveIntegerOf(own(record, "output_len"));
  if (input !== null) stated.inputTokens = input;
  if (output !== null) stated.outputTokens = output;
  const serverArguments = own(record, "server_args");
  const words = Array.isArray(serverArguments) ? serverArguments.map(String) : [];
  const tensor = /(?:^| )--(?:tp|tp-size|tensor-parallel-size)[= ](\d{1,5})(?: |$)/.exec(words.join(" "))?.[1];
  if (tensor !== undefined) stated.parallelism = { tensor: Number(tensor) };
  // The server may be vLLM too (`--backend vllm`).
  const hints: GivenFacts = offline ? {} : { server: "sglang" };
  const model = textAt(record, "model_path");
  if (model !== null && /^[\w.-]+\/[\w.-]+$/.test(model)) hints.model = model;
  return {
    format: FORMAT,
    tool: offline ? "sglang.bench_one_batch" : "sglang.bench_one_batch_server",
    measuredOn: null,
    stated,
    hints,
    seriesKey: null,
    qualityFlags: [],
    variant: JSON.stringify([textAt(record, "run_name"), words, numberOf(own(record, "cache_hit_rate"))]),
    points: [point],
    files: [path],
  };
}
