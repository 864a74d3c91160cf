import type { V1NetworkPolicyPeer, V1NetworkPolicyPort, V1ObjectMeta } from "@kubernetes/client-node";

/** The client library calls the field `_from`, the cluster `from`. */
export interface IngressRule {
  from: V1NetworkPolicyPeer[];
  /** Left out = all. */
  ports?: V1NetworkPolicyPort[];
}

/** networking.k8s.io/v1, as the cluster has it. */
export interface NetworkPolicy {
  apiVersion: "networking.k8s.io/v1";
  kind: "NetworkPolicy";
  metadata: V1ObjectMeta;
  spec: {
    podSelector: { matchLabels: Record<string, string> };
    policyTypes: "Ingress"[];
    ingress: IngressRule[];
  };
}

const NAMESPACE_NAME = "kubernetes.io/metadata.name";
/** Namespaces by name. */
export function namespaces(...names: string[]): V1NetworkPolicyPeer {
  return { namespaceSelector: { matchExpressions: [{ key: NAMESPACE_NAME, operator: "In", values: names }] } };
}
