import { appendAll } from "../../../append-all";
import type { DraftRun } from "../../facts/draft-run";
import {
  type FieldSink,
  isRecord,
  type JsonRecord,
  numberOf,
  own,
  positiveIntegerOf,
  recordAt,
  textAt,
} from "../../parse/fields";
import { documentsOf, type ParsedFile } from "../../parse/parsed-file";
import type { GivenFacts, ReadPoint } from "../../report";
import type { Adapter } from "../adapter";
import { bestForms, type ExportForm } from "../nvidia-client/nvidia-files";
import { type MetricTable, metricsOfJson } from "../nvidia-client/nvidia-metrics";
import { metricsOfCsv, nvidiaCsvTool } from "../nvidia-client/nvidia-metrics-csv";
import {
  loadInName,
  type NvidiaClientLoad,
  readNvidiaPoint,
  refuseEmptyPoint,
  setLoad,
} from "../nvidia-client/nvidia-point";

/**
 * NVIDIA GenAI-Perf (the predecessor of AIPerf): `*_genai_perf.json` or `.csv`, one load point a file. Follows the description
 * of its writer and was not tried on a real file: no public sample was found.
 */
export const genaiPerf: Adapter = {
  format: "genai-perf",
  label: "NVIDIA GenAI-Perf exports (JSON or CSV)",
  requestLists: ["requests"],
  factsWin: "flags",
  sniff: (file) =>
    nvidiaCsvTool(file) === "genai-perf" ||
    documentsOf(file).some(({ value }) => isGenaiPerfExport(value) || isRawProfile(value)),
  read: (files) => bestForms(files.map(readForm)),
};

function isGenaiPerfExport(value: unknown): boolean {
  if (!isRecord(value) || recordAt(value, "input_config") === null) return false;
  const ofAiperf = ["aiperf_version", "schema_version", "was_cancelled", "error_summary", "benchmark_duration"].some(
    (key) => own(value, key) !== undefined,
  );
  return (
    !ofAiperf && ["request_throughput", "request_latency"].some((key) => textAt(recordAt(value, key), "unit") !== null)
  );
}

/** `profile_export.json` of perf_analyzer: every request with its timestamps, from which the exports are made. */
function isRawProfile(value: unknown): boolean {
  return isRecord(value) && Array.isArray(own(value, "experiments")) && own(value, "service_kind") !== undefined;
}

function readForm(file: ParsedFile): ExportForm {
  const form: ExportForm = { path: file.path, rank: 1, drafts: [], problems: [], skipped: [] };
  if (file.kind === "csv") {
    const { table, problems } = metricsOfCsv(file);
    appendAll(form.problems, problems);
    if (problems.length === 0) add(form, "line 1", table, {});
    return { ...form, rank: 3 };
  }
  for (const { location, value } of documentsOf(file)) {
    if (isRecord(value) && isGenaiPerfExport(value)) {
      add(form, location, metricsOfJson(value, location), recordAt(value, "input_config") ?? {});
    } else if (isRawProfile(value)) {
      const reason = "perf_analyzer's raw profile: the *_genai_perf files beside it hold its statistics";
      form.skipped.push({ file: file.path, reason });
    }
  }
  return form;
}

function add(form: ExportForm, location: string, table: MetricTable, config: JsonRecord): void {
  const sink: FieldSink = { file: form.path, problems: [] };
  const point = readNvidiaPoint(sink, location, table, { streamed: streamed(config) });
  setLoad(point, loadOf(config, form.path));
  refuseEmptyPoint(sink, point, location);
  appendAll(form.problems, sink.problems);
  if (sink.problems.length === 0) form.drafts.push(draftOf(point, config));
}

function draftOf(point: ReadPoint, config: JsonRecord): DraftRun {
  return {
    format: genaiPerf.format,
    tool: "genai-perf",
    measuredOn: null,
    stated: statedFacts(config),
    hints: {},
    seriesKey: null,
    qualityFlags: [],
    points: [point],
    files: [point.file],
  };
}

/** Nested since 2025-03, a flat dump of the arguments before. */
function streamed(config: JsonRecord): boolean | null {
  const value = own(recordAt(config, "endpoint") ?? config, "streaming");
  return typeof value === "boolean" ? value : null;
}

function loadOf(config: JsonRecord, path: string): NvidiaClientLoad {
  const stimulus = recordAt(recordAt(config, "perf_analyzer"), "stimulus") ?? config;
  const rate = numberOf(own(stimulus, "request_rate"));
  const requestRate = rate !== null && rate > 0 && Number.isFinite(rate) ? rate : null;
  const concurrency = positiveIntegerOf(own(stimulus, "concurrency"));
  if (positiveIntegerOf(own(stimulus, "session_concurrency")) !== null) {
    return { concurrency: null, requestRate: null, fromName: false, flags: ["session_load"] };
  }
  if (requestRate !== null || concurrency !== null) return { concurrency, requestRate, fromName: false, flags: [] };
  const stated = textAt(config, "artifact_dir") ?? textAt(recordAt(config, "output"), "artifact_directory");
  return loadInName(stated, path.slice(0, path.lastIndexOf("/") + 1));
}

function statedFacts(config: JsonRecord): GivenFacts {
  const facts: GivenFacts = {};
  const model = onlyName(own(config, "model_names")) ?? onlyName(own(config, "model"));
  if (model !== null) facts.model = model;
  const input = recordAt(config, "input") ?? config;
  const source = textAt(config, "prompt_source");
  // Lengths are written out with their defaults also where prompts come from a file, which does not follow them.
  if (textAt(input, "file") !== null || textAt(config, "input_file") !== null || source === "file") return facts;
  const named = textAt(config, "input_dataset");
  if (named !== null || source === "dataset") {
    if (named !== null) facts.dataset = named;
    return facts;
  }
  const inputTokens =
    positiveIntegerOf(own(recordAt(input, "synthetic_tokens") ?? {}, "mean")) ??
    positiveIntegerOf(own(config, "synthetic_input_tokens_mean"));
  const outputTokens =
    positiveIntegerOf(own(recordAt(input, "output_tokens") ?? {}, "mean")) ??
    positiveIntegerOf(own(config, "output_tokens_mean"));
  if (inputTokens !== null) {
    facts.dataset = "synthetic";
    facts.inputTokens = inputTokens;
  }
  if (outputTokens !== null) facts.outputTokens = outputTokens;
  return facts;
}

/** One name, alone or as the only one of a list: of several models the report does not say which was measured. */
function onlyName(value: unknown): string | null {
  const name: unknown = Array.isArray(value) ? (value.length === 1 ? value[0] : null) : value;
  return typeof name === "string" && name.trim() !== "" ? name.trim() : null;
}
