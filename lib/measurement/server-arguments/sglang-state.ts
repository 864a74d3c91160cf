import { isSettings, type SettingValue, type SettingValues } from "../settings";
import { argumentName, names } from "./argument-table";
import { SGLANG_ARGUMENTS } from "./sglang";

/** What a running server says of itself beside its arguments, and what it works out from them. */
const STATE = names(`
  internal-states status version max-total-num-tokens max-req-input-len cuda-graph-bs piecewise-cuda-graph-tokens
  custom-weight-loader mm-process-config remaining-free-memory token-capacity graph last-gen-throughput load-watch-interval
  disaggregation-decode-dp disaggregation-decode-tp tokenizer-metrics-custom-labels-header tokenizer-metrics-allowed-custom-labels
`);

/** Defaults of `sglang.launch_server` that do not depend on the accelerator or the model (0.5.5, as its own server lists them). */
const DEFAULTS: Readonly<Record<string, SettingValue>> = {
  "tokenizer-mode": "auto",
  "tokenizer-worker-num": 1,
  "load-format": "auto",
  "model-loader-extra-config": "{}",
  "model-impl": "auto",
  dtype: "auto",
  "kv-cache-dtype": "auto",
  "max-prefill-tokens": 16384,
  "schedule-policy": "fcfs",
  "priority-scheduling-preemption-threshold": 10,
  "schedule-conservativeness": 1,
  "page-size": 1,
  "swa-full-tokens-ratio": 0.8,
  "radix-eviction-policy": "lru",
  device: "cuda",
  "stream-interval": 1,
  "load-balance-method": "round_robin",
  "json-model-override-args": "{}",
  "max-loras-per-batch": 8,
  "lora-eviction-policy": "lru",
  "lora-backend": "csgmv",
  "max-lora-chunk-size": 16,
  "sampling-backend": "flashinfer",
  "grammar-backend": "xgrammar",
  "nsa-prefill-backend": "flashmla_sparse",
  "nsa-decode-backend": "fa3",
  "speculative-accept-threshold-single": 1,
  "speculative-accept-threshold-acc": 1,
  "speculative-attention-mode": "prefill",
  "speculative-ngram-min-match-window-size": 1,
  "speculative-ngram-max-match-window-size": 12,
  "speculative-ngram-min-bfs-breadth": 1,
  "speculative-ngram-max-bfs-breadth": 10,
  "speculative-ngram-match-type": "BFS",
  "speculative-ngram-branch-length": 18,
  "speculative-ngram-capacity": 10_000_000,
  "moe-a2a-backend": "none",
  "moe-runner-backend": "auto",
  "flashinfer-mxfp4-moe-precision": "default",
  "deepep-mode": "auto",
  "init-expert-location": "trivial",
  "eplb-algorithm": "auto",
  "eplb-rebalance-num-iterations": 1000,
  "eplb-min-rebalancing-utilization-threshold": 1,
  "expert-distribution-recorder-buffer-size": 1000,
  "mamba-ssm-dtype": "float32",
  "mamba-full-memory-ratio": 0.9,
  "hicache-ratio": 2,
  "hicache-write-policy": "write_through",
  "hicache-io-backend": "kernel",
  "hicache-mem-layout": "layer_first",
  "hicache-storage-prefetch-policy": "best_effort",
  "kt-method": "AMXINT4",
  "kt-threadpool-count": 2,
  "ds-heavy-channel-num": 32,
  "ds-heavy-token-num": 256,
  "ds-heavy-channel-type": "qk",
  "ds-sparse-decode-threshold": 4096,
  "offload-group-size": -1,
  "offload-num-in-group": 1,
  "offload-prefetch-step": 1,
  "offload-mode": "cpu",
  "cpu-offload-gb": 0,
  "ep-num-redundant-experts": 0,
  "hicache-size": 0,
  "tbo-token-distribution-threshold": 0.48,
  "torch-compile-max-bs": 32,
  "piecewise-cuda-graph-max-tokens": 4096,
  "piecewise-cuda-graph-compiler": "eager",
  "triton-attention-num-kv-splits": 8,
  "num-continuous-decode-steps": 1,
  "scheduler-recv-interval": 1,
  "dynamic-batch-tokenizer-batch-size": 32,
  "dynamic-batch-tokenizer-batch-timeout": 0.002,
  "disaggregation-mode": "null",
  "disaggregation-transfer-backend": "mooncake",
  "disaggregation-prefill-pp": 1,
  "num-reserved-decode-tokens": 512,
  "disaggregation-decode-polling-interval": 1,
  "sm-group-num": 8,
  "mm-max-concurrent-calls": 32,
  "mm-per-request-timeout": 10,
};

/**
 * Arguments of a running SGLang server that differ from its defaults, out of all that it says of itself. What it chose by itself
 * for the accelerator and the model (memory fraction, attention backend) stands with them: it is what was in effect.
 */
export function sglangArguments(info: SettingValues): SettingValues {
  const entries = Object.entries(info).flatMap(([written, value]): [string, SettingValue][] => {
    const name = argumentName(SGLANG_ARGUMENTS, written);
    if (STATE.has(name) || isNothing(value)) return [];
    if (Object.hasOwn(DEFAULTS, name) && DEFAULTS[name] === value) return [];
    return [[name, value]];
  });
  return Object.fromEntries(entries);
}

function isNothing(value: SettingValue): boolean {
  if (value === null || value === false || value === "") return true;
  if (isSettings(value)) return Object.keys(value).length === 0;
  return typeof value === "object" && value.length === 0;
}
