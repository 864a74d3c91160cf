import type { FactAnswers } from "./answers";
import { FACT_NAMES } from "./facts";

/** Accelerators as people write them in names, each a word or the beginning of one. */
const ACCELERATOR =
  /^(?:h20|h100|h200|h800|b200|b300|gb200|gb300|gh200|a100|a10g?|a30|a40|l4|l40s?|t4|v100|mi\d{3}[xa]?|gaudi[23]|rtx\d{4}|tpuv\d[ep]?|v5e|v5p|v6e)$/;

/** Forms of an accelerator that stand in a word of their own behind it. */
const FORM = /^(?:sxm|sxm5|pcie|nvl|\d{2,3}gb?)$/;

const SERVERS: readonly [RegExp, string][] = [
  [/^(?:trtllm|trt-llm|tensorrt-llm|tensorrtllm)$/, "trtllm"],
  [/^(?:vllm|sglang|tgi|lmdeploy|ollama)$/, ""],
];

const PRECISION = /^(?:fp8|fp4|nvfp4|mxfp4|bf16|fp16|int8|int4|w8a8|w4a16|awq|gptq)$/;

/** Characters of a name that are looked at. */
const MAX_NAME_LENGTH = 300;

/**
 * Facts a name of a folder or file proposes: `h100x4-vllm0.11-fp8-tp4` → accelerator h100, four of them, vllm 0.11, fp8, TP 4. They
 * are what a person might have meant: to be shown and confirmed, never taken by themselves. Keys are those of `iq.yaml`.
 */
export function factsInName(name: string): FactAnswers {
  const facts: Record<string, string> = {};
  const say = (key: string, value: string) => {
    facts[key] ??= value;
  };
  // Versions keep their dots; everything else that is no letter or digit parts words.
  const words = name
    .slice(0, MAX_NAME_LENGTH)
    .toLowerCase()
    .replace(/tensorrt[-_ ]llm|trt[-_ ]llm/g, "trtllm")
    .replace(/rtx[-_ ]?(\d{4})/g, "rtx$1")
    .replace(/tpu[-_ ]?v/g, "tpuv")
    .split(/[^a-z0-9.]+/)
    .map((word) => word.replace(/^\.+|\.+$/g, ""))
    .filter((word) => word !== "");
  for (const [index, word] of words.entries()) {
    const counted = /^(\d{1,3})x([a-z].*)$/.exec(word) ?? /^([a-z]+[a-z0-9]*?)x(\d{1,3})$/.exec(word);
    const [left = "", right = ""] = counted === null ? [] : [counted[1], counted[2]];
    const [chip, count] = /^\d/.test(left) ? [right, left] : [left, right];
    if (counted !== null && ACCELERATOR.test(chip)) {
      say("accelerator", withForm(chip, words[index + 1]));
      say("accelerator_count", count);
    } else if (ACCELERATOR.test(word)) {
      say("accelerator", withForm(word, words[index + 1]));
      const before = /^(\d{1,3})x?$/.exec(words[index - 1] ?? "")?.[1];
      const behind = /^x(\d{1,3})$/.exec(words[index + 1] ?? "")?.[1];
      if ((before ?? behind) !== undefined) say("accelerator_count", before ?? behind ?? "");
    }
    const gpus = /^(\d{1,3})gpus?$/.exec(word) ?? /^gpus?(\d{1,3})$/.exec(word);
    if (gpus !== null) say("accelerator_count", gpus[1] ?? "");
    const server = /^([a-z-]+?)(?:v?(\d+(?:\.\d+)+.*))?$/.exec(word);
    for (const [known, called] of SERVERS) {
      if (server === null || !known.test(server[1] ?? "")) continue;
      say("server", called === "" ? (server[1] ?? "") : called);
      const version = server[2] ?? /^v?(\d+(?:\.\d+)+)$/.exec(words[index + 1] ?? "")?.[1];
      if (version !== undefined) say("server_version", version);
    }
    if (PRECISION.test(word)) say("precision", /^(?:nv|mx)fp4$/.test(word) ? "fp4" : word);
    const parallel = /^(tp|pp|dp|ep)(\d{1,4})$/.exec(word);
    if (parallel !== null) say(PARALLELISM[parallel[1] ?? ""] ?? "", parallel[2] ?? "");
    const lengths = /^(?:isl|in|input)(\d{2,7})$/.exec(word);
    if (lengths !== null) say("input_tokens", lengths[1] ?? "");
    const outputs = /^(?:osl|out|output)(\d{1,7})$/.exec(word);
    if (outputs !== null) say("output_tokens", outputs[1] ?? "");
  }
  // In the order facts are documented, and nothing that is none.
  return Object.fromEntries(
    FACT_NAMES.flatMap(({ key }): [string, string][] => (facts[key] === undefined ? [] : [[key, facts[key]]])),
  );
}

const PARALLELISM: Readonly<Record<string, string>> = {
  tp: "tensor_parallelism",
  pp: "pipeline_parallelism",
  dp: "data_parallelism",
  ep: "expert_parallelism",
};

function withForm(chip: string, next: string | undefined): string {
  const spoken = chip.replace(/^rtx(\d)/, "rtx $1").replace(/^tpuv/, "tpu v");
  return next !== undefined && FORM.test(next) ? `${spoken} ${next.replace(/^(\d+)g$/, "$1gb")}` : spoken;
}

/** Facts the names along a path propose, those of the innermost first. */
export function factsInPath(path: string): FactAnswers {
  const facts: Record<string, string> = {};
  for (const step of path.split("/")) Object.assign(facts, factsInName(step));
  return facts;
}

/** Proposed facts as flags of the command line: `--accelerator h100 --accelerator-count 4`. */
export function flagsOf(facts: FactAnswers): string {
  return FACT_NAMES.flatMap(({ key, flag }) => {
    const value = facts[key];
    return value === undefined ? [] : [`${flag} ${/^[\w.-]+$/.test(value) ? value : `"${value}"`}`];
  }).join(" ");
}
