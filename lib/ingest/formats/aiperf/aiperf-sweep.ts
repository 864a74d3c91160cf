import { appendAll } from "../../../append-all";
import { isList } from "../../../is-list";
import { latencyField, type Metric, type Statistic, statisticsFrom } from "../../../measurement/latency";
import { measuresSomething } from "../../../measurement/measurement";
import type { AdapterResult } from "../../facts/draft-run";
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
import { directoryOf } from "../../parse/paths";
import { problem } from "../../problem";
import type { GivenFacts, ReadPoint } from "../../report";
import { setLoad } from "../nvidia-client/nvidia-point";

/** AIPerf's names of latencies, in milliseconds; its inter-token latency is each request's mean, a TPOT. */
const METRICS: Partial<Record<Metric, string>> = {
  ttft: "time_to_first_token",
  tpot: "inter_token_latency",
  e2e: "request_latency",
  itl: "inter_chunk_latency",
};

const STATISTICS: Record<Statistic, string> = { mean: "avg", p50: "p50", p90: "p90", p95: "p95", p99: "p99" };

/** True for `profile_export_aiperf_sweep.json`: a sweep's loads side by side. */
export function isAiperfSweep(value: unknown): boolean {
  return isRecord(value) && isList(own(value, "per_combination_metrics"));
}

/**
 * Every load of a sweep's aggregate as a run of one point. Metrics stand in two layouts: of several repetitions under
 * `metric_statistic` with the mean over them, of one run under `metric` with its statistics. The file does not say the model.
 */
export function readAiperfSweep(path: string, location: string, record: JsonRecord): AdapterResult {
  const result: AdapterResult = { drafts: [], problems: [], skipped: [] };
  const rows = own(record, "per_combination_metrics");
  const listAt = memberPath(location, "per_combination_metrics");
  for (const [index, row] of (isList(rows) ? rows : []).entries()) {
    const at = `${listAt}[${index}]`;
    const parameters = isRecord(row) ? recordAt(row, "parameters") : null;
    const metrics = isRecord(row) ? recordAt(row, "metrics") : null;
    if (parameters === null || metrics === null) {
      const expected = "parameters and metrics of one load";
      result.problems.push(problem(path, at, "", expected, `${path}, ${at}: expected ${expected}.`));
      continue;
    }
    const sink: FieldSink = { file: path, problems: [] };
    const point = readPoint(sink, at, metrics);
    const named = (name: string): unknown =>
      Object.entries(parameters).find(([key]) => key === name || key.endsWith(`.${name}`))?.[1];
    const rate = numberOf(named("request_rate") ?? named("rate"));
    setLoad(point, {
      concurrency: positiveIntegerOf(named("concurrency")),
      requestRate: rate !== null && rate > 0 && Number.isFinite(rate) ? rate : null,
      fromName: false,
      flags: [],
    });
    if (sink.problems.length === 0 && !measuresSomething(point)) {
      const expected = "latency or throughput figures";
      sink.problems.push(problem(path, at, "", expected, `${path}, ${at}: holds no latency and no throughput.`));
    }
    appendAll(result.problems, sink.problems);
    if (sink.problems.length > 0) continue;
    const stated: GivenFacts = {};
    const input = positiveIntegerOf(named("isl"));
    const output = positiveIntegerOf(named("osl"));
    if (input !== null) Object.assign(stated, { dataset: "synthetic", inputTokens: input });
    if (output !== null) stated.outputTokens = output;
    result.drafts.push({
      format: "aiperf",
      tool: "aiperf",
      measuredOn: null,
      stated,
      hints: {},
      seriesKey: null,
      qualityFlags: [],
      points: [point],
      files: [path],
      summaryOf: directoryOf(directoryOf(path)),
    });
  }
  return result;
}

function readPoint(sink: FieldSink, at: string, metrics: JsonRecord): ReadPoint {
  const point = emptyPoint(sink.file, at);
  const metricsAt = memberPath(at, "metrics");
  const value = (name: string, statistic: Statistic): number | null => {
    const repeated = recordAt(metrics, `${name}_${STATISTICS[statistic]}`);
    if (repeated !== null)
      return measuredAt(sink, repeated, "mean", memberPath(metricsAt, `${name}_${STATISTICS[statistic]}`));
    const single = recordAt(metrics, name);
    const singleAt = memberPath(metricsAt, name);
    const key = statistic === "mean" && own(single ?? {}, "avg") === undefined ? "mean" : STATISTICS[statistic];
    return measuredAt(sink, single, key, singleAt);
  };
  for (const [metric, name] of Object.entries(METRICS) as [Metric, string][]) {
    point[latencyField(metric)] = withoutZeros(
      metric,
      statisticsFrom((statistic) => value(name, statistic)),
    );
  }
  point.outputTokensPerSecond = value("output_token_throughput", "mean");
  point.totalTokensPerSecond = value("total_token_throughput", "mean");
  point.requestRateAchieved = value("request_throughput", "mean");
  point.inputTokensMean = value("input_sequence_length", "mean");
  point.outputTokensMean = value("output_sequence_length", "mean");
  const count = value("request_count", "mean");
  point.requestsCompleted = count !== null && Number.isInteger(count) ? count : null;
  return point;
}
