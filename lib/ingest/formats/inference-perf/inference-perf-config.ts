import { isRecord, type JsonRecord, numberOf, own, positiveIntegerOf, recordAt, textAt } from "../../parse/fields";
import { documentsOf, type ParsedFile } from "../../parse/parsed-file";
import type { GivenFacts } from "../../report";

/** What a run's `config.yaml` adds to its stage files. */
export interface InferencePerfConfig {
  path: string;
  /** Same configuration file, same series: runs of it complete one another. */
  seriesKey: string;
  stated: GivenFacts;
  hints: GivenFacts;
  /** Load of stage N where the stage file itself does not say it is a concurrency. */
  stageConcurrency: (stage: number) => number | null;
  /** Load of a run with a single stage; `null` where there are several, or none is stated. */
  onlyStageLoad: { kind: "concurrency" | "request_rate"; value: number } | null;
  /** Sessions are started at the given rate, not requests. */
  sessionLoad: boolean;
  /** Requests are sent when a recorded trace says: there is no single rate. */
  traceLoad: boolean;
}

/** Sections of an inference-perf configuration; two of them (or a list of stages) make one. */
const SECTIONS = ["api", "data", "load", "server", "report", "storage", "metrics", "tokenizer"];

/** Model servers a configuration may name as `server.type`. */
const SERVER_TYPES = new Set(["vllm", "sglang", "tgi"]);

/** True for the content of an inference-perf configuration (YAML, or JSON as written into buckets). */
export function isInferencePerfConfig(file: ParsedFile): boolean {
  return documentsOf(file).length === 1 && isInferencePerfConfigValue(documentsOf(file)[0]?.value);
}

/** True for the value of such a file. */
export function isInferencePerfConfigValue(value: unknown): boolean {
  if (!isRecord(value) || own(value, "successes") !== undefined || own(value, "apiVersion") !== undefined) return false;
  const load = recordAt(value, "load");
  if (load !== null && (Array.isArray(own(load, "stages")) || own(load, "sweep") !== undefined)) return true;
  return SECTIONS.filter((section) => recordAt(value, section) !== null).length >= 2;
}

/** Facts of a configuration. Only what is named here is read; keys and tokens in it are never looked at. */
export function readInferencePerfConfig(file: ParsedFile): InferencePerfConfig {
  const value = documentsOf(file)[0]?.value;
  const config = isRecord(value) ? value : {};
  const server = recordAt(config, "server");
  const load = recordAt(config, "load");
  const stated: GivenFacts = { ...lengths(recordAt(config, "data")) };
  const model = textAt(server, "model_name");
  if (model !== null) stated.model = model;
  const hints: GivenFacts = {};
  const tokenizer = textAt(recordAt(config, "tokenizer"), "pretrained_model_name_or_path");
  if (tokenizer !== null) hints.model = tokenizer;
  const serverType = textAt(server, "type")?.toLowerCase();
  if (serverType !== undefined && SERVER_TYPES.has(serverType)) hints.server = serverType;
  const loadType = textAt(load, "type")?.toLowerCase() ?? "";
  const stages = load === null ? undefined : own(load, "stages");
  return {
    path: file.path,
    seriesKey: file.sha256,
    stated,
    hints,
    stageConcurrency: (stage) => {
      const entry: unknown = Array.isArray(stages) && loadType === "concurrent" ? stages[stage] : undefined;
      return isRecord(entry) ? positiveIntegerOf(own(entry, "concurrency_level")) : null;
    },
    onlyStageLoad: onlyStageLoad(stages, loadType),
    sessionLoad: loadType.includes("session"),
    traceLoad: loadType.includes("trace"),
  };
}

function onlyStageLoad(stages: unknown, loadType: string): InferencePerfConfig["onlyStageLoad"] {
  const stage: unknown = Array.isArray(stages) && stages.length === 1 ? stages[0] : undefined;
  if (!isRecord(stage) || loadType.includes("session") || loadType.includes("trace")) return null;
  if (loadType === "concurrent") {
    const level = positiveIntegerOf(own(stage, "concurrency_level"));
    return level === null ? null : { kind: "concurrency", value: level };
  }
  const rate = numberOf(own(stage, "rate"));
  return rate !== null && rate > 0 && Number.isFinite(rate) ? { kind: "request_rate", value: rate } : null;
}

/** Data set and nominal lengths of the `data` section. */
function lengths(data: JsonRecord | null): GivenFacts {
  if (data === null) return {};
  const facts: GivenFacts = {};
  const type = textAt(data, "type");
  if (type !== null && type !== "mock") facts.dataset = type.toLowerCase().replace(/[\s_]+/g, "-");
  const shared = recordAt(data, "shared_prefix");
  const sharedInput = (numberIn(shared, "system_prompt_len") ?? 0) + (numberIn(shared, "question_len") ?? 0);
  const input = type === "shared_prefix" ? sharedInput : numberIn(recordAt(data, "input_distribution"), "mean");
  const output =
    type === "shared_prefix" ? numberIn(shared, "output_len") : numberIn(recordAt(data, "output_distribution"), "mean");
  const inputTokens = wholeTokens(input);
  const outputTokens = wholeTokens(output);
  // Distributions are written out with defaults even for data sets of real prompts, which do not follow them.
  const followsDistribution = type === "random" || type === "synthetic" || type === "shared_prefix";
  if (!followsDistribution) return facts;
  if (inputTokens !== null) facts.inputTokens = inputTokens;
  if (outputTokens !== null) facts.outputTokens = outputTokens;
  return facts;
}

function numberIn(record: JsonRecord | null, key: string): number | null {
  return record === null ? null : numberOf(own(record, key));
}

function wholeTokens(value: number | null): number | null {
  return value !== null && Number.isFinite(value) && value >= 1 ? Math.round(value) : null;
}
