import { type LatencyStatistics, latencyField, type Metric, statisticsFrom } from "../../../measurement/latency";
import { measuresSomething } from "../../../measurement/measurement";
import { addFlag, type QualityFlag } from "../../../measurement/quality-flags";
import { ok, type Result, refused } from "../../../result";
import { MS_PER_SECOND } from "../../../units";
import {
  countAt,
  emptyPoint,
  type FieldSink,
  measuredAt,
  memberPath,
  numberOf,
  own,
  withoutZeros,
} from "../../parse/fields";
import { problem } from "../../problem";
import type { Problem, ReadPoint } from "../../report";
import type { Cell, GuidellmBenchmark, GuidellmMetric } from "./guidellm-benchmark";
import { loadFlags, offeredLoad } from "./guidellm-load";

/**
 * Caveats of GuideLLM's "inter-token latency": (last − first) ÷ (n − 1) of each request, which is our TPOT, and weighted by
 * n − 1, so that long answers count more. Gaps between single tokens are not kept.
 */
export const GUIDELLM_TOKEN_LATENCY_FLAGS: readonly QualityFlag[] = ["itl_per_request_mean", "tpot_weighted_by_tokens"];

/** Reads one benchmark as a load point, or says why it is none. */
export function readGuidellmPoint(file: string, benchmark: GuidellmBenchmark): Result<ReadPoint, Problem[]> {
  const sink: FieldSink = { file, problems: [] };
  const refuse = ({ record, key, location }: Cell, expected: string, sentence: string) => {
    const path = memberPath(location, key);
    const value = record === null ? undefined : own(record, key);
    sink.problems.push(problem(file, path, value, expected, `${file}, ${path}: ${sentence}`));
  };
  const point: ReadPoint = { ...emptyPoint(file, benchmark.location), measuredOn: benchmark.startedOn };

  const successful = benchmark.count("successful");
  point.requestsCompleted = countOf(sink, successful);
  if (point.requestsCompleted === null || point.requestsCompleted === 0) {
    if (sink.problems.length === 0) {
      refuse(successful, "at least one successful request", "no request succeeded, so nothing was measured.");
      return refused(sink.problems.map((item) => ({ ...item, emptyPoint: true })));
    }
    return refused(sink.problems);
  }
  point.requestsFailed = countOf(sink, benchmark.count("errored"));
  // Cut off when the time ran out: neither completed nor failed.
  const incomplete = countOf(sink, benchmark.count("incomplete"));
  if (incomplete !== null && incomplete > 0) point.extras = { incomplete };
  point.requestsCancelled = incomplete;

  // Percentiles of a rate are of the moment and say nothing of the whole; only the mean does.
  const meanOf = (metric: GuidellmMetric) => positive(measured(sink, benchmark.cell(metric, "mean")));
  point.durationS = positive(measured(sink, benchmark.duration));
  point.requestRateAchieved = meanOf("requests_per_second");
  point.outputTokensPerSecond = meanOf("output_tokens_per_second");
  point.totalTokensPerSecond = meanOf("tokens_per_second");
  const { totalTokensPerSecond: total, outputTokensPerSecond: output } = point;
  const rest = total === null || output === null ? null : positive(total - output);
  point.inputTokensPerSecond = meanOf("prompt_tokens_per_second") ?? rest;
  point.inputTokensMean = meanOf("prompt_token_count");
  point.outputTokensMean = meanOf("output_token_count");

  const latency = (metric: Metric, source: GuidellmMetric, msPerUnit: number): void => {
    const statistics = statisticsFrom((statistic) => {
      const value = measured(sink, benchmark.cell(source, statistic));
      return value === null ? null : value * msPerUnit;
    });
    point[latencyField(metric)] = withoutZeros(metric, statistics);
  };
  latency("ttft", "time_to_first_token_ms", 1);
  latency("tpot", "inter_token_latency_ms", 1);
  latency("e2e", "request_latency", MS_PER_SECOND);
  if (benchmark.countsFromRequestStart) latency("ntpot", "time_per_output_token_ms", 1);
  if (point.tpotMs !== null) {
    point.itlMs = copyOf(point.tpotMs);
    for (const flag of GUIDELLM_TOKEN_LATENCY_FLAGS) addFlag(point.qualityFlags, flag);
  }

  // Of some requests the tokens may not have been counted.
  const countOfValues = (metric: GuidellmMetric): number | null => {
    const { record } = benchmark.cell(metric, "mean");
    const count = record === null ? null : numberOf(own(record, "count"));
    return count !== null && count > 0 && count < (point.requestsCompleted ?? 0) ? count : null;
  };
  const withInput = countOfValues("prompt_token_count");
  const withOutput = countOfValues("output_token_count");
  if (withInput !== null) point.evidence = { requestsWithInputCount: withInput };
  if (withOutput !== null) point.evidence = { ...point.evidence, requestsWithOutputCount: withOutput };

  const load = offeredLoad(benchmark.load);
  point.loadKind = load.loadKind;
  point.loadValue = load.loadValue;
  for (const flag of loadFlags(load)) addFlag(point.qualityFlags, flag);
  if (sink.problems.length === 0 && !measuresSomething(point)) {
    refuse(benchmark.cell("request_latency", "mean"), "latency or throughput figures", "holds no figures.");
  }
  return sink.problems.length > 0 ? refused(sink.problems) : ok(point);
}

function measured(sink: FieldSink, { record, key, location }: Cell): number | null {
  return measuredAt(sink, record, key, location);
}

function countOf(sink: FieldSink, { record, key, location }: Cell): number | null {
  return countAt(sink, record, key, location);
}

/** Zeros stand for what was not measured. */
function positive(value: number | null): number | null {
  return value === null || value <= 0 ? null : value;
}

function copyOf(statistics: LatencyStatistics): LatencyStatistics {
  return { ...statistics };
}
