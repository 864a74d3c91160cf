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
import {
  countAt,
  emptyPoint,
  type FieldSink,
  type JsonRecord,
  measuredAt,
  memberPath,
  numberOf,
  own,
  withoutZeros,
} from "../../parse/fields";
import { problem } from "../../problem";
import type { Problem, ReadPoint } from "../../report";
import { statisticsOfRequests } from "./client-request-times";

/**
 * How one of the clients that descend from vLLM's `benchmark_serving.py` names its figures. Where there are several names,
 * the first that holds a value counts.
 */
export interface ClientDialect {
  /** Part of the key between statistic and unit: `mean_ttft_ms`. */
  metricKeys: Partial<Record<Metric, readonly string[]>>;
  requestThroughput: readonly string[];
  totalThroughput: readonly string[];
  inputTokens: readonly string[];
  outputTokens: readonly string[];
  /** What a missing rate means: `refuse` it, or everything at once (`unlimited`). */
  missingRate: "refuse" | "unlimited";
  /** True where the answers came in one piece, so that first token and gaps mean nothing. */
  withoutStreaming(record: JsonRecord): boolean;
  /** A second count of the output tokens: by another tokeniser. */
  outputTokensElsewhere: readonly string[];
  /** Failed requests where the record does not count them. */
  failedRequests(record: JsonRecord, completed: number): number | null;
}

export type ClientPoint = Result<ReadPoint, Problem[]>;

/** Which percentiles there are is up to the user; the median is there whenever the metric is. */
const STATISTIC_PREFIXES: Record<Statistic, string[]> = {
  mean: ["mean"],
  p50: ["median", "p50"],
  p90: ["p90"],
  p95: ["p95"],
  p99: ["p99"],
};

/** Latencies of answers that came in one piece. */
const WHOLE_ANSWER_METRICS: readonly Metric[] = ["ntpot", "e2e"];

/** The record that is read, its location, and the list for what is wrong with it. */
interface LocatedRecord {
  sink: FieldSink;
  record: JsonRecord;
  location: string;
}

function refuse({ sink, record, location }: LocatedRecord, key: string, expected: string, sentence: string): void {
  const path = memberPath(location, key);
  sink.problems.push(problem(sink.file, path, own(record, key), expected, `${sink.file}, ${path}: ${sentence}`));
}

/** The first of several measured numbers that is there. */
function firstOf({ sink, record, location }: LocatedRecord, keys: readonly string[]): number | null {
  const key = presentKey(record, keys);
  return key === undefined ? null : measuredAt(sink, record, key, location);
}

function ratio(amount: number | null, durationS: number | null): number | null {
  return amount === null || durationS === null ? null : amount / durationS;
}

/** Reads one result object (latencies in ms, tokens/s of the whole deployment) as a load point, or says why it is none. */
export function readClientPoint(
  file: string,
  location: string,
  record: JsonRecord,
  dialect: ClientDialect,
): ClientPoint {
  const sink: FieldSink = { file, problems: [] };
  const located: LocatedRecord = { sink, record, location };
  const point: ReadPoint = emptyPoint(file, location);

  const completed = countAt(sink, record, "completed", location);
  if (completed === null || completed === 0) {
    if (sink.problems.length === 0) {
      refuse(located, "completed", "at least one completed request", "no request completed, so nothing was measured.");
      return refused(sink.problems.map((item) => ({ ...item, emptyPoint: true })));
    }
    return refused(sink.problems);
  }
  point.requestsCompleted = completed;
  point.requestsFailed = countAt(sink, record, "failed", location);
  if (point.requestsFailed === null) {
    point.requestsFailed = dialect.failedRequests(record, completed);
    if (point.requestsFailed !== null) addFlag(point.qualityFlags, "requests_failed_derived");
  }

  const measuredS = measuredAt(sink, record, "duration", location);
  const durationS = measuredS === 0 ? null : measuredS;
  point.durationS = durationS;
  const inputTokens = firstOf(located, dialect.inputTokens);
  const outputTokens = firstOf(located, dialect.outputTokens);
  const both = inputTokens === null || outputTokens === null ? null : inputTokens + outputTokens;
  point.requestRateAchieved = firstOf(located, dialect.requestThroughput) ?? ratio(completed, durationS);
  point.outputTokensPerSecond =
    measuredAt(sink, record, "output_throughput", location) ?? ratio(outputTokens, durationS);
  point.inputTokensPerSecond = measuredAt(sink, record, "input_throughput", location) ?? ratio(inputTokens, durationS);
  point.totalTokensPerSecond = firstOf(located, dialect.totalThroughput) ?? ratio(both, durationS);
  point.inputTokensMean = inputTokens === null ? null : inputTokens / completed;
  point.outputTokensMean = outputTokens === null ? null : outputTokens / completed;

  const streamed = !dialect.withoutStreaming(record);
  const fromRequests = statisticsOfRequests(sink, record, location, completed, streamed);
  let computedAny = false;
  for (const metric of streamed ? METRICS : WHOLE_ANSWER_METRICS) {
    const keys = dialect.metricKeys[metric] ?? [];
    const stated = withoutZeros(metric, readStatistics(located, keys));
    const { statistics, computed } = filledIn(stated, fromRequests?.metrics[metric] ?? null);
    point[latencyField(metric)] = statistics;
    computedAny ||= computed;
    if (computed && metric === "itl" && fromRequests?.approximate === true) {
      addFlag(point.qualityFlags, "itl_percentiles_approximate");
    }
  }
  if (computedAny) addFlag(point.qualityFlags, "percentiles_from_request_times");
  readServer(located, point);
  readLoad(located, dialect, point);
  point.evidence = evidenceOf(located, dialect, completed);

  if (sink.problems.length === 0 && !measuresSomething(point)) {
    refuse(
      located,
      "output_throughput",
      "latency or throughput figures",
      "the result holds no latency and no throughput.",
    );
  }
  return sink.problems.length > 0 ? refused(sink.problems) : ok(point);
}

/** Goodput, and what the client read off the server: prefix cache, speculative decoding. What is no such figure is left out. */
function readServer({ record }: LocatedRecord, point: ReadPoint): void {
  const positive = (...keys: string[]): number | null => {
    for (const key of keys) {
      const value = numberOf(own(record, key));
      if (value !== null && impossibleValue(value) === null && value > 0) return value;
    }
    return null;
  };
  // Versions before 2025 wrote the key with a colon in it; 0 stands for no target.
  point.goodputRequestsPerSecond = positive("request_goodput", "request_goodput:");
  point.acceptanceLength = positive(
    "spec_decode_acceptance_length",
    "accept_length",
    "mean_avg_decoded_tokens_per_iter",
    "avg_decoded_tokens_per_iter",
  );
  const hits = numberOf(own(record, "prefix_cache_hits"));
  const queries = positive("prefix_cache_queries");
  const share = hits !== null && queries !== null ? hits / queries : numberOf(own(record, "prefix_cache_hit_rate"));
  if (share !== null && share >= 0 && share <= 1) point.cachedInputShare = share;
}

/** What the result says beside its figures: requests planned, a second count of tokens, whether gaps were seen. */
function evidenceOf(located: LocatedRecord, dialect: ClientDialect, completed: number): Evidence {
  const { record } = located;
  const evidence: Evidence = {};
  const planned = numberOf(own(record, "num_prompts"));
  if (planned !== null && Number.isSafeInteger(planned) && planned > 0) evidence.requestsPlanned = planned;
  const elsewhere = firstOf(located, dialect.outputTokensElsewhere);
  if (elsewhere !== null) evidence.outputTokensMeanElsewhere = elsewhere / completed;
  const gap = numberOf(own(record, "mean_itl_ms")) ?? numberOf(own(record, "median_itl_ms"));
  if (gap === 0) evidence.sawGaps = false;
  return evidence;
}

/** The first of several keys that holds something. */
function presentKey(record: JsonRecord, keys: readonly string[]): string | undefined {
  for (const key of keys) if ((own(record, key) ?? null) !== null) return key;
  return undefined;
}

/** Keys of each statistic by the names of the metric. Remembered, so that they are not made anew for every record. */
const STATISTIC_KEYS = new WeakMap<readonly string[], Record<Statistic, string[]>>();

function statisticKeys(metrics: readonly string[]): Record<Statistic, string[]> {
  const known = STATISTIC_KEYS.get(metrics);
  if (known !== undefined) return known;
  const keys = {
    mean: keysOf("mean", metrics),
    p50: keysOf("p50", metrics),
    p90: keysOf("p90", metrics),
    p95: keysOf("p95", metrics),
    p99: keysOf("p99", metrics),
  };
  STATISTIC_KEYS.set(metrics, keys);
  return keys;
}

function keysOf(statistic: Statistic, metrics: readonly string[]): string[] {
  return metrics.flatMap((metric) => STATISTIC_PREFIXES[statistic].map((prefix) => `${prefix}_${metric}_ms`));
}

function readStatistics(located: LocatedRecord, metrics: readonly string[]): LatencyStatistics | null {
  const keys = statisticKeys(metrics);
  return statisticsFrom((statistic) => firstOf(located, keys[statistic]));
}

/** What the file states, with what only its single requests tell filled in. */
function filledIn(
  stated: LatencyStatistics | null,
  fromRequests: LatencyStatistics | null,
): { statistics: LatencyStatistics | null; computed: boolean } {
  if (fromRequests === null) return { statistics: stated, computed: false };
  let computed = false;
  const statistics = statisticsFrom((statistic) => {
    const value = stated?.[statistic] ?? null;
    if (value !== null || fromRequests[statistic] === null) return value;
    computed = true;
    return fromRequests[statistic];
  });
  return { statistics, computed };
}

function readLoad(located: LocatedRecord, dialect: ClientDialect, point: ReadPoint): void {
  const { record } = located;
  const capValue = own(record, "max_concurrency");
  // `--metadata`-like writers turn Python's None into text.
  const unlimited = capValue === undefined || capValue === null || capValue === "None" || capValue === "";
  const cap = unlimited ? null : numberOf(capValue);
  if (!unlimited && (cap === null || !Number.isSafeInteger(cap) || cap < 1)) {
    const sentence = "the concurrency limit must be a whole number, 1 or more.";
    refuse(located, "max_concurrency", "a whole number, 1 or more, or null", sentence);
    return;
  }
  const rampUp = own(record, "ramp_up_strategy");
  if (rampUp !== undefined && rampUp !== null && rampUp !== "") {
    addFlag(point.qualityFlags, "ramp_up");
    return;
  }
  const rateValue = own(record, "request_rate");
  if (rateValue === "trace") {
    addFlag(point.qualityFlags, "trace_replay");
    return;
  }
  const missing = rateValue === undefined || rateValue === null;
  const rate = missing && dialect.missingRate === "unlimited" ? Number.POSITIVE_INFINITY : numberOf(rateValue);
  if (rate === Number.POSITIVE_INFINITY) {
    point.loadKind = cap === null ? "max" : "concurrency";
    point.loadValue = cap;
  } else if (rate !== null && rate > 0) {
    point.loadKind = "request_rate";
    point.loadValue = rate;
    if (cap !== null) addFlag(point.qualityFlags, `max_concurrency_${cap}`);
  } else {
    refuse(located, "request_rate", 'requests/s above 0, or "inf"', 'the request rate must be above 0, or "inf".');
  }
}
