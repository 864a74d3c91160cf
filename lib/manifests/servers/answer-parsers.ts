import type { Argument } from "../plan/served-weights";
import { isAtLeast, type Release, type ServerImage } from "./server-image";

/** How one server takes the answers of a family of models apart: thoughts and calls of tools beside the text. */
interface ParserFact {
  /** Hugging Face ids. */
  models: RegExp;
  server: "vllm" | "sglang" | "trtllm";
  /** Names the server gives its parsers; `null` = it has none for these models, or needs none. */
  reasoning: string | null;
  tools: string | null;
  /** First release that has them. */
  since: Release;
  source: string;
}

const VLLM_DOCS = "vLLM's documentation: reasoning outputs, tool calling (0.8 to 0.31)";
const VLLM_RECIPES = "vllm-project/recipes";
const SGLANG_DOCS = "SGLang's documentation: reasoning parser, tool parser";
const TRTLLM_HELP = "help of trtllm-serve (--reasoning_parser)";

function release(major: number, minor: number, patch = 0): Release {
  return { major, minor, patch };
}

function fact(
  server: ParserFact["server"],
  models: RegExp,
  reasoning: string | null,
  tools: string | null,
  since: Release,
  source: string,
): ParserFact {
  return { server, models, reasoning, tools, since, source };
}

/** The first that fits counts: single models stand before their family. */
const PARSERS: readonly ParserFact[] = [
  fact("vllm", /^openai\/gpt-oss/, "openai_gptoss", "openai", release(0, 10, 2), VLLM_RECIPES),
  fact("vllm", /^deepseek-ai\/DeepSeek-R1/, "deepseek_r1", null, release(0, 9), VLLM_DOCS),
  fact("vllm", /^deepseek-ai\/DeepSeek-V3\.2/, "deepseek_v3", "deepseek_v32", release(0, 13), VLLM_RECIPES),
  fact("vllm", /^deepseek-ai\/DeepSeek-V3\.1/, "deepseek_v3", null, release(0, 11), VLLM_DOCS),
  fact("vllm", /^Qwen\/Qwen3-Coder/, null, "qwen3_coder", release(0, 10), VLLM_DOCS),
  fact("vllm", /^Qwen\/Qwen3\.[56]/, "qwen3", "qwen3_coder", release(0, 16), VLLM_RECIPES),
  fact("vllm", /^Qwen\/Qwen3-(?:VL|Next|Omni)?.*Instruct/, null, "hermes", release(0, 9), VLLM_DOCS),
  fact("vllm", /^Qwen\/Qwen3-/, "qwen3", "hermes", release(0, 9), VLLM_DOCS),
  fact("vllm", /^moonshotai\/Kimi-K2-Instruct/, null, "kimi_k2", release(0, 10), VLLM_RECIPES),
  fact("vllm", /^moonshotai\/Kimi-K2/, "kimi_k2", "kimi_k2", release(0, 12), VLLM_RECIPES),
  fact("vllm", /^zai-org\/GLM-(?:4\.7|5)/, "glm45", "glm47", release(0, 14), VLLM_RECIPES),
  fact("vllm", /^zai-org\/GLM-4\.[56]/, "glm45", "glm45", release(0, 10), VLLM_DOCS),
  fact("vllm", /^MiniMaxAI\/MiniMax-M2/, "minimax_m2_append_think", "minimax_m2", release(0, 12), VLLM_DOCS),
  fact("vllm", /^google\/gemma-4/, "gemma4", "gemma4", release(0, 19), VLLM_DOCS),
  fact("sglang", /^openai\/gpt-oss/, "gpt-oss", "gpt-oss", release(0, 5, 2), SGLANG_DOCS),
  fact("sglang", /^deepseek-ai\/DeepSeek-R1/, "deepseek-r1", "deepseekv3", release(0, 5), SGLANG_DOCS),
  fact("sglang", /^deepseek-ai\/DeepSeek-V3\.2/, "deepseek-v3", "deepseekv32", release(0, 5, 6), SGLANG_DOCS),
  fact("sglang", /^deepseek-ai\/DeepSeek-V3\.1/, "deepseek-v3", "deepseekv31", release(0, 5, 2), SGLANG_DOCS),
  fact("sglang", /^deepseek-ai\/DeepSeek-V3$/, null, "deepseekv3", release(0, 5), SGLANG_DOCS),
  fact("sglang", /^Qwen\/Qwen3-Coder/, null, "qwen3_coder", release(0, 5), SGLANG_DOCS),
  fact("sglang", /^Qwen\/Qwen3\.[56]/, "qwen3", "qwen3_coder", release(0, 5, 9), SGLANG_DOCS),
  fact("sglang", /^Qwen\/Qwen3-(?:VL|Next|Omni)?.*Instruct/, null, "qwen25", release(0, 5), SGLANG_DOCS),
  fact("sglang", /^Qwen\/Qwen3-/, "qwen3", "qwen25", release(0, 5), SGLANG_DOCS),
  fact("sglang", /^moonshotai\/Kimi-K2-Instruct/, null, "kimi_k2", release(0, 5), SGLANG_DOCS),
  fact("sglang", /^moonshotai\/Kimi-K2/, "kimi_k2", "kimi_k2", release(0, 5, 6), SGLANG_DOCS),
  fact("sglang", /^zai-org\/GLM-(?:4\.7|5)/, "glm45", "glm47", release(0, 5, 7), SGLANG_DOCS),
  fact("sglang", /^zai-org\/GLM-4\.[56]/, "glm45", "glm45", release(0, 5), SGLANG_DOCS),
  fact("sglang", /^MiniMaxAI\/MiniMax-M2/, "minimax-append-think", "minimax-m2", release(0, 5, 5), SGLANG_DOCS),
  fact("trtllm", /^deepseek-ai\/DeepSeek-R1/, "deepseek-r1", null, release(1, 0), TRTLLM_HELP),
  fact("trtllm", /^Qwen\/Qwen3-(?!.*(?:Instruct|Coder))/, "qwen3", null, release(1, 0), TRTLLM_HELP),
];

const WHY =
  "splits what the model thinks, and calls of tools, from its answer, as its recipe has it; the speed is the same";

/**
 * Arguments by which a server takes this model's answers apart, so that clients get them in the API's own fields.
 * @returns none where the server has no parser for the model, and a note where the measured release is too old for it
 */
export function parserArguments(
  server: string,
  model: string,
  image: ServerImage,
): { list: Argument[]; notes: string[] } {
  const found = PARSERS.find((item) => item.server === server && item.models.test(model));
  if (found === undefined) return { list: [], notes: [] };
  if (!isAtLeast(image.release, found.since)) {
    return {
      list: [],
      notes: [
        `${image.tag} is too old to split reasoning and tool calls from this model's answers: clients get them as text.`,
      ],
    };
  }
  const { reasoning, tools } = found;
  const separator = server === "trtllm" ? "_" : "-";
  const flag = (kind: string, name: string, why?: string): Argument => ({
    value: `--${kind.replaceAll("-", separator)}=${name}`,
    origin: "choice",
    why,
  });
  return {
    list: [
      ...(reasoning === null ? [] : [flag("reasoning-parser", reasoning, WHY)]),
      ...(tools === null ? [] : [flag("tool-call-parser", tools, reasoning === null ? WHY : undefined)]),
      ...(tools === null || server !== "vllm"
        ? []
        : [
            {
              value: "--enable-auto-tool-choice",
              origin: "choice",
              why: "without, calls of tools are answered as text",
            } as const,
          ]),
    ],
    notes: [],
  };
}
