import {
  type LatencyStatistics,
  latencyField,
  type Metric,
  type Statistic,
  statisticsFrom,
} from "../../../measurement/latency";
import { impossibleValue } from "../../../measurement/quality";
import { addFlag } from "../../../measurement/quality-flags";
import { MS_PER_SECOND } from "../../../units";
import {
  countAt,
  emptyPoint,
  type FieldSink,
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
import { problem } from "../../problem";
import type { ReadPoint } from "../../report";
import { type Denominators, isAgentic } from "./inferencex-row";

/** The first agentic results call the whole request's latency `ttlt`, time to last token. */
const METRIC_KEYS: Partial<Record<Metric, readonly string[]>> = {
  ttft: ["ttft"],
  tpot: ["tpot"],
  itl: ["itl"],
  e2e: ["e2el", "ttlt"],
};

const STATISTIC_KEYS: Record<Statistic, string[]> = {
  mean: ["mean"],
  p50: ["median", "p50"],
  p90: ["p90"],
  p95: ["p95"],
  p99: ["p99"],
};

/** Texts of the published row worth keeping beside its figures. */
const EXTRA_TEXTS = ["image", "run_url", "kv_offloading", "offload_mode"];

/**
 * Reads one row as a load point. Latencies are in seconds (the writer divides every `*_ms` of the raw result by 1000),
 * throughputs per accelerator: they are multiplied by what the writer divided them by. `*_intvty` is 1 ÷ TPOT of the same
 * statistic and not read. Problems go into the sink.
 */
export function readInferencexPoint(
  sink: FieldSink,
  location: string,
  row: JsonRecord,
  denominators: Denominators,
): ReadPoint {
  const point: ReadPoint = emptyPoint(sink.file, location);
  const metrics = recordAt(row, "metrics") ?? row;
  const metricsAt = metrics === row ? location : memberPath(location, "metrics");
  const nested = recordAt(row, "request_metrics");
  const nestedAt = memberPath(location, "request_metrics");
  const agentic = isAgentic(row);

  const read = (metric: string): LatencyStatistics | null => {
    const inLatency = recordAt(recordAt(nested, "latency"), metric);
    const block = inLatency ?? recordAt(nested, metric);
    const blockAt = memberPath(inLatency === null ? nestedAt : memberPath(nestedAt, "latency"), metric);
    return statisticsFrom((statistic) => {
      for (const key of STATISTIC_KEYS[statistic]) {
        const seconds =
          block === null
            ? measuredAt(sink, metrics, `${key}_${metric}`, metricsAt)
            : measuredAt(sink, block, key, blockAt);
        if (seconds !== null) return seconds * MS_PER_SECOND;
      }
      return null;
    });
  };
  for (const [metric, keys] of Object.entries(METRIC_KEYS) as [Metric, readonly string[]][]) {
    for (const key of keys) point[latencyField(metric)] ??= withoutZeros(metric, read(key));
  }
  if (agentic) {
    // There the two hold the same mean over each request: a TPOT, no gaps between tokens.
    point.tpotMs ??= point.itlMs;
    point.itlMs = null;
  }

  const perGpu = (key: string, count: number | null) => {
    const value = measuredAt(sink, metrics, key, metricsAt);
    if (value === null || count === null) return null;
    addFlag(point.qualityFlags, "derived_from_per_gpu");
    return value * count;
  };
  const whole = systemThroughputs(sink, metrics, metricsAt, nested, nestedAt);
  point.totalTokensPerSecond = whole.total ?? perGpu("tput_per_gpu", denominators.total);
  point.outputTokensPerSecond = whole.output ?? perGpu("output_tput_per_gpu", denominators.output);
  point.inputTokensPerSecond = whole.input ?? perGpu("input_tput_per_gpu", denominators.input);

  readLoad(sink, row, location, point);
  readRequests(sink, row, location, point);
  readLengths(sink, row, location, nested, nestedAt, agentic, point);
  const duration =
    measuredAt(sink, recordAt(nested, "throughput"), "duration_seconds", memberPath(nestedAt, "throughput")) ??
    measuredAt(sink, metrics, "duration_seconds", metricsAt);
  point.durationS = duration === 0 ? null : duration;
  if (point.durationS !== null && point.requestsCompleted !== null) {
    point.requestRateAchieved = point.requestsCompleted / point.durationS;
  }
  const extras: Record<string, string | number> = {};
  for (const key of EXTRA_TEXTS) {
    const text = textAt(row, key) ?? textAt(metrics, key);
    if (text !== null) extras[key] = text;
  }
  const watts = numberOf(own(metrics, "avg_power_w"));
  if (watts !== null && impossibleValue(watts) === null) extras.avg_power_w = watts;
  readEnergy(metrics, point, denominators.total);
  if (Object.keys(extras).length > 0) point.extras = extras;
  return point;
}

/**
 * Measured power and energy, unless the writer says they are not valid. `avg_power_w` is of one accelerator, the total of all.
 * @param count accelerators of the deployment; `null` = not known
 */
function readEnergy(metrics: JsonRecord, point: ReadPoint, count: number | null): void {
  if (numberOf(own(metrics, "power_valid")) === 0 || own(metrics, "power_valid") === false) return;
  const positive = (key: string): number | null => {
    const value = numberOf(own(metrics, key));
    return value !== null && value > 0 && impossibleValue(value) === null ? value : null;
  };
  const each = positive("avg_power_w");
  point.powerWattsMean = positive("avg_total_gpu_power_w") ?? (each === null || count === null ? null : each * count);
  point.joulesPerOutputToken = positive("joules_per_output_token");
}

/** Why a row is no measurement; `null` where it is one. Result sets of a whole sweep hold the rows of failed runs too. */
export function failureOf(row: JsonRecord): string | null {
  if (textAt(recordAt(row, "benchmark_outcome"), "status") === "failed") return "the run failed";
  return own(row, "num_requests_successful") === 0 ? "no request completed" : null;
}

/** Tokens/s of the whole deployment, which only results of agentic sessions state. */
function systemThroughputs(
  sink: FieldSink,
  metrics: JsonRecord,
  metricsAt: string,
  nested: JsonRecord | null,
  nestedAt: string,
): Record<"total" | "output" | "input", number | null> {
  const throughput = recordAt(nested, "throughput");
  const throughputAt = memberPath(nestedAt, "throughput");
  const side = (name: "total" | "output" | "input") =>
    measuredAt(sink, recordAt(throughput, name), "tokens_per_second", memberPath(throughputAt, name)) ??
    measuredAt(sink, throughput, `${name}_tput_tps`, throughputAt) ??
    measuredAt(sink, metrics, `${name}_tput_tps`, metricsAt);
  return { total: side("total"), output: side("output"), input: side("input") };
}

function readLoad(sink: FieldSink, row: JsonRecord, location: string, point: ReadPoint): void {
  // Agentic results called their sessions in flight users at first.
  const key = own(row, "users") !== undefined && isAgentic(row) ? "users" : "conc";
  const value = positiveIntegerOf(own(row, key));
  if (value !== null) {
    point.loadKind = "concurrency";
    point.loadValue = value;
    if (isAgentic(row)) point.evidence = { loadCountsSessions: true };
    return;
  }
  const path = memberPath(location, key);
  const expected = "a whole number, 1 or more";
  sink.problems.push(
    problem(sink.file, path, own(row, key), expected, `${sink.file}, ${path}: the concurrency must be ${expected}.`),
  );
}

function readRequests(sink: FieldSink, row: JsonRecord, location: string, point: ReadPoint): void {
  point.requestsCompleted = countAt(sink, row, "num_requests_successful", location);
  const accounting = recordAt(row, "request_accounting");
  const dropped = countAt(sink, accounting, "records_error_dropped", memberPath(location, "request_accounting"));
  const total = countAt(sink, row, "num_requests_total", location);
  const completed = point.requestsCompleted;
  if (dropped !== null) {
    point.requestsFailed = dropped;
  } else if (accounting === null && total !== null && completed !== null && total >= completed) {
    point.requestsFailed = total - completed;
    addFlag(point.qualityFlags, "requests_failed_derived");
  }
}

/** Fixed lengths are what was asked for (random lengths vary below); agentic sessions state what was measured. */
function readLengths(
  sink: FieldSink,
  row: JsonRecord,
  location: string,
  nested: JsonRecord | null,
  nestedAt: string,
  agentic: boolean,
  point: ReadPoint,
): void {
  if (agentic) {
    const tokens = recordAt(nested, "tokens");
    const mean = (name: string, flat: string) =>
      measuredAt(sink, recordAt(tokens, name), "mean", memberPath(memberPath(nestedAt, "tokens"), name)) ??
      measuredAt(sink, row, flat, location);
    point.inputTokensMean = mean("input", "mean_input_tokens");
    point.outputTokensMean = mean("output_actual", "mean_output_tokens_actual");
    return;
  }
  point.inputTokensMean = positiveIntegerOf(own(row, "isl"));
  point.outputTokensMean = positiveIntegerOf(own(row, "osl"));
  if (point.inputTokensMean !== null || point.outputTokensMean !== null) {
    addFlag(point.qualityFlags, "nominal_token_lengths");
  }
}
