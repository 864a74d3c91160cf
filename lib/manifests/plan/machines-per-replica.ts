import { hostOf, isNvlinkRack, isTpu } from "../../catalogue/hosts";
import { ok, type Result, refused } from "../../result";
import type { ModelServer } from "../servers/server";
import { tpuHosts } from "../servers/vllm-tpu";
import type { Deployable } from "./choice";
import { type ReplicaLayout, replicaAccelerators } from "./replica-layout";

/** Machines one replica was measured on; 1 where it may be one. */
function machinesOf(choice: Deployable, layout: ReplicaLayout): Result<number> {
  const { configuration, accelerator } = choice;
  const { accelerators, measuredReplicas } = layout;
  const { nodes } = configuration;
  if (isTpu(accelerator)) {
    const hosts = tpuHosts(accelerator, accelerators);
    if (!hosts.ok) return hosts;
    if (nodes !== null && measuredReplicas === 1 && nodes !== hosts.value) {
      return refused(
        `${accelerators} chips of ${accelerator.name} are a slice of ${hosts.value} hosts, and ${nodes} were measured: how the chips were spread is not clear.`,
      );
    }
    return hosts;
  }
  const largest = hostOf(accelerator).maximumAccelerators;
  if (accelerators <= largest && (measuredReplicas > 1 || (nodes ?? 1) === 1)) return ok(1);
  const what = `One replica takes ${accelerators} × ${accelerator.shortName}`;
  if (nodes === null) {
    return refused(
      `${what}, a machine has at most ${largest}, and the source does not say how many machines it spread over: record the number of nodes with the measurement.`,
    );
  }
  const machines = nodes / measuredReplicas;
  const each = accelerators / machines;
  if (!Number.isInteger(machines) || !Number.isInteger(each)) {
    return refused(
      `${configuration.acceleratorCount} × ${accelerator.shortName} on ${nodes} machines cannot be shared evenly by ${measuredReplicas === 1 ? "the machines of one replica" : `${measuredReplicas} replicas`}, so what runs on each is not known.`,
    );
  }
  return each > largest
    ? refused(`${what} on ${machines} machines, ${each} on each; a machine has at most ${largest}.`)
    : ok(machines);
}

/**
 * The layout with its machines: `accelerators` become those of one pod where a replica spans several. Refused where the
 * source does not say over how many, or the server cannot be started so.
 */
export function overMachines(choice: Deployable, server: ModelServer, layout: ReplicaLayout): Result<ReplicaLayout> {
  const machines = machinesOf(choice, layout);
  if (!machines.ok) return machines;
  if (machines.value === 1) return ok(layout);
  const { accelerator } = choice;
  // An operator's workers are joined by the resource claim of a ComputeDomain.
  if (isNvlinkRack(accelerator) && server.hasOperator !== true) {
    return refused(
      `One replica takes ${layout.accelerators} × ${accelerator.shortName} on ${machines.value} machines of a rack, which NVLink joins: pods reach each other over it through a ComputeDomain of NVIDIA's DRA driver only, which is not written. Choose a configuration of at most ${hostOf(accelerator).maximumAccelerators}, or deploy by hand.`,
    );
  }
  const spread = { ...layout, accelerators: layout.accelerators / machines.value, machines: machines.value };
  const problem = server.groupRefusal(choice, spread);
  return problem === null ? ok(spread) : refused(problem);
}

/**
 * A worker's layout over as many full machines as it takes, where an operator starts it on them: one machine where it fits one.
 */
export function overFullMachines(choice: Deployable, layout: ReplicaLayout): Result<ReplicaLayout> {
  const largest = hostOf(choice.accelerator).maximumAccelerators;
  if (layout.accelerators <= largest) return ok(layout);
  const machines = layout.accelerators / largest;
  if (!Number.isInteger(machines)) {
    return refused(
      `One worker takes ${layout.accelerators} × ${choice.accelerator.shortName}, which are no whole number of machines of ${largest}: how they were spread is not recorded.`,
    );
  }
  return ok({ ...layout, accelerators: largest, machines });
}

/** Accelerators of the whole replica as a sentence has them: `8`, or `2 machines with 8`. */
export function replicaText(layout: ReplicaLayout): string {
  const { machines = 1, accelerators } = layout;
  return machines === 1 ? String(replicaAccelerators(layout)) : `${machines} machines with ${accelerators}`;
}
