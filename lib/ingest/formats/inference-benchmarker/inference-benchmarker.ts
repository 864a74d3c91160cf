import { appendAll } from "../../../append-all";
import { isList } from "../../../is-list";
import { type LatencyStatistics, type Metric, STATISTICS, statisticsFrom } from "../../../measurement/latency";
import { measuresSomething } from "../../../measurement/measurement";
import { addFlag } from "../../../measurement/quality-flags";
import { MS_PER_SECOND } from "../../../units";
import { isIsoDate } from "../../facts/canonical";
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
import { elementsOf } from "../../parse/parsed-file";
import { someElement } from "../../parse/some-element";
import { problem } from "../../problem";
import type { GivenFacts, Problem, ReadPoint } from "../../report";
import type { Adapter } from "../adapter";
import { leaveOutEmptyPoints } from "../empty-points";

const WARM_UP = "warmup";

/**
 * huggingface/inference-benchmarker (formerly text-generation-inference-benchmark): one file, many load points. No public
 * sample was found: this follows the writer's source and was not tried on a real file.
 */
export const inferenceBenchmarker: Adapter = {
  format: "inference-benchmarker",
  label: "Hugging Face inference-benchmarker results",
  factsWin: "flags",
  sniff: (file) => someElement(file, isReport),
  read: (files, companions) => {
    const result: AdapterResult = { drafts: [], problems: [], skipped: [] };
    for (const file of files) {
      const drafts: DraftRun[] = [];
      const problems: Problem[] = [];
      for (const { location, value } of elementsOf(file)) {
        if (!isRecord(value) || !isReport(value)) {
          const expected = "a report of inference-benchmarker";
          problems.push(
            problem(file.path, location, value, expected, `${file.path}, ${location}: is not ${expected}.`),
          );
          continue;
        }
        const read = readReport(file.path, location, value);
        appendAll(problems, leaveOutEmptyPoints(read.problems, read.draft?.points.length ?? 0, result));
        if (read.draft !== null) drafts.push(read.draft);
      }
      appendAll(result.problems, problems);
      if (problems.length === 0) appendAll(result.drafts, drafts);
    }
    for (const file of companions) {
      if (someElement(file, isRawResponses)) {
        result.skipped.push({
          file: file.path,
          reason: "single responses: the report beside it holds their statistics",
        });
      }
    }
    return result;
  },
};

function isReport(value: unknown): boolean {
  const results = isRecord(value) ? own(value, "results") : undefined;
  const first: unknown = isList(results) ? results[0] : undefined;
  return isRecord(first) && own(first, "executor_type") !== undefined;
}

function isRawResponses(value: unknown): boolean {
  const responses = isRecord(value) && textAt(value, "id") !== null ? own(value, "responses") : undefined;
  const first: unknown = isList(responses) ? responses[0] : undefined;
  return isRecord(first) && own(first, "ttft_ms") !== undefined;
}

function readReport(
  file: string,
  location: string,
  report: JsonRecord,
): { draft: DraftRun | null; problems: Problem[] } {
  const sink: FieldSink = { file, problems: [] };
  const results = own(report, "results");
  const points: ReadPoint[] = [];
  const listAt = memberPath(location, "results");
  for (const [index, result] of (isList(results) ? results : []).entries()) {
    const resultAt = `${listAt}[${index}]`;
    if (!isRecord(result)) {
      const expected = "an object of results";
      sink.problems.push(problem(file, resultAt, result, expected, `${file}, ${resultAt}: expected ${expected}.`));
    } else if (textAt(result, "id") !== WARM_UP) {
      const point = readPoint(sink, resultAt, result);
      if (point !== null) points.push(point);
    }
  }
  if (points.length === 0 && sink.problems.length === 0) {
    const expected = "results beside the warm-up";
    sink.problems.push(problem(file, listAt, "", expected, `${file}, ${listAt}: expected ${expected}.`));
  }
  if (sink.problems.some((item) => item.emptyPoint !== true) || points.length === 0) {
    return { draft: null, problems: sink.problems };
  }
  const started = textAt(report, "start_time");
  const draft: DraftRun = {
    format: inferenceBenchmarker.format,
    tool: "inference-benchmarker",
    measuredOn: started !== null && isIsoDate(started) ? started : null,
    ...factsOf(recordAt(report, "config")),
    seriesKey: null,
    qualityFlags: [],
    points,
    files: [file],
  };
  return { draft, problems: sink.problems };
}

function readPoint(sink: FieldSink, location: string, result: JsonRecord): ReadPoint | null {
  const point: ReadPoint = emptyPoint(sink.file, location);
  const before = sink.problems.length;
  const refuse = (key: string, expected: string) => {
    const path = memberPath(location, key);
    const value = own(result, key);
    sink.problems.push(problem(sink.file, path, value, expected, `${sink.file}, ${path}: expected ${expected}.`));
  };
  const completed = countAt(sink, result, "successful_requests", location);
  if (sink.problems.length === before && (completed === null || completed === 0)) {
    const path = memberPath(location, "successful_requests");
    const expected = "at least one completed request";
    const empty = problem(sink.file, path, completed, expected, `${sink.file}, ${path}: expected ${expected}.`);
    sink.problems.push({ ...empty, emptyPoint: true });
    return null;
  }
  const failed = countAt(sink, result, "failed_requests", location);
  const durationMs = measuredAt(sink, result, "duration_ms", location);
  const generated = measuredAt(sink, result, "total_tokens", location);
  const sent = measuredAt(sink, result, "total_tokens_sent", location);
  point.requestsCompleted = completed;
  point.requestsFailed = failed;
  point.durationS = durationMs === null || durationMs === 0 ? null : durationMs / MS_PER_SECOND;
  point.requestRateAchieved = measuredAt(sink, result, "request_rate", location);
  // Output tokens/s despite the name.
  point.outputTokensPerSecond = measuredAt(sink, result, "token_throughput_secs", location);
  point.outputTokensMean = generated === null || completed === null ? null : generated / completed;
  // Prompts of requests that failed may be among those sent: their share cannot be told.
  if (sent !== null && sent > 0 && completed !== null && failed === 0) {
    point.inputTokensMean = sent / completed;
    point.inputTokensPerSecond = point.durationS === null ? null : sent / point.durationS;
    if (point.inputTokensPerSecond !== null && point.outputTokensPerSecond !== null) {
      point.totalTokensPerSecond = point.inputTokensPerSecond + point.outputTokensPerSecond;
    }
  }
  point.ttftMs = latency(sink, result, "time_to_first_token_ms", "ttft", location);
  point.itlMs = latency(sink, result, "inter_token_latency_ms", "itl", location);
  point.e2eMs = latency(sink, result, "e2e_latency_ms", "e2e", location);
  readLoad(result, point);
  if (sink.problems.length === before && !measuresSomething(point)) {
    refuse("time_to_first_token_ms", "latency or throughput figures");
  }
  return sink.problems.length > before ? null : point;
}

function latency(
  sink: FieldSink,
  result: JsonRecord,
  key: string,
  metric: Metric,
  location: string,
): LatencyStatistics | null {
  const record = recordAt(result, key);
  const path = memberPath(location, key);
  const values = new Map(
    STATISTICS.map((name) => [name, measuredAt(sink, record, name === "mean" ? "avg" : name, path)] as const),
  );
  return withoutZeros(
    metric,
    statisticsFrom((statistic) => values.get(statistic) ?? null),
  );
}

function readLoad(result: JsonRecord, point: ReadPoint): void {
  const config = recordAt(result, "config");
  const executor = textAt(result, "executor_type");
  const users = config === null ? null : positiveIntegerOf(own(config, "max_vus"));
  const rate = config === null ? null : numberOf(own(config, "rate"));
  if (executor === "ConstantArrivalRate" && rate !== null && rate > 0 && Number.isFinite(rate)) {
    point.loadKind = "request_rate";
    point.loadValue = rate;
  } else if (executor === "ConstantVUs" && users !== null) {
    point.loadKind = "concurrency";
    point.loadValue = users;
  } else {
    addFlag(point.qualityFlags, "load_unknown");
  }
}

/** The model is stated; what the person wrote into `--extra-meta` is likely. */
function factsOf(config: JsonRecord | null): { stated: GivenFacts; hints: GivenFacts } {
  const stated: GivenFacts = {};
  const hints: GivenFacts = {};
  const model = textAt(config, "model_name");
  const tokenizer = textAt(config, "tokenizer");
  if (model !== null) stated.model = model;
  else if (tokenizer !== null) hints.model = tokenizer;
  const input = lengthOf(config, "prompt_options");
  const output = lengthOf(config, "decode_options");
  if (input !== null) stated.inputTokens = input;
  if (output !== null) stated.outputTokens = output;
  const meta = recordAt(config, "meta");
  const server = textAt(meta, "engine") ?? textAt(meta, "server");
  const version = textAt(meta, "version") ?? textAt(meta, "engine_version");
  const gpu = textAt(meta, "gpu") ?? textAt(meta, "accelerator");
  const tensor = meta === null ? null : positiveIntegerOf(own(meta, "tp"));
  if (server !== null) hints.server = server;
  if (version !== null) hints.serverVersion = version;
  if (gpu !== null) hints.accelerator = gpu;
  if (tensor !== null) hints.parallelism = { tensor };
  return { stated, hints };
}

function lengthOf(config: JsonRecord | null, key: string): number | null {
  const options = recordAt(config, key);
  return options === null ? null : positiveIntegerOf(own(options, "num_tokens"));
}
