import type { V1Container } from "@kubernetes/client-node";
import { hostOf } from "../../catalogue/hosts";
import type { BundleContext } from "../plan/bundle-context";
import { type ReplicaLayout, replicaAccelerators } from "../plan/replica-layout";
import type { ServerMemory } from "../plan/server-plan";
import { commented, commentOf } from "../write/commented";

/** llm-d gives several accelerators 16 to 20 GiB, vLLM's guide 2 GiB to one: twice that for one. */
const SHARED_MEMORY_GIB = { single: 4, several: 16 };
/** A starting point: what a server takes of the machine's memory is in no report. */
const MEMORY_LIMIT_FACTOR = 1.5;

/** Size of /dev/shm. */
export function sharedMemoryGib(layout: ReplicaLayout): number {
  return replicaAccelerators(layout) === 1 ? SHARED_MEMORY_GIB.single : SHARED_MEMORY_GIB.several;
}

/** A device for direct access to other machines' memory, where the pods of a deployment work together. */
function rdma({ options, layout, role }: BundleContext): Record<string, string> {
  const together = role !== null || replicaAccelerators(layout) > layout.accelerators;
  if (options.rdmaResource === null || !together) return {};
  return commented(
    { [options.rdmaResource]: "1" },
    {
      [options.rdmaResource]:
        "one, as llm-d asks for: from a shared device plugin that is all network cards of the machine",
    },
  );
}

/** CPUs and memory of a pod's own: limits equal to requests, so that the kubelet can give it whole cores. */
function ownResources(
  { layout, storage }: BundleContext,
  memory: ServerMemory,
  cpuPerSocket: number,
): NonNullable<V1Container["resources"]> {
  const own = commented(
    {
      cpu: String(cpuPerSocket * layout.accelerators),
      memory: `${memory.gib + sharedMemoryGib(layout)}Gi`,
      ...(storage.ephemeralStorageGib === 0 ? {} : { "ephemeral-storage": `${storage.ephemeralStorageGib}Gi` }),
    },
    {
      cpu: "whole cores: the static CPU manager gives them to this pod alone, because limits equal requests",
      memory: memory.why,
    },
  );
  return { requests: own, limits: { ...own } };
}

/** Quantities with their reasons, then those that bring their own. */
function withComments(
  own: Record<string, string>,
  reasons: Record<string, string>,
  ...others: readonly Record<string, string>[]
): Record<string, string> {
  const all = Object.assign({}, own, ...others);
  const theirs = others.flatMap((other) => Object.keys(other).map((key) => [key, commentOf(other, key)] as const));
  return commented(all, { ...reasons, ...Object.fromEntries(theirs) });
}

/** What the server's container asks for: its devices, and the machine's CPUs and memory beside them. */
export function resources(context: BundleContext): NonNullable<V1Container["resources"]> {
  const { choice, layout, devices, storage, server } = context;
  const host = hostOf(choice.accelerator);
  const memoryGib = host.memoryGibPerAccelerator * layout.accelerators;
  const network = rdma(context);
  if (server.memory !== undefined) return ownResources(context, server.memory, host.cpuPerAccelerator);
  const share = `${host.cpuPerAccelerator} CPUs and ${host.memoryGibPerAccelerator} GiB for each accelerator`;
  return {
    requests: withComments(
      {
        cpu: String(host.cpuPerAccelerator * layout.accelerators),
        memory: `${memoryGib}Gi`,
        ...(storage.ephemeralStorageGib === 0 ? {} : { "ephemeral-storage": `${storage.ephemeralStorageGib}Gi` }),
      },
      {
        cpu: `${share}: below its share of usual machines with accelerators of this size, so that system pods fit beside`,
        "ephemeral-storage": "compiled programs, logs, what the image writes into itself",
      },
      devices.resources,
      network,
    ),
    limits: withComments(
      { memory: `${Math.ceil(memoryGib * MEMORY_LIMIT_FACTOR)}Gi` },
      {
        memory:
          "half as much again: /dev/shm and loading the weights count too. CPU has no limit: it would only slow the server down",
      },
      devices.resources,
      network,
    ),
    ...(devices.containerClaims.length === 0 ? {} : { claims: [...devices.containerClaims] }),
  };
}
