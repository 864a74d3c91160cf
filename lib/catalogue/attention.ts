/** How a model's layers remember a context: what decides the size of its KV cache. */
export interface Attention {
  /** Layers that keep the whole context. */
  fullLayers: number;
  /** Layers that keep no more than a window of it, and that window, tokens. */
  windowLayers: number;
  windowTokens: number;
  /**
   * Key and value heads and the width of each; `null` with latent attention, where each layer keeps one vector of `latentWidth` a
   * token, the same on every tensor-parallel device.
   */
  heads: number | null;
  headWidth: number;
  latentWidth: number;
}

interface AttentionFact {
  /** Hugging Face ids. */
  models: RegExp;
  attention: Attention;
}

function heads(fullLayers: number, count: number, headWidth: number, windowLayers = 0, windowTokens = 0): Attention {
  return { fullLayers, windowLayers, windowTokens, heads: count, headWidth, latentWidth: 0 };
}

function latent(fullLayers: number, latentWidth: number): Attention {
  return { fullLayers, windowLayers: 0, windowTokens: 0, heads: null, headWidth: 0, latentWidth };
}

/**
 * `num_hidden_layers`, `num_key_value_heads`, `head_dim`, `sliding_window`, `layer_types`, `kv_lora_rank` + `qk_rope_head_dim` of
 * `config.json` in each model's repository on Hugging Face; single models stand before their family. Layers of linear attention
 * keep a state of fixed size, which counts among what the server keeps for itself.
 */
const FACTS: readonly AttentionFact[] = [
  { models: /^meta-llama\/(?:Meta-)?Llama-3(?:\.1)?-8B/, attention: heads(32, 8, 128) },
  { models: /^meta-llama\/(?:Meta-)?Llama-3(?:\.[13])?-70B/, attention: heads(80, 8, 128) },
  { models: /^meta-llama\/Llama-3\.1-405B/, attention: heads(126, 8, 128) },
  { models: /^meta-llama\/Llama-2-7b/, attention: heads(32, 32, 128) },
  { models: /^(?:meta-llama\/Llama-2-13b|codellama\/CodeLlama-13b)/, attention: heads(40, 40, 128) },
  { models: /^meta-llama\/Llama-2-70b/, attention: heads(80, 8, 128) },
  { models: /^meta-llama\/Llama-4-(?:Scout|Maverick)/, attention: heads(12, 8, 128, 36, 8192) },
  { models: /^(?:mistralai\/Mistral-7B|teknium\/OpenHermes-2\.5-Mistral-7B)/, attention: heads(32, 8, 128) },
  { models: /^mistralai\/Mixtral-8x7B/, attention: heads(32, 8, 128) },
  { models: /^Qwen\/Qwen2-7B/, attention: heads(28, 4, 128) },
  { models: /^Qwen\/Qwen2(?:\.5-VL)?-72B/, attention: heads(80, 8, 128) },
  { models: /^Qwen\/Qwen3-8B/, attention: heads(36, 8, 128) },
  { models: /^Qwen\/Qwen3-14B/, attention: heads(40, 8, 128) },
  { models: /^Qwen\/Qwen3-32B/, attention: heads(64, 8, 128) },
  { models: /^Qwen\/Qwen3-(?:Coder-)?30B-A3B/, attention: heads(48, 4, 128) },
  { models: /^Qwen\/Qwen3-235B-A22B/, attention: heads(94, 4, 128) },
  { models: /^Qwen\/Qwen3-Coder-480B-A35B/, attention: heads(62, 8, 128) },
  { models: /^Qwen\/Qwen3-(?:Next-80B-A3B|Coder-Next)/, attention: heads(12, 2, 256) },
  { models: /^Qwen\/Qwen3\.6-27B/, attention: heads(16, 4, 256) },
  { models: /^openai\/gpt-oss-120b/, attention: heads(18, 8, 64, 18, 128) },
  { models: /^openai\/gpt-oss-20b/, attention: heads(12, 8, 64, 12, 128) },
  { models: /^deepseek-ai\/DeepSeek-(?:V3|R1)(?![.\d-]*Distill)/, attention: latent(61, 576) },
  { models: /^moonshotai\/Kimi-K2/, attention: latent(61, 576) },
  { models: /^zai-org\/GLM-4\.[67]$/, attention: heads(92, 8, 128) },
  { models: /^MiniMaxAI\/MiniMax-M2/, attention: heads(62, 8, 128) },
  { models: /^google\/gemma-3-27b/, attention: heads(10, 16, 128, 52, 1024) },
  { models: /^google\/gemma-3-12b/, attention: heads(8, 8, 256, 40, 1024) },
  { models: /^microsoft\/Phi-4-mini/, attention: heads(32, 8, 128) },
];

/** How a model's layers remember a context; `null` = not known. */
export function attentionOf(model: string): Attention | null {
  return FACTS.find(({ models }) => models.test(model))?.attention ?? null;
}

/** How the KV cache lies on the devices of one engine. */
export interface CacheLayout {
  /** Devices each layer's heads are spread over; a head is copied where there are more devices than heads. */
  tensor: number;
  /** Devices the layers are spread over. */
  pipeline: number;
  /** Width of a stored number: 2 for 16 bits, 1 for FP8. */
  bytesPerValue: number;
}

/**
 * Bytes of KV cache one sequence of `tokens` takes on each device: 2 (key and value) × heads on it × width × bytes for every layer
 * and token; with latent attention one vector, on every device. Layers with a window keep at most that.
 */
export function cacheBytes(
  attention: Attention,
  tokens: number,
  { tensor, pipeline, bytesPerValue }: CacheLayout,
): number {
  const perLayer =
    attention.heads === null
      ? attention.latentWidth * bytesPerValue
      : 2 * Math.ceil(attention.heads / tensor) * attention.headWidth * bytesPerValue;
  const kept = attention.fullLayers * tokens + attention.windowLayers * Math.min(tokens, attention.windowTokens);
  return (perLayer * kept) / pipeline;
}

/** The longest sequence whose KV cache takes at most `bytes` on each device, whole tokens; 0 where not even a window fits. */
export function longestInCache(attention: Attention, bytes: number, layout: CacheLayout): number {
  const perToken = cacheBytes({ ...attention, windowLayers: 0 }, 1, layout);
  const windows = cacheBytes({ ...attention, fullLayers: 0 }, attention.windowTokens, layout);
  if (bytes >= windows) return Math.floor((bytes - windows) / perToken);
  const everywhere = cacheBytes({ ...attention, windowTokens: 1 }, 1, layout);
  return Math.floor(bytes / everywhere);
}
