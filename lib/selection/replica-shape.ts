import type { Configuration } from "../domain";
import { enginesOf } from "../measurement/layout-devices";

/** What one replica takes of machines. */
export interface ReplicaShape {
  accelerators: number;
  /** Accelerators that must stand in one machine: tensor parallelism does not reach across machines. */
  perMachine: number;
}

/**
 * How a replica of a configuration falls onto machines: by the nodes it was measured on; where the source does not say, by its
 * largest engine where its layout names several; else all of it in one machine.
 */
export function replicaShape(
  configuration: Pick<Configuration, "acceleratorCount" | "nodes" | "parallelism" | "server">,
): ReplicaShape {
  const { acceleratorCount, nodes } = configuration;
  const engines = nodes === null ? enginesOf(configuration).map(({ devices }) => devices) : [];
  const whole = engines.length > 0 ? Math.max(...engines) : Math.ceil(acceleratorCount / Math.max(1, nodes ?? 1));
  return { accelerators: acceleratorCount, perMachine: Math.min(acceleratorCount, whole) };
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
