import type { V1Toleration } from "@kubernetes/client-node";
import type { Accelerator, Machine } from "../../catalogue/catalogue";
import { machinesFor, noMachine, notSold, podShape, type Seller, soldElsewhere } from "../../catalogue/machines";
import { ok, type Result, refused } from "../../result";
import { podsPerReplica, type ReplicaLayout } from "../plan/replica-layout";
import type { NodePlacement, NodesRequest } from "./platform";

/** Label every cloud's controller puts on its nodes. */
export const INSTANCE_TYPE_LABEL = "node.kubernetes.io/instance-type";

/** Machines with as few accelerators as the first; the others hold the pod with accelerators to spare. */
export function fewestAccelerators(list: readonly Machine[]): Machine[] {
  return list.filter((machine) => machine.accelerators === list[0]?.accelerators);
}

/** Machines of a seller that hold one replica, or why there are none. */
export function machinesOf(
  seller: Seller,
  accelerator: Accelerator,
  layout: ReplicaLayout,
): Result<[Machine, ...Machine[]]> {
  const never = soldElsewhere(seller, accelerator) ?? notSold(seller, accelerator);
  if (never !== null) return refused(never);
  const pod = podShape(accelerator, layout.accelerators);
  const [smallest, ...others] = machinesFor(seller, accelerator, pod);
  return smallest === undefined ? refused(noMachine(seller, accelerator, pod)) : ok([smallest, ...others]);
}

/** Machines that hold so many pods of a layout. */
export function machinesForPods(pods: number, layout: ReplicaLayout, acceleratorsPerMachine: number): number {
  const podsPerMachine = Math.max(1, Math.floor(acceleratorsPerMachine / layout.accelerators));
  return Math.ceil(pods / podsPerMachine);
}

/** Machines a bundle takes to begin with, those of prefill servers among them. */
export function firstMachines({ scaling, layout, prefill }: NodesRequest, acceleratorsPerMachine: number): number {
  const pods = scaling.minimum * podsPerReplica(layout);
  const others = prefill === null ? 0 : firstMachines(prefill, acceleratorsPerMachine);
  return machinesForPods(pods, layout, acceleratorsPerMachine) + others;
}

/** What a machine that is larger than the replica means for the bill; `[]` where it is not. */
export function spareNotes(accelerator: Accelerator, layout: ReplicaLayout, machine: Machine): string[] {
  if (machine.accelerators <= layout.accelerators) return [];
  return [
    `${machine.type} has ${machine.accelerators} × ${accelerator.shortName}, this pod uses ${layout.accelerators}: other pods can share the machine, else you pay for all of it.`,
  ];
}

/** Pods go to any machine that holds a replica, by the type's label. */
export function byInstanceType(
  seller: Seller,
  accelerator: Accelerator,
  layout: ReplicaLayout,
  tolerations: V1Toleration[],
): Result<NodePlacement> {
  const machines = machinesOf(seller, accelerator, layout);
  if (!machines.ok) return machines;
  const [smallest, ...others] = machines.value;
  const notes = spareNotes(accelerator, layout, smallest);
  if (others.length === 0) {
    return ok({
      nodeSelector: { [INSTANCE_TYPE_LABEL]: smallest.type },
      tolerations,
      comment: `${smallest.accelerators} × ${accelerator.shortName}: the only machine of ${seller.name} that holds this pod`,
      notes,
    });
  }
  return ok({
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [
            {
              matchExpressions: [
                {
                  key: INSTANCE_TYPE_LABEL,
                  operator: "In",
                  values: machines.value.map((machine) => machine.type),
                },
              ],
            },
          ],
        },
      },
    },
    tolerations,
    comment: `machines of ${seller.name} with ${accelerator.shortName} that hold this pod; ${smallest.type} is the smallest`,
    notes,
  });
}
