import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { attentionOf, type CacheLayout, cacheBytes, longestInCache } from "../../../lib/catalogue/attention";
import { shippedCatalogue } from "../shipped-figures";

const GIB = 1024 ** 3;

function layout(tensor: number, bytesPerValue = 2): CacheLayout {
  return { tensor, pipeline: 1, bytesPerValue };
}

function gib(model: string, tokens: number, at: CacheLayout): number {
  const attention = attentionOf(model);
  if (attention === null) throw new Error(`nothing known of ${model}`);
  return cacheBytes(attention, tokens, at) / GIB;
}

describe("the size of a KV cache", () => {
  it.each([
    // vLLM issue 21348: 8.11 GiB for 178,880 tokens with vLLM, 2 × 8.23 GB for 367,404 with SGLang, on each of four.
    ["Qwen/Qwen3-235B-A22B", 178_880, layout(4), 8.11],
    ["Qwen/Qwen3-235B-A22B", 367_404, layout(4), 16.46],
    // vLLM issue 34076: "24.0 GiB KV cache is needed".
    ["Qwen/Qwen3-Coder-30B-A3B-Instruct", 262_144, layout(1), 24],
    // vLLM on an A10G: "max seq len (131072), 16.0 GiB KV cache is needed".
    ["meta-llama/Llama-3.1-8B-Instruct", 131_072, layout(1), 16],
    // vLLM issue 10517, on an RTX 3090: kv_cache_size=3.81GiB with 1952 GPU blocks of 16 tokens, 2.89GiB with 1478.
    ["meta-llama/Llama-3.1-8B-Instruct", 1952 * 16, layout(1), 3.81],
    ["meta-llama/Llama-3.1-8B-Instruct", 1478 * 16, layout(1), 2.89],
    // vllm-project/recipes pull request 12, `-dp=8` on eight H20: 62.00 GiB for the whole context, and the longest lengths
    // estimated for 48.66 GiB and, at `--gpu-memory-utilization 0.95`, 55.65 GiB.
    ["Qwen/Qwen3-Coder-480B-A35B-Instruct", 262_144, layout(1), 62],
    ["Qwen/Qwen3-Coder-480B-A35B-Instruct", 205_728, layout(1), 48.66],
    ["Qwen/Qwen3-Coder-480B-A35B-Instruct", 235_296, layout(1), 55.65],
    // ik_llama.cpp pull request 259, DeepSeek's latent attention on llama-server: "c^KV (q8_0): 1166.62 MiB" for n_ctx_slot =
    // 32768; q8_0 keeps 32 numbers in 34 bytes.
    ["deepseek-ai/DeepSeek-R1", 32_768, layout(1, 34 / 32), 1166.62 / 1024],
    // Hugging Face's post on Llama 3.1: 39.06 GB for 128,000 tokens of the 70B.
    ["meta-llama/Llama-3.1-70B-Instruct", 128_000, layout(1), 39.06],
  ] as const)("%s, %d tokens: what servers print", (model, tokens, at, printed) => {
    expect(gib(model, tokens, at)).toBeGreaterThan(printed * 0.985);
    expect(gib(model, tokens, at)).toBeLessThan(printed * 1.015);
  });

  it("is that of all layers where windows are not used: vLLM printed 240 GiB for Llama 4 Scout", () => {
    const scout = attentionOf("meta-llama/Llama-4-Scout-17B-16E-Instruct");
    if (scout === null) throw new Error("nothing known of Llama 4 Scout");
    const everywhere = { ...scout, fullLayers: scout.fullLayers + scout.windowLayers, windowLayers: 0 };
    expect(cacheBytes(everywhere, 10_485_760, layout(8)) / GIB).toBeCloseTo(240, 6);
    expect(cacheBytes(scout, 10_485_760, layout(8)) / GIB).toBeLessThan(61);
  });

  it("is no smaller on more devices than there are heads, nor with latent attention", () => {
    expect(gib("Qwen/Qwen3-235B-A22B", 1000, layout(8))).toBe(gib("Qwen/Qwen3-235B-A22B", 1000, layout(4)));
    expect(gib("deepseek-ai/DeepSeek-R1-0528", 1000, layout(8))).toBe(
      gib("deepseek-ai/DeepSeek-R1-0528", 1000, layout(1)),
    );
  });

  it("holds the longest sequence, and not one token more", () => {
    const models = shippedCatalogue()
      .models.map(({ id }) => attentionOf(id))
      .filter((attention) => attention !== null);
    expect(models.length).toBeGreaterThan(50);
    fc.assert(
      fc.property(
        fc.constantFrom(...models),
        fc.integer({ min: 1, max: 200 }),
        fc.constantFrom(1, 2, 4, 8),
        (attention, size, tensor) => {
          const bytes = size * GIB;
          const longest = longestInCache(attention, bytes, layout(tensor));
          expect(cacheBytes(attention, longest, layout(tensor))).toBeLessThanOrEqual(bytes);
          expect(cacheBytes(attention, longest + 1, layout(tensor))).toBeGreaterThan(bytes);
        },
      ),
    );
  });
});
