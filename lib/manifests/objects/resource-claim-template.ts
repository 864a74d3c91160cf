import type { V1DeviceConstraint, V1DeviceRequest, V1ResourceClaimTemplate } from "@kubernetes/client-node";
import type { Identity } from "../plan/identity";

/**
 * The template a pod's claim is made from: each pod gets devices of its own.
 * @param constraints what the devices must have in common
 */
export function resourceClaimTemplate(
  identity: Identity,
  name: string,
  request: V1DeviceRequest,
  constraints: V1DeviceConstraint[],
): V1ResourceClaimTemplate {
  const together = constraints.length === 0 ? {} : { constraints };
  return {
    apiVersion: "resource.k8s.io/v1",
    kind: "ResourceClaimTemplate",
    metadata: { name, labels: identity.labels },
    spec: { spec: { devices: { requests: [request], ...together } } },
  };
}
