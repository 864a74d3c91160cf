import { appendAll } from "../../../append-all";
import { compareText } from "../../../compare-text";
import {
  type LatencyStatistics,
  latencyField,
  type Metric,
  type Statistic,
  statisticsFrom,
} from "../../../measurement/latency";
import { measuresSomething } from "../../../measurement/measurement";
import { addFlag } from "../../../measurement/quality-flags";
import { MS_PER_SECOND } from "../../../units";
import type { AdapterResult, DraftRun } from "../../facts/draft-run";
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
import { documentsOf, elementsOf, type ParsedFile } from "../../parse/parsed-file";
import { problem } from "../../problem";
import type { GivenFacts, ReadPoint } from "../../report";
import type { Adapter } from "../adapter";

/** TPOT is computed and printed by the tool but never written; `summary_stats…tpot` is the normalised one. */
const METRIC_KEYS: Partial<Record<Metric, string>> = {
  ttft: "TTFT_ms",
  itl: "ITL_ms",
  ntpot: "normalized_time_per_output_token_ms",
  e2e: "latency_ms",
};

/** No p95 is written. */
const STATISTIC_PREFIXES: Record<Statistic, string | null> = {
  mean: "avg",
  p50: "median",
  p90: "p90",
  p95: null,
  p99: "p99",
};

const ERROR_KEYS = [
  "ClientConnectorError",
  "TimeoutError",
  "ContentTypeError",
  "ClientOSError",
  "ServerDisconnectedError",
  "unknown_error",
];

/** Servers by the names of its client protocols. */
const SERVERS: ReadonlyMap<string, string> = new Map([
  ["vllm", "vllm"],
  ["sglang", "sglang"],
  ["tgi", "tgi"],
  ["jetstream", "jetstream"],
  ["tensorrt_llm_triton", "trtllm"],
]);

/** Name the tool gives the pool of all models of a mixed run. */
const POOLED_MODEL = "weighted";

/**
 * AI-Hypercomputer/inference-benchmark ("latency-profile-generator"): one object a request rate, times in ms. Follows the
 * description of its writer and was not tried on a real file: no public sample was found.
 */
export const latencyProfile: Adapter = {
  format: "latency-profile",
  label: "AI-Hypercomputer inference-benchmark results (JSON)",
  factsWin: "flags",
  sniff: (file) =>
    documentsOf(file).some(({ value }) => (Array.isArray(value) ? value.some(isResult) : isResult(value))),
  read: (files) => {
    const result: AdapterResult = { drafts: [], problems: [], skipped: [] };
    const single = files.some((file) => elementsOf(file).some(({ value }) => isResult(value) && !isPooled(value)));
    for (const file of files) readFile(file, single, result);
    return result;
  },
};

function isResult(value: unknown): value is JsonRecord {
  return (
    isRecord(value) &&
    recordAt(value, "metrics") !== null &&
    recordAt(value, "dimensions") !== null &&
    (recordAt(value, "summary_stats") !== null ||
      own(recordAt(value, "metrics") ?? {}, "num_prompts_attempted") !== undefined)
  );
}

function isPooled(record: JsonRecord): boolean {
  return textAt(recordAt(record, "dimensions"), "model_id") === POOLED_MODEL;
}

function readFile(file: ParsedFile, hasSingleModels: boolean, result: AdapterResult): void {
  const drafts: DraftRun[] = [];
  const sink: FieldSink = { file: file.path, problems: [] };
  for (const { location, value } of elementsOf(file)) {
    if (!isResult(value)) {
      const expected = "a result of inference-benchmark";
      const message = `${file.path}, ${location}: is not ${expected} like the rest of the file.`;
      sink.problems.push(problem(file.path, location, value, expected, message));
    } else if (isPooled(value) && hasSingleModels) {
      const reason = "pools all models of the run: the files of the single models are read instead";
      result.skipped.push({ file: file.path, reason });
    } else {
      const found = sink.problems.length;
      const point = readPoint(sink, value, location);
      if (sink.problems.length === found) drafts.push(draftOf(point, value));
    }
  }
  appendAll(result.problems, sink.problems);
  if (sink.problems.length === 0) appendAll(result.drafts, drafts);
}

function readPoint(sink: FieldSink, record: JsonRecord, location: string): ReadPoint {
  const metrics = recordAt(record, "metrics") ?? {};
  const metricsAt = memberPath(location, "metrics");
  const measured = (key: string) => measuredAt(sink, metrics, key, metricsAt);
  const point: ReadPoint = emptyPoint(sink.file, location);
  const refuse = (key: string, expected: string, sentence: string) => {
    const path = memberPath(metricsAt, key);
    const message = `${sink.file}, ${path}: ${sentence}`;
    sink.problems.push(problem(sink.file, path, own(metrics, key), expected, message));
  };
  point.requestsCompleted = countAt(sink, metrics, "num_prompts_succeeded", metricsAt);
  if (point.requestsCompleted === 0) {
    refuse("num_prompts_succeeded", "at least one completed request", "no request completed, so nothing was measured.");
    return point;
  }
  readFailures(sink, metrics, metricsAt, point);
  const duration = measured("benchmark_time");
  point.durationS = duration === 0 ? null : duration;
  // `throughput_rps` divides the planned requests, whether they succeeded or not.
  if (point.requestsCompleted !== null && point.durationS !== null) {
    point.requestRateAchieved = point.requestsCompleted / point.durationS;
  }
  point.outputTokensPerSecond = measured("throughput");
  point.inputTokensPerSecond = measured("input_tokens_per_sec");
  const { outputTokensPerSecond: output, inputTokensPerSecond: input } = point;
  point.totalTokensPerSecond =
    measured("tokens_per_sec") ?? (output === null || input === null ? null : output + input);
  point.inputTokensMean = measured("avg_input_len");
  point.outputTokensMean = measured("avg_output_len");
  for (const [metric, key] of Object.entries(METRIC_KEYS) as [Metric, string][]) {
    point[latencyField(metric)] = withoutZeros(metric, readStatistics(measured, key));
  }
  const rate = numberOf(own(metrics, "request_rate"));
  if (rate === Number.POSITIVE_INFINITY) {
    point.loadKind = "max";
  } else if (rate !== null && rate > 0) {
    point.loadKind = "request_rate";
    point.loadValue = rate;
  } else {
    refuse("request_rate", 'requests/s above 0, or "inf"', 'the request rate must be above 0, or "inf".');
  }
  // The rate is that of all models together.
  const models = positiveIntegerOf(own(recordAt(record, "config") ?? {}, "num_models")) ?? 1;
  if (models > 1) addFlag(point.qualityFlags, "load_shared_by_several_models");
  if (sink.problems.length === 0 && !measuresSomething(point)) {
    refuse("throughput", "latency or throughput figures", "the result holds no latency and no throughput.");
  }
  return point;
}

function readStatistics(measured: (key: string) => number | null, metric: string): LatencyStatistics | null {
  return statisticsFrom((statistic) => {
    const prefix = STATISTIC_PREFIXES[statistic];
    return prefix === null ? null : measured(`${prefix}_${metric}`);
  });
}

/** Attempted minus succeeded; files of single models count only what succeeded as attempted, there the errors are counted. */
function readFailures(sink: FieldSink, metrics: JsonRecord, location: string, point: ReadPoint): void {
  const attempted = countAt(sink, metrics, "num_prompts_attempted", location);
  const completed = point.requestsCompleted;
  const errors = ERROR_KEYS.map((key) => countAt(sink, metrics, key, location)).filter((count) => count !== null);
  const errorsCounted = errors.length === 0 ? null : errors.reduce((sum, count) => sum + count, 0);
  const missing = attempted !== null && completed !== null && attempted >= completed ? attempted - completed : null;
  point.requestsFailed = missing === null ? errorsCounted : Math.max(missing, errorsCounted ?? 0);
}

function draftOf(point: ReadPoint, record: JsonRecord): DraftRun {
  const dimensions = recordAt(record, "dimensions");
  const config = recordAt(record, "config");
  const model = textAt(dimensions, "model_id") ?? textAt(config, "model");
  const stated: GivenFacts = model === null || model === POOLED_MODEL ? {} : { model };
  return {
    format: latencyProfile.format,
    tool: "inference-benchmark",
    measuredOn: startOf(dimensions, config),
    stated,
    hints: hintedFacts(dimensions, config),
    seriesKey: null,
    qualityFlags: [],
    variant: variantOf(dimensions),
    points: [point],
    files: [point.file],
  };
}

/**
 * Words with which the person distinguished this deployment (`--additional-metadata-metrics-to-save`). Numbers are left out,
 * because they may differ from load to load.
 */
function variantOf(dimensions: JsonRecord | null): string {
  const known = new Set(["date", "backend", "model_id", "tokenizer_id"]);
  const words = Object.entries(dimensions ?? {}).filter(
    ([key, value]) => typeof value === "string" && numberOf(value) === null && !known.has(key),
  );
  return JSON.stringify(words.sort(([a], [b]) => compareText(a, b)));
}

/** `20250401-101530` (local time, no zone) → `2025-04-01T10:15:30`; else the start as seconds since 1970. */
function startOf(dimensions: JsonRecord | null, config: JsonRecord | null): string | null {
  const match = /^(\d{4})(\d{2})(\d{2})-(\d{2})(\d{2})(\d{2})$/.exec(textAt(dimensions, "date") ?? "");
  if (match !== null) return `${match[1]}-${match[2]}-${match[3]}T${match[4]}:${match[5]}:${match[6]}`;
  const seconds = positiveIntegerOf(own(recordAt(config, "start_time") ?? {}, "seconds"));
  const date = seconds === null ? null : new Date(seconds * MS_PER_SECOND);
  return date === null || Number.isNaN(date.getTime()) ? null : date.toISOString();
}

/** The protocol the client spoke names the server it was made for; further dimensions are the person's own words. */
function hintedFacts(dimensions: JsonRecord | null, config: JsonRecord | null): GivenFacts {
  const hints: GivenFacts = {};
  const backend = textAt(dimensions, "backend") ?? textAt(config, "model_server") ?? "";
  const server = SERVERS.get(backend.toLowerCase());
  if (server !== undefined) hints.server = server;
  const accelerator = firstText(dimensions, "accelerator", "accelerator_type", "gpu", "gpu_type", "tpu_type");
  if (accelerator !== null) hints.accelerator = accelerator;
  const count = ["accelerator_count", "num_accelerators", "gpu_count", "num_gpus"]
    .map((key) => positiveIntegerOf(dimensions === null ? undefined : own(dimensions, key)))
    .find((value) => value !== null);
  if (count !== undefined && count !== null) hints.acceleratorCount = count;
  const version = firstText(dimensions, "model_server_version", "server_version", "vllm_version");
  if (version !== null) hints.serverVersion = version;
  return hints;
}

function firstText(record: JsonRecord | null, ...keys: string[]): string | null {
  for (const key of keys) {
    const text = textAt(record, key);
    if (text !== null) return text;
  }
  return null;
}
