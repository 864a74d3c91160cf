import { appendAll } from "../../../append-all";
import { isList } from "../../../is-list";
import type { Evidence } from "../../../measurement/checks/check";
import { impossibleValue } from "../../../measurement/quality";
import { addFlag } from "../../../measurement/quality-flags";
import type { DraftRun } from "../../facts/draft-run";
import {
  countAt,
  type FieldSink,
  isRecord,
  type JsonRecord,
  memberPath,
  numberOf,
  own,
  recordAt,
  textAt,
} from "../../parse/fields";
import { documentsOf, type ParsedFile } from "../../parse/parsed-file";
import { readRecordFile } from "../../parse/records";
import type { ReadPoint } from "../../report";
import type { Adapter } from "../adapter";
import { bestForms, type ExportForm } from "../nvidia-client/nvidia-files";
import { type MetricEntry, type MetricTable, meanOf, metricsOfJson, requestsOf } from "../nvidia-client/nvidia-metrics";
import { metricsOfCsv, nvidiaCsvTool } from "../nvidia-client/nvidia-metrics-csv";
import { loadInName, readNvidiaPoint, refuseEmptyPoint, setLoad } from "../nvidia-client/nvidia-point";
import {
  factsByConfig,
  loadByConfig,
  startOf,
  streamedByConfig,
  telemetryHints,
  tokenizerByConfig,
} from "./aiperf-config";
import { aiperfRecords, isAiperfRecord, modelOfInputs } from "./aiperf-records";
import { isAiperfSweep, readAiperfSweep } from "./aiperf-sweep";

/** What tells an AIPerf export from one of GenAI-Perf, which has the same metrics. */
const OWN_KEYS = ["aiperf_version", "was_cancelled", "error_summary", "benchmark_duration", "min_request_timestamp"];

/** Single requests of AIPerf, and how a file of them becomes a run. */
const records = aiperfRecords((point) => draftOf(point, null));

/** NVIDIA AIPerf: `profile_export_aiperf.json` or `.csv`, or its single requests in `profile_export.jsonl`; one load point each. */
export const aiperf: Adapter = {
  format: "aiperf",
  label: "NVIDIA AIPerf exports (JSON, CSV, or single requests as JSONL)",
  factsWin: "flags",
  sniff: (file) =>
    nvidiaCsvTool(file) === "aiperf" ||
    isAiperfRecord(firstElement(file)) ||
    documentsOf(file).some(
      ({ value }) => isAiperfExport(value) || isTimeslices(value) || isRepeatsAggregate(value) || isAiperfSweep(value),
    ),
  read: (files, companions) => {
    const sweeps = files.filter((file) => documentsOf(file).some(({ value }) => isAiperfSweep(value)));
    const result = bestForms(files.filter((file) => !sweeps.includes(file)).map((file) => readForm(file, companions)));
    for (const file of sweeps) {
      for (const { location, value } of documentsOf(file)) {
        if (!isRecord(value) || !isAiperfSweep(value)) continue;
        const sweep = readAiperfSweep(file.path, location, value);
        appendAll(result.drafts, sweep.drafts);
        appendAll(result.problems, sweep.problems);
      }
    }
    for (const file of companions) {
      if (modelOfInputs(file) === null) continue;
      result.skipped.push({ file: file.path, reason: "the requests as they were sent, no measurement" });
    }
    return result;
  },
  records,
};

/**
 * Other files of the tool state its version too. What makes a file an export is that it has metrics of requests, or says that
 * there were none.
 */
function isAiperfExport(value: unknown): boolean {
  if (!isRecord(value) || isTimeslices(value) || !OWN_KEYS.some((key) => own(value, key) !== undefined)) return false;
  const measured = ["request_latency", "request_throughput", "request_count"].some(
    (key) => textAt(recordAt(value, key), "unit") !== null,
  );
  const ended = own(value, "was_cancelled") !== undefined || own(value, "error_summary") !== undefined;
  return measured || (ended && recordAt(value, "input_config") !== null);
}

function firstElement(file: ParsedFile): unknown {
  const value = documentsOf(file)[0]?.value;
  return isList(value) ? value[0] : value;
}

function isTimeslices(value: unknown): boolean {
  return isRecord(value) && isList(own(value, "timeslices"));
}

function readForm(file: ParsedFile, companions: readonly ParsedFile[]): ExportForm {
  const form: ExportForm = { path: file.path, rank: 1, drafts: [], problems: [], skipped: [] };
  if (file.kind === "records" || isAiperfRecord(firstElement(file))) {
    return { ...form, rank: 2, ...readRecordFile(file, records, companions) };
  }
  if (file.kind === "csv") {
    const { table, problems } = metricsOfCsv(file);
    appendAll(form.problems, problems);
    if (problems.length === 0) add(form, "line 1", table, null);
    return { ...form, rank: 3 };
  }
  for (const { location, value } of documentsOf(file)) {
    if (isTimeslices(value)) {
      form.skipped.push({
        file: file.path,
        reason: "slices of the run's time: the export beside it holds the whole run",
      });
    } else if (isRepeatsAggregate(value)) {
      addAggregate(form, location, value);
    } else if (isRecord(value) && isAiperfExport(value)) {
      add(form, location, metricsOfJson(value, location), value);
    }
  }
  return form;
}

/** Statistics over several runs of one load (`--num-profile-runs`), as the tool aggregates them for confidence intervals. */
function isRepeatsAggregate(value: unknown): value is JsonRecord {
  const metadata = isRecord(value) ? recordAt(value, "metadata") : null;
  return (
    textAt(metadata, "aggregation_type") === "confidence" && isRecord(value) && recordAt(value, "metrics") !== null
  );
}

/** The means over the runs as one load point, with their number and the spread of its throughput. */
function addAggregate(form: ExportForm, location: string, value: JsonRecord): void {
  const sink: FieldSink = { file: form.path, problems: [] };
  const metrics = recordAt(value, "metrics") ?? {};
  const metricsAt = memberPath(location, "metrics");
  const table = new Map<string, MetricEntry>();
  for (const [key, block] of Object.entries(metrics)) {
    const named = /^(.+)_(avg|p50|p90|p95|p99)$/.exec(key);
    const [, tag, statistic] = named ?? [];
    if (tag === undefined || statistic === undefined || !isRecord(block)) continue;
    const entry = table.get(tag) ?? {
      unit: textAt(block, "unit"),
      values: {},
      where: () => memberPath(metricsAt, key),
    };
    entry.values[statistic] = own(block, "mean");
    table.set(tag, entry);
  }
  // A mean of counts need not be whole; it says nothing that the runs themselves do not.
  table.delete("request_count");
  const point = readNvidiaPoint(sink, location, table, { streamed: null });
  setLoad(point, loadInName(form.path.slice(0, form.path.lastIndexOf("/") + 1)));
  point.repeats = countAt(sink, recordAt(value, "metadata"), "num_successful_runs", memberPath(location, "metadata"));
  const spread = numberOf(own(recordAt(metrics, "output_token_throughput_avg") ?? {}, "cv"));
  if (spread !== null && impossibleValue(spread) === null) point.repeatsRelativeSpread = spread;
  refuseEmptyPoint(sink, point, location);
  appendAll(form.problems, sink.problems);
  if (sink.problems.length === 0) form.drafts.push(draftOf(point, null));
}

function add(form: ExportForm, location: string, table: MetricTable, record: JsonRecord | null): void {
  const sink: FieldSink = { file: form.path, problems: [] };
  const config = recordAt(record, "input_config");
  const point = readNvidiaPoint(sink, location, table, {
    streamed: streamedByConfig(config),
    roundedRates: record === null,
  });
  point.requestsFailed = requestsOf(sink, table.get("error_request_count")) ?? errorsOf(sink, record, location);
  if (record !== null && own(record, "was_cancelled") === true) addFlag(point.qualityFlags, "run_cancelled");
  if (record === null) setLoad(point, loadInName(form.path.slice(0, form.path.lastIndexOf("/") + 1)));
  else setLoad(point, loadByConfig(config, form.path));
  // A run of nothing but errors has no count of completed requests at all.
  const failedOnly = point.requestsCompleted === null && (point.requestsFailed ?? 0) > 0;
  if (failedOnly) point.requestsCompleted = 0;
  const goodput = meanOf(sink, table.get("goodput") ?? table.get("request_goodput"));
  if (goodput !== null) point.extras = { goodput };
  readServer(table, point, goodput);
  const targets = goodputTargets(config);
  if (targets !== null) point.extras = { ...point.extras, goodput_targets: targets };
  point.evidence = countsOf(table);
  refuseEmptyPoint(sink, point, location);
  appendAll(form.problems, sink.problems);
  if (sink.problems.length === 0) form.drafts.push(draftOf(point, record));
}

/** Units in which power and energy are read. */
const UNITS_READ: Readonly<Record<string, RegExp>> = {
  total_gpu_power: /^(?:w|watts?)$/i,
  total_gpu_energy: /^(?:j|joules?)$/i,
};

/** Goodput, cached input, power and energy of all accelerators, where the export has them and they can be. */
function readServer(table: MetricTable, point: ReadPoint, goodput: number | null): void {
  const value = (...tags: string[]): number | null => {
    for (const tag of tags) {
      if (UNITS_READ[tag] !== undefined && !UNITS_READ[tag].test(table.get(tag)?.unit ?? "")) continue;
      const number = numberOf(table.get(tag)?.values.avg);
      if (number !== null && impossibleValue(number) === null) return number;
    }
    return null;
  };
  point.goodputRequestsPerSecond = goodput;
  const prompt = value("total_usage_prompt_tokens") ?? value("usage_prompt_tokens");
  const total = value("total_usage_prompt_tokens") !== null;
  const cached = total
    ? value("total_usage_prompt_cache_read_tokens", "total_usage_prompt_cached_tokens")
    : value("usage_prompt_cache_read_tokens", "usage_prompt_cached_tokens");
  if (prompt !== null && prompt > 0 && cached !== null && cached <= prompt) point.cachedInputShare = cached / prompt;
  const watts = value("total_gpu_power");
  if (watts !== null && watts > 0) point.powerWattsMean = watts;
  const joules = value("total_gpu_energy");
  const { outputTokensPerSecond, durationS } = point;
  if (joules !== null && joules > 0 && outputTokensPerSecond !== null && durationS !== null) {
    const tokens = outputTokensPerSecond * durationS;
    if (tokens > 0) point.joulesPerOutputToken = joules / tokens;
  }
}

/** How many requests the token counts are of (exports of 2026 say so), and the server's own count of output tokens. */
function countsOf(table: MetricTable): Evidence {
  const statedBy = (tag: string, key: string): number | null => {
    const value = numberOf(table.get(tag)?.values[key]);
    return value !== null && value > 0 && impossibleValue(value) === null ? value : null;
  };
  const input = statedBy("input_sequence_length", "count");
  const output = statedBy("output_sequence_length", "count");
  const served = statedBy("usage_completion_tokens", "avg");
  return {
    ...(input === null ? {} : { requestsWithInputCount: input }),
    ...(output === null ? {} : { requestsWithOutputCount: output }),
    ...(served === null ? {} : { outputTokensMeanElsewhere: served }),
  };
}

/** The targets goodput was counted against, as the person gave them: `time_to_first_token:370`; `null` = none stated. */
function goodputTargets(config: JsonRecord | null): string | null {
  const input = recordAt(config, "input");
  const stated = input === null ? undefined : own(input, "goodput");
  if (typeof stated === "string") return stated.trim() === "" ? null : stated.trim();
  if (!isRecord(stated)) return null;
  const targets = Object.entries(stated).flatMap(([metric, limit]) =>
    typeof limit === "number" || typeof limit === "string" ? [`${metric}:${limit}`] : [],
  );
  return targets.length === 0 ? null : targets.join(" ");
}

/** Failed requests by the list of errors; an empty list says that there were none, no list says nothing. */
function errorsOf(sink: FieldSink, record: JsonRecord | null, location: string): number | null {
  const errors = record === null ? undefined : own(record, "error_summary");
  if (!isList(errors)) return null;
  const listAt = memberPath(location, "error_summary");
  return errors.reduce<number>((sum, error: unknown, index) => {
    const count = countAt(sink, isRecord(error) ? error : null, "count", `${listAt}[${index}]`);
    return sum + (count ?? 0);
  }, 0);
}

function draftOf(point: ReadPoint, record: JsonRecord | null): DraftRun {
  const config = recordAt(record, "input_config");
  const start = record === null ? null : startOf(record);
  if (start !== null) point.evidence = { ...point.evidence, clock: start };
  const tokenizer = tokenizerByConfig(config);
  return {
    ...(tokenizer === null ? {} : { tokenizer }),
    format: "aiperf",
    tool: "aiperf",
    toolVersion: textAt(record, "aiperf_version"),
    measuredOn: start,
    stated: factsByConfig(config),
    hints: record === null ? {} : telemetryHints(record),
    seriesKey: null,
    qualityFlags: [],
    points: [point],
    files: [point.file],
  };
}
