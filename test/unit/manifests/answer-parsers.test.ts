import { describe, expect, test } from "vitest";
import { shippedCatalogue } from "../shipped-figures";
import type { ChoiceParts } from "./choice";
import { argumentsOf, notesOf } from "./read-bundle";
import { measuredWith } from "./server-choices";

function served(server: string, version: string, model: string, parts: ChoiceParts = {}) {
  return measuredWith(server, version, { ...parts, configuration: { model, precision: null, ...parts.configuration } });
}

function parsers(server: string, version: string, model: string, parts: ChoiceParts = {}): string[] {
  return argumentsOf(served(server, version, model, parts)).filter((argument) => /pars|tool/.test(argument));
}

describe("reasoning and tool calls", () => {
  test.each([
    [
      "vllm",
      "0.23.0",
      "openai/gpt-oss-120b",
      ["--reasoning-parser=openai_gptoss", "--tool-call-parser=openai", "--enable-auto-tool-choice"],
    ],
    ["vllm", "0.23.0", "deepseek-ai/DeepSeek-R1-0528", ["--reasoning-parser=deepseek_r1"]],
    [
      "vllm",
      "0.23.0",
      "Qwen/Qwen3-Coder-480B-A35B-Instruct",
      ["--tool-call-parser=qwen3_coder", "--enable-auto-tool-choice"],
    ],
    ["sglang", "0.5.13", "moonshotai/Kimi-K2-Thinking", ["--reasoning-parser=kimi_k2", "--tool-call-parser=kimi_k2"]],
    ["trtllm", "1.3.0rc18", "deepseek-ai/DeepSeek-R1", ["--reasoning_parser=deepseek-r1"]],
    ["vllm", "0.23.0", "meta-llama/Llama-3.1-8B-Instruct", []],
  ])("of %s %s with %s are split as its recipe has it", (server, version, model, expected) => {
    expect(parsers(server, version, model)).toEqual(expected);
  });

  test("stay in the text on request, and where the release is too old, which is said", () => {
    expect(parsers("vllm", "0.23.0", "openai/gpt-oss-120b", { options: { answerParsers: false } })).toEqual([]);
    expect(parsers("vllm", "0.10.0", "openai/gpt-oss-120b")).toEqual([]);
    expect(notesOf(served("vllm", "0.10.0", "openai/gpt-oss-120b"))).toContain("clients get them as text");
  });

  test("are known for every shipped model of the families that need them", () => {
    const family =
      /^(?:openai\/gpt-oss|deepseek-ai\/DeepSeek-(?:R1|V3)|Qwen\/Qwen3|moonshotai\/Kimi-K2|zai-org\/GLM|MiniMaxAI\/MiniMax-M2)/;
    const without = shippedCatalogue()
      .models.map(({ id }) => id)
      .filter((id) => family.test(id) && parsers("sglang", "0.5.13", id).length === 0);
    expect(without).toEqual([]);
  });
});
