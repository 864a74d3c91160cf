import { isIsoDate } from "../../facts/canonical";
import { type JsonRecord, own, positiveIntegerOf, recordAt, textAt } from "../../parse/fields";
import type { GivenFacts } from "../../report";
import { type Denominators, type InferencexRowKind, isAgentic, truthAt } from "./inferencex-row";

/** What the dashboard means by its short names (InferenceX-app, `packages/constants/src/models.ts`, as Hugging Face ids). */
const SHORT_NAMES: ReadonlyMap<string, string> = new Map([
  ["dsr1", "deepseek-ai/DeepSeek-R1-0528"],
  ["dsv4", "deepseek-ai/DeepSeek-V4-Pro"],
  ["gptoss", "openai/gpt-oss-120b"],
  ["gptoss120b", "openai/gpt-oss-120b"],
  ["llama70b", "meta-llama/Llama-3.3-70B-Instruct"],
  ["qwen3.5", "Qwen/Qwen3.5-397B-A17B"],
  ["kimik2.5", "moonshotai/Kimi-K2.5"],
  ["kimik2.6", "moonshotai/Kimi-K2.6"],
  ["minimaxm2.5", "MiniMaxAI/MiniMax-M2.5"],
  ["minimaxm2.7", "MiniMaxAI/MiniMax-M2.7"],
  ["glm5", "zai-org/GLM-5"],
  ["glm5.1", "zai-org/GLM-5.1"],
]);

/** Our names for servers that it calls differently. */
const SERVER_NAMES: ReadonlyMap<string, string> = new Map([
  ["trt", "trtllm"],
  ["tensorrt-llm", "trtllm"],
  ["dynamo-trt", "dynamo-trtllm"],
  ["sglang-disagg", "mori-sglang"],
]);

/** Chips of which it names the family alone: its runners are HGX machines with the SXM form. */
const HGX_CHIPS: ReadonlyMap<string, string> = new Map([
  ["H100", "H100 SXM"],
  ["H200", "H200 SXM"],
]);

const TOKENS_PER_K = 1024;

/**
 * The chip a runner is named after: `h200-nv` → `H200`, `cluster:b300-nv_2` → `B300`; `null` where the row names none or
 * prefill and decode ran on different ones.
 */
export function hardwareOf(row: JsonRecord): { chip: string | null; mixed: boolean } {
  const chips = ["prefill_hw", "decode_hw", "hw", "hardware"].flatMap((key) => {
    const text = textAt(row, key);
    const chip = text?.split(":").at(-1)?.split("-")[0]?.replace(/_\d+$/, "").trim().toUpperCase();
    return chip === undefined || chip === "" ? [] : [chip];
  });
  const sides = new Set(
    chips.slice(0, textAt(row, "prefill_hw") !== null && textAt(row, "decode_hw") !== null ? 2 : 0),
  );
  return { chip: chips[0] ?? null, mixed: sides.size > 1 };
}

/** What a row says for certain, and what its names make likely. */
export function factsOfRow(
  row: JsonRecord,
  kind: InferencexRowKind,
  denominators: Denominators,
  path: string,
): { stated: GivenFacts; hints: GivenFacts } {
  const stated: GivenFacts = {};
  const hints: GivenFacts = {};
  const model = textAt(row, "model");
  const known = SHORT_NAMES.get((textAt(row, "infmax_model_prefix") ?? model ?? "").toLowerCase());
  // A row of the API names a model by its short name only; a result names it as the server was asked for it.
  if (kind === "aggregate" && model !== null && !SHORT_NAMES.has(model.toLowerCase())) stated.model = model;
  else if (known !== undefined) hints.model = known;

  const { chip } = hardwareOf(row);
  // TPUs split one chip into several devices: TP does not count chips.
  const countsChips = chip?.startsWith("TPU") !== true;
  if (chip !== null) stated.accelerator = HGX_CHIPS.get(chip) ?? chip;
  if (denominators.total !== null && countsChips) stated.acceleratorCount = denominators.total;
  if (truthAt(row, "disagg")) {
    stated.servingMode = "disaggregated";
    if (denominators.prefill !== null) stated.prefillAccelerators = denominators.prefill;
    if (denominators.decode !== null) stated.decodeAccelerators = denominators.decode;
  } else {
    stated.servingMode = "aggregated";
  }
  stated.parallelism = parallelismOf(row);

  const framework = textAt(row, "framework")?.toLowerCase() ?? null;
  if (framework !== null) stated.server = SERVER_NAMES.get(framework) ?? framework;
  const version = versionOfImage(textAt(row, "image"));
  if (version !== null) stated.serverVersion = version;
  const precision = textAt(row, "precision");
  if (precision !== null) stated.precision = precision;
  const speculative = textAt(row, "spec_decoding") ?? textAt(row, "spec_method") ?? textAt(row, "mtp");
  // Before it had a name of its own the option was a switch.
  if (speculative !== null) stated.speculative = /^(?:on|true)$/i.test(speculative) ? "mtp" : speculative;
  addWorkload(row, path, stated, hints);
  const date = textAt(row, "date");
  if (date !== null && isIsoDate(date)) stated.measuredOn = date;
  return { stated, hints };
}

/** `lmsysorg#sglang:v0.5.9-rocm700` → `v0.5.9-rocm700`; `null` where an image has no tag. */
export function versionOfImage(image: string | null): string | null {
  const name = image?.replaceAll("#", "/").split("/").at(-1)?.split("@")[0] ?? "";
  const tag = name.includes(":") ? name.slice(name.indexOf(":") + 1).trim() : "";
  return tag === "" || tag === "latest" ? null : tag;
}

function addWorkload(row: JsonRecord, path: string, stated: GivenFacts, hints: GivenFacts): void {
  if (isAgentic(row)) {
    stated.dataset = textAt(recordAt(row, "dataset"), "hf_dataset_name") ?? "agentic-coding";
    return;
  }
  stated.dataset = "random";
  const input = positiveIntegerOf(own(row, "isl"));
  const output = positiveIntegerOf(own(row, "osl"));
  if (input !== null) stated.inputTokens = input;
  if (output !== null) stated.outputTokens = output;
  // The first results do not hold the lengths; their file's name does: `dsr1_1k8k_fp8_…`.
  const named = /[_-](\d{1,3})k(\d{1,3})k[_.-]/i.exec(path.slice(path.lastIndexOf("/") + 1));
  if (named === null || input !== null || output !== null) return;
  hints.inputTokens = Number(named[1]) * TOKENS_PER_K;
  hints.outputTokens = Number(named[2]) * TOKENS_PER_K;
}

/** Parts where there is one layout, else only a label: `p1x(tp4)+d2x(tp8-ep8-dpattn)`. */
function parallelismOf(row: JsonRecord): NonNullable<GivenFacts["parallelism"]> {
  const decodes = positiveIntegerOf(own(row, "decode_tp")) !== null;
  if (truthAt(row, "disagg") && decodes) {
    const side = (prefix: string) => {
      const workers = positiveIntegerOf(own(row, `${prefix}num_workers`)) ?? 1;
      return `${prefix.charAt(0)}${workers}x(${layout(row, prefix)})`;
    };
    return { label: `${side("prefill_")}+${side("decode_")}` };
  }
  const prefix = positiveIntegerOf(own(row, "tp")) !== null ? "" : "prefill_";
  const parallelism: NonNullable<GivenFacts["parallelism"]> = {};
  const tensor = positiveIntegerOf(own(row, `${prefix}tp`));
  const expert = positiveIntegerOf(own(row, `${prefix}ep`));
  const pipeline = positiveIntegerOf(own(row, `${prefix}pp`));
  if (tensor === null) return parallelism;
  parallelism.tensor = tensor;
  if (expert !== null) parallelism.expert = expert;
  if (pipeline !== null) parallelism.pipeline = pipeline;
  parallelism.label = layout(row, prefix);
  return parallelism;
}

function layout(row: JsonRecord, prefix: string): string {
  const part = (key: string) => positiveIntegerOf(own(row, `${prefix}${key}`)) ?? 1;
  const parts = [`tp${part("tp")}`];
  if (part("pp") > 1) parts.push(`pp${part("pp")}`);
  if (part("ep") > 1) parts.push(`ep${part("ep")}`);
  if (part("dcp_size") > 1) parts.push(`dcp${part("dcp_size")}`);
  if (part("pcp_size") > 1) parts.push(`pcp${part("pcp_size")}`);
  if (truthAt(row, `${prefix}dp_attention`)) parts.push("dpattn");
  return parts.join("-");
}
