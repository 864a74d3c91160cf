import { isList } from "../../../is-list";
import type { Statistic } from "../../../measurement/latency";
import { isoOfEpochSeconds } from "../../parse/epoch";
import { isRecord, type JsonRecord, memberPath, numberOf, own, recordAt, textAt } from "../../parse/fields";
import type { LoadInputs } from "./guidellm-load";

/** Metrics read, under the tool's own names. `request_latency` is in seconds, names ending in `_ms` are in milliseconds. */
export type GuidellmMetric =
  | "request_latency"
  | "time_to_first_token_ms"
  | "inter_token_latency_ms"
  | "time_per_output_token_ms"
  | "requests_per_second"
  | "output_tokens_per_second"
  | "prompt_tokens_per_second"
  | "tokens_per_second"
  | "prompt_token_count"
  | "output_token_count";

/** One value: the record that holds it (`null` if there is none), its key and its location. */
export interface Cell {
  record: JsonRecord | null;
  key: string;
  location: string;
}

/** One benchmark (load point) of a report, whatever form it was written in. */
export interface GuidellmBenchmark {
  location: string;
  /** The tool's own id of it: the same in JSON, YAML and CSV. */
  id: string | null;
  /** Written by v0.4 or later, where time per output token counts from the start of the request. */
  countsFromRequestStart: boolean;
  load: LoadInputs;
  /** A statistic over the successful requests. */
  cell(metric: GuidellmMetric, statistic: Statistic): Cell;
  count(status: "successful" | "errored" | "incomplete"): Cell;
  duration: Cell;
  startedOn: string | null;
  /** The parts of the whole report and of this benchmark that say what was measured. */
  report: JsonRecord;
  element: JsonRecord;
}

/** A benchmark of the JSON or YAML form. */
export function benchmarkOfElement(
  report: JsonRecord,
  element: JsonRecord,
  index: number,
  location: string,
): GuidellmBenchmark {
  const metrics = recordAt(element, "metrics");
  const metricsAt = memberPath(location, "metrics");
  const config = recordAt(element, "config");
  const args = recordAt(element, "args");
  const totalsOwner = recordAt(metrics, "request_totals") === null ? element : metrics;
  const totalsAt = memberPath(totalsOwner === element ? location : metricsAt, "request_totals");
  const runIndex = config === null ? null : numberOf(own(config, "run_index"));
  return {
    location,
    id: textAt(element, "id_") ?? textAt(config, "id_"),
    countsFromRequestStart: args === null,
    load: {
      strategy: recordAt(config ?? args, "strategy"),
      strategyType: null,
      profile: recordAt(config ?? args, "profile"),
      index: runIndex ?? index,
    },
    cell: (metric, statistic) => {
      const successfulAt = memberPath(memberPath(metricsAt, metric), "successful");
      return statisticCell(recordAt(recordAt(metrics, metric), "successful"), statistic, successfulAt);
    },
    count: (status) => ({ record: recordAt(totalsOwner, "request_totals"), key: status, location: totalsAt }),
    duration: durationCell(element, location),
    startedOn: isoOfEpochSeconds(own(element, "start_time") ?? own(recordAt(element, "run_stats") ?? {}, "start_time")),
    report,
    element,
  };
}

/** A group without requests is written as zeros with `count: 0`, since 0.8 also as `null`. */
function statisticCell(group: JsonRecord | null, statistic: Statistic, location: string): Cell {
  if (group === null || numberOf(own(group, "count")) === 0) return { record: null, key: statistic, location };
  if (statistic === "mean") return { record: group, key: "mean", location };
  const percentiles = recordAt(group, "percentiles");
  const stated = percentiles === null ? undefined : own(percentiles, statistic);
  if (statistic === "p50" && (stated === undefined || stated === null))
    return { record: group, key: "median", location };
  return { record: percentiles, key: statistic, location: memberPath(location, "percentiles") };
}

/** The measured window: stated, else from its two ends. */
function durationCell(element: JsonRecord, location: string): Cell {
  if (own(element, "duration") !== undefined) return { record: element, key: "duration", location };
  const scheduler = recordAt(element, "scheduler_metrics");
  for (const [owner, from, to] of [
    [element, "start_time", "end_time"],
    [scheduler, "measure_start_time", "measure_end_time"],
  ] as const) {
    const start = owner === null ? null : numberOf(own(owner, from));
    const end = owner === null ? null : numberOf(own(owner, to));
    if (start !== null && end !== null && end > start)
      return { record: { duration: end - start }, key: "duration", location };
  }
  return { record: null, key: "duration", location };
}

/** The benchmarks of a report: `benchmarks[]`, or `null` where the value is no report of v0.2 or later. */
export function benchmarkElements(value: unknown): unknown[] | null {
  const benchmarks = isRecord(value) ? own(value, "benchmarks") : undefined;
  if (!isList(benchmarks)) return null;
  return benchmarks.some(isGenerative) ? benchmarks : null;
}

/** True for an element that measured text generation; GuideLLM also measures embeddings. */
export function isGenerative(element: unknown): element is JsonRecord {
  return isRecord(element) && own(element, "type_") === "generative_benchmark";
}

/** True for the shape of v0.1 (2024): reports within the report, each with single requests by `mode` and `rate`. */
export function isFirstGeneration(value: unknown): boolean {
  const benchmarks = isRecord(value) ? own(value, "benchmarks") : undefined;
  const first: unknown = isList(benchmarks) ? benchmarks[0] : undefined;
  if (!isRecord(first) || own(first, "type_") !== undefined) return false;
  const inner = own(first, "benchmarks");
  const point: unknown = isList(inner) ? inner[0] : undefined;
  return isRecord(point) && own(point, "mode") !== undefined && isList(own(point, "results"));
}
