import { type LatencyStatistics, latencyField, type Metric, statisticsFrom } from "../../../measurement/latency";
import { measuresSomething } from "../../../measurement/measurement";
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
  recordAt,
  textAt,
  withoutZeros,
} from "../../parse/fields";
import { problem } from "../../problem";
import type { Problem, ReadPoint } from "../../report";
import { loadFlags } from "../guidellm/guidellm-load";
import { GUIDELLM_TOKEN_LATENCY_FLAGS } from "../guidellm/guidellm-point";
import { argumentLoad, isSessionLoad, loadTool, standardizedLoad } from "./llm-d-report-load";
import { readObserved } from "./llm-d-report-observed";

/** Milliseconds of one unit, `/token` left off. */
const MS_PER_UNIT: ReadonlyMap<string, number> = new Map([
  ["s", 1000],
  ["ms", 1],
  ["us", 1e-3],
  ["µs", 1e-3],
  ["ns", 1e-6],
]);

const LATENCY_KEYS: Record<Metric, string> = {
  ttft: "time_to_first_token",
  tpot: "time_per_output_token",
  itl: "inter_token_latency",
  ntpot: "normalized_time_per_output_token",
  e2e: "request_latency",
};

/** Since this version GuideLLM's time per output token counts from the start of the request. */
const GUIDELLM_VERSION_OF_NTPOT = 0.4;

/** The parts of a report that describe one load point, found in either version of the format. */
interface Sections {
  requests: JsonRecord | null;
  latency: JsonRecord | null;
  throughput: JsonRecord | null;
  location: string;
}

/** Reads one report as a load point, or says why it is none. `isFirstVersion` tells v0.1 from v0.2 and v0.2.1. */
export function readLlmdPoint(
  file: string,
  location: string,
  report: JsonRecord,
  isFirstVersion: boolean,
): Result<ReadPoint, Problem[]> {
  const sink: FieldSink = { file, problems: [] };
  const point: ReadPoint = emptyPoint(file, location);
  const sections = sectionsOf(report, location, isFirstVersion);
  const scenario = recordAt(report, "scenario");
  const tool = loadTool(scenario);

  const requestsAt = memberPath(sections.location, "requests");
  const total = countAt(sink, sections.requests, "total", requestsAt);
  point.requestsFailed = countAt(sink, sections.requests, "failures", requestsAt);
  const incomplete = countAt(sink, sections.requests, "incomplete", requestsAt);
  if (total !== null) point.requestsCompleted = total - (point.requestsFailed ?? 0) - (incomplete ?? 0);
  if (point.requestsCompleted !== null && point.requestsCompleted <= 0 && sink.problems.length === 0) {
    const path = memberPath(requestsAt, "total");
    const expected = "at least one completed request";
    const message = `${file}, ${path}: no request completed (total less failures and incomplete), so nothing was measured.`;
    sink.problems.push(problem(file, path, total, expected, message));
  }
  if (sink.problems.length > 0) return refused(sink.problems);
  if (incomplete !== null && incomplete > 0) point.extras = { incomplete };
  point.requestsCancelled = incomplete;
  const sessions = sessionExtras(recordAt(recordAt(report, "results"), "session_performance"));
  if (Object.keys(sessions).length > 0) point.extras = { ...point.extras, ...sessions };

  readThroughput(sink, sections, isFirstVersion, point);
  const lengthOf = (key: string) =>
    positive(measuredAt(sink, recordAt(sections.requests, key), "mean", memberPath(requestsAt, key)));
  // The converter of vLLM's results divides the input tokens by all requests, though only completed ones count.
  const isDiluted = tool === "vllm-benchmark" && (point.requestsFailed ?? 0) > 0;
  point.inputTokensMean = isDiluted ? null : lengthOf("input_length");
  point.outputTokensMean = lengthOf("output_length");
  point.durationS = isFirstVersion
    ? positive(measuredAt(sink, recordAt(recordAt(report, "metrics"), "time"), "duration", `${sections.location}.time`))
    : isoDuration(sink, recordAt(recordAt(report, "run"), "time"), memberPath(memberPath(location, "run"), "time"));

  for (const [metric, key] of Object.entries(LATENCY_KEYS) as [Metric, string][]) {
    const latencyAt = memberPath(memberPath(sections.location, "latency"), key);
    point[latencyField(metric)] = withoutZeros(
      metric,
      latencyStatistics(sink, recordAt(sections.latency, key), latencyAt),
    );
  }
  if (tool === "guidellm") renameGuidellmLatencies(point, scenario);
  readObserved(recordAt(recordAt(report, "results"), "observability"), point);

  const load = isFirstVersion ? argumentLoad(scenario) : standardizedLoad(scenario);
  if (isSessionLoad(scenario)) {
    addFlag(point.qualityFlags, "session_load");
  } else {
    point.loadKind = load.loadKind;
    point.loadValue = load.loadValue;
    for (const flag of loadFlags(load)) addFlag(point.qualityFlags, flag);
  }
  if (sink.problems.length === 0 && !measuresSomething(point)) {
    const expected = "latency or throughput figures";
    sink.problems.push(
      problem(file, sections.location, "", expected, `${file}, ${sections.location}: holds no ${expected}.`),
    );
  }
  return sink.problems.length > 0 ? refused(sink.problems) : ok(point);
}

function sectionsOf(report: JsonRecord, location: string, isFirstVersion: boolean): Sections {
  const performance = recordAt(recordAt(report, "results"), "request_performance");
  const owner = isFirstVersion ? recordAt(report, "metrics") : recordAt(performance, "aggregate");
  return {
    requests: recordAt(owner, "requests"),
    latency: recordAt(owner, "latency"),
    throughput: recordAt(owner, "throughput"),
    location: isFirstVersion
      ? memberPath(location, "metrics")
      : `${memberPath(location, "results")}.request_performance.aggregate`,
  };
}

/** Plain numbers in v0.1; statistics with a unit since v0.2, of which the mean is the rate. */
function readThroughput(sink: FieldSink, sections: Sections, isFirstVersion: boolean, point: ReadPoint): void {
  const throughputAt = memberPath(sections.location, "throughput");
  const rate = (plainKey: string, key: string, unit: string): number | null => {
    if (isFirstVersion) return positive(measuredAt(sink, sections.throughput, plainKey, throughputAt));
    const statistics = recordAt(sections.throughput, key);
    const statisticsAt = memberPath(throughputAt, key);
    const stated = textAt(statistics, "units");
    if (stated !== null && stated !== unit) refuseUnit(sink, stated, unit, statisticsAt);
    return positive(measuredAt(sink, statistics, "mean", statisticsAt));
  };
  point.requestRateAchieved = rate("requests_per_sec", "request_rate", "queries/s");
  point.outputTokensPerSecond = rate("output_tokens_per_sec", "output_token_rate", "tokens/s");
  point.totalTokensPerSecond = rate("total_tokens_per_sec", "total_token_rate", "tokens/s");
  const { totalTokensPerSecond: total, outputTokensPerSecond: output } = point;
  // Some converters leave the input out; the total is the sum of both.
  const rest = total === null || output === null ? null : positive(total - output);
  point.inputTokensPerSecond = rate("input_tokens_per_sec", "input_token_rate", "tokens/s") ?? rest;
}

function latencyStatistics(sink: FieldSink, statistics: JsonRecord | null, location: string): LatencyStatistics | null {
  if (statistics === null) return null;
  const units = textAt(statistics, "units");
  const msPerUnit = MS_PER_UNIT.get(units?.replace(/\/token$/, "").trim() ?? "");
  if (msPerUnit === undefined) {
    refuseUnit(sink, units, "one of s, ms, us, ns (each also per token)", location);
    return null;
  }
  return statisticsFrom((statistic) => {
    const value = measuredAt(sink, statistics, statistic, location);
    return value === null ? null : value * msPerUnit;
  });
}

function refuseUnit(sink: FieldSink, value: string | null, expected: string, location: string): void {
  const path = memberPath(location, "units");
  const message = `${sink.file}, ${path}: the unit of the figures must be ${expected}.`;
  sink.problems.push(problem(sink.file, path, value ?? "", expected, message));
}

/** In reports made from GuideLLM "inter-token latency" is our TPOT, and "time per output token" includes the first token. */
function renameGuidellmLatencies(point: ReadPoint, scenario: JsonRecord | null): void {
  const stated = textAt(recordAt(recordAt(scenario, "load"), "standardized"), "tool_version");
  const version = /^v?(\d+\.\d+)/.exec(stated ?? "")?.[1];
  const countsFromStart = version !== undefined && Number(version) >= GUIDELLM_VERSION_OF_NTPOT;
  point.ntpotMs ??= countsFromStart ? point.tpotMs : null;
  point.tpotMs = point.itlMs === null ? null : { ...point.itlMs };
  if (point.tpotMs !== null) for (const flag of GUIDELLM_TOKEN_LATENCY_FLAGS) addFlag(point.qualityFlags, flag);
}

const SECONDS_PER_PART = [86_400, 3600, 60, 1];

/** `PT49.972S`, `P1DT2H3M4S` or plain seconds; anything else is a problem, blank is not stated. */
function isoDuration(sink: FieldSink, time: JsonRecord | null, location: string): number | null {
  const stated = time === null ? undefined : own(time, "duration");
  if (stated === undefined || stated === null || stated === "") return null;
  if (numberOf(stated) !== null) return positive(measuredAt(sink, time, "duration", location));
  const part = "(?:(\\d+(?:\\.\\d+)?(?:e[-+]?\\d+)?)";
  const pattern = new RegExp(`^P${part}D)?(?:T${part}H)?${part}M)?${part}S)?)?$`, "i");
  const match = typeof stated === "string" ? pattern.exec(stated.trim()) : null;
  if (match !== null) {
    const seconds = SECONDS_PER_PART.reduce((sum, size, index) => sum + size * Number(match[index + 1] ?? 0), 0);
    return positive(seconds);
  }
  const path = memberPath(location, "duration");
  const expected = "a duration such as PT49.97S";
  sink.problems.push(problem(sink.file, path, stated, expected, `${sink.file}, ${path}: expected ${expected}.`));
  return null;
}

/** Zeros stand for what was not measured. */
function positive(value: number | null): number | null {
  return value === null || value <= 0 ? null : value;
}

/** Figures of sessions beside those of requests, under the report's own names: no field of a load point holds them. */
function sessionExtras(performance: JsonRecord | null): Record<string, number> {
  const sessions = recordAt(performance, "sessions");
  const found: Record<string, number> = {};
  const keep = (name: string, value: unknown) => {
    const number = numberOf(value);
    if (number !== null && Number.isFinite(number) && number >= 0) found[`session_${name}`] = number;
  };
  for (const name of ["total", "succeeded", "failed", "total_events", "total_events_cancelled"]) {
    if (sessions !== null) keep(name, own(sessions, name));
  }
  for (const name of [
    "session_rate",
    "session_duration",
    "events_per_session",
    "input_tokens_per_session",
    "output_tokens_per_session",
  ]) {
    keep(`${name.replace(/^session_/, "")}_mean`, own(recordAt(sessions, name) ?? {}, "mean"));
  }
  return found;
}
