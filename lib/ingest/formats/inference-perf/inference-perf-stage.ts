import type { Evidence } from "../../../measurement/checks/check";
import {
  type LatencyStatistics,
  latencyField,
  METRICS,
  type Metric,
  type Statistic,
  statisticsFrom,
} from "../../../measurement/latency";
import { measuresSomething } from "../../../measurement/measurement";
import { impossibleValue } from "../../../measurement/quality";
import { addFlag } from "../../../measurement/quality-flags";
import { ok, type Result, refused } from "../../../result";
import { MS_PER_SECOND } from "../../../units";
import {
  countAt,
  emptyPoint,
  type FieldSink,
  has,
  type JsonRecord,
  measuredAt,
  memberPath,
  numberOf,
  own,
  recordAt,
  withoutZeros,
} from "../../parse/fields";
import { problem } from "../../problem";
import type { Problem, ReadPoint } from "../../report";
import type { InferencePerfConfig } from "./inference-perf-config";

const LATENCY_KEYS: Record<Metric, string> = {
  ttft: "time_to_first_token",
  tpot: "time_per_output_token",
  itl: "inter_token_latency",
  ntpot: "normalized_time_per_output_token",
  e2e: "request_latency",
};

/** The 50th percentile is `median` since v0.2, `p50` before. */
const STATISTIC_KEYS: Record<Statistic, string[]> = {
  mean: ["mean"],
  p50: ["median", "p50"],
  p90: ["p90"],
  p95: ["p95"],
  p99: ["p99"],
};

interface StageContext {
  stage: number | null;
  isStage: boolean;
  config: InferencePerfConfig | null;
}

/** Reads one lifecycle object (a stage or a summary; times in seconds) as a load point, or says why it is none. */
export function readStage(
  file: string,
  location: string,
  record: JsonRecord,
  context: StageContext,
): Result<ReadPoint, Problem[]> {
  const sink: FieldSink = { file, problems: [] };
  const successes = recordAt(record, "successes");
  const successesAt = memberPath(location, "successes");
  const failures = recordAt(record, "failures");
  const point: ReadPoint = emptyPoint(file, location);

  point.requestsCompleted = countAt(sink, successes, "count", successesAt);
  point.requestsFailed = countAt(sink, failures, "count", memberPath(location, "failures"));
  if (point.requestsCompleted === null || point.requestsCompleted === 0) {
    const path = memberPath(successesAt, "count");
    const expected = "at least one successful request";
    const value = successes === null ? undefined : own(successes, "count");
    if (sink.problems.length === 0) {
      sink.problems.push(
        problem(file, path, value, expected, `${file}, ${path}: no request succeeded, so nothing was measured.`),
      );
    }
    return refused(sink.problems);
  }

  const throughput = recordAt(successes, "throughput");
  const throughputAt = memberPath(successesAt, "throughput");
  point.requestRateAchieved = measuredAt(sink, throughput, "requests_per_sec", throughputAt);
  point.outputTokensPerSecond = measuredAt(sink, throughput, "output_tokens_per_sec", throughputAt);
  point.inputTokensPerSecond = measuredAt(sink, throughput, "input_tokens_per_sec", throughputAt);
  point.totalTokensPerSecond = measuredAt(sink, throughput, "total_tokens_per_sec", throughputAt);
  // The window is written since v0.5; before, it is completed requests ÷ their rate.
  const window = measuredAt(sink, record, "benchmark_time_seconds", location);
  const rate = point.requestRateAchieved;
  point.durationS =
    window !== null && window > 0 ? window : rate !== null && rate > 0 ? point.requestsCompleted / rate : null;

  const latency = recordAt(successes, "latency");
  const latencyAt = memberPath(successesAt, "latency");
  let sawGaps = true;
  for (const metric of METRICS) {
    const record = recordAt(latency, LATENCY_KEYS[metric]);
    if (record === null) continue;
    const stated = readStatistics(sink, record, memberPath(latencyAt, LATENCY_KEYS[metric]));
    point[latencyField(metric)] = withoutZeros(metric, stated);
    if (metric === "itl" && stated?.mean === 0) sawGaps = false;
  }
  const elsewhere = readLengths(sink, successes, successesAt, point);
  readServer(successes, point);
  const extras = extrasOf(successes);
  if (Object.keys(extras).length > 0) point.extras = extras;
  readLoad(sink, recordAt(record, "load_summary"), memberPath(location, "load_summary"), point, context);

  const asked = context.config?.stated.outputTokens;
  const load = recordAt(record, "load_summary");
  const sendDurationS = measuredAt(sink, load, "send_duration", memberPath(location, "load_summary"));
  point.evidence = {
    ...elsewhere,
    ...(asked === undefined ? {} : { outputTokensAsked: asked }),
    ...(sendDurationS === null ? {} : { sendDurationS }),
    ...(sawGaps ? {} : { sawGaps }),
  };
  if (sink.problems.length === 0 && !measuresSomething(point)) {
    const expected = "latency or throughput figures";
    sink.problems.push(problem(file, successesAt, "", expected, `${file}, ${successesAt}: holds no ${expected}.`));
  }
  return sink.problems.length > 0 ? refused(sink.problems) : ok(point);
}

function readStatistics(sink: FieldSink, record: JsonRecord, location: string): LatencyStatistics | null {
  return statisticsFrom((statistic) => {
    const key = STATISTIC_KEYS[statistic].find((name) => has(record, name));
    const seconds = key === undefined ? null : measuredAt(sink, record, key, location);
    return seconds === null ? null : seconds * MS_PER_SECOND;
  });
}

/** Goodput against the limits the tool was given, and the share of the prompts the server read from its cache. */
function readServer(successes: JsonRecord | null, point: ReadPoint): void {
  const goodput = recordAt(successes, "goodput_metrics");
  const rate = goodput === null ? null : numberOf(own(goodput, "request_goodput"));
  if (rate !== null && impossibleValue(rate) === null) point.goodputRequestsPerSecond = rate;
  const prompts = recordAt(successes, "prompt_tokens");
  const cached = prompts === null ? null : numberOf(own(prompts, "cached"));
  const total = prompts === null ? null : numberOf(own(prompts, "total"));
  if (cached !== null && total !== null && total > 0 && cached >= 0 && cached <= total) {
    point.cachedInputShare = cached / total;
  }
}

const GOODPUT_KEYS = ["goodput_percentage", "request_goodput", "token_goodput"];
const MEDIA_RATE_KEYS = ["images_per_sec", "videos_per_sec", "audios_per_sec"];

/** What the report says beside: goodput against the limits it was given, rates of images, video and audio. */
function extrasOf(successes: JsonRecord | null): Record<string, number> {
  const extras: Record<string, number> = {};
  const goodput = recordAt(successes, "goodput_metrics");
  for (const key of GOODPUT_KEYS) {
    const value = goodput === null ? null : numberOf(own(goodput, key));
    if (value !== null && Number.isFinite(value)) extras[key] = value;
  }
  const throughput = recordAt(successes, "throughput");
  for (const key of MEDIA_RATE_KEYS) {
    const value = throughput === null ? null : numberOf(own(throughput, key));
    if (value !== null && Number.isFinite(value) && value > 0) extras[key] = value;
  }
  return extras;
}

/**
 * Tokens per request. `prompt_len` gave way to `prompt_tokens`, which for a while had a total but no mean.
 * @returns the server's count of output tokens beside the client's, where there are both
 */
function readLengths(sink: FieldSink, successes: JsonRecord | null, location: string, point: ReadPoint): Evidence {
  const requests = point.requestsCompleted;
  point.inputTokensMean =
    tokens(sink, successes, "prompt_tokens", "mean", location) ??
    tokens(sink, successes, "prompt_len", "mean", location) ??
    perRequest(tokens(sink, successes, "prompt_tokens", "total", location), requests);
  const served =
    tokens(sink, successes, "output_tokens", "mean", location) ??
    perRequest(tokens(sink, successes, "output_tokens", "total", location), requests);
  const counted = tokens(sink, successes, "output_len", "mean", location);
  point.outputTokensMean = counted ?? served;
  return counted === null || served === null ? {} : { outputTokensMeanElsewhere: served };
}

function tokens(
  sink: FieldSink,
  successes: JsonRecord | null,
  key: string,
  statistic: "mean" | "total",
  location: string,
): number | null {
  const lengths = recordAt(successes, key);
  return lengths === null ? null : measuredAt(sink, lengths, statistic, memberPath(location, key));
}

function perRequest(total: number | null, requests: number | null): number | null {
  return total === null || requests === null ? null : total / requests;
}

function readLoad(
  sink: FieldSink,
  load: JsonRecord | null,
  location: string,
  point: ReadPoint,
  context: StageContext,
): void {
  if (!context.isStage) {
    addFlag(point.qualityFlags, "aggregate_over_stages");
    return;
  }
  if (context.config?.sessionLoad === true) {
    addFlag(point.qualityFlags, "session_load");
    return;
  }
  const concurrency =
    countAt(sink, load, "concurrency", location) ??
    (context.stage === null ? null : (context.config?.stageConcurrency(context.stage) ?? null));
  // Replayed traces have no rate: −1, 0 or null stand there.
  const rate = load === null ? null : numberOf(own(load, "requested_rate"));
  if (concurrency !== null && concurrency > 0) {
    // With a concurrency the tool sets the requested rate to the number of requests: not a rate.
    point.loadKind = "concurrency";
    point.loadValue = concurrency;
  } else if (context.config?.traceLoad === true) {
    addFlag(point.qualityFlags, "trace_replay");
  } else if (rate !== null && rate > 0 && Number.isFinite(rate) && concurrency === null) {
    point.loadKind = "request_rate";
    point.loadValue = rate;
  } else {
    addFlag(point.qualityFlags, "load_unknown");
  }
}
