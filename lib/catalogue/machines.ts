import type { Accelerator, Machine } from "./catalogue";
import { hostOf, isNvlinkRack, type Runtime, runtimeOf } from "./hosts";

/** Who sells the machine a node runs on. */
export interface Seller {
  /** As the catalogue's machines and prices name it: `aws`. */
  id: string;
  /** As sentences name it: `AWS`. */
  name: string;
}

export const AMAZON: Seller = { id: "aws", name: "AWS" };

/** Few accelerators and small machines first. */
export function compareMachines(a: Machine, b: Machine): number {
  return a.accelerators - b.accelerators || a.cpu - b.cpu || a.memoryGib - b.memoryGib;
}

/** Accelerators with the machines they are sold in, of all machines there are. Accelerators nothing is known of stay so. */
export function withMachines(accelerators: readonly Accelerator[], machines: readonly Machine[]): Accelerator[] {
  const sorted = machines.toSorted(compareMachines);
  return accelerators.map((accelerator) =>
    accelerator.hardware === null
      ? accelerator
      : {
          ...accelerator,
          hardware: {
            ...accelerator.hardware,
            machines: sorted.filter((machine) => machine.accelerator === accelerator.id),
          },
        },
  );
}

/** What a pod takes of a machine. */
export interface PodShape {
  accelerators: number;
  cpu: number;
  memoryGib: number;
}

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
  return (accelerator.hardware?.machines ?? []).filter((machine) => machine.seller === seller.id);
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
  const largest = machinesWith(seller, accelerator).at(-1);
  return largest === undefined || largest.accelerators >= pod.accelerators
    ? `No machine of ${seller.name} with ${accelerator.name} has ${pod.cpu} CPUs and ${pod.memoryGib} GiB of memory for ${pod.accelerators} of them.`
    : `${seller.name} sells ${accelerator.name} in machines of at most ${largest.accelerators}, one replica takes ${pod.accelerators}.`;
}

/** Why a seller's Kubernetes cannot make machines with this accelerator on demand; `null` where it can. */
export function notSold(seller: Seller, accelerator: Accelerator): string | null {
  const isRack = isNvlinkRack(accelerator);
  if (!isRack && machinesWith(seller, accelerator).length > 0) return null;
  const what = isRack
    ? `${seller.name} sells ${accelerator.name} as whole racks that are reserved and networked together, which is not written yet`
    : `No machine of ${seller.name} with ${accelerator.name} is known`;
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
