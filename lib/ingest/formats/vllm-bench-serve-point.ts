import { type LatencyStatistics, latencyField, type Metric, type Statistic } from "../../domain";
import {
  addFlag,
  countAt,
  emptyMeasurement,
  type FieldSink,
  type JsonRecord,
  measuredAt,
  measuresSomething,
  memberPath,
  numberOf,
  own,
  statisticsFrom,
  withoutZeros,
} from "../fields";
import { problem } from "../problem";
import type { Problem, ReadPoint } from "../report";
import { statisticsOfRequests } from "./vllm-bench-serve-requests";

const METRIC_KEYS: Partial<Record<Metric, string>> = { ttft: "ttft", tpot: "tpot", itl: "itl", e2e: "e2el" };

/** Which percentiles there are is up to the user; the median is there whenever the metric is. */
const STATISTIC_PREFIXES: Record<Statistic, string[]> = {
  mean: ["mean"],
  p50: ["median", "p50"],
  p90: ["p90"],
  p95: ["p95"],
  p99: ["p99"],
};

/** Reads one result object (latencies in ms) as a load point, or says why it is none. */
export function readVllmPoint(
  file: string,
  at: string,
  record: JsonRecord,
): { kind: "point"; point: ReadPoint } | { kind: "problems"; problems: Problem[] } {
  const sink: FieldSink = { file, problems: [] };
  const refuse = (key: string, expected: string, sentence: string) => {
    const path = memberPath(at, key);
    sink.problems.push(problem(file, path, own(record, key), expected, `${file}, ${path}: ${sentence}`));
  };
  const point: ReadPoint = { ...emptyMeasurement(), file, at };

  const completed = countAt(sink, record, "completed", at);
  if (completed === null || completed === 0) {
    if (sink.problems.length === 0) {
      refuse("completed", "at least one completed request", "no request completed, so nothing was measured.");
    }
    return { kind: "problems", problems: sink.problems };
  }
  point.requestsCompleted = completed;
  point.requestsFailed = countAt(sink, record, "failed", at);
  const planned = countAt(sink, record, "num_prompts", at);
  if (point.requestsFailed === null && planned !== null && planned >= completed) {
    point.requestsFailed = planned - completed;
    addFlag(point.qualityFlags, "requests_failed_derived");
  }

  const duration = measuredAt(sink, record, "duration", at);
  point.durationS = duration === 0 ? null : duration;
  point.requestRateAchieved = measuredAt(sink, record, "request_throughput", at);
  point.outputTokensPerSecond = measuredAt(sink, record, "output_throughput", at);
  const inputTokens = measuredAt(sink, record, "total_input_tokens", at);
  const outputTokens = measuredAt(sink, record, "total_output_tokens", at);
  const perSecond = (tokens: number | null) =>
    tokens === null || point.durationS === null ? null : tokens / point.durationS;
  point.inputTokensPerSecond = measuredAt(sink, record, "input_throughput", at) ?? perSecond(inputTokens);
  const both = inputTokens === null || outputTokens === null ? null : inputTokens + outputTokens;
  point.totalTokensPerSecond = measuredAt(sink, record, "total_token_throughput", at) ?? perSecond(both);
  point.inputTokensMean = inputTokens === null ? null : inputTokens / completed;
  point.outputTokensMean = outputTokens === null ? null : outputTokens / completed;

  const fromRequests = statisticsOfRequests(sink, record, at, completed);
  for (const [metric, key] of Object.entries(METRIC_KEYS) as [Metric, string][]) {
    const stated = withoutZeros(metric, readStatistics(sink, record, key, at));
    point[latencyField(metric)] = withComputed(stated, fromRequests?.[metric] ?? null, point.qualityFlags);
  }
  point.ntpotMs = withComputed(null, fromRequests?.ntpot ?? null, point.qualityFlags);
  readLoad(record, refuse, point);

  if (sink.problems.length === 0 && !measuresSomething(point)) {
    refuse("request_throughput", "latency or throughput figures", "the result holds no latency and no throughput.");
  }
  return sink.problems.length > 0 ? { kind: "problems", problems: sink.problems } : { kind: "point", point };
}

function readStatistics(sink: FieldSink, record: JsonRecord, metric: string, at: string): LatencyStatistics | null {
  return statisticsFrom((statistic) => {
    const keys = STATISTIC_PREFIXES[statistic].map((prefix) => `${prefix}_${metric}_ms`);
    const key = keys.find((name) => own(record, name) !== undefined && own(record, name) !== null);
    return key === undefined ? null : measuredAt(sink, record, key, at);
  });
}

/** What the file states, with what only its single requests tell filled in and flagged. */
function withComputed(
  stated: LatencyStatistics | null,
  computed: LatencyStatistics | null,
  flags: string[],
): LatencyStatistics | null {
  if (computed === null) return stated;
  return statisticsFrom((statistic) => {
    const value = stated?.[statistic] ?? null;
    if (value !== null || computed[statistic] === null) return value;
    addFlag(flags, "percentiles_from_request_times");
    return computed[statistic];
  });
}

function readLoad(
  record: JsonRecord,
  refuse: (key: string, expected: string, sentence: string) => void,
  point: ReadPoint,
): void {
  const capValue = own(record, "max_concurrency");
  // `--metadata`-like writers turn Python's None into text.
  const cap = capValue === undefined || capValue === null || capValue === "None" ? null : numberOf(capValue);
  if (
    capValue !== undefined &&
    capValue !== null &&
    capValue !== "None" &&
    (cap === null || !Number.isSafeInteger(cap) || cap < 1)
  ) {
    refuse(
      "max_concurrency",
      "a whole number, 1 or more, or null",
      "the concurrency limit must be a whole number, 1 or more.",
    );
    return;
  }
  const rampUp = own(record, "ramp_up_strategy");
  if (rampUp !== undefined && rampUp !== null) {
    addFlag(point.qualityFlags, "ramp_up");
    return;
  }
  const rate = numberOf(own(record, "request_rate"));
  if (rate === Number.POSITIVE_INFINITY) {
    point.loadKind = cap === null ? "max" : "concurrency";
    point.loadValue = cap;
  } else if (rate !== null && rate > 0) {
    point.loadKind = "request_rate";
    point.loadValue = rate;
    if (cap !== null) addFlag(point.qualityFlags, `max_concurrency_${cap}`);
  } else {
    refuse("request_rate", 'requests/s above 0, or "inf"', 'the request rate must be above 0, or "inf".');
  }
}
