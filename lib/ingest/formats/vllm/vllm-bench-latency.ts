import { isList } from "../../../is-list";
import { STATISTICS, type Statistic, statisticsFrom } from "../../../measurement/latency";
import { impossibleValue } from "../../../measurement/quality";
import { addFlag } from "../../../measurement/quality-flags";
import { ok, refused } from "../../../result";
import { MS_PER_SECOND } from "../../../units";
import type { DraftRun } from "../../facts/draft-run";
import {
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
  withoutZeros,
} from "../../parse/fields";
import { problem } from "../../problem";
import type { ReadPoint } from "../../report";
import { distributionMs } from "../percentiles";
import { type ResultFormat, resultAdapter } from "../result-files";

const FORMAT = "vllm-bench-latency";

/** Where a statistic stands; there is no 95th percentile. */
const PERCENTILE_KEYS: Partial<Record<Statistic, string>> = { p50: "50", p90: "90", p95: "95", p99: "99" };

const results: ResultFormat = { name: "a result of vllm bench latency", isResult, readPoint, draft };

/**
 * `vllm bench latency` (and `benchmark_latency.py`): one fixed batch again and again in an engine of the same process, seconds.
 * The size of the batch is not in the file, so the load is not known. Follows the writer's source; not tried on a real file.
 */
export const vllmBenchLatency = resultAdapter(FORMAT, "vllm bench latency results (JSON)", results);

function isResult(value: unknown): boolean {
  return (
    isRecord(value) &&
    own(value, "avg_latency") !== undefined &&
    isList(own(value, "latencies")) &&
    recordAt(value, "percentiles") !== null
  );
}

function readPoint(path: string, location: string, record: JsonRecord): ReturnType<ResultFormat["readPoint"]> {
  const sink: FieldSink = { file: path, problems: [] };
  const point: ReadPoint = emptyPoint(path, location);
  const percentiles = recordAt(record, "percentiles");
  const timesS = iterationTimes(sink, record, location);
  const computed = timesS === null ? null : distributionMs(timesS);
  const stated = statisticsFrom((statistic) => {
    const key = PERCENTILE_KEYS[statistic];
    const seconds =
      key === undefined
        ? measuredAt(sink, record, "avg_latency", location)
        : measuredAt(sink, percentiles, key, memberPath(location, "percentiles"));
    return seconds === null ? null : seconds * MS_PER_SECOND;
  });
  point.e2eMs = withoutZeros(
    "e2e",
    statisticsFrom((statistic) => stated?.[statistic] ?? computed?.[statistic] ?? null),
  );
  if (
    STATISTICS.some((statistic) => (stated?.[statistic] ?? null) === null && (computed?.[statistic] ?? null) !== null)
  ) {
    addFlag(point.qualityFlags, "percentiles_from_request_times");
  }
  // Not written by the tool; some add it by hand.
  const batch = positiveIntegerOf(own(record, "batch_size"));
  if (batch === null) {
    addFlag(point.qualityFlags, "batch_size_unknown");
  } else {
    point.loadKind = "concurrency";
    point.loadValue = batch;
  }
  if (sink.problems.length === 0 && point.e2eMs === null) {
    const message = `${path}, ${location}: holds no latency above 0 seconds, so nothing was measured.`;
    sink.problems.push(problem(path, location, own(record, "avg_latency"), "a latency in seconds", message));
  }
  return sink.problems.length > 0 ? refused(sink.problems) : ok(point);
}

/** Seconds of each iteration; `null` where there are none or one of them is no time. */
function iterationTimes(sink: FieldSink, record: JsonRecord, location: string): number[] | null {
  const values = own(record, "latencies");
  if (!isList(values) || values.length === 0) return null;
  const times: number[] = [];
  for (const [index, value] of values.entries()) {
    const seconds = numberOf(value);
    const expected = seconds === null ? "a number" : impossibleValue(seconds);
    if (seconds === null || expected !== null) {
      const elementLocation = `${memberPath(location, "latencies")}[${index}]`;
      const message = `${sink.file}, ${elementLocation}: is no time; expected ${expected ?? "a number"}.`;
      sink.problems.push(problem(sink.file, elementLocation, value, expected ?? "a number", message));
      return null;
    }
    times.push(seconds);
  }
  return times;
}

function draft(path: string, _record: JsonRecord, point: ReadPoint): DraftRun {
  return {
    format: FORMAT,
    tool: "vllm bench latency",
    measuredOn: null,
    stated: {},
    hints: { server: "vllm" },
    seriesKey: null,
    qualityFlags: [],
    points: [point],
    files: [path],
  };
}
