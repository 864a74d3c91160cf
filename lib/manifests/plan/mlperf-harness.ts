import type { Parallelism } from "../../domain";
import { isSettings, type Settings, type SettingValue, type SettingValues } from "../../measurement/settings";

/** What NVIDIA's harness of MLPerf says of the servers it starts. */
export interface NvidiaHarness {
  /** What gives it away, for a sentence. */
  words: string;
  sizes: Partial<Parallelism>;
  /** `fp4`, `fp8`; `null` where it is not said. */
  precision: string | null;
}

const GROUPS = ["trtllm_build_flags", "trtllm_runtime_flags", "trtllm_checkpoint_flags"] as const;
/** Of the harness's own client and of how an engine is built ahead: the server that is started knows none, and no figure follows. */
const OF_THE_CLIENT = new Set([
  "exclude_input_from_output",
  "max_concurrency",
  "traffic_distribution_policy",
  "workers_per_core",
  "http_backend",
]);
const SCHEDULERS: Record<string, string> = {
  max_util: "MAX_UTILIZATION",
  no_evict: "GUARANTEED_NO_EVICT",
  static: "STATIC_BATCH",
};
const CHUNKING: Record<string, string> = {
  equal_progress: "EQUAL_PROGRESS",
  first_come_first_served: "FIRST_COME_FIRST_SERVED",
};

function group(values: SettingValues | null, name: string): SettingValues {
  const part = values?.[name];
  return part !== undefined && isSettings(part) ? part : {};
}

/** Arguments by the harness's spelling, whichever way a report separates their words. */
function byHarnessName(values: SettingValues | null): SettingValues {
  return Object.fromEntries(Object.entries(values ?? {}).map(([name, value]) => [name.replaceAll("-", "_"), value]));
}

function size(value: SettingValue | undefined): number | null {
  return typeof value === "number" && Number.isInteger(value) && value > 0 ? value : null;
}

/** NVIDIA's harness of MLPerf Inference (4.1 to 6.0) around TensorRT-LLM by the names only it has; `null` = it was not used. */
export function nvidiaHarness({ serverArguments, engineOptions }: Settings): NvidiaHarness | null {
  // Started over Dynamo, its workers have options in files that are not recorded.
  if (Object.hasOwn(engineOptions ?? {}, "dynamo_cluster")) return null;
  const values = byHarnessName(serverArguments);
  const words = GROUPS.filter((name) => Object.hasOwn(engineOptions ?? {}, name));
  if (words.length === 0 && !Object.hasOwn(values, "gpu_batch_size")) return null;
  const { precision, use_fp8 } = values;
  return {
    words: words.join(", ") || "gpu_batch_size, use_fp8",
    sizes: {
      tensor: size(values.tensor_parallelism),
      pipeline: size(values.pipeline_parallelism),
      expert: size(values.moe_expert_parallelism),
    },
    precision: typeof precision === "string" ? precision : use_fp8 === true ? "fp8" : null,
  };
}

/** Only what is known. */
function known(values: Record<string, SettingValue | undefined>): SettingValues {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, SettingValue] => entry[1] !== undefined),
  );
}

/** An option with members; `{}` where nothing of it is known. */
function option(name: string, members: Record<string, SettingValue | undefined>): SettingValues {
  const some = known(members);
  return Object.keys(some).length === 0 ? {} : { [name]: some };
}

function word(table: Record<string, string>, value: SettingValue | undefined): string | undefined {
  return typeof value === "string" ? table[value] : undefined;
}

/** Names that were said another way, out of a group. */
function without(values: SettingValues, names: readonly string[]): SettingValues {
  return Object.fromEntries(
    Object.entries(values).filter(([name]) => !names.includes(name) && !OF_THE_CLIENT.has(name)),
  );
}

/**
 * The harness's settings in the words of `trtllm-serve` (1.0 and later), as the harness itself writes them into the file it
 * starts it with (`llmlib/config.py`, `TrtllmExtraYAMLConfig`). What has no word there stays as it was recorded.
 */
export function serverSettings(settings: Settings): Settings {
  const values = byHarnessName(settings.serverArguments);
  const build = group(settings.engineOptions, "trtllm_build_flags");
  const runtime = { ...values, ...group(settings.engineOptions, "trtllm_runtime_flags") };
  const checkpoint = group(settings.engineOptions, "trtllm_checkpoint_flags");
  const hasGraphs = values.use_graphs === true || runtime.use_cuda_graphs === true;
  const balances = build.enable_attention_dp === true && runtime.adp_balancing_enable === true;
  const options: SettingValues = {
    ...option("kv_cache_config", {
      free_gpu_memory_fraction: runtime.kvcache_free_gpu_mem_frac,
      dtype: checkpoint.kv_cache_dtype,
      // The harness never reuses blocks: its prompts share nothing.
      enable_block_reuse: runtime.kvcache_free_gpu_mem_frac === undefined ? undefined : false,
    }),
    ...option("scheduler_config", {
      capacity_scheduler_policy: word(SCHEDULERS, runtime.batch_scheduler_policy),
      context_chunking_policy: word(CHUNKING, runtime.context_chunking_policy),
    }),
    ...option("cuda_graph_config", {
      batch_sizes: hasGraphs ? runtime.cuda_graph_batch_sizes : undefined,
      enable_padding: hasGraphs ? runtime.cuda_graph_padding_enabled : undefined,
    }),
    ...option("moe_config", { backend: runtime.moe_backend }),
    ...option("attention_dp_config", {
      enable_balance: balances ? true : undefined,
      batching_wait_iters: balances ? runtime.adp_balancing_batching_wait_iters : undefined,
      timeout_iters: balances ? runtime.adp_balancing_timeout_iters : undefined,
    }),
    ...known({
      enable_attention_dp: build.enable_attention_dp,
      enable_chunked_prefill: runtime.enable_chunked_context,
      stream_interval: runtime.stream_interval ?? build.stream_interval,
      sampler_type: runtime.sampler_type,
      torch_compile_config: build.torch_compile_config,
    }),
  };
  const said = [
    ...["max_num_tokens", "max_input_len", "max_seq_len", "enable_attention_dp", "stream_interval"],
    ...["torch_compile_config", "max_batch_size", "max_beam_width"],
    ...["kvcache_free_gpu_mem_frac", "batch_scheduler_policy", "context_chunking_policy", "enable_chunked_context"],
    ...["cuda_graph_batch_sizes", "cuda_graph_padding_enabled", "use_cuda_graphs", "moe_backend", "sampler_type"],
    ...[
      "adp_balancing_enable",
      "adp_balancing_batching_wait_iters",
      "adp_balancing_timeout_iters",
      "use_inflight_batching",
    ],
    ...["num_postprocess_workers", "kv_cache_dtype"],
  ];
  const rest = Object.fromEntries(
    Object.entries(settings.engineOptions ?? {}).flatMap(([name, part]): [string, SettingValue][] => {
      if (!GROUPS.some((known) => known === name) || !isSettings(part)) return [[name, part]];
      const left = without(part, said);
      return Object.keys(left).length === 0 ? [] : [[name, left]];
    }),
  );
  const ownArguments = without(values, [
    ...said,
    ...["tensor_parallelism", "pipeline_parallelism", "moe_expert_parallelism", "gpu_batch_size", "precision"],
    ...["use_fp8", "use_graphs"],
  ]);
  return {
    ...settings,
    serverArguments: {
      ...ownArguments,
      ...known({
        max_batch_size: runtime.max_batch_size ?? values.gpu_batch_size,
        max_num_tokens: runtime.max_num_tokens ?? build.max_num_tokens,
        num_postprocess_workers: runtime.num_postprocess_workers,
      }),
    },
    engineOptions: { ...rest, ...options },
  };
}
