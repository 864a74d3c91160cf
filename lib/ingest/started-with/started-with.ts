import { MAX_SETTINGS_TEXT_LENGTH } from "../../limits";
import { argumentName } from "../../measurement/server-arguments/argument-table";
import { SGLANG_ARGUMENTS } from "../../measurement/server-arguments/sglang";
import { VLLM_ARGUMENTS } from "../../measurement/server-arguments/vllm";
import { canonicalEnvironment, canonicalSettings, type SettingValues } from "../../measurement/settings";
import { redactText } from "../../redact/redact";
import { ok, type Result, refused } from "../../result";
import { settledFacts } from "../facts/argument-facts";
import { isRecord, type JsonRecord } from "../parse/fields";
import { parseYamlValues } from "../parse/yaml-text";
import type { GivenFacts } from "../report";
import { type ServerStart, startsInShell } from "./server-start";
import { TooLongError } from "./shell-text";
import { startedSentences } from "./started-sentences";
import { type RoleStart, startsInDocument } from "./starts-in-document";

/** What a text says of how a server was started. */
export interface StartedWith {
  facts: GivenFacts;
  /** What was made of each of its arguments, in whole sentences. */
  sentences: string[];
}

const EXPECTED =
  "a command such as `vllm serve …`, `python -m sglang.launch_server …`, `trtllm-serve …` or `docker run …`, a compose file, Kubernetes objects, Helm values or TensorRT-LLM's extra options";

/**
 * Reads how a model server was started: a shell text, a compose file, Kubernetes objects, Helm values or a file of the engine's
 * options. Nothing is run or looked up; secrets are blanked.
 * @returns the facts, or what is wrong as a sentence
 */
export function readStartedWith(given: string): Result<StartedWith> {
  if (given.length > MAX_SETTINGS_TEXT_LENGTH) {
    return refused(`it is longer than ${MAX_SETTINGS_TEXT_LENGTH} characters; give the command alone.`);
  }
  const text = redactText(given.replace(/^\uFEFF/, ""), "text").text;
  try {
    const documents = recordsIn(text);
    const starts: RoleStart[] = documents.flatMap(startsInDocument);
    if (starts.length === 0) starts.push(...startsInShell(text).map((start) => ({ ...start, role: null })));
    if (starts.length > 0) return ofStarts(starts, documents);
    const [options, ...others] = documents;
    if (options !== undefined && others.length === 0) return ofOptions(options);
    return refused(`it starts no model server; expected ${EXPECTED}.`);
  } catch (error) {
    if (error instanceof TooLongError) return refused(`it holds ${error.message}; give the command alone.`);
    throw error;
  }
}

/** The same for documents that lie beside reports; `null` where they start no server. */
export function startedInDocuments(values: readonly unknown[]): Result<StartedWith> | null {
  const documents = values.filter(isRecord);
  try {
    const starts = documents.flatMap(startsInDocument);
    return starts.length === 0 ? null : ofStarts(starts, documents);
  } catch (error) {
    if (error instanceof TooLongError) return null;
    throw error;
  }
}

/** True for a text that seems to start a model server, for files that lie beside reports. */
export function seemsToStartServer(text: string): boolean {
  return (
    text.length <= MAX_SETTINGS_TEXT_LENGTH &&
    /\bvllm\s+serve\b|\bvllm\.entrypoints\b|\bsglang\.launch_server\b|\bsglang\s+serve\b|\btrtllm-serve\b|\btext-generation-launcher\b|\/(?:vllm-openai|sglang|tensorrt-llm|text-generation-inference)\b/.test(
      text,
    )
  );
}

function recordsIn(text: string): JsonRecord[] {
  const yaml = parseYamlValues(text);
  return yaml.ok ? yaml.value.filter(isRecord) : [];
}

function ofStarts(starts: readonly RoleStart[], documents: readonly JsonRecord[]): Result<StartedWith> {
  const facts = starts.map((start) => factsOf(start, documents));
  const [first] = facts;
  if (first === undefined) return refused(`it starts no model server; expected ${EXPECTED}.`);
  const byRole = (role: RoleStart["role"]) => facts.find((_, index) => starts[index]?.role === role);
  const [prefill, decode] = [byRole("prefill"), byRole("decode")];
  if (prefill !== undefined && decode !== undefined) return ok(inRoles(prefill, decode, starts));
  const different = new Set(facts.map((of) => JSON.stringify(withoutRank(of))));
  if (different.size > 1) {
    return refused(
      `it starts ${different.size} different model servers; give the one that was measured, or name the parts prefill and decode.`,
    );
  }
  const { facts: settled, readings } = settledFacts(first);
  return ok({
    facts: first,
    sentences: startedSentences(
      settled,
      readings,
      starts.flatMap(({ notUnderstood }) => notUnderstood),
    ),
  });
}

/** Arguments that tell the machines of one deployment apart. */
const OF_ONE_MACHINE =
  /^(?:headless|node[-_]rank|data[-_]parallel[-_](?:rank|start[-_]rank|address)|dist[-_]init[-_]addr|port|master[-_]addr)$/;

function withoutRank({ acceleratorCount: _, serverArguments, ...facts }: GivenFacts): unknown {
  const shared = Object.entries(serverArguments ?? {}).filter(([name]) => !OF_ONE_MACHINE.test(name));
  return { ...facts, serverArguments: Object.fromEntries(shared) };
}

function factsOf(start: ServerStart, documents: readonly JsonRecord[]): GivenFacts {
  const options = engineOptionsOf(start, documents);
  return {
    server: start.server,
    serverArguments: canonicalSettings(start.arguments) ?? {},
    environment: canonicalEnvironment(start.environment) ?? {},
    ...(options === null ? {} : { engineOptions: options }),
    ...(start.image === null ? {} : { image: start.image }),
    ...(start.accelerators === null ? {} : { acceleratorCount: start.accelerators }),
  };
}

/** The options file a TensorRT-LLM server is given, where the text writes it or pastes it as another document. */
function engineOptionsOf(
  { server, arguments: given, files }: ServerStart,
  documents: readonly JsonRecord[],
): SettingValues | null {
  if (!server.includes("trtllm")) return null;
  const named = given.extra_llm_api_options ?? given["extra-llm-api-options"] ?? given.config;
  const written = typeof named === "string" ? files.get(named) : undefined;
  const [value] = written === undefined ? documents.filter(isEngineOptions) : recordsIn(written);
  return value === undefined ? (named === undefined ? {} : null) : canonicalSettings(value);
}

/** Options only TensorRT-LLM has. */
const ENGINE_OPTIONS = [
  "kv_cache_config",
  "cuda_graph_config",
  "moe_config",
  "enable_attention_dp",
  "disable_overlap_scheduler",
  "cache_transceiver_config",
  "print_iter_log",
  "attention_dp_config",
];

function isEngineOptions(document: JsonRecord): boolean {
  return ENGINE_OPTIONS.some((name) => Object.hasOwn(document, name));
}

/** A file of options by itself: TensorRT-LLM's extra options, or the `--config` of vLLM or SGLang. */
function ofOptions(document: JsonRecord): Result<StartedWith> {
  const values = canonicalSettings(document);
  const server = isEngineOptions(document) ? "trtllm" : serverOfConfig(document);
  if (values === null || server === null) return refused(`it starts no model server; expected ${EXPECTED}.`);
  const facts: GivenFacts = {
    server,
    ...(server === "trtllm" ? { engineOptions: values } : { serverArguments: values }),
  };
  const { facts: settled, readings } = settledFacts(facts);
  return ok({ facts, sentences: startedSentences(settled, readings, []) });
}

function serverOfConfig(document: JsonRecord): string | null {
  const keys = Object.keys(document);
  const knows = (names: readonly string[], table: typeof VLLM_ARGUMENTS) =>
    keys.some((key) => names.includes(argumentName(table, key)));
  if (
    knows(["model-path", "mem-fraction-static", "tp-size"], SGLANG_ARGUMENTS) &&
    !knows(["max-model-len"], VLLM_ARGUMENTS)
  ) {
    const isSglang = keys.some((key) =>
      /^(?:model[-_]path|mem[-_]fraction[-_]static|tp[-_]size|chunked[-_]prefill[-_]size)$/.test(key),
    );
    if (isSglang) return "sglang";
  }
  return knows(["tensor-parallel-size", "max-num-seqs", "gpu-memory-utilization", "max-model-len"], VLLM_ARGUMENTS)
    ? "vllm"
    : null;
}

/** Prefill and decode as one deployment, each with its own arguments. */
function inRoles(prefill: GivenFacts, decode: GivenFacts, starts: readonly RoleStart[]): StartedWith {
  const both = (of: (facts: GivenFacts) => SettingValues | undefined): SettingValues => ({
    prefill: of(prefill) ?? {},
    decode: of(decode) ?? {},
  });
  const model = settledFacts(decode).facts.model ?? settledFacts(prefill).facts.model;
  const facts: GivenFacts = {
    servingMode: "disaggregated",
    ...(decode.server === undefined ? {} : { server: decode.server }),
    ...(decode.image === undefined ? {} : { image: decode.image }),
    ...(model === undefined ? {} : { model }),
    ...(prefill.acceleratorCount === undefined ? {} : { prefillAccelerators: prefill.acceleratorCount }),
    ...(decode.acceleratorCount === undefined ? {} : { decodeAccelerators: decode.acceleratorCount }),
    serverArguments: both((of) => of.serverArguments),
    environment: both((of) => of.environment),
    ...(prefill.engineOptions === undefined && decode.engineOptions === undefined
      ? {}
      : { engineOptions: both((of) => of.engineOptions) }),
  };
  const { facts: settled, readings } = settledFacts(facts);
  return {
    facts,
    sentences: startedSentences(
      settled,
      readings,
      starts.flatMap(({ notUnderstood }) => notUnderstood),
    ),
  };
}
