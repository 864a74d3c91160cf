import { appendAll } from "../../../append-all";
import { isList } from "../../../is-list";
import {
  type LatencyStatistics,
  latencyField,
  type Metric,
  STATISTICS,
  statisticsFrom,
} from "../../../measurement/latency";
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
  recordAt,
  textAt,
  withoutZeros,
} from "../../parse/fields";
import { elementsOf } from "../../parse/parsed-file";
import { someElement } from "../../parse/some-element";
import { problem } from "../../problem";
import type { GivenFacts, Problem, ReadPoint } from "../../report";
import type { Adapter } from "../adapter";
import { hasKeys } from "../companions";
import { distributionMs } from "../percentiles";
import { experimentFacts, isExperiment, trafficScenarioFacts } from "./genai-bench-facts";

/** In the unit of the file; `tpot` leaves the first token out, one value a request. */
const METRIC_KEYS: Partial<Record<Metric, string>> = { ttft: "ttft", tpot: "tpot", e2e: "e2e_latency" };

/** How many milliseconds one unit of time of a file is (`--metrics-time-unit`); seconds where it names none. */
const MS_PER_UNIT: ReadonlyMap<string, number> = new Map([
  ["s", MS_PER_SECOND],
  ["ms", 1],
]);

/** sgl-project/genai-bench: one file a scenario and concurrency, with `experiment_metadata.json` beside them. */
export const genaiBench: Adapter = {
  format: "genai-bench",
  label: "genai-bench results",
  companions: [
    {
      reason: "settings of a genai-bench experiment: they complete results beside them",
      isValue: (value) => hasKeys(value, ["traffic_scenario", "experiment_folder_name"]),
    },
  ],
  factsWin: "flags",
  sniff: (file) => someElement(file, (value) => statsOf(value) !== null),
  read: (files, companions) => {
    const result: AdapterResult = { drafts: [], problems: [], skipped: [] };
    const experiments = companions.filter((file) => someElement(file, isExperiment));
    // With two experiments in one directory, nothing says which of them a file belongs to.
    const [experiment, ...others] = experiments;
    const settings = experiment === undefined || others.length > 0 ? null : (elementsOf(experiment)[0]?.value ?? null);
    for (const file of experiments) {
      const reason =
        others.length > 0
          ? "several experiments' settings lie here: which result belongs to which is not said"
          : "settings of the experiment: they complete the results beside it";
      result.skipped.push({ file: file.path, reason });
    }
    for (const file of files) {
      const drafts: DraftRun[] = [];
      const problems: Problem[] = [];
      for (const { location, value } of elementsOf(file)) {
        const stats = statsOf(value);
        if (!isRecord(value) || stats === null) {
          const expected = "results of genai-bench";
          problems.push(
            problem(file.path, location, value, expected, `${file.path}, ${location}: are not ${expected}.`),
          );
          continue;
        }
        const read = readPoint(file.path, location, value, stats, isRecord(settings) ? settings : null);
        if (!read.ok) appendAll(problems, read.error);
        else
          drafts.push(
            draftOf(file.path, experiment?.path ?? null, value, isRecord(settings) ? settings : null, read.value),
          );
      }
      appendAll(result.problems, problems);
      if (problems.length === 0) appendAll(result.drafts, drafts);
    }
    return result;
  },
};

function statsOf(value: unknown): JsonRecord | null {
  const stats = isRecord(value) ? recordAt(recordAt(value, "aggregated_metrics"), "stats") : null;
  return stats !== null && recordAt(stats, "ttft") !== null ? stats : null;
}

function readPoint(
  file: string,
  location: string,
  record: JsonRecord,
  stats: JsonRecord,
  settings: JsonRecord | null,
): Result<ReadPoint, Problem[]> {
  const sink: FieldSink = { file, problems: [] };
  const point: ReadPoint = emptyPoint(file, location);
  const metrics = recordAt(record, "aggregated_metrics") ?? {};
  const metricsAt = memberPath(location, "aggregated_metrics");
  const msPerUnit = millisecondsPerUnit(sink, location, record, settings);
  const completed = countAt(sink, metrics, "num_completed_requests", metricsAt);
  if (sink.problems.length === 0 && (completed === null || completed === 0)) {
    const path = memberPath(metricsAt, "num_completed_requests");
    const sentence = `${file}, ${path}: no request completed, so nothing was measured.`;
    return refused([problem(file, path, completed, "at least one completed request", sentence)]);
  }
  point.requestsCompleted = completed;
  point.requestsFailed = countAt(sink, metrics, "num_error_requests", metricsAt);
  const duration = measuredAt(sink, metrics, "run_duration", metricsAt);
  point.durationS = duration === 0 ? null : duration;
  const perSecond = measuredAt(sink, metrics, "requests_per_second", metricsAt);
  const perMinute = measuredAt(sink, metrics, "requests_per_minute", metricsAt);
  point.requestRateAchieved = perSecond ?? (perMinute === null ? null : perMinute / SECONDS_PER_MINUTE);
  point.outputTokensPerSecond = measuredAt(sink, metrics, "mean_output_throughput_tokens_per_s", metricsAt);

  const statsAt = memberPath(metricsAt, "stats");
  const tokens = (key: string, name: string) => measuredAt(sink, recordAt(stats, key), name, memberPath(statsAt, key));
  point.inputTokensMean = tokens("num_input_tokens", "mean");
  point.outputTokensMean = tokens("num_output_tokens", "mean");
  // Older versions write a mean per request under the name of the system's input throughput: only the sums can be trusted.
  const inputSum = tokens("num_input_tokens", "sum");
  if (point.durationS !== null && inputSum !== null) {
    point.inputTokensPerSecond = inputSum / point.durationS;
    if (point.outputTokensPerSecond !== null) {
      point.totalTokensPerSecond = point.inputTokensPerSecond + point.outputTokensPerSecond;
    }
  }
  for (const [metric, key] of Object.entries(METRIC_KEYS) as [Metric, string][]) {
    const path = memberPath(statsAt, key);
    const values = new Map(STATISTICS.map((name) => [name, measuredAt(sink, recordAt(stats, key), name, path)]));
    const inUnit = statisticsFrom((statistic) => values.get(statistic) ?? null);
    point[latencyField(metric)] = withoutZeros(metric, inMilliseconds(inUnit, msPerUnit));
  }
  // Single requests are written in the same unit; statistics are made of seconds.
  const secondsPerUnit = msPerUnit / MS_PER_SECOND;
  point.ntpotMs = ntpotOfRequests(own(record, "individual_request_metrics"), completed ?? 0, secondsPerUnit);
  if (point.ntpotMs !== null) addFlag(point.qualityFlags, "percentiles_from_request_times");
  const concurrency = positiveIntegerOf(own(metrics, "num_concurrency"));
  if (concurrency === null) addFlag(point.qualityFlags, "load_unknown");
  else Object.assign(point, { loadKind: "concurrency", loadValue: concurrency });
  return sink.problems.length > 0 ? refused(sink.problems) : ok(point);
}

/**
 * The unit of a file's times: its own `_time_unit`, else what the settings of the experiment say. Another unit than the tool's two
 * is a problem, because every time of the file would be wrong by its factor.
 */
function millisecondsPerUnit(
  sink: FieldSink,
  location: string,
  record: JsonRecord,
  settings: JsonRecord | null,
): number {
  const unit = textAt(record, "_time_unit") ?? textAt(settings, "metrics_time_unit") ?? "s";
  const known = MS_PER_UNIT.get(unit.toLowerCase());
  if (known !== undefined) return known;
  const path = memberPath(location, "_time_unit");
  const expected = [...MS_PER_UNIT.keys()].join(" or ");
  const message = `${sink.file}, ${path}: its times are in a unit we do not know; expected ${expected}.`;
  sink.problems.push(problem(sink.file, path, unit, expected, message));
  return MS_PER_SECOND;
}

function inMilliseconds(inUnit: LatencyStatistics | null, msPerUnit: number): LatencyStatistics | null {
  if (inUnit === null) return null;
  return statisticsFrom((statistic) => {
    const value = inUnit[statistic];
    return value === null ? null : value * msPerUnit;
  });
}

/** End-to-end latency ÷ output tokens over the single requests, where exactly the completed ones are all there. */
function ntpotOfRequests(requests: unknown, completed: number, secondsPerUnit: number): LatencyStatistics | null {
  if (!isList(requests)) return null;
  const values: number[] = [];
  for (const request of requests) {
    if (!isRecord(request)) return null;
    const code = own(request, "error_code");
    if (code !== null && code !== undefined) continue;
    const latency = numberOf(own(request, "e2e_latency"));
    const tokens = numberOf(own(request, "num_output_tokens"));
    if (latency === null || tokens === null || !(latency > 0) || !(tokens > 0)) return null;
    values.push((latency * secondsPerUnit) / tokens);
  }
  const sound = values.length === completed && values.every((value) => Number.isFinite(value));
  return sound ? distributionMs(values) : null;
}

function draftOf(
  path: string,
  settingsPath: string | null,
  record: JsonRecord,
  settings: JsonRecord | null,
  point: ReadPoint,
): DraftRun {
  const scenario = textAt(recordAt(record, "aggregated_metrics"), "scenario");
  const facts = settings === null ? null : experimentFacts(settings);
  const workload: { stated: GivenFacts; hints: GivenFacts } = trafficScenarioFacts(scenario);
  return {
    format: genaiBench.format,
    tool: "genai-bench",
    toolVersion: facts?.toolVersion ?? null,
    measuredOn: facts?.measuredOn ?? null,
    stated: workload.stated,
    hints: { ...facts?.hints, ...workload.hints },
    seriesKey: null,
    qualityFlags: [],
    variant: scenario ?? "",
    points: [scenario === null ? point : { ...point, extras: { scenario } }],
    files: settings === null || settingsPath === null ? [path] : [path, settingsPath],
  };
}
