import type { V1DeviceConstraint } from "@kubernetes/client-node";
import type { Accelerator } from "../../catalogue/catalogue";
import { isTrainium } from "../../catalogue/hosts";
import { AMAZON, machinesWith } from "../../catalogue/machines";
import { ok, type Result, refused } from "../../result";
import type { Prerequisite } from "../plan/add-on";
import { commented } from "../write/commented";

/** Trainium's chips form a torus: scheduler extension and DRA driver alike hand out one chip or these connected groups. */
const GROUPS = [4, 8, 16];

/** Why so many chips of Trainium cannot be had connected; `null` where they can. */
export function neuronGroupProblem(accelerator: Accelerator, count: number): string | null {
  if (!isTrainium(accelerator) || count === 1 || GROUPS.includes(count)) return null;
  return `AWS connects 1, 4, 8 or 16 chips of ${accelerator.name}, and this replica takes ${count}: choose a configuration of one of these.`;
}

/** Neuron chips by the machines AWS sells them in: their driver publishes no name of the chip. */
export function neuronSelector(accelerator: Accelerator, driver: string): { expression: string; why: string } {
  const types = machinesWith(AMAZON, accelerator).map(({ type }) => `'${type}'`);
  return {
    expression: `device.attributes['${driver}'].instanceType in [${types.join(", ")}]`,
    why: `${accelerator.name}, by the machines it is sold in`,
  };
}

/** The constraint that several chips are connected, or `null` for one. @param request its name in the claim */
export function neuronConstraint(
  accelerator: Accelerator,
  count: number,
  request: string,
): Result<V1DeviceConstraint | null> {
  if (count === 1) return ok(null);
  const problem = neuronGroupProblem(accelerator, count);
  if (problem !== null) return refused(problem);
  if (!isTrainium(accelerator)) {
    return refused(
      `AWS's DRA driver is documented to connect chips of Trainium, and this replica takes ${count} × ${accelerator.shortName}: choose the device plugin (device-access plugin), whose scheduler extension connects these too.`,
    );
  }
  return ok(
    commented(
      { requests: [request], matchAttribute: `resource.aws.com/devicegroup${count}_id` },
      { matchAttribute: `${count} chips that are connected to each other: tensor parallelism goes over these links` },
    ),
  );
}

/** What a scheduler that knows the links between chips is for, as a sentence. */
export const NEURON_EXTENSION =
  "The Neuron scheduler extension, for pods with several chips of a machine: they compute together and must be connected.";

/** The scheduler that knows which chips are connected, as AWS's chart brings it. */
export const CHART_NEURON_SCHEDULER: { name: string; prerequisite: Prerequisite } = {
  name: "my-scheduler",
  prerequisite: {
    what: NEURON_EXTENSION,
    check: "kubectl -n kube-system get pods | grep -E 'my-scheduler|k8s-neuron-scheduler'",
    install: [
      'helm upgrade --install neuron-helm-chart oci://public.ecr.aws/neuron/neuron-helm-chart --set "npd.enabled=false" --set "scheduler.enabled=true"',
    ],
  },
};
