import { isList } from "../../../is-list";
import { type LatencyStatistics, type Statistic, statisticsFrom } from "../../../measurement/latency";
import { addFlag } from "../../../measurement/quality-flags";
import { ok, refused } from "../../../result";
import { MS_PER_SECOND } from "../../../units";
import type { DraftRun } from "../../facts/draft-run";
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
import { documentsOf, type ParsedFile } from "../../parse/parsed-file";
import { directoryOf } from "../../parse/paths";
import { problem } from "../../problem";
import type { GivenFacts, ReadPoint } from "../../report";
import type { Adapter } from "../adapter";
import { hasKeys } from "../companions";
import { holdsResult, type ResultFormat, readResultFiles } from "../result-files";

const FORMAT = "evalscope";

const SUMMARY_KEYS = ["Succeed requests", "Output token throughput (tok/s)", "Average latency (s)"];

/** Percentiles as the table names them. */
const STATISTICS: ReadonlyMap<string, Statistic> = new Map([
  ["50%", "p50"],
  ["90%", "p90"],
  ["95%", "p95"],
  ["99%", "p99"],
]);

/**
 * `evalscope perf`: `benchmark_summary.json` of one load, with the percentiles (`benchmark_percentile.json`) and the options
 * (`benchmark_args.json`) beside it. Times are seconds.
 */
export const evalscope: Adapter = {
  format: FORMAT,
  label: "EvalScope perf results (benchmark_summary.json)",
  companions: [
    { reason: "percentiles of EvalScope: they complete the summary beside them", isValue: isPercentiles },
    { reason: "options of EvalScope: they complete the summary beside them", isValue: isArguments },
  ],
  factsWin: "flags",
  sniff: (file) => holdsResult(file, isSummary),
  read: (files, companions) => {
    const read = readResultFiles(files, formatWith(companions));
    for (const file of companions) {
      const value = documentsOf(file)[0]?.value;
      if (isPercentiles(value) || isArguments(value)) {
        read.skipped.push({ file: file.path, reason: "completes the summary beside it" });
      }
    }
    return read;
  },
};

function isSummary(value: unknown): boolean {
  return hasKeys(value, SUMMARY_KEYS);
}

function isPercentiles(value: unknown): boolean {
  return isList(value)
    ? isRecord(value[0]) && own(value[0], "Percentiles") !== undefined
    : hasKeys(value, ["Percentiles"]);
}

function isArguments(value: unknown): boolean {
  return hasKeys(value, ["parallel", "number", "model"]) && !isSummary(value);
}

function formatWith(companions: readonly ParsedFile[]): ResultFormat {
  const beside = (path: string, is: (value: unknown) => boolean) => {
    const file = companions.find(
      (candidate) => directoryOf(candidate.path) === directoryOf(path) && is(documentsOf(candidate)[0]?.value),
    );
    return file === undefined ? null : { path: file.path, value: documentsOf(file)[0]?.value };
  };
  return {
    name: "a summary of EvalScope",
    isResult: isSummary,
    distinguishingPath: directoryOf,
    readPoint: (path, location, record) => readPoint(path, location, record, beside(path, isPercentiles)?.value),
    draft: (path, record, point) =>
      draft(path, record, point, beside(path, isArguments), beside(path, isPercentiles)?.path),
  };
}

function readPoint(
  path: string,
  location: string,
  record: JsonRecord,
  percentiles: unknown,
): ReturnType<ResultFormat["readPoint"]> {
  const sink: FieldSink = { file: path, problems: [] };
  const point: ReadPoint = emptyPoint(path, location);
  const of = (key: string) => measuredAt(sink, record, key, location);
  point.requestsCompleted = countAt(sink, record, "Succeed requests", location);
  point.requestsFailed = countAt(sink, record, "Failed requests", location);
  point.durationS = of("Time taken for tests (s)");
  point.requestRateAchieved = of("Request throughput (req/s)");
  point.outputTokensPerSecond = of("Output token throughput (tok/s)");
  point.totalTokensPerSecond = of("Total token throughput (tok/s)");
  point.inputTokensPerSecond = of("Input token throughput (tok/s)");
  point.inputTokensMean = of("Average input tokens per request");
  point.outputTokensMean = of("Average output tokens per request");
  const latency = (mean: string, column: string): LatencyStatistics =>
    statisticsFrom((statistic) => {
      const seconds = statistic === "mean" ? of(mean) : percentileOf(percentiles, column, statistic);
      return seconds === null ? null : seconds * MS_PER_SECOND;
    }) ?? { mean: null, p50: null, p90: null, p95: null, p99: null };
  point.e2eMs = withoutZeros("e2e", latency("Average latency (s)", "Latency (s)"));
  point.ttftMs = withoutZeros("ttft", latency("Average time to first token (s)", "TTFT (s)"));
  point.tpotMs = withoutZeros("tpot", latency("Average time per output token (s)", "TPOT (s)"));
  point.itlMs = withoutZeros("itl", latency("Average inter-token latency (s)", "ITL (s)"));
  const concurrency = positiveIntegerOf(own(record, "Number of concurrency"));
  const rate = numberOf(own(record, "Request rate (req/s)"));
  if (rate !== null && rate > 0 && Number.isFinite(rate)) {
    Object.assign(point, { loadKind: "request_rate", loadValue: rate });
    if (concurrency !== null) addFlag(point.qualityFlags, `max_concurrency_${concurrency}`);
  } else if (concurrency !== null) {
    Object.assign(point, { loadKind: "concurrency", loadValue: concurrency });
  } else {
    addFlag(point.qualityFlags, "load_unknown");
  }
  if (sink.problems.length === 0 && (point.requestsCompleted ?? 0) === 0) {
    const at = memberPath(location, "Succeed requests");
    const expected = "at least one completed request";
    const message = `${path}, ${at}: no request completed, so nothing was measured.`;
    return refused([{ ...problem(path, at, point.requestsCompleted, expected, message), emptyPoint: true }]);
  }
  return sink.problems.length > 0 ? refused(sink.problems) : ok(point);
}

/** From a list of rows (`{"Percentiles": "50%", "TTFT (s)": …}`), or columns of one object. */
function percentileOf(table: unknown, column: string, statistic: Statistic): number | null {
  const value = isList(table)
    ? table.find((row) => isRecord(row) && STATISTICS.get(String(own(row, "Percentiles"))) === statistic)
    : table;
  if (!isRecord(value)) return null;
  if (isList(table)) return seconds(own(value, column));
  const names = own(value, "Percentiles");
  const values = own(value, column);
  if (!isList(names) || !isList(values)) return null;
  const index = names.findIndex((name) => STATISTICS.get(String(name)) === statistic);
  return index < 0 ? null : seconds(values[index]);
}

function seconds(value: unknown): number | null {
  const number = numberOf(value);
  return number !== null && Number.isFinite(number) && number >= 0 ? number : null;
}

function draft(
  path: string,
  _record: JsonRecord,
  point: ReadPoint,
  options: { path: string; value: unknown } | null,
  percentiles: string | undefined,
): DraftRun {
  const given = isRecord(options?.value) ? options.value : null;
  const stated: GivenFacts = {};
  const model = textAt(given, "model");
  const dataset = textAt(given, "dataset");
  if (model !== null) stated.model = model;
  if (dataset !== null) stated.dataset = dataset.toLowerCase().replace(/[\s_]+/g, "-");
  // Prompts of random tokens are as long as they were asked to be; answers only where least and most are the same.
  const [shortest, longest] = ["min_prompt_length", "max_prompt_length"].map((key) =>
    given === null ? null : positiveIntegerOf(own(given, key)),
  );
  const [fewest, most] = ["min_tokens", "max_tokens"].map((key) =>
    given === null ? null : positiveIntegerOf(own(given, key)),
  );
  if (stated.dataset === "random" && shortest !== null && shortest !== undefined && shortest === longest) {
    stated.inputTokens = shortest;
  }
  if (fewest !== null && fewest !== undefined && fewest === most) stated.outputTokens = fewest;
  const tokenizer = textAt(given, "tokenizer_path");
  return {
    format: FORMAT,
    tool: "evalscope perf",
    measuredOn: null,
    stated,
    hints: {},
    ...(tokenizer === null || tokenizer === model ? {} : { tokenizer }),
    seriesKey: null,
    qualityFlags: [],
    points: [point],
    files: [path, ...(options === null ? [] : [options.path]), ...(percentiles === undefined ? [] : [percentiles])],
  };
}
