import { tableEntry } from "../../../table-entry";
import { isRecord, type JsonRecord, own, positiveIntegerOf, recordAt, textAt } from "../../parse/fields";
import type { GivenFacts } from "../../report";

/** Our names for a server's `quantization`; formats whose names do not say their width are left out. */
const PRECISION_OF_QUANTIZATION: Record<string, string> = {
  fp8: "fp8",
  w8a8_fp8: "fp8",
  modelopt: "fp8",
  modelopt_fp8: "fp8",
  modelopt_fp4: "fp4",
  mxfp4: "fp4",
  w8a8_int8: "int8",
};

/** Settings that make another deployment of the same model on the same accelerators. Seeds, ports and paths are none. */
const DEPLOYMENT_SETTINGS = [
  "attention_backend",
  "prefill_attention_backend",
  "decode_attention_backend",
  "kv_cache_dtype",
  "mem_fraction_static",
  "max_running_requests",
  "chunked_prefill_size",
  "page_size",
  "schedule_policy",
  "disable_radix_cache",
  "disable_cuda_graph",
  "enable_dp_attention",
  "enable_mixed_chunk",
  "enable_torch_compile",
  "enable_two_batch_overlap",
  "enable_hierarchical_cache",
  "moe_a2a_backend",
  "moe_runner_backend",
  "quantization",
  "dtype",
];

/**
 * What a server answered when the benchmark asked for its settings. Keys not named here (`api_key` among them) are never looked
 * at.
 */
export interface SglangServerInfo {
  stated: GivenFacts;
  hints: GivenFacts;
  /** The settings that set this deployment apart from others. */
  settings: unknown[];
}

/** The facts of a result's `server_info`; nothing where the server was not asked or answered nothing. */
export function sglangServerInfo(record: JsonRecord): SglangServerInfo {
  const info = recordAt(record, "server_info");
  const prefill = serversOf(info, "prefill");
  const decode = serversOf(info, "decode");
  const [server] = [...decode, ...prefill, ...(info === null ? [] : [info])];
  if (server === undefined || positiveIntegerOf(own(server, "tp_size")) === null) {
    return { stated: {}, hints: {}, settings: [] };
  }
  const stated: GivenFacts = { server: "sglang" };
  const hints: GivenFacts = {};
  const version = textAt(server, "version") ?? textAt(info, "version");
  if (version !== null) stated.serverVersion = version;
  if (prefill.length > 0 || decode.length > 0) {
    stated.servingMode = "disaggregated";
    const label = [poolLabel("p", prefill), poolLabel("d", decode)].filter((part) => part !== null).join("+");
    if (label !== "") stated.parallelism = { label };
  } else {
    stated.parallelism = parallelismOf(server);
  }
  // A path of the server's own disk is no name; the served name is any text.
  const model = [textAt(server, "model_path"), textAt(server, "served_model_name")].find(
    (name) => name !== null && /^[\w.-]+\/[\w.-]+$/.test(name),
  );
  if (model !== undefined && model !== null) stated.model = model;
  const nodes = positiveIntegerOf(own(server, "nnodes"));
  if (nodes !== null && prefill.length + decode.length === 0) stated.nodes = nodes;
  const precision = tableEntry(PRECISION_OF_QUANTIZATION, textAt(server, "quantization")?.toLowerCase() ?? "");
  if (precision !== undefined) hints.precision = precision;
  const speculative = speculativeOf(server);
  if (speculative !== null) stated.speculative = speculative;
  return { stated, hints, settings: [...prefill, server].map(settingsOf) };
}

function serversOf(info: JsonRecord | null, role: "prefill" | "decode"): JsonRecord[] {
  const servers = info === null ? undefined : own(info, role);
  return Array.isArray(servers) ? servers.filter(isRecord) : [];
}

function parallelismOf(server: JsonRecord): NonNullable<GivenFacts["parallelism"]> {
  const parallelism: NonNullable<GivenFacts["parallelism"]> = {};
  const parts = { tensor: "tp_size", pipeline: "pp_size", data: "dp_size", expert: "ep_size" } as const;
  for (const [part, key] of Object.entries(parts) as [keyof typeof parts, string][]) {
    const size = positiveIntegerOf(own(server, key));
    if (size !== null) parallelism[part] = size;
  }
  return parallelism;
}

/** Servers of one role: `p1x(tp4)`. */
function poolLabel(role: string, servers: readonly JsonRecord[]): string | null {
  const tensor = servers[0] === undefined ? null : positiveIntegerOf(own(servers[0], "tp_size"));
  return tensor === null ? null : `${role}${servers.length}x(tp${tensor})`;
}

/** `EAGLE3` with three steps → `eagle3-3steps`. */
function speculativeOf(server: JsonRecord): string | null {
  const algorithm = textAt(server, "speculative_algorithm")?.toLowerCase() ?? null;
  if (algorithm === null) return null;
  const steps = positiveIntegerOf(own(server, "speculative_num_steps"));
  return steps === null ? algorithm : `${algorithm}-${steps}steps`;
}

function settingsOf(server: JsonRecord): unknown[] {
  return DEPLOYMENT_SETTINGS.map((key) => {
    const value = own(server, key);
    return typeof value === "object" ? null : (value ?? null);
  });
}
