import { isRecord, type JsonRecord, own, positiveIntegerOf, textAt } from "../../parse/fields";
import type { GivenFacts } from "../../report";

/** True for `experiment_metadata.json`: all settings of a genai-bench experiment. */
export function isExperiment(value: unknown): boolean {
  return (
    isRecord(value) &&
    own(value, "traffic_scenario") !== undefined &&
    own(value, "experiment_folder_name") !== undefined
  );
}

/** What the settings make likely: server and hardware are free text of whoever ran it, the model's name may be an alias. */
export function experimentFacts(settings: JsonRecord): {
  hints: GivenFacts;
  toolVersion: string | null;
  measuredOn: string | null;
} {
  const hints: GivenFacts = {};
  const model = [textAt(settings, "model"), textAt(settings, "api_model_name")].find(
    (name) => name !== null && /^[^/\s]+\/[^/\s]+$/.test(name),
  );
  const server = textAt(settings, "server_engine");
  const version = textAt(settings, "server_version");
  const gpu = textAt(settings, "server_gpu_type");
  const count = positiveIntegerOf(own(settings, "server_gpu_count"));
  if (typeof model === "string") hints.model = model;
  if (server !== null) hints.server = server;
  if (version !== null) hints.serverVersion = version;
  if (gpu !== null) hints.accelerator = gpu;
  if (count !== null) hints.acceleratorCount = count;
  return {
    hints,
    toolVersion: textAt(settings, "benchmark_version"),
    measuredOn: dateOf(textAt(settings, "experiment_folder_name")),
  };
}

/** `…_20240906_165433` (local time, no zone) → `2024-09-06T16:54:33`. */
function dateOf(folder: string | null): string | null {
  const match = /(\d{4})(\d{2})(\d{2})_([01]\d|2[0-3])([0-5]\d)([0-5]\d)\/?$/.exec(folder ?? "");
  return match === null ? null : `${match[1]}-${match[2]}-${match[3]}T${match[4]}:${match[5]}:${match[6]}`;
}

const SCENARIOS: Record<string, string> = { D: "deterministic", N: "normal", U: "uniform" };

/**
 * Lengths of a traffic scenario: `D(100,1000)` input and output of exactly that many tokens, `N(480,240)/(300,150)` normally
 * distributed with mean and deviation. Of other scenarios only the measured means are known.
 */
export function trafficScenarioFacts(scenario: string | null): { stated: GivenFacts; hints: GivenFacts } {
  const stated: GivenFacts = {};
  const fixed = /^D\((\d+),(\d+)\)$/.exec(scenario ?? "");
  const normal = /^N\((\d+),\d+\)\/\((\d+),\d+\)$/.exec(scenario ?? "");
  const lengths = fixed ?? normal;
  const input = positiveIntegerOf(lengths?.[1]);
  const output = positiveIntegerOf(lengths?.[2]);
  if (input !== null) stated.inputTokens = input;
  if (output !== null) stated.outputTokens = output;
  const dataset = SCENARIOS[scenario?.charAt(0) ?? ""];
  return { stated, hints: dataset === undefined ? {} : { dataset } };
}
