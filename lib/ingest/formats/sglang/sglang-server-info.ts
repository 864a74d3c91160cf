import { sglangArguments } from "../../../measurement/server-arguments/sglang-state";
import { canonicalSettings, type SettingValues } from "../../../measurement/settings";
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

/**
 * What a server answered when the benchmark asked for its settings. Keys not named here (`api_key` among them) are never looked
 * at.
 */
export interface SglangServerInfo {
  stated: GivenFacts;
  hints: GivenFacts;
}

/** The facts of a result's `server_info`; nothing where the server was not asked or answered nothing. */
export function sglangServerInfo(record: JsonRecord): SglangServerInfo {
  const info = recordAt(record, "server_info");
  const prefill = serversOf(info, "prefill");
  const decode = serversOf(info, "decode");
  const [server] = [...decode, ...prefill, ...(info === null ? [] : [info])];
  if (server === undefined || positiveIntegerOf(own(server, "tp_size")) === null) {
    return { stated: {}, hints: {} };
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
  const started = startedOf(prefill, decode, server);
  if (started !== null) stated.serverArguments = started;
  const speculative = speculativeOf(server);
  if (speculative !== null) stated.speculative = speculative;
  return { stated, hints };
}

/** What the servers were started with; `null` where they say more than settings may be. */
function startedOf(
  prefill: readonly JsonRecord[],
  decode: readonly JsonRecord[],
  server: JsonRecord,
): SettingValues | null {
  const argumentsOf = (record: JsonRecord | undefined) => {
    // Lists of what goes on inside it are no arguments, and may be long.
    const plain = Object.entries(record ?? {}).filter(([, value]) => typeof value !== "object");
    const values = canonicalSettings(Object.fromEntries(plain));
    return values === null ? null : sglangArguments(values);
  };
  if (prefill.length === 0 || decode.length === 0) return argumentsOf(server);
  const [first, second] = [argumentsOf(prefill[0]), argumentsOf(decode[0])];
  return first === null || second === null ? null : { prefill: first, decode: second };
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
