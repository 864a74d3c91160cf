import type { Accelerator } from "../../domain";

/** Software an accelerator runs under: decides image, flags and devices. */
export type Runtime = "cuda" | "rocm" | "tpu" | "gaudi" | "xpu" | "neuron" | "cpu";

/** Extended resource of the vendor's device plugin → runtime. */
const RUNTIMES: Record<string, Runtime> = {
  "nvidia.com/gpu": "cuda",
  "amd.com/gpu": "rocm",
  "google.com/tpu": "tpu",
  "habana.ai/gaudi": "gaudi",
  "gpu.intel.com/xe": "xpu",
  "aws.amazon.com/neuron": "neuron",
  // No extended resource: what a processor's pod asks for.
  cpu: "cpu",
};

/**
 * What a machine with these accelerators looks like, as far as a pod must know. Shares of CPU and memory are below those
 * of the machines sold with the accelerator (GKE, AWS and Azure shapes), so that the pod fits beside system pods; the very
 * smallest with one accelerator (g5.xlarge, g2-standard-4 …) are not large enough.
 */
export interface Host {
  /** Accelerators of the largest single machine. */
  maximumAccelerators: number;
  cpuPerAccelerator: number;
  memoryGibPerAccelerator: number;
  /** Arm CPU (Grace). */
  arm: boolean;
}

const SMALL_ACCELERATOR_GIB = 24;
const MEDIUM_ACCELERATOR_GIB = 48;

/** Inferentia2 and the first Trainium. */
const SMALL_NEURON_GIB = 32;

const TPU_HOSTS: Record<string, { cpu: number; memoryGib: number }> = {
  // ct5lp-hightpu-1t has 24 vCPU and 48 GB for its chip
  "tpu-v5-lite-podslice": { cpu: 8, memoryGib: 24 },
  // ct6e-standard-8t has 180 vCPU and 1,440 GB for 8 chips
  "tpu-v6e-slice": { cpu: 8, memoryGib: 64 },
  // tpu7x-standard-4t has 224 vCPU and 960 GB for 4 chips
  tpu7x: { cpu: 16, memoryGib: 128 },
};

/** Logical CPUs of a socket, two a core (vendor datasheets). */
const SOCKET_THREADS: Record<string, number> = {
  "xeon-platinum-8480plus": 112,
  "xeon-platinum-8592plus": 128,
  "xeon-6980p": 256,
  "epyc-9654": 192,
  "epyc-9755": 256,
};
/** One core of each socket is left to the kubelet and system pods. */
const SYSTEM_THREADS_PER_SOCKET = 2;
const MAXIMUM_SOCKETS = 2;

/** `null` where no device plugin's resource is known: nothing a pod could ask for. */
export function runtimeOf(accelerator: Accelerator): Runtime | null {
  return RUNTIMES[accelerator.kubernetesResource ?? ""] ?? null;
}

export function isNvidia(accelerator: Accelerator): boolean {
  return runtimeOf(accelerator) === "cuda";
}

export function isTpu(accelerator: Accelerator): boolean {
  return runtimeOf(accelerator) === "tpu";
}

/** AWS Trainium and Inferentia: sold by AWS alone, whatever runs Kubernetes there. */
export function isNeuron(accelerator: Accelerator): boolean {
  return runtimeOf(accelerator) === "neuron";
}

/** Processors: an accelerator is one socket, with the machine's own memory. */
export function isCpu(accelerator: Accelerator): boolean {
  return runtimeOf(accelerator) === "cpu";
}

/** Share of a machine by the accelerator's memory: small ones stand in small machines. */
function shareByMemory(memoryGib: number): Pick<Host, "cpuPerAccelerator" | "memoryGibPerAccelerator"> {
  if (memoryGib <= SMALL_ACCELERATOR_GIB) return { cpuPerAccelerator: 3, memoryGibPerAccelerator: 20 };
  if (memoryGib <= MEDIUM_ACCELERATOR_GIB) return { cpuPerAccelerator: 6, memoryGibPerAccelerator: 40 };
  return { cpuPerAccelerator: 8, memoryGibPerAccelerator: 64 };
}

/** Single-machine limits and shares; for accelerators without a row, those of their memory class. */
export function hostOf(accelerator: Accelerator): Host {
  const runtime = runtimeOf(accelerator);
  const memory = accelerator.memoryGib ?? 0;
  if (runtime === "tpu") {
    const tpu = TPU_HOSTS[accelerator.gkeAcceleratorLabel ?? ""];
    return {
      maximumAccelerators: 8,
      cpuPerAccelerator: tpu?.cpu ?? 8,
      memoryGibPerAccelerator: tpu?.memoryGib ?? 24,
      arm: false,
    };
  }
  // Shares of trn1.32xlarge (16 chips, 128 vCPU, 512 GiB), the leanest, and of trn2.3xlarge (1, 12 and 128)
  if (runtime === "neuron") {
    const share = memory > SMALL_NEURON_GIB ? { cpu: 8, memoryGib: 64 } : { cpu: 6, memoryGib: 24 };
    return {
      maximumAccelerators: accelerator.id.startsWith("inferentia2") ? 12 : 16,
      cpuPerAccelerator: share.cpu,
      memoryGibPerAccelerator: share.memoryGib,
      arm: false,
    };
  }
  if (runtime === "cpu") {
    const threads = SOCKET_THREADS[accelerator.id];
    return {
      maximumAccelerators: MAXIMUM_SOCKETS,
      cpuPerAccelerator: threads === undefined ? 0 : threads - SYSTEM_THREADS_PER_SOCKET,
      memoryGibPerAccelerator: 0,
      arm: false,
    };
  }
  // MI300X and Gaudi machines hold eight, as HGX boards do (ND96isr_MI300X_v5: 96 vCPU and 1,850 GiB)
  const grace = runtime === "cuda" && /^g[bh]\d{3}/.test(accelerator.id);
  const maximumAccelerators = grace ? (accelerator.id.startsWith("gh") ? 1 : 4) : 8;
  return { maximumAccelerators, ...shareByMemory(memory), arm: grace };
}

/** AMD modules of two dies that Kubernetes sees as two devices. */
export function isTwoDevices(accelerator: Accelerator): boolean {
  return runtimeOf(accelerator) === "rocm" && /^mi250/.test(accelerator.id);
}

/** AMD GPUs from MI300 on calculate in FP8; MI250 does not. */
export function isAmdWithFp8(accelerator: Accelerator): boolean {
  return runtimeOf(accelerator) === "rocm" && /^mi3\d\d/.test(accelerator.id);
}

/** Grace Blackwell racks: NVLink joins their machines, and they are sold as a whole. */
export function isNvlinkRack(accelerator: Accelerator): boolean {
  return /^gb\d{3}-/.test(accelerator.id);
}

/** NVIDIA Blackwell: images built for CUDA 12.6 have no kernels for it. */
export function isBlackwell(accelerator: Accelerator): boolean {
  return isNvidia(accelerator) && /^(?:g?b\d{3}|rtx-pro-6000)/.test(accelerator.id);
}
