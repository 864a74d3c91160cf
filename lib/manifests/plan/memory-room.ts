import { attentionOf, cacheBytes, longestInCache } from "../../catalogue/attention";
import { formatNumber } from "../../format";
import { BYTES_PER_GIB } from "../../units";
import type { Deployable } from "./choice";
import { type ReplicaLayout, replicaAccelerators } from "./replica-layout";
import { gigabytes, type Weights } from "./served-weights";

/** What of the memory of each device is left for contexts once weights and server have theirs. */
export interface MemoryRoom {
  /** For the KV cache of each device, bytes. */
  cacheBytes: number;
  /** The longest request that fits, tokens. */
  longestTokens: number;
  /** Sequences of a length that fit beside each other in one engine. */
  sequencesOf(tokens: number): number;
  /** The sum in words. */
  derivation: string;
}

/** Part of the memory on the label that a driver reports as usable: 22.0 of 24 GB on an L4, 79.1 of 80 on an H100. */
const USABLE_SHARE = 0.92;
/** Share of it a server takes by default (vLLM; SGLang and TensorRT-LLM are near). */
const DEFAULT_SHARE = 0.9;
/** Activations, graphs and the server's own: what vLLM's logs leave between weights and KV cache. */
const SERVER_BYTES = BYTES_PER_GIB;
const SERVER_SHARE = 0.03;

/** Names under which a server is told its share, and types of KV cache of one byte a value. */
const SHARES = ["gpu-memory-utilization", "mem-fraction-static"];
const ONE_BYTE = /^(?:fp8|int8)/;

/** A number of a measured argument. */
function argumentOf({ configuration }: Deployable, name: string): unknown {
  return configuration.settings.serverArguments?.[name];
}

function bytesPerValue(choice: Deployable): number {
  const config = choice.configuration.settings.engineOptions?.kv_cache_config;
  const option = typeof config === "object" && config !== null && "dtype" in config ? config.dtype : null;
  const type = argumentOf(choice, "kv-cache-dtype") ?? option;
  return typeof type === "string" && ONE_BYTE.test(type) ? 1 : 2;
}

/** Why a deployment cannot hold its weights; `null` if it can, or if it cannot be told. Never where weights may lie elsewhere. */
export function weightsProblem(
  choice: Deployable,
  layout: ReplicaLayout,
  { bytes, repository, bytesBasis }: Weights,
): string | null {
  const { accelerator, model, configuration } = choice;
  const offloads = Object.keys(configuration.settings.serverArguments ?? {}).some((name) => name.includes("offload"));
  if (accelerator.memoryGib === null || !model?.weightBytes || offloads) return null;
  const devices = replicaAccelerators(layout);
  const memory = accelerator.memoryGib * BYTES_PER_GIB * devices;
  if (bytes <= memory) return null;
  return `${bytesBasis.charAt(0).toUpperCase()}${bytesBasis.slice(1)} (${repository}) do not fit the ${gigabytes(memory)} of memory that ${devices} × ${accelerator.shortName} have: it cannot have run like this. Choose a configuration with more accelerators, or name the weights that were measured.`;
}

/** Devices that share the heads of one sequence: with data-parallel attention each rank has its own sequences. */
function headsOver({ tensor, data, dataParallelAttention }: ReplicaLayout): number {
  if (!dataParallelAttention) return tensor;
  return data > 1 ? Math.max(1, Math.floor(tensor / data)) : 1;
}

/** What is left for contexts, or `null` where the model's layers or the accelerator's memory are not known. */
export function memoryRoom(choice: Deployable, layout: ReplicaLayout, weights: Weights): MemoryRoom | null {
  const { accelerator, configuration, model } = choice;
  const attention = attentionOf(configuration.model);
  if (attention === null || accelerator.memoryGib === null || !model?.weightBytes) return null;
  const share =
    SHARES.map((name) => argumentOf(choice, name)).find((value) => typeof value === "number") ?? DEFAULT_SHARE;
  const accelerators = replicaAccelerators(layout);
  // Chips of two cores have half of their memory for each.
  const devices = Math.max(accelerators, layout.tensor * layout.pipeline);
  const memory = (accelerator.memoryGib * BYTES_PER_GIB * USABLE_SHARE * accelerators) / devices;
  // Experts and layers are spread over all devices; attention is copied for each data-parallel rank, which is small beside them.
  const own = weights.bytes / devices;
  const server = SERVER_BYTES + memory * SERVER_SHARE;
  const left = Math.max(0, memory * Math.min(Number(share), 1) - own - server);
  const spread = { tensor: headsOver(layout), pipeline: layout.pipeline, bytesPerValue: bytesPerValue(choice) };
  return {
    cacheBytes: left,
    longestTokens: longestInCache(attention, left, spread),
    sequencesOf: (tokens) => Math.floor(left / cacheBytes(attention, tokens, spread)),
    derivation: `of each ${accelerator.shortName} ${gigabytes(memory * Number(share))} (${formatNumber(Number(share) * 100)}% of what is usable) − ${gigabytes(own)} weights − ${gigabytes(server)} for the server leave ${gigabytes(left)} for the KV cache, ${formatNumber(cacheBytes(attention, 1000, spread) / 1e6)} MB for 1,000 tokens`,
  };
}
