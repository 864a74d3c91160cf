import { type ArgumentTable, names } from "./argument-table";

/** Arguments of `trtllm-serve`, as its help has them (0.18 to 1.3). */
export const TRTLLM_ARGUMENTS: ArgumentTable = {
  separator: "_",
  aliases: {
    tensor_parallel_size: "tp_size",
    pipeline_parallel_size: "pp_size",
    expert_parallel_size: "ep_size",
    moe_expert_parallel_size: "ep_size",
    context_parallel_size: "cp_size",
    tensor_parallelism: "tp_size",
    pipeline_parallelism: "pp_size",
    moe_expert_parallelism: "ep_size",
    config: "extra_llm_api_options",
  },
  facts: {
    model: "model",
    served_model_name: "servedName",
    tp_size: "tensor",
    pp_size: "pipeline",
    ep_size: "expert",
    cp_size: "context",
  },
  // The file of options is read where it is at hand; its name says nothing.
  neutral: names(`
    host port log_level tokenizer tokenizer_path trust_remote_code metadata_server_config_file reasoning_parser tool_parser gpus_per_node
    extra_llm_api_options config_file otlp_traces_endpoint disagg_cluster_uri revision custom_module_dirs chat_template
    request_timeout server_start_timeout metrics_log_interval
  `),
  lengths: names("max_seq_len max_input_len"),
  load: names("max_batch_size"),
  switches: names("trust_remote_code fail_fast_on_attention_window_too_large enable_chunked_prefill"),
  hasNegations: false,
};

/** TensorRT-LLM's extra options: a document, whose names within names are joined by dots. */
export const TRTLLM_OPTIONS: ArgumentTable = {
  separator: "_",
  aliases: {},
  facts: {
    model: "model",
    tensor_parallel_size: "tensor",
    pipeline_parallel_size: "pipeline",
    moe_expert_parallel_size: "expert",
    context_parallel_size: "context",
  },
  neutral: names(`
    print_iter_log enable_iter_perf_stats enable_iter_req_stats trust_remote_code iter_stats_max_iterations
    return_perf_metrics perf_metrics_max_requests gpus_per_node otlp_traces_endpoint tokenizer
  `),
  lengths: names("max_seq_len max_input_len"),
  load: names("max_batch_size cuda_graph_config.max_batch_size cuda_graph_config.batch_sizes"),
  switches: names(""),
  hasNegations: false,
};
