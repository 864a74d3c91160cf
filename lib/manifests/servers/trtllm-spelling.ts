import type { ArgumentSpelling } from "./measured-settings";

/**
 * Options of `trtllm-serve serve` (1.0 to 1.3). Under its name reports also hold options of the engine builder and of MLPerf's
 * harness, which it does not take.
 */
const OPTIONS = new Set(
  `backend chat_template cluster_size enable_chunked_prefill ep_size fail_fast_on_attention_window_too_large
  free_gpu_memory_fraction kv_cache_dtype kv_cache_free_gpu_memory_fraction max_batch_size max_beam_width max_num_tokens
  max_seq_len moe_cluster_parallel_size num_postprocess_workers pp_size tp_size`
    .split(/\s+/)
    .filter((name) => name !== ""),
);

/** How `trtllm-serve` takes arguments. */
export const TRTLLM_SPELLING: ArgumentSpelling = {
  off: () => null,
  knows: (name) => OPTIONS.has(name),
  knowsOption: (name) => !name.startsWith("trtllm_"),
};
