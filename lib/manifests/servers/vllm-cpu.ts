import type { V1EnvVar } from "@kubernetes/client-node";
import { ok, type Result, refused } from "../../result";
import type { Deployable } from "../plan/choice";
import { gibibytes, gigabytes, type Weights } from "../plan/served-weights";
import type { ServerMemory, ServerUser } from "../plan/server-plan";
import { commented } from "../write/commented";
import type { ServerRequest } from "./server";
import { CPU_NUMA_ROOT, CPU_ROOT } from "./users";
import type { RuntimePart } from "./vllm-runtime-part";

/** As in vLLM's own guide for processors; Intel's names 20 to 40. */
const KV_CACHE_GIB = 40;
/** vLLM's API server on processors admits this many requests for each rank by default, half of what it does on GPUs. */
const SEQUENCES_PER_RANK = 128;
/** Python, compiled kernels and activations, for each process. */
const PROCESS_GIB = 16;

/** Why vLLM cannot be written for this configuration on a processor; `null` if it can. */
export function cpuRefusal({ configuration }: Deployable): string | null {
  const { speculative } = configuration;
  if (speculative !== null && speculative !== "" && speculative !== "none") {
    return `Measured with speculative decoding ("${speculative}"), which is not among the features vLLM documents for processors: choose a configuration without it, or deploy by hand.`;
  }
  return null;
}

/** One process a socket, its threads on the socket's cores. */
function environment(sockets: number): V1EnvVar[] {
  return [
    commented(
      { name: "VLLM_CPU_KVCACHE_SPACE", value: String(KV_CACHE_GIB) },
      {
        name: `GiB of KV cache${sockets === 1 ? "" : " for each socket"}, as in vLLM's guide (the default is 4 in older releases); the measured value is not recorded. Raise it with the memory below for more requests at once`,
      },
    ),
    commented(
      { name: "VLLM_CPU_OMP_THREADS_BIND", value: "auto" },
      { name: "one thread a physical core, those of each tensor-parallel rank on the cores of one socket" },
    ),
  ];
}

/** Memory of the server: weights and KV cache lie in the machine's own. */
function memory(weights: Weights, sockets: number): ServerMemory {
  const weightsGib = gibibytes(weights.bytes);
  return {
    gib: weightsGib + sockets * (KV_CACHE_GIB + PROCESS_GIB),
    why: `${gigabytes(weights.bytes)} of weights + ${KV_CACHE_GIB} GiB of KV cache + ${PROCESS_GIB} GiB for the process${sockets === 1 ? "" : ` for each of ${sockets} sockets`} + shared memory`,
  };
}

/** Who the server runs as: across sockets memory is bound to the nearer one, which needs calls most profiles forbid. */
export function cpuUser(sockets: number): ServerUser {
  return sockets === 1 ? CPU_ROOT : CPU_NUMA_ROOT;
}

/** What a processor adds to the server, or why it cannot be written. */
export function cpuPart({ choice, layout, weights }: ServerRequest): Result<RuntimePart> {
  const { shortName } = choice.accelerator;
  const { accelerators, tensor, pipeline, data } = layout;
  if (pipeline > 1 || data > 1 || layout.expertParallel || tensor !== accelerators) {
    return refused(
      `vLLM on processors is written for one tensor-parallel rank a socket; measured with tensor ${tensor}, pipeline ${pipeline} and data ${data} parallel on ${accelerators} × ${shortName}.`,
    );
  }
  return ok({
    sizes: null,
    admitted: SEQUENCES_PER_RANK * tensor,
    arguments: [],
    environment: environment(accelerators),
    memory: memory(weights, accelerators),
    notes: [
      `The pod takes all cores of ${accelerators === 1 ? "a socket" : `${accelerators} sockets`} of ${choice.accelerator.name.replace(" (per socket)", "")} but one each; figures measured on a part of one, or with hyper-threading or sub-NUMA clustering set otherwise, do not carry over.`,
    ],
  });
}
