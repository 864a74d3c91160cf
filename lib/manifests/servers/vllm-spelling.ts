import type { ArgumentSpelling } from "./measured-settings";
import { isAtLeast, type Release, type ServerImage } from "./server-image";

/** From here on every switch of vLLM has a `--no-` form; before, single ones had. */
const NEGATIONS_SINCE: Release = { major: 0, minor: 8, patch: 5 };
const PREFIX_CACHING_NEGATION_SINCE: Release = { major: 0, minor: 6, patch: 5 };

/**
 * Arguments of `vllm serve` in the releases that stand in where the measured one has no image (0.21 to 0.27); those of older
 * releases and of forks would end the server at its start.
 */
const CURRENT = new Set(
  `additional-config all2all-backend api-server-count async-scheduling attention-backend attention-config block-size
  calculate-kv-scales compilation-config cudagraph-capture-sizes cudagraph-metrics data-parallel-backend
  data-parallel-external-lb data-parallel-hybrid-lb dcp-kv-cache-interleave-size disable-cascade-attn
  disable-chunked-mm-input disable-custom-all-reduce disable-hybrid-kv-cache-manager disable-nccl-for-dp-synchronization
  distributed-executor-backend dtype enable-chunked-prefill enable-dbo enable-eplb enable-expert-parallel enable-lora
  enable-prefix-caching enforce-eager eplb-config expert-placement-strategy gpu-memory-utilization hf-overrides
  kernel-config kv-cache-dtype kv-cache-memory-bytes kv-offloading-backend kv-offloading-size kv-sharing-fast-prefill
  kv-transfer-config language-model-only limit-mm-per-prompt load-format long-prefill-token-threshold mamba-block-size
  mamba-cache-dtype mamba-cache-mode mamba-ssm-cache-dtype max-cudagraph-capture-size max-long-partial-prefills
  max-model-len max-num-batched-tokens max-num-partial-prefills max-num-seqs max-parallel-loading-workers
  mm-encoder-attn-backend mm-encoder-tp-mode mm-processor-cache-gb mm-processor-kwargs model-loader-extra-config
  moe-backend num-gpu-blocks-override optimization-level pipeline-parallel-size prefix-caching-hash-algo profiler-config
  quantization safetensors-load-strategy scheduler-reserve-full-isl scheduling-policy skip-mm-profiling speculative-config
  stream-interval structured-outputs-config tensor-parallel-size tokenizer-mode ubatch-size use-tqdm-on-load`
    .split(/\s+/)
    .filter((name) => name !== ""),
);

/** How `vllm serve` of this image takes arguments. */
export function vllmSpelling({ release, asMeasured }: ServerImage): ArgumentSpelling {
  return {
    off(name) {
      if (isAtLeast(release, NEGATIONS_SINCE)) return `--no-${name}`;
      if (name === "enable-chunked-prefill") return `--${name}=False`;
      const hasNegation = name === "enable-prefix-caching" && isAtLeast(release, PREFIX_CACHING_NEGATION_SINCE);
      return hasNegation ? `--no-${name}` : null;
    },
    ...(asMeasured ? {} : { knows: (name: string) => CURRENT.has(name) }),
  };
}
