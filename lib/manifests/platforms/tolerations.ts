import type { V1Toleration } from "@kubernetes/client-node";
import type { Accelerator } from "../../catalogue/catalogue";
import { isCpu } from "../../catalogue/hosts";

/**
 * Nodes with accelerators are tainted with the name of their resource. Clusters add the toleration to pods that ask for the
 * resource, but not to pods that get devices by claims: so it is always written.
 */
export function deviceTolerations(accelerator: Accelerator): V1Toleration[] {
  const key = accelerator.kubernetesResource;
  return key === null || isCpu(accelerator) ? [] : [{ key, operator: "Exists", effect: "NoSchedule" }];
}
