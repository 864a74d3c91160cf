import {
  type LatencyStatistics,
  latencyField,
  type Metric,
  type Statistic,
  statisticsFrom,
} from "../../../measurement/latency";
import { addFlag } from "../../../measurement/quality-flags";
import { ok, refused } from "../../../result";
import { NS_PER_MS } from "../../../units";
import type { DraftRun } from "../../facts/draft-run";
import { isoOfEpochSeconds } from "../../parse/epoch";
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
import { documentsOf, type ParsedFile } from "../../parse/parsed-file";
import { directoryOf } from "../../parse/paths";
import { problem } from "../../problem";
import type { GivenFacts, ReadPoint } from "../../report";
import type { Adapter } from "../adapter";
import { hasKeys } from "../companions";
import { holdsResult, type ResultFormat, readResultFiles } from "../result-files";

const FORMAT = "mlperf-endpoints";
const NS_PER_SECOND = 1e9;

const METRICS: Partial<Record<Metric, string>> = { ttft: "ttft", tpot: "tpot", e2e: "latency" };
const PERCENTILES: Record<Exclude<Statistic, "mean">, number> = { p50: 50, p90: 90, p95: 95, p99: 99 };

/**
 * MLPerf Endpoints (mlcommons/endpoints): `result_summary.json` of one load, times in nanoseconds, percentiles by their number
 * (`"99"`, `"99.0"`), with the run's `config.yaml` beside it.
 */
export const mlperfEndpoints: Adapter = {
  format: FORMAT,
  label: "MLPerf Endpoints results (result_summary.json)",
  companions: [{ reason: "settings of MLPerf Endpoints: they complete the result beside them", isValue: isSettings }],
  factsWin: "flags",
  sniff: (file) => holdsResult(file, isResult),
  read: (files, companions) => {
    const read = readResultFiles(files, formatWith(companions));
    for (const file of companions) {
      if (isSettings(documentsOf(file)[0]?.value)) {
        read.skipped.push({ file: file.path, reason: "settings of the run: they complete the result beside them" });
      }
    }
    return read;
  },
};

function isResult(value: unknown): boolean {
  return hasKeys(value, ["n_samples_completed", "duration_ns", "ttft"]);
}

function isSettings(value: unknown): boolean {
  return isRecord(value) && recordAt(value, "model_params") !== null;
}

function formatWith(companions: readonly ParsedFile[]): ResultFormat {
  const settingsOf = (path: string) => {
    const file = companions.find(
      (one) => directoryOf(one.path) === directoryOf(path) && isSettings(documentsOf(one)[0]?.value),
    );
    const value = file === undefined ? null : documentsOf(file)[0]?.value;
    return file === undefined || !isRecord(value) ? null : { path: file.path, record: value };
  };
  return {
    name: "a result of MLPerf Endpoints",
    isResult,
    distinguishingPath: directoryOf,
    readPoint: (path, location, record) => readPoint(path, location, record, settingsOf(path)?.record ?? null),
    draft: (path, record, point) => draft(path, record, point, settingsOf(path)),
  };
}

function readPoint(
  path: string,
  location: string,
  record: JsonRecord,
  settings: JsonRecord | null,
): ReturnType<ResultFormat["readPoint"]> {
  const sink: FieldSink = { file: path, problems: [] };
  const point: ReadPoint = emptyPoint(path, location);
  const completed = countAt(sink, record, "n_samples_completed", location);
  const durationNs = measuredAt(sink, record, "duration_ns", location);
  point.requestsCompleted = completed;
  point.requestsFailed = countAt(sink, record, "n_samples_failed", location);
  point.durationS = durationNs === null || durationNs === 0 ? null : durationNs / NS_PER_SECOND;
  const lengths = (key: string) => {
    const of = recordAt(record, key);
    return {
      total: measuredAt(sink, of, "total", memberPath(location, key)),
      mean: measuredAt(sink, of, "avg", memberPath(location, key)),
    };
  };
  const output = lengths("output_sequence_lengths");
  const input = lengths("input_sequence_lengths");
  const perSecond = (total: number | null) =>
    total === null || point.durationS === null ? null : total / point.durationS;
  point.outputTokensMean = output.mean;
  point.inputTokensMean = input.mean;
  point.outputTokensPerSecond = measuredAt(sink, record, "tps", location) ?? perSecond(output.total);
  point.inputTokensPerSecond = perSecond(input.total);
  point.requestRateAchieved = measuredAt(sink, record, "qps", location) ?? perSecond(completed);
  for (const [metric, key] of Object.entries(METRICS) as [Metric, string][]) {
    point[latencyField(metric)] = withoutZeros(metric, latency(sink, record, key, location));
  }
  readLoad(record, settings, point);
  if (own(record, "complete") === false) addFlag(point.qualityFlags, "run_cancelled");
  if (sink.problems.length === 0 && (completed ?? 0) === 0) {
    const at = memberPath(location, "n_samples_completed");
    const expected = "at least one completed request";
    const message = `${path}, ${at}: no request completed, so nothing was measured.`;
    return refused([{ ...problem(path, at, completed, expected, message), emptyPoint: true }]);
  }
  return sink.problems.length > 0 ? refused(sink.problems) : ok(point);
}

function latency(sink: FieldSink, record: JsonRecord, key: string, location: string): LatencyStatistics | null {
  const block = recordAt(record, key);
  const blockAt = memberPath(location, key);
  const percentiles = recordAt(block, "percentiles");
  const percentilesAt = memberPath(blockAt, "percentiles");
  return statisticsFrom((statistic) => {
    if (statistic === "mean") return inMs(measuredAt(sink, block, "avg", blockAt));
    const name = Object.keys(percentiles ?? {}).find((text) => numberOf(text) === PERCENTILES[statistic]);
    const ns = name === undefined ? null : measuredAt(sink, percentiles, name, percentilesAt);
    return inMs(ns ?? (statistic === "p50" ? measuredAt(sink, block, "median", blockAt) : null));
  });
}

function inMs(ns: number | null): number | null {
  return ns === null ? null : ns / NS_PER_MS;
}

/** The load pattern, as the summary states it or the settings beside it. */
function readLoad(record: JsonRecord, settings: JsonRecord | null, point: ReadPoint): void {
  const pattern =
    recordAt(recordAt(record, "run_config"), "load_pattern") ??
    recordAt(recordAt(settings, "settings"), "load_pattern") ??
    recordAt(settings, "load_pattern");
  const type = textAt(pattern, "type")?.toLowerCase() ?? "";
  const concurrency = pattern === null ? null : positiveIntegerOf(own(pattern, "target_concurrency"));
  const rate = pattern === null ? null : numberOf(own(pattern, "target_qps"));
  if (type.includes("concurrency") && concurrency !== null) {
    Object.assign(point, { loadKind: "concurrency", loadValue: concurrency });
  } else if (rate !== null && rate > 0 && Number.isFinite(rate) && !/max|burst|offline/.test(type)) {
    Object.assign(point, { loadKind: "request_rate", loadValue: rate });
    if (concurrency !== null) addFlag(point.qualityFlags, `max_concurrency_${concurrency}`);
  } else if (/max|burst|offline/.test(type)) {
    point.loadKind = "max";
  } else if (concurrency !== null) {
    Object.assign(point, { loadKind: "concurrency", loadValue: concurrency });
  } else {
    addFlag(point.qualityFlags, "load_unknown");
  }
}

function draft(
  path: string,
  record: JsonRecord,
  point: ReadPoint,
  settings: { path: string; record: JsonRecord } | null,
): DraftRun {
  const stated: GivenFacts = {};
  const model = textAt(recordAt(settings?.record ?? null, "model_params"), "name");
  if (model !== null) stated.model = model;
  const datasets = settings === null ? undefined : own(settings.record, "datasets");
  const only: unknown = Array.isArray(datasets) && datasets.length === 1 ? datasets[0] : undefined;
  const dataset = isRecord(only) ? textAt(only, "name") : null;
  if (dataset !== null) stated.dataset = dataset.toLowerCase().replace(/[\s_/]+/g, "-");
  const startedNs = numberOf(own(record, "test_started_at"));
  return {
    format: FORMAT,
    tool: "MLPerf Endpoints",
    toolVersion: textAt(record, "version"),
    measuredOn: startedNs === null ? null : isoOfEpochSeconds(startedNs / NS_PER_SECOND),
    stated,
    hints: {},
    seriesKey: null,
    qualityFlags: [],
    points: [point],
    files: settings === null ? [path] : [path, settings.path],
  };
}
