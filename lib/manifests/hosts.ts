import type { Accelerator } from "../domain";

/**
 * What a machine with these accelerators looks like, as far as a pod must know. Shares of CPU and memory are below those
 * of the smallest machine sold with the accelerator (GKE and AWS shapes), so that the pod fits beside system pods.
 */
export interface Host {
  /** Accelerators of the largest single machine. */
  maximumAccelerators: number;
  cpuPerAccelerator: number;
  memoryGibPerAccelerator: number;
  /** Arm CPU (Grace). */
  arm: boolean;
}

const NVIDIA_RESOURCE = "nvidia.com/gpu";
const TPU_RESOURCE = "google.com/tpu";

const SMALL_ACCELERATOR_GIB = 24;
const MEDIUM_ACCELERATOR_GIB = 48;

const TPU_HOSTS: Record<string, { cpu: number; memoryGib: number }> = {
  // ct5lp-hightpu-1t has 24 vCPU and 48 GB for its chip
  "tpu-v5-lite-podslice": { cpu: 8, memoryGib: 24 },
  // ct6e-standard-8t has 180 vCPU and 1,440 GB for 8 chips
  "tpu-v6e-slice": { cpu: 8, memoryGib: 64 },
  // tpu7x-standard-4t has 224 vCPU and 960 GB for 4 chips
  tpu7x: { cpu: 16, memoryGib: 128 },
};

export function isNvidia(accelerator: Accelerator): boolean {
  return accelerator.kubernetesResource === NVIDIA_RESOURCE;
}

export function isTpu(accelerator: Accelerator): boolean {
  return accelerator.kubernetesResource === TPU_RESOURCE;
}

/** Single-machine limits and shares; for accelerators without a row, those of their memory class. */
export function hostOf(accelerator: Accelerator): Host {
  const tpu = TPU_HOSTS[accelerator.gkeAcceleratorLabel ?? ""];
  if (isTpu(accelerator)) {
    return {
      maximumAccelerators: 8,
      cpuPerAccelerator: tpu?.cpu ?? 8,
      memoryGibPerAccelerator: tpu?.memoryGib ?? 24,
      arm: false,
    };
  }
  const grace = /^g[bh]\d{3}/.test(accelerator.id);
  const maximumAccelerators = accelerator.id.startsWith("gh") ? 1 : grace ? 4 : 8;
  const memory = accelerator.memoryGib ?? 0;
  if (memory <= SMALL_ACCELERATOR_GIB) {
    return { maximumAccelerators, cpuPerAccelerator: 3, memoryGibPerAccelerator: 20, arm: grace };
  }
  if (memory <= MEDIUM_ACCELERATOR_GIB) {
    return { maximumAccelerators, cpuPerAccelerator: 6, memoryGibPerAccelerator: 40, arm: grace };
  }
  return { maximumAccelerators, cpuPerAccelerator: 8, memoryGibPerAccelerator: 64, arm: grace };
}

/** vLLM quantises to FP8 while loading on NVIDIA GPUs (Ampere and later); on TPU that is another mechanism. */
export function isOnlineFp8Possible(accelerator: Accelerator): boolean {
  return isNvidia(accelerator);
}
