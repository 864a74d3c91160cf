import type { Accelerator, HostArchitecture } from "./catalogue";

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

/** One core of each socket is left to the kubelet and system pods. */
const SYSTEM_THREADS_PER_SOCKET = 2;

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

/** Accelerators of the largest machine, where nothing is known: HGX boards, MI300X and Gaudi machines hold eight. */
export const USUAL_MACHINE = 8;

/** Single-machine limits and shares; for accelerators whose shares are not known, those of their memory class. */
export function hostOf(accelerator: Accelerator): Host {
  const { hardware } = accelerator;
  const arm = hardware?.hostArchitecture === "arm64";
  const maximumAccelerators = hardware?.maximumPerMachine ?? USUAL_MACHINE;
  if (isCpu(accelerator)) {
    const threads = hardware?.socketThreads ?? null;
    const cpuPerAccelerator = threads === null ? 0 : threads - SYSTEM_THREADS_PER_SOCKET;
    return { maximumAccelerators, cpuPerAccelerator, memoryGibPerAccelerator: 0, arm };
  }
  const share = shareByMemory(accelerator.memoryGib ?? 0);
  return {
    maximumAccelerators,
    cpuPerAccelerator: hardware?.podCpu ?? share.cpuPerAccelerator,
    memoryGibPerAccelerator: hardware?.podMemoryGib ?? share.memoryGibPerAccelerator,
    arm,
  };
}

/** AMD modules of two dies that Kubernetes sees as two devices. */
export function isTwoDevices({ hardware }: Accelerator): boolean {
  return (hardware?.kubernetesDevices ?? 1) > 1;
}

/** Generations of AMD GPUs that calculate in FP8: from MI300 on. */
const AMD_WITH_FP8 = new Set(["cdna3", "cdna4"]);

/** AMD GPUs from MI300 on calculate in FP8; MI250 does not. */
export function isAmdWithFp8(accelerator: Accelerator): boolean {
  return runtimeOf(accelerator) === "rocm" && AMD_WITH_FP8.has(accelerator.hardware?.architecture ?? "");
}

/** Grace Blackwell racks: NVLink joins their machines, and they are sold as a whole. */
export function isNvlinkRack({ hardware }: Accelerator): boolean {
  return hardware?.isNvlinkRack ?? false;
}

/** NVIDIA Blackwell: images built for CUDA 12.6 have no kernels for it. */
export function isBlackwell(accelerator: Accelerator): boolean {
  return isNvidia(accelerator) && accelerator.hardware?.architecture === "blackwell";
}

/** Trainium of any generation, whose chips form a torus; Inferentia's do not. */
export function isTrainium({ hardware }: Accelerator): boolean {
  return hardware?.architecture?.startsWith("trainium") ?? false;
}

/** Drivers report somewhat less or more than the catalogue's memory: share by which it may differ, of any vendor. */
export const REPORTED_MEMORY_TOLERANCE = 0.1;

/** Label of a node's CPU architecture, on every cluster. */
export const ARCHITECTURE_LABEL = "kubernetes.io/arch";

/** CPU architecture of the machines an accelerator comes in, as Kubernetes names it. */
export function architectureOf({ hardware }: Accelerator): HostArchitecture {
  return hardware?.hostArchitecture ?? "amd64";
}
