import { isList } from "../../../is-list";
import { latencyField, METRICS, type Metric } from "../../../measurement/latency";
import { impossibleValue } from "../../../measurement/quality";
import { addFlag } from "../../../measurement/quality-flags";
import { MS_PER_SECOND } from "../../../units";
import type { AdapterResult, DraftRun } from "../../facts/draft-run";
import { emptyPoint, isRecord, type JsonRecord, memberPath, numberOf, own, recordAt } from "../../parse/fields";
import type { ParsedFile, RecordFormat, RecordReader } from "../../parse/parsed-file";
import { problem } from "../../problem";
import type { Problem, ReadPoint } from "../../report";
import { SampleAccumulator } from "../sample-accumulator";
import { type InferencePerfConfig, isInferencePerfConfig, readInferencePerfConfig } from "./inference-perf-config";

/** A broken file repeats the same mistake in every record: the first few are enough to correct it. */
const MAX_PROBLEMS = 20;

/**
 * `per_request_lifecycle_metrics.json`: one record a request, seconds on a clock of the run's own. Records carry no stage, so
 * all loads of the run are pooled into one point unless its configuration has a single stage. `info` in all its shapes: none
 * (v0.1), flat (v0.2 to v0.4), nested (v0.5 and later), or `computed_metrics` in its place.
 */
export const inferencePerfRequests: RecordFormat = {
  sniff: isRequestRecord,
  reader: ({ path }) => requestsReader(path),
};

/** True for the record of one request. */
export function isRequestRecord(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const has = (key: string) => own(value, key) !== undefined;
  return (
    ["start_time", "end_time", "error"].every(has) && ["request", "response", "info", "computed_metrics"].some(has)
  );
}

/** What one successful request took. */
interface RequestTimes {
  startS: number;
  endS: number;
  inputTokens: number | null;
  outputTokens: number | null;
  /** Arrival of each token; empty where the answer was not streamed. */
  tokenTimesS: readonly number[];
  /** Gaps the tool computed itself, where it kept no arrivals. */
  computed: { ttftS: number; tpotS: number | null; gapsS: readonly number[] } | null;
  /** Tokens after the first, by which the tool divides: arrivals (before v0.5) or tokens counted. */
  tokensAfterFirst: number | null;
}

function requestsReader(path: string): RecordReader {
  const problems: Problem[] = [];
  const samples: Record<Metric, SampleAccumulator> = {
    ttft: new SampleAccumulator(),
    tpot: new SampleAccumulator(),
    itl: new SampleAccumulator(),
    ntpot: new SampleAccumulator(),
    e2e: new SampleAccumulator(),
  };
  let [completed, failed] = [0, 0];
  let [firstStartS, lastEndS] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const input = { tokens: 0, requests: 0 };
  const output = { tokens: 0, requests: 0 };
  const refuse = (location: string, value: unknown, expected: string, sentence: string): null => {
    if (problems.length < MAX_PROBLEMS) {
      problems.push(problem(path, location, value, expected, `${path}, ${location}: ${sentence}`));
    }
    return null;
  };

  return {
    add(value, location) {
      if (!isRecord(value) || !isRequestRecord(value)) {
        const expected = "the record of one request";
        refuse(location, value, expected, `is not ${expected} like the first of the file.`);
        return;
      }
      const times = timesOf(value, location, refuse);
      if (times === null) return;
      firstStartS = Math.min(firstStartS, times.startS);
      lastEndS = Math.max(lastEndS, times.endS);
      if (own(value, "error") !== null) {
        failed += 1;
        return;
      }
      completed += 1;
      if (times.inputTokens !== null) count(input, times.inputTokens);
      if (times.outputTokens !== null) count(output, times.outputTokens);
      addSamples(samples, times);
    },
    finish(companions) {
      if (problems.length === 0 && completed === 0) {
        const expected = "at least one successful request";
        refuse("$", `${failed} failed requests`, expected, "no request succeeded, so nothing was measured.");
      }
      if (problems.length > 0) return { drafts: [], problems, skipped: [] };
      const point: ReadPoint = emptyPoint(path, "$");
      point.requestsCompleted = completed;
      point.requestsFailed = failed;
      const windowS = lastEndS - firstStartS;
      point.durationS = windowS > 0 ? windowS : null;
      const perSecond = (amount: number) => (windowS > 0 ? amount / windowS : null);
      point.requestRateAchieved = perSecond(completed);
      const [hasInput, hasOutput] = [input.requests > 0, output.requests > 0];
      point.inputTokensPerSecond = hasInput ? perSecond(input.tokens) : null;
      point.outputTokensPerSecond = hasOutput ? perSecond(output.tokens) : null;
      point.totalTokensPerSecond = hasInput && hasOutput ? perSecond(input.tokens + output.tokens) : null;
      point.inputTokensMean = hasInput ? input.tokens / input.requests : null;
      point.outputTokensMean = hasOutput ? output.tokens / output.requests : null;
      point.evidence = {
        ...(hasInput ? { requestsWithInputCount: input.requests } : {}),
        ...(hasOutput ? { requestsWithOutputCount: output.requests } : {}),
      };
      for (const metric of METRICS) {
        const { statistics, approximate } = samples[metric].statisticsMs(MS_PER_SECOND);
        point[latencyField(metric)] = statistics;
        if (approximate) addFlag(point.qualityFlags, `${metric}_percentiles_approximate`);
      }
      addFlag(point.qualityFlags, "percentiles_from_request_times");
      return resultOf(path, point, companions);
    },
  };
}

function count(total: { tokens: number; requests: number }, tokens: number): void {
  total.tokens += tokens;
  total.requests += 1;
}

/** The tool's own formulas (`compute_request_latency_metrics` of its report generator). */
function addSamples(samples: Record<Metric, SampleAccumulator>, times: RequestTimes): void {
  const wholeS = times.endS - times.startS;
  samples.e2e.add(wholeS);
  if (times.outputTokens !== null && times.outputTokens > 0) samples.ntpot.add(wholeS / times.outputTokens);
  const { tokenTimesS, computed, tokensAfterFirst } = times;
  if (computed !== null) {
    samples.ttft.add(computed.ttftS);
    if (computed.tpotS !== null) samples.tpot.add(computed.tpotS);
    for (const gap of computed.gapsS) samples.itl.add(gap);
    return;
  }
  const [first] = tokenTimesS;
  const last = tokenTimesS.at(-1);
  // An answer with a single arrival was not streamed.
  if (first === undefined || last === undefined || tokenTimesS.length < 2) return;
  samples.ttft.add(first - times.startS);
  if (tokensAfterFirst !== null && tokensAfterFirst > 0) samples.tpot.add((last - first) / tokensAfterFirst);
  let before = first;
  for (let index = 1; index < tokenTimesS.length; index++) {
    const arrival = tokenTimesS[index] ?? before;
    samples.itl.add(arrival - before);
    before = arrival;
  }
}

type Refuse = (location: string, value: unknown, expected: string, sentence: string) => null;

function timesOf(record: JsonRecord, location: string, refuse: Refuse): RequestTimes | null {
  const info = recordAt(record, "info");
  const response = recordAt(info, "response_metrics");
  const computed = recordAt(record, "computed_metrics");
  const startS = number(record, "start_time", location, refuse);
  const endS = number(record, "end_time", location, refuse);
  if (startS === null || endS === null) return null;
  if (endS < startS) {
    return refuse(
      memberPath(location, "end_time"),
      endS,
      "a time after start_time",
      "the request ends before it starts.",
    );
  }
  const nested = recordAt(info, "request_metrics") !== null || response !== null;
  const tokenTimesS = timesList(nested ? response : info, "output_token_times", location, refuse);
  if (tokenTimesS === null) return null;
  const outputTokens = tokensAt(nested ? response : info, "output_tokens") ?? tokensAt(computed, "output_tokens");
  const inputTokens =
    tokensAt(recordAt(recordAt(info, "request_metrics"), "text"), "input_tokens") ??
    tokensAt(info, "input_tokens") ??
    tokensAt(computed, "input_tokens");
  const ownGapsS = tokenTimesS.length > 0 ? [] : timesList(computed, "inter_token_latencies", location, refuse);
  if (ownGapsS === null) return null;
  const ttftS = tokensAt(computed, "time_to_first_token");
  return {
    startS,
    endS,
    inputTokens,
    outputTokens,
    tokenTimesS,
    computed:
      tokenTimesS.length > 0 || ttftS === null
        ? null
        : { ttftS, tpotS: tokensAt(computed, "time_per_output_token"), gapsS: ownGapsS },
    tokensAfterFirst: nested ? (outputTokens === null ? null : outputTokens - 1) : tokenTimesS.length - 1,
  };
}

/** A time of the run's own clock, which may start below 0. */
function number(record: JsonRecord, key: string, location: string, refuse: Refuse): number | null {
  const raw = own(record, key);
  const value = numberOf(raw);
  const magnitude = value === null ? "a number" : impossibleValue(Math.abs(value));
  if (value !== null && magnitude === null) return value;
  return refuse(memberPath(location, key), raw, "seconds", "is no time in seconds.");
}

/** A count, or a latency, of 0 or more; `null` for anything else. */
function tokensAt(record: JsonRecord | null, key: string): number | null {
  const value = record === null ? null : numberOf(own(record, key));
  return value !== null && impossibleValue(value) === null ? value : null;
}

/** A list of times in ascending order or of gaps; empty where there is none. */
function timesList(record: JsonRecord | null, key: string, location: string, refuse: Refuse): number[] | null {
  const values = record === null ? undefined : own(record, key);
  if (values === undefined || values === null) return [];
  const times = isList(values) ? values.map(numberOf) : [null];
  if (times.every((time): time is number => time !== null && Number.isFinite(time))) return times;
  return refuse(memberPath(location, key), values, "a list of seconds", "the times of the tokens must be numbers.");
}

function resultOf(path: string, point: ReadPoint, companions: readonly ParsedFile[]): AdapterResult {
  const configs = companions.filter(isInferencePerfConfig);
  const [only] = configs;
  const config = configs.length === 1 && only !== undefined ? readInferencePerfConfig(only) : null;
  readLoad(config, point);
  const draft: DraftRun = {
    format: "inference-perf",
    tool: "inference-perf",
    measuredOn: null,
    stated: config?.stated ?? {},
    hints: config?.hints ?? {},
    seriesKey: config?.seriesKey ?? null,
    qualityFlags: point.loadKind === null ? ["aggregate_over_stages"] : [],
    points: [point],
    files: config === null ? [path] : [path, config.path],
  };
  return { drafts: [draft], problems: [], skipped: [] };
}

/** The load of a run with a single stage; several pool to none. */
function readLoad(config: InferencePerfConfig | null, point: ReadPoint): void {
  const load = config?.onlyStageLoad ?? null;
  if (load === null) {
    addFlag(point.qualityFlags, "aggregate_over_stages");
  } else {
    point.loadKind = load.kind;
    point.loadValue = load.value;
  }
}
