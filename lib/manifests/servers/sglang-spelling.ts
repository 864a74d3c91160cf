import type { ArgumentSpelling } from "./measured-settings";
import type { ServerImage } from "./server-image";

/** Arguments of `sglang.launch_server` in the release that stands in where the measured one has no image (0.5.13). */
const CURRENT = new Set(
  `attention-backend chunked-prefill-size cuda-graph-bs cuda-graph-max-bs decode-attention-backend deepep-config deepep-mode
  disable-chunked-prefix-cache disable-cuda-graph disable-custom-all-reduce disable-overlap-schedule disable-radix-cache
  disable-shared-experts-fusion disaggregation-decode-dp disaggregation-decode-tp disaggregation-transfer-backend
  dllm-algorithm dtype enable-dp-attention enable-dp-lm-head enable-eplb enable-flashinfer-allreduce-fusion
  enable-hierarchical-cache enable-mixed-chunk enable-multimodal enable-symm-mem enable-torch-compile
  enable-two-batch-overlap ep-dispatch-algorithm ep-num-redundant-experts eplb-algorithm fp4-gemm-backend fp8-gemm-backend
  grammar-backend kv-cache-dtype load-balance-method load-format mamba-full-memory-ratio mamba-scheduler-strategy
  mamba-ssm-dtype max-prefill-tokens max-queued-requests max-running-requests max-total-tokens mem-fraction-static
  mm-attention-backend model-loader-extra-config moe-a2a-backend moe-dense-tp-size moe-runner-backend nsa-decode-backend
  nsa-prefill-backend num-continuous-decode-steps num-reserved-decode-tokens page-size prefill-attention-backend
  prefill-round-robin-balance quantization sampling-backend schedule-conservativeness schedule-policy
  scheduler-recv-interval speculative-accept-threshold-acc speculative-accept-threshold-single speculative-algorithm
  speculative-attention-mode speculative-draft-model-path speculative-eagle-topk speculative-moe-runner-backend
  speculative-num-draft-tokens speculative-num-steps stream-interval swa-full-tokens-ratio tokenizer-worker-num
  torch-compile-max-bs torchao-config triton-attention-num-kv-splits`
    .split(/\s+/)
    .filter((name) => name !== ""),
);

/** How `sglang.launch_server` of this image takes arguments: switches are off without. */
export function sglangSpelling({ asMeasured }: ServerImage): ArgumentSpelling {
  return { off: () => null, ...(asMeasured ? {} : { knows: (name: string) => CURRENT.has(name) }) };
}
