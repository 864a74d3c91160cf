import type { PriceKind } from "./catalogue/catalogue";
import type { Configuration, Workload } from "./domain";
import { formatCount, formatNumber } from "./format";
import type { LoadKind } from "./measurement/measurement";
import { tableEntry } from "./table-entry";

/** Names of things as the interface, the command line and the manifests print them. */

export const PRICE_KIND_LABELS: Record<PriceKind, string> = {
  on_demand: "on demand",
  spot: "spot",
  reserved_1y: "reserved 1 year",
  reserved_3y: "reserved 3 years",
  tco: "cost of ownership (estimate)",
};

const SERVER_LABELS: Record<string, string> = {
  vllm: "vLLM",
  sglang: "SGLang",
  trtllm: "TensorRT-LLM",
  atom: "ATOM",
  "vllm-atom": "vLLM with ATOM",
  "sglang-atom": "SGLang with ATOM",
  "dynamo-trtllm": "Dynamo TensorRT-LLM",
  "dynamo-sglang": "Dynamo SGLang",
  "dynamo-vllm": "Dynamo vLLM",
  "mori-sglang": "MoRI SGLang",
  deepspeed: "DeepSpeed",
  tgi: "TGI",
};

/** `vllm` → `vLLM`; an unknown server keeps its own spelling; `null` → `server unknown`. */
export function serverLabel(server: string | null): string {
  return server === null ? "server unknown" : (tableEntry(SERVER_LABELS, server) ?? server);
}

/** Commit hashes and build strings are shortened for the screen; the full text stays in exports and titles. */
export function shortVersion(version: string): string {
  return version.length > 22 ? `${version.slice(0, 21)}…` : version;
}

/** `vLLM 0.22 · FP8 · TP8`: what distinguishes configurations on the same accelerator. */
export function configurationSubtitle(configuration: Configuration): string {
  const { server, serverVersion, precision, parallelism, speculative, speculativeTokens, servingMode } = configuration;
  const parts = [
    serverVersion === null ? serverLabel(server) : `${serverLabel(server)} ${shortVersion(serverVersion)}`,
    precisionLabel(precision),
    parallelism.label === null ? null : parallelism.label.toUpperCase().replaceAll("X(", "x("),
    speculative === null ? null : speculativeLabel(speculative, speculativeTokens),
    servingMode === "disaggregated" ? "disaggregated" : null,
  ];
  return parts.filter((part) => part !== null).join(" · ");
}

/** `MTP, 3 tokens`; a method whose name says how many is not told twice. */
export function speculativeLabel(speculative: string, tokens: number | null): string {
  const method = speculative.toUpperCase();
  return tokens === null || /\d/.test(method.replace(/^EAGLE3/, ""))
    ? method
    : `${method}, ${tokens === 1 ? "1 token" : `${tokens} tokens`}`;
}

/** `fp8` → `FP8`; `null` → `precision unknown`. */
export function precisionLabel(precision: string | null): string {
  return precision === null ? "precision unknown" : precision.toUpperCase();
}

/** `1,024 in, 1,024 out`, the id where the lengths are not known; `null` → `no workload`. */
export function lengthsText(workload: Workload | null): string {
  if (workload === null) return "no workload";
  const { inputTokens, outputTokens, workloadId } = workload;
  return inputTokens === null || outputTokens === null
    ? workloadId
    : `${formatCount(inputTokens)} in, ${formatCount(outputTokens)} out`;
}

/** ` (sharegpt)` after the lengths; empty for random prompts, which go without saying. */
export function datasetText(workload: Workload | null): string {
  return workload === null || workload.dataset === "random" ? "" : ` (${workload.dataset ?? "data set not stated"})`;
}

/** The offered load of a point: `64 in flight`, `10 req/s`, `everything at once`. */
export function loadLabel(loadKind: LoadKind | null, loadValue: number | null): string {
  if (loadKind === null) return "no single load stated";
  if (loadKind === "max" || loadValue === null) return "everything at once";
  // A load that was set is a whole number as a rule, and is said as it was.
  const value = Number.isInteger(loadValue) ? loadValue : Number(loadValue.toPrecision(3));
  return loadKind === "concurrency" ? `${formatNumber(value)} in flight` : `${formatNumber(value)} req/s`;
}
