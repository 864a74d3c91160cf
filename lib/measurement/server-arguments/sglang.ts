import { type ArgumentTable, names } from "./argument-table";

/** Arguments of `sglang.launch_server`, as its server arguments document them (0.4 to 0.5). */
export const SGLANG_ARGUMENTS: ArgumentTable = {
  separator: "-",
  aliases: {
    model: "model-path",
    tp: "tp-size",
    "tensor-parallel-size": "tp-size",
    pp: "pp-size",
    "pipeline-parallel-size": "pp-size",
    dp: "dp-size",
    "data-parallel-size": "dp-size",
    ep: "ep-size",
    "expert-parallel-size": "ep-size",
    "attention-context-parallel-size": "attn-cp-size",
    "speculative-algo": "speculative-algorithm",
    "nccl-init-addr": "dist-init-addr",
    n: "nnodes",
  },
  facts: {
    "model-path": "model",
    "served-model-name": "servedName",
    "tp-size": "tensor",
    "pp-size": "pipeline",
    "dp-size": "data",
    "ep-size": "expert",
    "attn-cp-size": "context",
    nnodes: "nodes",
    "speculative-algorithm": "speculative",
  },
  neutral: names(`
    host port grpc-mode api-key admin-api-key log-level log-level-http log-requests log-requests-level log-requests-format
    show-time-cost enable-metrics enable-metrics-for-all-schedulers decode-log-interval trust-remote-code tokenizer-path
    chat-template completion-template tool-call-parser reasoning-parser tool-server random-seed skip-server-warmup
    watchdog-timeout soft-watchdog-timeout dist-timeout dist-init-addr node-rank download-dir base-gpu-id gpu-id-step
    file-storage-path file-storage-pth storage-path crash-dump-folder bucket-time-to-first-token
    bucket-inter-token-latency bucket-e2e-request-latency enable-cache-report sampling-defaults preferred-sampling-params
    model-checksum revision weight-version collect-tokens-histogram prompt-tokens-buckets generation-tokens-buckets
    gc-warning-threshold-secs fastapi-root-path ssl-keyfile ssl-certfile ssl-ca-certs ssl-keyfile-password
    disaggregation-bootstrap-port nccl-port engine-info-bootstrap-port otlp-traces-endpoint enable-trace version
    default-chat-template-kwargs json-model-override-args-source sleep-on-idle
  `),
  lengths: names("context-length"),
  load: names("max-running-requests cuda-graph-max-bs cuda-graph-bs piecewise-cuda-graph-max-tokens"),
  switches: names(`
    trust-remote-code disable-radix-cache enable-dp-attention disable-cuda-graph enable-torch-compile enable-metrics
    enable-symm-mem enable-flashinfer-allreduce-fusion enable-ep-moe enable-deepep-moe enable-mixed-chunk
    disable-overlap-schedule enable-two-batch-overlap enable-dp-lm-head enable-hierarchical-cache skip-server-warmup
    disable-custom-all-reduce enable-multimodal log-requests
  `),
  hasNegations: false,
};
