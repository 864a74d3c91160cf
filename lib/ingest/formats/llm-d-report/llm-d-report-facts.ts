import { sha256Hex } from "../../../measurement/identity";
import { canonicalEnvironment, canonicalSettings, type SettingValues } from "../../../measurement/settings";
import { isRecord, type JsonRecord, numberOf, own, positiveIntegerOf, recordAt, textAt } from "../../parse/fields";
import type { GivenFacts } from "../../report";
import { type Engine, hostEngines, PARALLELISM_KEYS, stackEngines } from "./llm-d-report-stack";

/** What a report's `scenario` says; all of it may be missing where the converter did not run inside the deployment. */
export interface ScenarioFacts {
  stated: GivenFacts;
  hints: GivenFacts;
  /** Stacks that differ in anything are different deployments. */
  variant: string;
}

/** Facts of a report of v0.1 (`scenario.host`, `platform`, `model`) or v0.2 (`scenario.stack`, `load.standardized`). */
export function scenarioFacts(scenario: JsonRecord | null, isFirstVersion: boolean): ScenarioFacts {
  const engines = isFirstVersion ? hostEngines(scenario) : stackEngines(scenario);
  const stated: GivenFacts = {};
  const hints: GivenFacts = {};
  const modelRecord = recordAt(scenario, "model");
  const model = isFirstVersion ? textAt(modelRecord, "name") : one(engines.map((engine) => engine.model));
  if (model !== null && model !== "unknown") stated.model = model;
  const precision = textAt(modelRecord, "quantization");
  if (precision !== null) stated.precision = precision;

  Object.assign(stated, deploymentOf(engines));
  // Spelled as the cluster labels its nodes. With several kinds in one deployment, no accelerator is stated.
  const accelerator = one(engines.map((engine) => engine.accelerator));
  if (accelerator !== null) hints.accelerator = accelerator;
  Object.assign(hints, serverOf(engines));
  Object.assign(stated, startedOf(engines));

  const load = recordAt(scenario, "load");
  const native = isFirstVersion ? recordAt(load, "args") : recordAt(recordAt(load, "native"), "config");
  const served = textAt(recordAt(native, "server"), "model_name");
  if (served !== null) hints.model = served;
  Object.assign(stated, workloadOf(recordAt(load, "standardized"), native));

  const stack =
    scenario === null ? [] : ["stack", "host", "platform", "model"].map((part) => own(scenario, part) ?? null);
  return { stated, hints, variant: sha256Hex(JSON.stringify(inOrder(stack))) };
}

/** Arguments and environment where all engines of a role share them; arguments without a value are switches. */
function startedOf(engines: readonly Engine[]): Pick<GivenFacts, "serverArguments" | "environment"> {
  const shared = (members: readonly Engine[], of: (engine: Engine) => SettingValues | null) => {
    const [first, ...others] = members.map(of);
    if (first === undefined || first === null) return null;
    return others.every((other) => JSON.stringify(other) === JSON.stringify(first)) ? first : null;
  };
  const facts: Pick<GivenFacts, "serverArguments" | "environment"> = {};
  const prefill = engines.filter((engine) => engine.role === "prefill");
  const decode = engines.filter((engine) => engine.role === "decode");
  const isApart = prefill.length > 0 && decode.length > 0;
  for (const [group, of] of [
    ["serverArguments", argumentsOf],
    ["environment", environmentOf],
  ] as const) {
    if (!isApart) {
      const values = shared(engines, of);
      if (values !== null) facts[group] = values;
      continue;
    }
    const [first, second] = [shared(prefill, of), shared(decode, of)];
    if (first !== null && second !== null) facts[group] = { prefill: first, decode: second };
  }
  return facts;
}

/** Ranks and addresses tell the machines of one deployment apart. */
const OF_ONE_MACHINE = /^-*data[-_]parallel[-_](?:address|rpc[-_]port|start[-_]rank|rank|size[-_]local)$/;

function argumentsOf({ args }: Engine): SettingValues | null {
  if (args === null) return null;
  const entries = Object.entries(args)
    .filter(([name]) => !OF_ONE_MACHINE.test(name))
    .map(([name, value]) => [name, value === null ? true : value]);
  return canonicalSettings(Object.fromEntries(entries));
}

function environmentOf({ environment }: Engine): SettingValues | null {
  return environment === null ? null : canonicalEnvironment(environment);
}

/** Accelerators of all replicas together, prefill and decode apart where both are there, and the parallelism of a replica. */
function deploymentOf(engines: readonly Engine[]): GivenFacts {
  const facts: GivenFacts = {};
  if (engines.length === 0) return facts;
  const total = acceleratorsOf(engines);
  if (total !== null) facts.acceleratorCount = total;
  const prefill = engines.filter((engine) => engine.role === "prefill");
  const decode = engines.filter((engine) => engine.role === "decode");
  const parallelism: NonNullable<GivenFacts["parallelism"]> = {};
  // The decode half of a stack also serves alone: that is a deployment like any other.
  if (prefill.length > 0 && decode.length > 0) {
    facts.servingMode = "disaggregated";
    const prefillAccelerators = acceleratorsOf(prefill);
    const decodeAccelerators = acceleratorsOf(decode);
    const isWhole = prefill.length + decode.length === engines.length;
    if (isWhole && prefillAccelerators !== null && decodeAccelerators !== null) {
      facts.prefillAccelerators = prefillAccelerators;
      facts.decodeAccelerators = decodeAccelerators;
    }
    const label = [layoutOf("p", prefill), layoutOf("d", decode)];
    if (isWhole && label.every((part) => part !== null)) parallelism.label = label.join("+");
  } else {
    const [tensor, pipeline, data, expert] = PARALLELISM_KEYS.map((key) =>
      one(engines.map((engine) => engine.parallelism[key])),
    );
    if (typeof tensor === "number") parallelism.tensor = tensor;
    if (typeof pipeline === "number") parallelism.pipeline = pipeline;
    if (typeof data === "number") parallelism.data = data;
    if (typeof expert === "number") parallelism.expert = expert;
  }
  if (Object.keys(parallelism).length > 0) facts.parallelism = parallelism;
  return facts;
}

/** Replicas × accelerators of each, summed; `null` where one of them is not known. */
function acceleratorsOf(engines: readonly Engine[]): number | null {
  let sum = 0;
  for (const { replicas, accelerators } of engines) {
    if (replicas === null || accelerators === null) return null;
    sum += replicas * accelerators;
  }
  return sum;
}

/** Replicas of one role in short form: `d2x(tp8-ep8)`; `null` where they differ or nothing is known of them. */
function layoutOf(role: string, engines: readonly Engine[]): string | null {
  const layouts = engines.map(({ parallelism }) => {
    if (parallelism.tp === null) return null;
    const others = PARALLELISM_KEYS.filter((key) => key !== "tp" && (parallelism[key] ?? 1) > 1);
    return [`tp${parallelism.tp}`, ...others.map((key) => `${key}${parallelism[key]}`)].join("-");
  });
  const layout = one(layouts);
  let replicas = 0;
  for (const engine of engines) {
    if (engine.replicas === null) return null;
    replicas += engine.replicas;
  }
  return layout === null ? null : `${role}${replicas}x(${layout})`;
}

/** `registry/owner/name:tag` → its parts; a plain word has no tag. */
const IMAGE = /^(?:[\w.-]+(?::\d+)?\/)*([\w.-]+)(?::([\w.-]+))?$/;

/** Names of images and tools that say which model server they hold, with its own version. */
const SERVER_NAMES: [RegExp, string][] = [
  [/^vllm/, "vllm"],
  [/^sglang/, "sglang"],
  [/^(?:trtllm|tensorrt-llm|tensorrt_llm)/, "trtllm"],
  [/^(?:tgi|text-generation-inference)/, "tgi"],
];

/**
 * Server, version, precision and speculative decoding as far as tool, image and command line make them likely. An llm-d image
 * holds vLLM, but its tag is llm-d's version, not vLLM's.
 */
function serverOf(engines: readonly Engine[]): GivenFacts {
  const facts: GivenFacts = {};
  const servers = engines.map(({ tool, toolVersion }) => {
    const texts = [tool, toolVersion].filter((text) => text !== null);
    const images = texts.map((text) => IMAGE.exec(text)).filter((match) => match !== null);
    for (const [pattern, server] of SERVER_NAMES) {
      const named = images.filter((match) => pattern.test(match[1]?.toLowerCase() ?? ""));
      if (named.length === 0) continue;
      const tag = named.map((match) => match[2]).find((text) => text !== undefined);
      const plain = toolVersion !== null && /^v?\d[\w.+-]*$/.test(toolVersion) ? toolVersion : null;
      return { server, version: tag ?? plain };
    }
    const isLlmd = images.some((match) => /^llm-d/i.test(match[1] ?? ""));
    return { server: isLlmd ? "vllm" : null, version: null };
  });
  const server = one(servers.map((found) => found.server));
  const version = one(servers.map((found) => found.version));
  if (server !== null) facts.server = server;
  if (server !== null && version !== null && version !== "latest") facts.serverVersion = version;
  const precision = one(engines.map(({ args }) => argumentOf(args, "quantization") ?? argumentOf(args, "dtype")));
  if (precision !== null && precision !== "auto") facts.precision = precision;
  const speculative = one(engines.map(({ args }) => speculativeOf(argumentOf(args, "speculative-config"))));
  if (speculative !== null) facts.speculative = speculative;
  return facts;
}

/** `{"method": "mtp", "num_speculative_tokens": 3}` → `mtp3`. */
function speculativeOf(text: string | null): string | null {
  if (text === null) return null;
  try {
    const config = JSON.parse(text) as unknown;
    const method = isRecord(config) ? textAt(config, "method") : null;
    if (!isRecord(config) || method === null) return null;
    return `${method}${positiveIntegerOf(own(config, "num_speculative_tokens")) ?? ""}`;
  } catch {
    return null;
  }
}

/** A command-line value, written with or without dashes before it, as text or as the object it stands for. */
function argumentOf(args: JsonRecord | null, name: string): string | null {
  if (args === null) return null;
  for (const key of [`--${name}`, name, name.replaceAll("-", "_")]) {
    const value = own(args, key);
    if (isRecord(value)) return JSON.stringify(value);
    if (typeof value === "string" && value.trim() !== "") return value.trim().replace(/^(['"])(.*)\1$/s, "$2");
  }
  return null;
}

/** Data set and nominal lengths. A length that is no whole number is a measured mean in its place. */
function workloadOf(load: JsonRecord | null, native: JsonRecord | null): GivenFacts {
  const facts: GivenFacts = {};
  const isGuidellm = textAt(load, "tool")?.toLowerCase() === "guidellm";
  const source = textAt(load, "source");
  const type = textAt(recordAt(native, "data"), "type");
  const dataset = type ?? (isGuidellm && source === "random" ? "synthetic" : source === "random" ? "random" : null);
  if (dataset !== null && dataset !== "mock") facts.dataset = dataset.toLowerCase().replace(/[\s_]+/g, "-");
  const input = nominalOf(recordAt(load, "input_seq_len"), source);
  const output = nominalOf(recordAt(load, "output_seq_len"), source);
  if (input !== null) facts.inputTokens = input;
  if (output !== null) facts.outputTokens = output;
  return facts;
}

function nominalOf(length: JsonRecord | null, source: string | null): number | null {
  const distribution = textAt(length, "distribution");
  // Prompts of a real data set do not follow a distribution that is written out by default.
  const isMeant =
    distribution === "fixed" || (source === "random" && ["gaussian", "uniform"].includes(distribution ?? ""));
  const value = length === null ? null : numberOf(own(length, "value"));
  return isMeant ? positiveIntegerOf(value) : null;
}

/** The value all of them share; `null` where they differ or one is missing. */
function one<T extends string | number>(values: readonly (T | null)[]): T | null {
  const [first] = values;
  return first !== undefined && values.every((value) => value === first) ? first : null;
}

/** Keys in one order at every level: YAML writers sort them, others do not. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (!isRecord(value)) return value;
  return Object.keys(value)
    .sort()
    .map((key) => [key, inOrder(own(value, key))]);
}
