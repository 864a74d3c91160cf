import { isList } from "../../../is-list";
import { MAX_PROBLEMS_PER_FILE } from "../../../limits";
import type { LatencyStatistics } from "../../../measurement/latency";
import { emptyMeasurement } from "../../../measurement/measurement";
import { impossibleValue } from "../../../measurement/quality";
import { addFlag } from "../../../measurement/quality-flags";
import { MS_PER_SECOND, NS_PER_MS, SECONDS_PER_MINUTE } from "../../../units";
import type { AdapterResult, DraftRun } from "../../facts/draft-run";
import { isRecord, type JsonRecord, numberOf, own } from "../../parse/fields";
import type { RecordFormat } from "../../parse/parsed-file";
import { problem } from "../../problem";
import type { Problem, ReadPoint } from "../../report";
import { SampleAccumulator } from "../sample-accumulator";

export const FMPERF_FORMAT = "fmperf";

const MS_PER_MS = 1;

/** True for one record of fmperf: a token (or chunk of a response) with the request and user it belongs to. */
export function isFmperfRecord(value: unknown): boolean {
  return isRecord(value) && ["exp_num_users", "worker_idx"].every((key) => own(value, key) !== undefined);
}

/** The records under `results`, as `run.py` wraps them; `null` where there are none. */
export function recordsOf(value: JsonRecord): readonly unknown[] | null {
  const results = own(value, "results");
  return isList(results) ? results : null;
}

/** What is kept of a request until the end; the tokens themselves are not. */
interface Request {
  firstMs: number | null;
  totalMs: number;
  tokens: number;
  failed: boolean;
  /** Some of it lies outside the measured window: it counts as neither completed nor failed. */
  excluded: boolean;
}

/** Everything measured at one load. */
interface Load {
  kind: "concurrency" | "request_rate";
  value: number;
  requests: Map<string, Request>;
  gapsMs: SampleAccumulator;
  tokens: number;
  startMs: number;
  endMs: number;
}

/** Reads token after token. Of each request only a few sums are kept, and of the gaps between tokens their distribution. */
export const fmperfRecords: RecordFormat = {
  sniff: (first) => isFmperfRecord(first) || (isRecord(first) && isFmperfRecord(recordsOf(first)?.[0])),
  reader: ({ path }) => {
    const loads = new Map<string, Load>();
    const problems: Problem[] = [];
    const refuse = (location: string, value: unknown, expected: string) => {
      if (problems.length >= MAX_PROBLEMS_PER_FILE) return;
      problems.push(
        problem(
          path,
          location,
          value,
          expected,
          `${path}${location === "" ? "" : `, ${location}`}: expected ${expected}.`,
        ),
      );
    };
    const add = (value: unknown, location: string): void => {
      if (isRecord(value) && !isFmperfRecord(value)) {
        const wrapped = recordsOf(value);
        if (wrapped !== null) {
          for (const [index, record] of wrapped.entries())
            addToken(record, `${location}.results[${index}]`, loads, refuse);
          return;
        }
      }
      addToken(value, location, loads, refuse);
    };
    return {
      add,
      finish(): AdapterResult {
        const drafts: DraftRun[] = [];
        const points = [...loads.values()].flatMap((load) => {
          const point = pointOf(path, load);
          return point === null ? [] : [point];
        });
        if (points.length === 0 && problems.length === 0) {
          refuse("", loads.size, "at least one request completed within the measured window");
        }
        if (problems.length === 0) {
          drafts.push({
            format: FMPERF_FORMAT,
            tool: "fmperf",
            measuredOn: null,
            stated: {},
            hints: {},
            seriesKey: null,
            qualityFlags: [],
            points,
            files: [path],
          });
        }
        return { drafts, problems, skipped: [] };
      },
    };
  },
};

type Refuse = (location: string, value: unknown, expected: string) => void;

function addToken(value: unknown, location: string, loads: Map<string, Load>, refuse: Refuse): void {
  if (!isRecord(value) || !isFmperfRecord(value)) {
    refuse(location, value, "a record of fmperf");
    return;
  }
  const load = loadOf(value, loads);
  if (load === null) {
    refuse(`${location}, exp_num_users`, own(value, "exp_num_users"), "a number of users, 1 or more");
    return;
  }
  const key = `${String(own(value, "worker_idx"))} ${String(own(value, "request_idx"))}`;
  const request = load.requests.get(key) ?? { firstMs: null, totalMs: 0, tokens: 0, failed: false, excluded: false };
  load.requests.set(key, request);
  if (own(value, "exclude") === true) {
    request.excluded = true;
    return;
  }
  if (own(value, "ok") !== true) {
    request.failed = true;
    return;
  }
  const durationMs = numberOf(own(value, "duration_ms"));
  const tokens = numberOf(own(value, "n_tokens")) ?? 1;
  if (durationMs === null || impossibleValue(durationMs) !== null || impossibleValue(tokens) !== null) {
    refuse(`${location}, duration_ms`, own(value, "duration_ms"), "milliseconds, 0 or more");
    return;
  }
  request.totalMs += durationMs;
  request.tokens += tokens;
  load.tokens += tokens;
  if (own(value, "response_idx") === 0) request.firstMs = durationMs;
  else load.gapsMs.add(durationMs);
  const timestampNs = numberOf(own(value, "timestamp"));
  if (timestampNs !== null && timestampNs > 0 && Number.isFinite(timestampNs)) {
    const endMs = timestampNs / NS_PER_MS;
    load.startMs = Math.min(load.startMs, endMs - durationMs);
    load.endMs = Math.max(load.endMs, endMs);
  }
}

/** Newer versions can send at a rate (`exp_req_min`, requests/min): the number of users is then no load. */
function loadOf(record: JsonRecord, loads: Map<string, Load>): Load | null {
  const perMinute = numberOf(own(record, "exp_req_min"));
  const users = numberOf(own(record, "exp_num_users"));
  const atRate = perMinute !== null && perMinute > 0 && Number.isFinite(perMinute);
  if (!atRate && (users === null || !Number.isSafeInteger(users) || users < 1)) return null;
  const kind = atRate ? "request_rate" : "concurrency";
  const value = atRate ? perMinute / SECONDS_PER_MINUTE : (users ?? 1);
  const key = `${kind} ${value}`;
  const known = loads.get(key);
  if (known !== undefined) return known;
  const load: Load = {
    kind,
    value,
    requests: new Map(),
    gapsMs: new SampleAccumulator(),
    tokens: 0,
    startMs: Number.POSITIVE_INFINITY,
    endMs: Number.NEGATIVE_INFINITY,
  };
  loads.set(key, load);
  return load;
}

/** One load as a load point; `null` where no request completed within the window. */
function pointOf(path: string, load: Load): ReadPoint | null {
  const point: ReadPoint = {
    ...emptyMeasurement(),
    loadKind: load.kind,
    loadValue: load.value,
    file: path,
    location: `${load.kind === "concurrency" ? "exp_num_users" : "exp_req_min"} ${load.value}`,
  };
  const ttft = new SampleAccumulator();
  const tpot = new SampleAccumulator();
  const ntpot = new SampleAccumulator();
  const e2e = new SampleAccumulator();
  let completed = 0;
  let failed = 0;
  let outputTokens = 0;
  for (const request of load.requests.values()) {
    if (request.failed) failed += 1;
    if (request.failed || request.excluded || request.firstMs === null || request.tokens === 0) continue;
    completed += 1;
    outputTokens += request.tokens;
    ttft.add(request.firstMs);
    e2e.add(request.totalMs);
    ntpot.add(request.totalMs / request.tokens);
    if (request.tokens > 1) tpot.add((request.totalMs - request.firstMs) / (request.tokens - 1));
  }
  if (completed === 0) return null;
  const statistics = (samples: SampleAccumulator): LatencyStatistics | null => {
    const computed = samples.statisticsMs(MS_PER_MS);
    if (computed.approximate) addFlag(point.qualityFlags, "percentiles_approximate");
    return computed.statistics;
  };
  point.requestsCompleted = completed;
  point.requestsFailed = failed;
  point.outputTokensMean = outputTokens / completed;
  point.ttftMs = statistics(ttft);
  point.tpotMs = statistics(tpot);
  point.itlMs = statistics(load.gapsMs);
  point.ntpotMs = statistics(ntpot);
  point.e2eMs = statistics(e2e);
  addFlag(point.qualityFlags, "percentiles_from_request_times");
  const durationS = (load.endMs - load.startMs) / MS_PER_SECOND;
  if (durationS > 0 && Number.isFinite(durationS)) {
    // Nothing but the records says how long it took: from the first request's start to the last token within the window.
    point.durationS = durationS;
    point.outputTokensPerSecond = load.tokens / durationS;
    point.requestRateAchieved = completed / durationS;
    addFlag(point.qualityFlags, "throughput_from_request_times");
  }
  return point;
}
