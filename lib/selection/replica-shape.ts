import type { Configuration } from "../domain";

/** What one replica takes of machines. */
export interface ReplicaShape {
  accelerators: number;
  /** Accelerators that must stand in one machine: tensor parallelism does not reach across machines. */
  perMachine: number;
}

/** Parts of an engine's short form that multiply its accelerators: `tp4-pp2`, `tp1-dp8-ep8`. Expert parallelism divides. */
const MULTIPLYING = /(tp|pp|dp|cp)(\d+)/g;
/** Engines beside one another: `p1x(tp4)+d3x(tp4)`, `5x(tp2)`. */
const ENGINE = /\d+x\(([^)]*)\)/g;

function largestEngine(label: string): number | null {
  let largest: number | null = null;
  for (const [, inside = ""] of label.matchAll(ENGINE)) {
    let accelerators = 1;
    for (const [, , size = "1"] of inside.matchAll(MULTIPLYING)) accelerators *= Number(size);
    largest = Math.max(largest ?? 0, accelerators);
  }
  return largest;
}

/**
 * How a replica of a configuration falls onto machines: by the nodes it was measured on; where the source does not say, by its
 * largest engine where its layout names several; else all of it in one machine.
 */
export function replicaShape({
  acceleratorCount,
  nodes,
  parallelism,
}: Pick<Configuration, "acceleratorCount" | "nodes" | "parallelism">): ReplicaShape {
  const perMachine =
    nodes !== null
      ? Math.ceil(acceleratorCount / Math.max(1, nodes))
      : (largestEngine(parallelism.label ?? "") ?? acceleratorCount);
  return { accelerators: acceleratorCount, perMachine: Math.min(acceleratorCount, perMachine) };
}

/** How replicas and machines of a size go together. One of the two is 1. */
export interface Packing {
  replicasPerMachine: number;
  machinesPerReplica: number;
}

/**
 * How replicas of a shape fit machines with so many accelerators; `null` where a part that must stand in one machine does not
 * fit. A replica that fits shares a machine with as many others as fit; a larger one takes whole machines.
 */
export function packingOf(shape: ReplicaShape, acceleratorsPerMachine: number): Packing | null {
  if (acceleratorsPerMachine < shape.perMachine) return null;
  if (acceleratorsPerMachine >= shape.accelerators) {
    return { replicasPerMachine: Math.floor(acceleratorsPerMachine / shape.accelerators), machinesPerReplica: 1 };
  }
  const used = Math.floor(acceleratorsPerMachine / shape.perMachine) * shape.perMachine;
  return { replicasPerMachine: 1, machinesPerReplica: Math.ceil(shape.accelerators / used) };
}

/** Whole machines that a number of replicas takes. */
export function machinesForReplicas(replicas: number, { replicasPerMachine, machinesPerReplica }: Packing): number {
  return machinesPerReplica > 1 ? replicas * machinesPerReplica : Math.ceil(replicas / replicasPerMachine);
}
