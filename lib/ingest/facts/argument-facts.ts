import type { Parallelism } from "../../domain";
import {
  type ArgumentFact,
  type ArgumentMeaning,
  type ArgumentTable,
  argumentMeaning,
  argumentName,
} from "../../measurement/server-arguments/argument-table";
import { variableMeaning } from "../../measurement/server-arguments/environment-variables";
import { dtypePrecision, precisionInName, quantizationPrecision } from "../../measurement/server-arguments/precision";
import { argumentTable } from "../../measurement/server-arguments/tables";
import { TRTLLM_OPTIONS } from "../../measurement/server-arguments/trtllm";
import { canonicalSettings, isSettings, type SettingValue, type SettingValues } from "../../measurement/settings";
import { kindOfKey } from "../../redact/secret-keys";
import type { GivenFacts } from "../report";
import { imageFacts } from "./image-facts";

/** What became of one argument, variable or option. */
export interface SettingReading {
  /** As the server spells it. */
  name: string;
  value: SettingValue;
  meaning: ArgumentMeaning | "secret";
}

/** Facts with what the server was started with taken apart. */
export interface SettledFacts {
  facts: GivenFacts;
  readings: SettingReading[];
}

type Values = Record<string, SettingValue>;

/** Parts of a disaggregated deployment, each with arguments of its own. */
const ROLES: ReadonlySet<string> = new Set(["prefill", "decode"]);

/**
 * Takes apart what the server was started with: arguments that state a fact of the configuration fill it where nobody else does,
 * what changes nothing that is measured is left out, the rest stays as settings under one spelling. Doing it again changes nothing.
 */
export function settledFacts(given: GivenFacts): SettledFacts {
  const facts = withImageFacts(given);
  const readings: SettingReading[] = [];
  if (facts.serverArguments !== undefined) {
    const table = argumentTable(facts.server ?? null);
    const written = facts.serverArguments;
    facts.serverArguments = byRole(written, (values) =>
      settle(normalized(table, values), table, facts, readings, isRoles(written)),
    );
  }
  if (facts.engineOptions !== undefined) {
    const written = facts.engineOptions;
    facts.engineOptions = byRole(written, (values) => settleOptions(values, facts, readings, isRoles(written)));
  }
  if (facts.environment !== undefined) {
    facts.environment = byRole(facts.environment, (values) => settleEnvironment(values, readings));
  }
  return { facts, readings };
}

function withImageFacts(given: GivenFacts): GivenFacts {
  if (given.image === undefined) return { ...given };
  const said = imageFacts(given.image);
  const server = given.server ?? said.server;
  const serverVersion = given.serverVersion ?? (server === said.server ? said.serverVersion : undefined);
  return {
    ...given,
    ...(server === undefined ? {} : { server }),
    ...(serverVersion === undefined ? {} : { serverVersion }),
  };
}

function isRoles(values: SettingValues): boolean {
  const names = Object.keys(values);
  return names.length > 0 && names.every((name) => ROLES.has(name) && isSettings(values[name]));
}

function byRole(values: SettingValues, of: (values: SettingValues) => SettingValues): SettingValues {
  if (!isRoles(values)) return of(values);
  return Object.fromEntries(
    Object.entries(values).map(([role, member]) => [role, isSettings(member) ? of(member) : member]),
  );
}

/** Arguments by their one name, `--no-x` as `x: false`, JSON in a text as what it says. */
function normalized(table: ArgumentTable, values: SettingValues): Values {
  const found: Values = {};
  for (const [written, member] of Object.entries(values)) {
    let name = argumentName(table, written);
    let value = parsedValue(member);
    if (table.hasNegations && name.startsWith("no-") && value === true)
      [name, value] = [name.slice("no-".length), false];
    // Neither has anything to say: a switch that is off, an option nobody set.
    if (value === null || (value === false && !table.hasNegations)) continue;
    put(found, name.split("."), value);
  }
  return found;
}

/** `a.b` beside `a` is a member of its document. */
function put(into: Values, [first = "", ...inner]: readonly string[], value: SettingValue): void {
  const before = Object.hasOwn(into, first) ? into[first] : undefined;
  if (inner.length === 0) {
    into[first] = isSettings(before) && isSettings(value) ? { ...before, ...value } : value;
    return;
  }
  const member: Values = isSettings(before) ? { ...before } : {};
  put(member, inner, value);
  into[first] = member;
}

function parsedValue(value: SettingValue): SettingValue {
  if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return value;
  try {
    const parsed: unknown = JSON.parse(value);
    return canonicalSettings({ parsed })?.parsed ?? value;
  } catch {
    return value;
  }
}

/** What of the arguments are settings, and the sizes among them; what is a fact elsewhere goes there. */
function keptOf(
  values: SettingValues,
  table: ArgumentTable,
  facts: GivenFacts,
  readings: SettingReading[],
  isPart: boolean,
): { kept: Values; parallelism: Partial<Parallelism> } {
  const kept: Values = {};
  const parallelism: Partial<Parallelism> = {};
  for (const [name, value] of Object.entries(values)) {
    const isSecret = typeof value === "string" && kindOfKey(name) === "secret";
    const meaning = isSecret ? "secret" : argumentMeaning(table, name);
    readings.push({ name, value: isSecret ? "" : value, meaning });
    const fact = table.facts[name];
    if (meaning === "fact" && fact !== undefined) {
      // A part of a deployment says nothing of the whole; its own sizes stand nowhere else.
      if (!isPart) fill(facts, parallelism, fact, value, values);
      else if (fact !== "model" && fact !== "servedName") kept[name] = value;
    } else if (meaning === "setting" || meaning === "load") kept[name] = value;
  }
  return { kept, parallelism };
}

function settle(
  values: Values,
  table: ArgumentTable,
  facts: GivenFacts,
  readings: SettingReading[],
  isPart: boolean,
): SettingValues {
  const { kept, parallelism } = keptOf(values, table, facts, readings, isPart);
  if (isPart) return kept;
  const speculative = kept["speculative-config"];
  if (isSettings(speculative)) {
    const rest = withoutSpeculativeFacts(speculative, facts);
    if (Object.keys(rest).length === 0) delete kept["speculative-config"];
    else kept["speculative-config"] = rest;
  }
  const steps = countIn(kept["speculative-num-steps"]);
  if (steps !== null) facts.speculativeTokens ??= steps;
  fillParallelism(facts, parallelism, kept["enable-expert-parallel"] === true);
  fillPrecision(facts, kept);
  return kept;
}

function settleOptions(
  values: SettingValues,
  facts: GivenFacts,
  readings: SettingReading[],
  isPart: boolean,
): SettingValues {
  const { kept, parallelism } = keptOf(values, TRTLLM_OPTIONS, facts, readings, isPart);
  const speculative = kept.speculative_config;
  if (!isPart && isSettings(speculative)) {
    const method = speculative.decoding_type;
    const tokens = countIn(speculative.num_nextn_predict_layers) ?? countIn(speculative.max_draft_len);
    if (typeof method === "string") facts.speculative ??= method.toLowerCase();
    if (tokens !== null) facts.speculativeTokens ??= tokens;
  }
  if (!isPart) fillParallelism(facts, parallelism, false);
  return kept;
}

function settleEnvironment(values: SettingValues, readings: SettingReading[]): SettingValues {
  const kept: Values = {};
  for (const [name, value] of Object.entries(values)) {
    const kind = kindOfKey(name);
    const isSecret = kind === "secret" || kind === "token";
    const meaning = isSecret ? "secret" : variableMeaning(name);
    readings.push({ name, value: isSecret ? "" : value, meaning });
    if (meaning === "setting") kept[name] = value;
  }
  return kept;
}

function fill(
  facts: GivenFacts,
  parallelism: Partial<Parallelism>,
  fact: ArgumentFact,
  value: SettingValue,
  all: SettingValues,
): void {
  switch (fact) {
    case "model":
      fillModel(facts, value, servedNames(all));
      return;
    case "servedName":
      return;
    case "nodes":
    case "speculativeTokens": {
      const count = countIn(value);
      if (count !== null) facts[fact] ??= count;
      return;
    }
    case "speculative":
      if (typeof value === "string") facts.speculative ??= value.toLowerCase();
      return;
    default: {
      const size = countIn(value);
      // Two kinds of context parallelism hold one sequence together.
      if (size !== null) parallelism[fact] = (fact === "context" ? (parallelism.context ?? 1) : 1) * size;
    }
  }
}

function servedNames(values: SettingValues): readonly string[] {
  const served = values["served-model-name"] ?? values.served_model_name;
  const list = Array.isArray(served) ? served : [served];
  return list.filter((name): name is string => typeof name === "string");
}

/**
 * The model where the report names none, or by an alias, as the server was told to call it; the weights where the report names
 * another model. A path on somebody's disk is neither.
 */
function fillModel(facts: GivenFacts, value: SettingValue, served: readonly string[]): void {
  const weights = typeof value === "string" ? hubId(value) : null;
  if (weights === null) return;
  const isNamed = facts.model?.includes("/") === true && facts.model !== value && !served.includes(facts.model);
  if (!isNamed) facts.model = weights;
  else if (facts.model !== weights) facts.checkpoint ??= weights;
}

/** A Hugging Face id, also where it stands as the hub's cache has it: `models--org--name`. `null` = none. */
export function hubId(text: string): string | null {
  const cached = /(?:^|\/)models--([\w.-]+?)--([\w.-]+)(?:\/|$)/.exec(text);
  if (cached !== null) return `${cached[1]}/${cached[2]}`;
  return /^[\w-][\w.-]*\/[\w-][\w.-]*$/.test(text) ? text : null;
}

function withoutSpeculativeFacts(config: SettingValues, facts: GivenFacts): SettingValues {
  const { method, num_speculative_tokens, ...rest } = config;
  if (typeof method === "string") facts.speculative ??= /mtp$/i.test(method) ? "mtp" : method.toLowerCase();
  else if (typeof config.model === "string") facts.speculative ??= config.model === "ngram" ? "ngram" : "draft_model";
  const tokens = countIn(num_speculative_tokens);
  if (tokens !== null) facts.speculativeTokens ??= tokens;
  return rest;
}

/** A label says all that its writer knew: sizes are added only where there is none. */
function fillParallelism(facts: GivenFacts, sizes: Partial<Parallelism>, isExpertParallel: boolean): void {
  const stated = facts.parallelism;
  if (stated?.label !== undefined && stated.label !== null) return;
  const filled: Partial<Parallelism> = { ...sizes };
  for (const [part, size] of Object.entries(stated ?? {})) {
    if (size !== undefined && size !== null) Object.assign(filled, { [part]: size });
  }
  // vLLM spreads experts over all ranks of both kinds.
  if (isExpertParallel && filled.tensor != null) filled.expert ??= filled.tensor * (filled.data ?? 1);
  if (Object.keys(filled).length > 0) facts.parallelism = filled;
}

function fillPrecision(facts: GivenFacts, values: SettingValues): void {
  if (facts.precision !== undefined) return;
  const { quantization, quantize, dtype } = values;
  const method = typeof quantization === "string" ? quantization : typeof quantize === "string" ? quantize : null;
  const precision =
    (method === null ? null : quantizationPrecision(method)) ??
    precisionInName(facts.checkpoint ?? facts.model ?? "") ??
    (method === null && typeof dtype === "string" ? dtypePrecision(dtype) : null);
  if (precision !== null) facts.precision = precision;
}

function countIn(value: SettingValue | undefined): number | null {
  const number = typeof value === "string" ? Number(value) : value;
  return typeof number === "number" && Number.isSafeInteger(number) && number >= 1 ? number : null;
}
