import type { QualityFlag } from "../../../measurement/quality-flags";
import { isIsoDate } from "../../facts/canonical";
import { isRecord, type JsonRecord, numberOf, own, positiveIntegerOf, recordAt, textAt } from "../../parse/fields";
import type { GivenFacts } from "../../report";
import { loadInName, type NvidiaClientLoad } from "../nvidia-client/nvidia-point";

/** Whether answers were streamed; `null` where the options do not say. */
export function streamedByConfig(config: JsonRecord | null): boolean | null {
  const value = own(recordAt(config, "endpoint") ?? {}, "streaming");
  return typeof value === "boolean" ? value : null;
}

/**
 * The load of a run: from the options (`loadgen`, from 2026 the phase `profiling`), else from the name of its directory. Only
 * options that were set are in the report.
 */
export function loadByConfig(config: JsonRecord | null, path: string): NvidiaClientLoad {
  const phase = profilingPhase(config);
  const options = recordAt(config, "loadgen") ?? phase ?? {};
  const flags: QualityFlag[] = [];
  const scheduled =
    own(recordAt(config, "input") ?? {}, "fixed_schedule") === true || textAt(phase, "type") === "fixed_schedule";
  const userCentric = ["user_centric_rate", "num_users"].some((key) => positive(own(options, key)) !== null);
  if (scheduled || userCentric) {
    return { concurrency: null, requestRate: null, fromName: false, flags: userCentric ? ["session_load"] : [] };
  }
  const ramps = Object.keys(options).some((key) => key.includes("ramp") && positive(own(options, key)) !== null);
  if (ramps) flags.push("ramp_up");
  const concurrency = positiveIntegerOf(own(options, "concurrency"));
  const requestRate = positive(own(options, "request_rate")) ?? positive(own(options, "rate"));
  if (concurrency !== null || requestRate !== null) return { concurrency, requestRate, fromName: false, flags };
  const named = loadInName(
    textAt(recordAt(config, "output"), "artifact_directory"),
    path.slice(0, path.lastIndexOf("/") + 1),
  );
  return { ...named, flags };
}

/** Model, data set and nominal lengths as the options state them. Keys and headers among them are never looked at. */
export function factsByConfig(config: JsonRecord | null): GivenFacts {
  const facts: GivenFacts = {};
  const model = onlyModel(config);
  if (model !== null) facts.model = model;
  const input = recordAt(config, "input");
  const listed = listedDataset(config);
  const named = textAt(input, "public_dataset") ?? textAt(input, "custom_dataset_type") ?? listed.name;
  if (named !== null) facts.dataset = named;
  // Lengths do not hold for prompts that come from a file or a named data set.
  if (named !== null || textAt(input, "file") !== null || listed.isFile) return facts;
  const prompt = recordAt(input, "prompt") ?? listed.prompts;
  const inputTokens = meanLength(prompt, "input_tokens", "isl");
  const outputTokens = meanLength(prompt, "output_tokens", "osl");
  if (inputTokens !== null) {
    facts.dataset = "synthetic";
    facts.inputTokens = inputTokens;
  }
  if (outputTokens !== null) facts.outputTokens = outputTokens;
  return facts;
}

/** The data of the measured requests as versions from 0.10 on describe it, `datasets[]`: the only one, or the one called `main`. */
function listedDataset(config: JsonRecord | null): {
  name: string | null;
  isFile: boolean;
  prompts: JsonRecord | null;
} {
  const datasets = config === null ? undefined : own(config, "datasets");
  const entries = Array.isArray(datasets) ? datasets.filter(isRecord) : [];
  const entry =
    entries.find((one) => textAt(one, "name") === "main") ?? (entries.length === 1 ? entries[0] : undefined);
  if (entry === undefined) return { name: null, isFile: false, prompts: null };
  const type = textAt(entry, "type");
  const isFile = type === "file" || textAt(entry, "path") !== null;
  const name = textAt(entry, "dataset") ?? (isFile ? textAt(entry, "format") : null);
  return { name, isFile, prompts: recordAt(entry, "prompts") ?? recordAt(entry, "prompt") };
}

/** A length that is a number, or a distribution with a mean. */
function meanLength(prompt: JsonRecord | null, ...keys: string[]): number | null {
  for (const key of keys) {
    const value = prompt === null ? undefined : own(prompt, key);
    const length = positiveIntegerOf(value) ?? (isRecord(value) ? positiveIntegerOf(own(value, "mean")) : null);
    if (length !== null) return length;
  }
  return null;
}

/** The tokenizer's name, where the options state one. */
export function tokenizerByConfig(config: JsonRecord | null): string | null {
  const tokenizer = config === null ? undefined : own(config, "tokenizer");
  return isRecord(tokenizer) ? textAt(tokenizer, "name") : textAt(config, "tokenizer");
}

/**
 * The accelerator's name in the GPU telemetry, where all GPUs bear the same. How many there are says nothing about how many
 * served: several exporters may list one GPU twice, and others of the machine may have been idle.
 */
export function telemetryHints(record: JsonRecord): GivenFacts {
  const names = new Set<string>();
  const endpoints = recordAt(recordAt(record, "telemetry_data"), "endpoints") ?? {};
  for (const endpoint of Object.values(endpoints)) {
    for (const gpu of Object.values(recordAt(isRecord(endpoint) ? endpoint : null, "gpus") ?? {})) {
      const name = isRecord(gpu) ? textAt(gpu, "gpu_name") : null;
      if (name !== null) names.add(name);
    }
  }
  const [name, ...others] = names;
  return name === undefined || others.length > 0 ? {} : { accelerator: name };
}

/** Start of the run; local time without a zone in early versions. */
export function startOf(record: JsonRecord): string | null {
  const text = textAt(record, "start_time");
  return text !== null && isIsoDate(text) ? text : null;
}

/** Of several models the report does not say which was measured. */
function onlyModel(config: JsonRecord | null): string | null {
  const names = own(recordAt(config, "endpoint") ?? {}, "model_names");
  const items = own(recordAt(config, "models") ?? {}, "items");
  const list = Array.isArray(names) ? names : Array.isArray(items) ? items : [];
  const [first, ...others]: unknown[] = list;
  if (others.length > 0) return null;
  if (isRecord(first)) return textAt(first, "name");
  return typeof first === "string" && first.trim() !== "" ? first.trim() : null;
}

function profilingPhase(config: JsonRecord | null): JsonRecord | null {
  const phases = config === null ? undefined : own(config, "phases");
  if (isRecord(phases)) return recordAt(phases, "profiling");
  if (!Array.isArray(phases)) return null;
  const records = phases.filter(isRecord);
  return (
    records.find((phase) => textAt(phase, "name") === "profiling") ??
    (records.length === 1 ? (records[0] ?? null) : null)
  );
}

function positive(value: unknown): number | null {
  const number = numberOf(value);
  return number !== null && number > 0 && Number.isFinite(number) ? number : null;
}
