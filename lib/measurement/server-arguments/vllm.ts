import { type ArgumentTable, names } from "./argument-table";

/** Arguments of `vllm serve`, as its documentation of the command line has them (0.6 to 0.24). */
export const VLLM_ARGUMENTS: ArgumentTable = {
  separator: "-",
  aliases: {
    tp: "tensor-parallel-size",
    pp: "pipeline-parallel-size",
    dp: "data-parallel-size",
    dcp: "decode-context-parallel-size",
    pcp: "prefill-context-parallel-size",
    q: "quantization",
    cc: "compilation-config",
    asc: "api-server-count",
    dpa: "data-parallel-address",
    dpp: "data-parallel-rpc-port",
    dpl: "data-parallel-size-local",
    dpn: "data-parallel-rank",
    dpb: "data-parallel-backend",
    dpr: "data-parallel-start-rank",
    n: "nnodes",
    r: "node-rank",
    sc: "speculative-config",
    ac: "attention-config",
    ep: "enable-expert-parallel",
    "max-num-batched-token": "max-num-batched-tokens",
  },
  facts: {
    model: "model",
    "served-model-name": "servedName",
    "tensor-parallel-size": "tensor",
    "pipeline-parallel-size": "pipeline",
    "data-parallel-size": "data",
    "decode-context-parallel-size": "context",
    "prefill-context-parallel-size": "context",
    nnodes: "nodes",
  },
  neutral: names(`
    host port uds uvicorn-log-level disable-uvicorn-access-log disable-access-log-for-endpoints allow-credentials
    allowed-origins allowed-methods allowed-headers api-key ssl-keyfile ssl-certfile ssl-ca-certs enable-ssl-refresh
    ssl-cert-reqs root-path middleware download-dir disable-log-requests enable-log-requests disable-log-stats
    max-log-len log-config-file enable-request-id-headers enable-log-outputs response-role chat-template
    chat-template-content-format default-chat-template-kwargs trust-request-chat-template trust-remote-code seed hf-token
    hf-config-path enable-auto-tool-choice tool-call-parser reasoning-parser tool-parser-plugin tool-server
    return-tokens-as-token-ids disable-fastapi-docs enable-prompt-tokens-details enable-force-include-usage
    enable-server-load-tracking otlp-traces-endpoint show-hidden-metrics-for-version allowed-local-media-path
    allowed-media-domains generation-config override-generation-config config node-rank master-addr master-port
    data-parallel-address data-parallel-rpc-port data-parallel-rank data-parallel-start-rank headless tokenizer
    tokenizer-revision code-revision ignore-patterns safetensors-load-strategy ray-workers-use-nsight h11-max-header-count
    h11-max-incomplete-event-size shutdown-timeout
  `),
  lengths: names("max-model-len"),
  load: names("max-num-seqs max-cudagraph-capture-size cudagraph-capture-sizes cuda-graph-sizes"),
  switches: names(`
    enforce-eager trust-remote-code enable-expert-parallel enable-prefix-caching enable-chunked-prefill disable-log-requests
    disable-log-stats enable-auto-tool-choice async-scheduling disable-custom-all-reduce enable-dbo enable-eplb
    enable-lora headless disable-uvicorn-access-log enable-sleep-mode disable-hybrid-kv-cache-manager language-model-only
    disable-frontend-multiprocessing calculate-kv-scales enable-log-requests
  `),
  hasNegations: true,
};
