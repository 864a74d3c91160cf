import { appendAll } from "../../../append-all";
import { compareText } from "../../../compare-text";
import { isList } from "../../../is-list";
import { latencyField, type Metric, type Statistic, statisticsFrom } from "../../../measurement/latency";
import { addFlag } from "../../../measurement/quality-flags";
import { ok, type Result, refused } from "../../../result";
import { MS_PER_SECOND, SECONDS_PER_MINUTE } from "../../../units";
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
  textAt,
  withoutZeros,
} from "../../parse/fields";
import { documentsOf, elementsOf, type ParsedFile } from "../../parse/parsed-file";
import { readRecordFile } from "../../parse/records";
import { someElement } from "../../parse/some-element";
import { problem } from "../../problem";
import type { GivenFacts, Problem, ReadPoint } from "../../report";
import type { Adapter } from "../adapter";
import { isLlmperfResponse, LLMPERF_FORMAT, llmperfResponses } from "./llmperf-responses";

/** 2001 to 2286: a timestamp outside is none in seconds. */
const EPOCH_SECONDS = { from: 1e9, to: 1e10 };

/** Its "inter token latency" is the sum of all gaps, time to first token included, ÷ output tokens: an NTPOT. */
const METRIC_KEYS: Partial<Record<Metric, string>> = {
  ttft: "results_ttft_s",
  ntpot: "results_inter_token_latency_s",
  e2e: "results_end_to_end_latency_s",
};

const KNOWN_SERVERS = new Set(["vllm", "sglang", "trtllm", "tensorrt-llm", "tgi"]);

/** How close the mean TTFT of a summary and of single responses must be to be the same run's. */
const SAME_MEAN = 1e-6;

/** Ray LLMPerf: `…_summary.json` (one load point, flat keys, seconds), and its `…_individual_responses.json`. */
export const llmperf: Adapter = {
  format: LLMPERF_FORMAT,
  label: "LLMPerf results (summary or individual responses)",
  factsWin: "flags",
  sniff: (file) => someElement(file, isSummary) || holdsResponses(file),
  records: llmperfResponses,
  read: (files, companions) => {
    const result: AdapterResult = { drafts: [], problems: [], skipped: [] };
    const isResponses = (file: ParsedFile) => file.kind === "records" || holdsResponses(file);
    for (const file of files) if (!isResponses(file)) readSummaries(file, result);
    const summaries = result.drafts.flatMap((draft) => draft.points);
    for (const file of files) {
      if (!isResponses(file)) continue;
      const read = readRecordFile(file, llmperfResponses, companions);
      const point = read.drafts[0]?.points[0];
      const summary = summaries.find((one) => point !== undefined && isSameRun(one, point));
      if (summary === undefined) {
        appendAll(result.drafts, read.drafts);
        appendAll(result.problems, read.problems);
      } else {
        result.skipped.push({ file: file.path, reason: `single responses: ${summary.file} holds their statistics` });
      }
      appendAll(result.skipped, read.skipped);
    }
    return result;
  },
};

function isSummary(value: unknown): boolean {
  return isRecord(value) && own(value, "results_ttft_s_mean") !== undefined;
}

function holdsResponses(file: ParsedFile): boolean {
  const [document] = documentsOf(file);
  const first: unknown = isList(document?.value) ? document.value[0] : document?.value;
  return isLlmperfResponse(first);
}

function isSameRun(summary: ReadPoint, responses: ReadPoint): boolean {
  const [left, right] = [summary.ttftMs?.mean ?? 0, responses.ttftMs?.mean ?? 0];
  return (
    summary.requestsCompleted === responses.requestsCompleted &&
    Math.abs(left - right) <= SAME_MEAN * Math.max(left, right)
  );
}

function readSummaries(file: ParsedFile, result: AdapterResult): void {
  const drafts: DraftRun[] = [];
  const problems: Problem[] = [];
  for (const { location, value } of elementsOf(file)) {
    if (!isRecord(value) || !isSummary(value)) {
      const expected = "a summary of LLMPerf";
      problems.push(problem(file.path, location, value, expected, `${file.path}, ${location}: is not ${expected}.`));
      continue;
    }
    const read = readPoint(file.path, location, value);
    if (!read.ok) appendAll(problems, read.error);
    else drafts.push(draftOf(file.path, value, read.value));
  }
  appendAll(result.problems, problems);
  if (problems.length === 0) appendAll(result.drafts, drafts);
}

function readPoint(file: string, location: string, record: JsonRecord): Result<ReadPoint, Problem[]> {
  const sink: FieldSink = { file, problems: [] };
  const point: ReadPoint = emptyPoint(file, location);
  const completed = countAt(sink, record, "results_num_completed_requests", location);
  if (sink.problems.length === 0 && (completed === null || completed === 0)) {
    const path = memberPath(location, "results_num_completed_requests");
    const expected = "at least one completed request";
    const sentence = `${file}, ${path}: no request completed, so nothing was measured.`;
    return refused([problem(file, path, completed, expected, sentence)]);
  }
  point.requestsCompleted = completed;
  point.requestsFailed = countAt(sink, record, "results_number_errors", location);
  const perMinute = measuredAt(sink, record, "results_num_completed_requests_per_min", location);
  if (perMinute !== null && perMinute > 0) {
    point.requestRateAchieved = perMinute / SECONDS_PER_MINUTE;
    point.durationS = completed === null ? null : completed / point.requestRateAchieved;
  }
  point.inputTokensMean = measuredAt(sink, record, "results_number_input_tokens_mean", location);
  point.outputTokensMean = measuredAt(sink, record, "results_number_output_tokens_mean", location);
  point.outputTokensPerSecond = measuredAt(sink, record, "results_mean_output_throughput_token_per_s", location);
  // Only the output is written: the input follows from its mean and the rate.
  point.inputTokensPerSecond =
    point.inputTokensMean === null || point.durationS === null || completed === null
      ? null
      : (completed * point.inputTokensMean) / point.durationS;
  point.totalTokensPerSecond =
    point.inputTokensPerSecond === null || point.outputTokensPerSecond === null
      ? null
      : point.inputTokensPerSecond + point.outputTokensPerSecond;
  for (const [metric, key] of Object.entries(METRIC_KEYS) as [Metric, string][]) {
    const stated = statisticsFrom((statistic) => {
      const seconds = measuredAt(sink, record, `${key}_${statisticKey(statistic)}`, location);
      return seconds === null ? null : seconds * MS_PER_SECOND;
    });
    point[latencyField(metric)] = withoutZeros(metric, stated);
  }
  const concurrency = positiveIntegerOf(own(record, "num_concurrent_requests"));
  if (concurrency === null) addFlag(point.qualityFlags, "load_unknown");
  else Object.assign(point, { loadKind: "concurrency", loadValue: concurrency });
  return sink.problems.length > 0 ? refused(sink.problems) : ok(point);
}

function statisticKey(statistic: Statistic): string {
  return statistic === "mean" ? "mean" : `quantiles_${statistic}`;
}

function draftOf(path: string, record: JsonRecord, point: ReadPoint): DraftRun {
  const measuredOn = dateOf(own(record, "timestamp"));
  const stated: GivenFacts = {};
  const model = textAt(record, "model");
  const input = positiveIntegerOf(own(record, "mean_input_tokens"));
  const output = positiveIntegerOf(own(record, "mean_output_tokens"));
  if (model !== null) stated.model = model;
  if (input !== null) stated.inputTokens = input;
  if (output !== null) stated.outputTokens = output;
  const framework = textAt(record, "framework")?.toLowerCase() ?? "";
  return {
    format: LLMPERF_FORMAT,
    tool: "LLMPerf",
    toolVersion: textAt(record, "version"),
    measuredOn,
    stated,
    hints: KNOWN_SERVERS.has(framework) ? { server: framework } : {},
    seriesKey: null,
    qualityFlags: [],
    variant: variantOf(record),
    points: [{ ...point, measuredOn }],
    files: [path],
  };
}

/** What the person wrote into `--metadata`: endpoints of different providers are different deployments. */
function variantOf(record: JsonRecord): string {
  const words = Object.entries(record).filter(
    ([key, value]) =>
      typeof value === "string" &&
      !/^(?:results_|version$|name$|model$|timestamp)/.test(key) &&
      numberOf(value) === null,
  );
  return JSON.stringify(words.sort(([a], [b]) => compareText(a, b)));
}

function dateOf(timestamp: unknown): string | null {
  const seconds = numberOf(timestamp);
  if (seconds === null || !(seconds >= EPOCH_SECONDS.from && seconds < EPOCH_SECONDS.to)) return null;
  return new Date(seconds * MS_PER_SECOND).toISOString().replace(/\.\d+Z$/, "Z");
}
