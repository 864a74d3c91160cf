import type { LatencyStatistics, Statistic } from "../../../measurement/latency";
import { statisticsFrom } from "../../../measurement/latency";
import { addFlag } from "../../../measurement/quality-flags";
import { canonicalSettings, type SettingValues } from "../../../measurement/settings";
import { ok, refused } from "../../../result";
import { tableEntry } from "../../../table-entry";
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
  recordAt,
  textAt,
  withoutZeros,
} from "../../parse/fields";
import { problem } from "../../problem";
import type { GivenFacts, ReadPoint } from "../../report";
import type { Adapter } from "../adapter";
import { holdsResult, type ResultFormat, readResultFiles, resultAdapter } from "../result-files";
import { isTrtllmConsole, trtllmConsoleReports } from "./trtllm-console";

const FORMAT = "trtllm-bench";

const STATISTIC_KEYS: Record<Statistic, string> = { mean: "average", p50: "p50", p90: "p90", p95: "p95", p99: "p99" };

/** Our names for the engine's quantisation algorithms; others are left out. */
const PRECISION_OF_QUANTIZATION: Record<string, string> = {
  FP8: "fp8",
  FP8_PER_CHANNEL_PER_TOKEN: "fp8",
  FP8_BLOCK_SCALES: "fp8",
  NVFP4: "fp4",
  W4A16: "int4",
  W4A16_AWQ: "int4",
  W4A16_GPTQ: "int4",
};

const PRECISION_OF_DTYPE: Record<string, string> = { bfloat16: "bf16", float16: "fp16" };

const results: ResultFormat = { name: "a report of trtllm-bench", isResult, readPoint, draft };

/**
 * `trtllm-bench throughput|latency --report_json`: one object a run of an engine in the same process, milliseconds and tokens/s
 * of the whole deployment. Follows the writer's source; not tried on a real file.
 */
export const trtllmBench: Adapter = {
  ...resultAdapter(FORMAT, "trtllm-bench reports (JSON, or what it prints)", results),
  sniff: (file) => isTrtllmConsole(file) || holdsResult(file, isResult),
  read: (files) => {
    const printed = files.filter(isTrtllmConsole);
    const read = readResultFiles(
      files.filter((file) => !printed.some(({ path }) => path === file.path)),
      results,
    );
    if (read.drafts.length > 0) {
      for (const { path } of printed) {
        read.skipped.push({ file: path, reason: "what trtllm-bench printed: reports beside it hold its figures" });
      }
      return read;
    }
    const texts = readResultFiles(printed, { ...results, elements: trtllmConsoleReports });
    return {
      drafts: texts.drafts,
      problems: [...read.problems, ...texts.problems],
      skipped: [...read.skipped, ...texts.skipped],
    };
  },
};

function isResult(value: unknown): boolean {
  if (!isRecord(value) || recordAt(value, "world_info") === null) return false;
  const performance = recordAt(value, "performance");
  return performance !== null && own(performance, "request_throughput_req_s") !== undefined;
}

function readPoint(path: string, location: string, record: JsonRecord): ReturnType<ResultFormat["readPoint"]> {
  const sink: FieldSink = { file: path, problems: [] };
  const point: ReadPoint = emptyPoint(path, location);
  const member = (key: string) => ({ record: recordAt(record, key), location: memberPath(location, key) });
  const requests = member("request_info");
  const performance = member("performance");
  const streaming = member("streaming_metrics");
  const of = (section: { record: JsonRecord | null; location: string }, key: string) =>
    measuredAt(sink, section.record, key, section.location);

  point.requestsCompleted = countAt(sink, requests.record, "num_requests", requests.location);
  const totalMs = of(performance, "total_latency_ms");
  point.durationS = totalMs === null || totalMs === 0 ? null : totalMs / MS_PER_SECOND;
  point.requestRateAchieved = of(performance, "request_throughput_req_s");
  point.outputTokensPerSecond = of(performance, "system_output_throughput_tok_s");
  point.totalTokensPerSecond = of(performance, "system_total_throughput_tok_s");
  if (point.totalTokensPerSecond !== null && point.outputTokensPerSecond !== null) {
    const input = point.totalTokensPerSecond - point.outputTokensPerSecond;
    point.inputTokensPerSecond = input >= 0 ? input : null;
  }
  point.inputTokensMean = of(requests, "avg_input_length");
  point.outputTokensMean = of(requests, "avg_output_length");
  const statistics = (section: typeof performance, percentiles: string, mean: string): LatencyStatistics | null => {
    const table = recordAt(section.record, percentiles);
    const tableAt = memberPath(section.location, percentiles);
    return statisticsFrom(
      (statistic) =>
        measuredAt(sink, table, STATISTIC_KEYS[statistic], tableAt) ??
        (statistic === "mean" ? of(section, mean) : null),
    );
  };
  point.e2eMs = withoutZeros(
    "e2e",
    statistics(performance, "request_latency_percentiles_ms", "avg_request_latency_ms"),
  );
  point.ttftMs = withoutZeros("ttft", statistics(streaming, "ttft_percentiles", "avg_ttft_ms"));
  point.tpotMs = withoutZeros("tpot", statistics(streaming, "tpot_percentiles", "avg_tpot_ms"));
  addFlag(point.qualityFlags, "offline_engine");

  const concurrent = numberOf(
    requests.record === null ? undefined : own(requests.record, "avg_num_concurrent_requests"),
  );
  if (concurrent !== null && Number.isFinite(concurrent)) point.extras = { avg_num_concurrent_requests: concurrent };
  readLoad(recordAt(record, "world_info"), point);
  if (sink.problems.length === 0 && (point.requestsCompleted === null || point.requestsCompleted === 0)) {
    const countLocation = memberPath(requests.location, "num_requests");
    const message = `${path}, ${countLocation}: no request completed, so nothing was measured.`;
    const value = requests.record === null ? undefined : own(requests.record, "num_requests");
    sink.problems.push(problem(path, countLocation, value, "at least one completed request", message));
  }
  return sink.problems.length > 0 ? refused(sink.problems) : ok(point);
}

/**
 * −1 or infinite: everything at once. A finite `issue_rate` is the tool's own average over the queue, no rate that was asked
 * for, and the report does not hold `--concurrency`: the load is then not known.
 */
function readLoad(world: JsonRecord | null, point: ReadPoint): void {
  const rate = world === null ? null : numberOf(own(world, "issue_rate"));
  if (rate === -1 || rate === Number.POSITIVE_INFINITY) point.loadKind = "max";
  else addFlag(point.qualityFlags, "load_unknown");
}

/** What the engine was built and run with, by the tool's names; sizes and lengths are said elsewhere. */
function startedOf(engine: JsonRecord | null, world: JsonRecord | null): SettingValues | null {
  const of = (record: JsonRecord | null, keys: readonly string[]) =>
    keys.flatMap((key): [string, unknown][] => {
      const value = record === null ? undefined : own(record, key);
      return value === undefined || value === null || value === "" ? [] : [[key, value]];
    });
  const found = [
    ...of(engine, ["backend", "kv_cache_dtype", "quantization"]),
    ...of(world, ["max_batch_size", "max_num_tokens", "scheduling_policy", "kv_cache_percentage"]),
  ];
  return found.length === 0 ? null : canonicalSettings(Object.fromEntries(found));
}

function draft(path: string, record: JsonRecord, point: ReadPoint): DraftRun {
  const engine = recordAt(record, "engine");
  const world = recordAt(record, "world_info");
  const stated: GivenFacts = { server: "trtllm" };
  const hints: GivenFacts = {};
  const version = textAt(engine, "version");
  if (version !== null) stated.serverVersion = version;
  const model = [textAt(engine, "model"), textAt(engine, "model_path")].find(
    (name) => name !== null && /^[\w.-]+\/[\w.-]+$/.test(name),
  );
  if (model !== undefined && model !== null) stated.model = model;
  const size = (key: string) => (world === null ? null : positiveIntegerOf(own(world, key)));
  const parallelism: NonNullable<GivenFacts["parallelism"]> = {};
  const [tensor, pipeline, expert] = [size("tp_size"), size("pp_size"), size("ep_size")];
  if (tensor !== null) parallelism.tensor = tensor;
  if (pipeline !== null) parallelism.pipeline = pipeline;
  if (expert !== null) parallelism.expert = expert;
  if (Object.keys(parallelism).length > 0) stated.parallelism = parallelism;
  // The tool divides by it to get the throughput of one GPU: the GPUs of the run, not a guess from parallelism.
  const count = size("world_size");
  if (count !== null) stated.acceleratorCount = count;
  const quantization = textAt(engine, "quantization");
  const precision =
    quantization === null || quantization === "None"
      ? tableEntry(PRECISION_OF_DTYPE, textAt(engine, "dtype") ?? "")
      : tableEntry(PRECISION_OF_QUANTIZATION, quantization.toUpperCase());
  if (precision !== undefined) stated.precision = precision;
  const machine = textAt(recordAt(record, "machine"), "name");
  if (machine !== null && machine !== "Unknown") hints.accelerator = machine;
  const speculative = textAt(recordAt(record, "decoding_stats"), "mode");
  if (speculative !== null) stated.speculative = speculative.toLowerCase();
  const started = startedOf(engine, world);
  if (started !== null) stated.serverArguments = started;
  return {
    format: FORMAT,
    tool: "trtllm-bench",
    toolVersion: version,
    measuredOn: null,
    stated,
    hints,
    seriesKey: null,
    qualityFlags: [],
    points: [point],
    files: [path],
  };
}
