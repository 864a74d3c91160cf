import type { Accelerator } from "../../domain";
import { hostOf, isNvlinkRack, type Runtime, runtimeOf } from "./hosts";

/** Who sells the machine a node runs on. */
export interface Seller {
  /** As the catalogue's machines and prices name it: `aws`. */
  id: string;
  /** As sentences name it: `AWS`. */
  name: string;
}

export const AMAZON: Seller = { id: "aws", name: "AWS" };

/** One type of machine with accelerators, as its seller names it. */
export interface Machine {
  /** Id of the seller. */
  seller: string;
  type: string;
  /** Catalogue id. */
  accelerator: string;
  accelerators: number;
  cpu: number;
  memoryGib: number;
}

/** What a pod takes of a machine. */
export interface PodShape {
  accelerators: number;
  cpu: number;
  memoryGib: number;
}

type Row = [type: string, accelerator: string, accelerators: number, cpu: number, memoryGib: number];

/**
 * AWS EC2 instance types, accelerated computing (docs.aws.amazon.com/ec2, instance types; g7e also
 * aws/sagemaker-hyperpod-cli pull request 390; inf2 and trn also AWS Neuron's pages on their architectures). p5.4xlarge, p5e,
 * p5en, p6-b200 and p6-b300 as Karpenter 1.14 lists them.
 */
const AWS: readonly Row[] = [
  ["g5.xlarge", "a10g-24gb", 1, 4, 16],
  ["g5.2xlarge", "a10g-24gb", 1, 8, 32],
  ["g5.4xlarge", "a10g-24gb", 1, 16, 64],
  ["g5.8xlarge", "a10g-24gb", 1, 32, 128],
  ["g5.12xlarge", "a10g-24gb", 4, 48, 192],
  ["g5.48xlarge", "a10g-24gb", 8, 192, 768],
  ["g6.xlarge", "l4-24gb", 1, 4, 16],
  ["g6.2xlarge", "l4-24gb", 1, 8, 32],
  ["g6.4xlarge", "l4-24gb", 1, 16, 64],
  ["g6.8xlarge", "l4-24gb", 1, 32, 128],
  ["g6.12xlarge", "l4-24gb", 4, 48, 192],
  ["g6.48xlarge", "l4-24gb", 8, 192, 768],
  ["g6e.xlarge", "l40s-48gb", 1, 4, 32],
  ["g6e.2xlarge", "l40s-48gb", 1, 8, 64],
  ["g6e.4xlarge", "l40s-48gb", 1, 16, 128],
  ["g6e.8xlarge", "l40s-48gb", 1, 32, 256],
  ["g6e.12xlarge", "l40s-48gb", 4, 48, 384],
  ["g6e.48xlarge", "l40s-48gb", 8, 192, 1536],
  ["g7e.2xlarge", "rtx-pro-6000-96gb", 1, 8, 64],
  ["g7e.4xlarge", "rtx-pro-6000-96gb", 1, 16, 128],
  ["g7e.8xlarge", "rtx-pro-6000-96gb", 1, 32, 256],
  ["g7e.12xlarge", "rtx-pro-6000-96gb", 2, 48, 512],
  ["g7e.24xlarge", "rtx-pro-6000-96gb", 4, 96, 1024],
  ["g7e.48xlarge", "rtx-pro-6000-96gb", 8, 192, 2048],
  ["p4d.24xlarge", "a100-sxm-40gb", 8, 96, 1152],
  ["p4de.24xlarge", "a100-sxm-80gb", 8, 96, 1152],
  ["p5.4xlarge", "h100-sxm-80gb", 1, 16, 256],
  ["p5.48xlarge", "h100-sxm-80gb", 8, 192, 2048],
  ["p5e.48xlarge", "h200-sxm-141gb", 8, 192, 2048],
  ["p5en.48xlarge", "h200-sxm-141gb", 8, 192, 2048],
  ["p6-b200.48xlarge", "b200-sxm-180gb", 8, 192, 2048],
  ["p6-b300.48xlarge", "b300-sxm-288gb", 8, 192, 4096],
  ["inf2.xlarge", "inferentia2-32gb", 1, 4, 16],
  ["inf2.8xlarge", "inferentia2-32gb", 1, 32, 128],
  ["inf2.24xlarge", "inferentia2-32gb", 6, 96, 384],
  ["inf2.48xlarge", "inferentia2-32gb", 12, 192, 768],
  ["trn1.2xlarge", "trainium1-32gb", 1, 8, 32],
  ["trn1.32xlarge", "trainium1-32gb", 16, 128, 512],
  ["trn1n.32xlarge", "trainium1-32gb", 16, 128, 512],
  ["trn2.3xlarge", "trainium2-96gb", 1, 12, 128],
  ["trn2.48xlarge", "trainium2-96gb", 16, 192, 2048],
];

/** Azure virtual machine sizes, GPU accelerated (learn.microsoft.com/azure/virtual-machines/sizes). */
const AZURE: readonly Row[] = [
  ["Standard_NC24ads_A100_v4", "a100-pcie-80gb", 1, 24, 220],
  ["Standard_NC48ads_A100_v4", "a100-pcie-80gb", 2, 48, 440],
  ["Standard_NC96ads_A100_v4", "a100-pcie-80gb", 4, 96, 880],
  ["Standard_ND96asr_v4", "a100-sxm-40gb", 8, 96, 900],
  ["Standard_ND96amsr_A100_v4", "a100-sxm-80gb", 8, 96, 1900],
  ["Standard_NC40ads_H100_v5", "h100-nvl-94gb", 1, 40, 320],
  ["Standard_NC80adis_H100_v5", "h100-nvl-94gb", 2, 80, 640],
  ["Standard_ND96isr_H100_v5", "h100-sxm-80gb", 8, 96, 1900],
  ["Standard_ND96isr_H200_v5", "h200-sxm-141gb", 8, 96, 1850],
  ["Standard_ND96isr_MI300X_v5", "mi300x-192gb", 8, 96, 1850],
];

/** Google Cloud machine types, GPU and TPU (docs.cloud.google.com/compute/docs/gpus, .../kubernetes-engine TPU machine types). */
const GCP: readonly Row[] = [
  ["g2-standard-4", "l4-24gb", 1, 4, 16],
  ["g2-standard-8", "l4-24gb", 1, 8, 32],
  ["g2-standard-12", "l4-24gb", 1, 12, 48],
  ["g2-standard-16", "l4-24gb", 1, 16, 64],
  ["g2-standard-32", "l4-24gb", 1, 32, 128],
  ["g2-standard-24", "l4-24gb", 2, 24, 96],
  ["g2-standard-48", "l4-24gb", 4, 48, 192],
  ["g2-standard-96", "l4-24gb", 8, 96, 384],
  ["a2-highgpu-1g", "a100-sxm-40gb", 1, 12, 85],
  ["a2-highgpu-2g", "a100-sxm-40gb", 2, 24, 170],
  ["a2-highgpu-4g", "a100-sxm-40gb", 4, 48, 340],
  ["a2-highgpu-8g", "a100-sxm-40gb", 8, 96, 680],
  ["a2-ultragpu-1g", "a100-sxm-80gb", 1, 12, 170],
  ["a2-ultragpu-2g", "a100-sxm-80gb", 2, 24, 340],
  ["a2-ultragpu-4g", "a100-sxm-80gb", 4, 48, 680],
  ["a2-ultragpu-8g", "a100-sxm-80gb", 8, 96, 1360],
  ["a3-highgpu-1g", "h100-sxm-80gb", 1, 26, 234],
  ["a3-highgpu-2g", "h100-sxm-80gb", 2, 52, 468],
  ["a3-highgpu-4g", "h100-sxm-80gb", 4, 104, 936],
  ["a3-highgpu-8g", "h100-sxm-80gb", 8, 208, 1872],
  ["a3-ultragpu-8g", "h200-sxm-141gb", 8, 224, 2952],
  ["a4-highgpu-8g", "b200-sxm-180gb", 8, 224, 3968],
  ["g4-standard-48", "rtx-pro-6000-96gb", 1, 48, 180],
  ["g4-standard-96", "rtx-pro-6000-96gb", 2, 96, 360],
  ["g4-standard-192", "rtx-pro-6000-96gb", 4, 192, 720],
  ["g4-standard-384", "rtx-pro-6000-96gb", 8, 384, 1440],
];

/**
 * Oracle Cloud shapes, bare metal GPU (docs.oracle.com/en-us/iaas/Content/Compute/References/computeshapes.htm); an OCPU of x86
 * is two CPUs.
 */
const OCI: readonly Row[] = [
  ["BM.GPU.L40S.4", "l40s-48gb", 4, 224, 1024],
  ["BM.GPU4.8", "a100-sxm-40gb", 8, 128, 2048],
  ["BM.GPU.A100-v2.8", "a100-sxm-80gb", 8, 256, 2048],
  ["BM.GPU.H100.8", "h100-sxm-80gb", 8, 224, 2048],
  ["BM.GPU.H200.8", "h200-sxm-141gb", 8, 224, 3072],
  ["BM.GPU.B200.8", "b200-sxm-180gb", 8, 256, 4096],
  ["BM.GPU.MI300X.8", "mi300x-192gb", 8, 224, 2048],
  ["BM.GPU.MI355X.8", "mi355x-288gb", 8, 256, 3072],
];

function machines(seller: string, rows: readonly Row[]): Machine[] {
  return rows
    .map(([type, accelerator, accelerators, cpu, memoryGib]) => ({
      seller,
      type,
      accelerator,
      accelerators,
      cpu,
      memoryGib,
    }))
    .sort((a, b) => a.accelerators - b.accelerators || a.cpu - b.cpu || a.memoryGib - b.memoryGib);
}

/** Every machine known, by seller; few accelerators and small machines first. */
export const MACHINES: Record<string, readonly Machine[]> = {
  aws: machines("aws", AWS),
  azure: machines("azure", AZURE),
  gcp: machines("gcp", GCP),
  oci: machines("oci", OCI),
};

/** Kubelet, system pods and what the kernel keeps: a pod gets the rest. */
const SYSTEM_CPU = 1;
const SYSTEM_MEMORY_SHARE = 0.1;
const SYSTEM_MEMORY_GIB = 1;

function holds(machine: Machine, pod: PodShape): boolean {
  return (
    machine.accelerators >= pod.accelerators &&
    machine.cpu - SYSTEM_CPU >= pod.cpu &&
    machine.memoryGib * (1 - SYSTEM_MEMORY_SHARE) - SYSTEM_MEMORY_GIB >= pod.memoryGib
  );
}

/** Machines of a seller with this accelerator, small ones first; none = not sold. */
export function machinesWith(seller: Seller, accelerator: Accelerator): Machine[] {
  return (MACHINES[seller.id] ?? []).filter((machine) => machine.accelerator === accelerator.id);
}

/** Machines that hold a pod of this shape, those with the fewest accelerators and then the smallest first. */
export function machinesFor(seller: Seller, accelerator: Accelerator, pod: PodShape): Machine[] {
  return machinesWith(seller, accelerator).filter((machine) => holds(machine, pod));
}

/** Shape of a pod with so many accelerators. @param extraMemoryGib what sidecars take beside the server, GiB */
export function podShape(accelerator: Accelerator, accelerators: number, extraMemoryGib = 0): PodShape {
  const host = hostOf(accelerator);
  return {
    accelerators,
    cpu: host.cpuPerAccelerator * accelerators,
    memoryGib: host.memoryGibPerAccelerator * accelerators + extraMemoryGib,
  };
}

/** Why no machine holds a pod of this shape, as a sentence. */
export function noMachine(seller: Seller, accelerator: Accelerator, pod: PodShape): string {
  const place = seller.name;
  const largest = machinesWith(seller, accelerator).at(-1);
  return largest === undefined || largest.accelerators >= pod.accelerators
    ? `No machine of ${place} with ${accelerator.name} has ${pod.cpu} CPUs and ${pod.memoryGib} GiB of memory for ${pod.accelerators} of them.`
    : `${place} sells ${accelerator.name} in machines of at most ${largest.accelerators}, one replica takes ${pod.accelerators}.`;
}

/** Why a seller's Kubernetes cannot have this accelerator; `null` where it can. */
export function notSold(seller: Seller, accelerator: Accelerator): string | null {
  const place = seller.name;
  if (machinesWith(seller, accelerator).length > 0) return null;
  const what = isNvlinkRack(accelerator)
    ? `${place} sells ${accelerator.name} as whole racks that are reserved and networked together, which is not written yet`
    : `No machine of ${place} with ${accelerator.name} is known`;
  return `${what}: choose the platform generic, or another accelerator.`;
}

/** Accelerators one seller alone has, by the software they run under, and where else they cannot be. */
const SOLD_BY_ONE: Partial<Record<Runtime, { seller: string; onOwnClusters: boolean; instead: string }>> = {
  tpu: { seller: "gcp", onOwnClusters: false, instead: "Google Cloud only: choose the platform gke." },
  neuron: {
    seller: "aws",
    onOwnClusters: true,
    instead: "AWS only: choose the platform eks (or generic for a cluster of your own there).",
  },
};

/** Why only another seller has this accelerator; `null` where this one may. @param seller `null` = a cluster of the reader's own */
export function soldElsewhere(seller: Seller | null, accelerator: Accelerator): string | null {
  const only = SOLD_BY_ONE[runtimeOf(accelerator) ?? "cuda"];
  if (only === undefined || only.seller === seller?.id || (seller === null && only.onOwnClusters)) return null;
  return `${accelerator.name} exists on ${only.instead}`;
}
