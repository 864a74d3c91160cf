import { type ArgumentTable, names } from "./argument-table";

/** Arguments of Hugging Face's text-generation-launcher. */
export const TGI_ARGUMENTS: ArgumentTable = {
  separator: "-",
  aliases: { p: "port" },
  facts: { "model-id": "model", "served-model-name": "servedName", "num-shard": "tensor" },
  neutral: names(`
    hostname port prometheus-port json-output otlp-endpoint otlp-service-name cors-allow-origin api-key trust-remote-code
    huggingface-hub-cache weights-cache-override shard-uds-path master-addr master-port env usage-stats tokenizer-config-path
    validation-workers sharded revision
  `),
  lengths: names("max-input-tokens max-input-length max-total-tokens"),
  load: names("max-concurrent-requests max-batch-size cuda-graphs"),
  switches: names("json-output trust-remote-code disable-custom-kernels env"),
  hasNegations: false,
};

/** Arguments of AMD's ATOM server. */
export const ATOM_ARGUMENTS: ArgumentTable = {
  separator: "-",
  aliases: { tp: "tensor-parallel-size", dp: "data-parallel-size", "max-num-batched-token": "max-num-batched-tokens" },
  facts: {
    model: "model",
    "tensor-parallel-size": "tensor",
    "data-parallel-size": "data",
    method: "speculative",
    "num-speculative-tokens": "speculativeTokens",
  },
  neutral: names("host port server-port trust-remote-code log-level torch-profiler-dir"),
  lengths: names("max-model-len"),
  load: names("max-num-seqs cudagraph-capture-sizes cuda-graph-sizes max-cudagraph-capture-size"),
  switches: names("trust-remote-code enable-expert-parallel enable-dp-attention enforce-eager enable-tbo"),
  hasNegations: true,
};

/** Of a server nobody has described here: what goes by the usual names. */
export const OTHER_ARGUMENTS: ArgumentTable = {
  separator: "-",
  aliases: {},
  facts: {},
  neutral: names("host port log-level api-key served-model-name trust-remote-code device"),
  lengths: names(""),
  load: names(""),
  switches: names(""),
  hasNegations: false,
};
