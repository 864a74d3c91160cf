/** What kubectl prints of a cluster, in the parts these tests need. */
export interface NodeText {
  name: string;
  labels?: Record<string, string>;
  taints?: { key: string; value?: string; effect: string }[];
  allocatable?: Record<string, string>;
  unschedulable?: boolean;
  ready?: boolean;
  version?: string;
}

/** A node as the API server has it. */
export function nodeText({
  name,
  labels = {},
  taints,
  allocatable = {},
  unschedulable,
  ready = true,
  version,
}: NodeText) {
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, labels: { "kubernetes.io/hostname": name, "kubernetes.io/arch": "amd64", ...labels } },
    spec: { ...(taints === undefined ? {} : { taints }), ...(unschedulable === true ? { unschedulable } : {}) },
    status: {
      allocatable: { cpu: "8", memory: "32Gi", pods: "110", "ephemeral-storage": "95Gi", ...allocatable },
      conditions: [{ type: "Ready", status: ready ? "True" : "False" }],
      nodeInfo: { kubeletVersion: version ?? "v1.34.1" },
    },
  };
}

/** A node with eight H100, as GKE has them. */
export function h100Node(name: string, more: Partial<NodeText> = {}) {
  return nodeText({
    name,
    labels: {
      "cloud.google.com/gke-nodepool": "a3",
      "cloud.google.com/gke-accelerator": "nvidia-h100-80gb",
      "node.kubernetes.io/instance-type": "a3-highgpu-8g",
      ...more.labels,
    },
    taints: [{ key: "nvidia.com/gpu", value: "present", effect: "NoSchedule" }],
    allocatable: {
      cpu: "205",
      memory: "1850Gi",
      "ephemeral-storage": "1500Gi",
      "nvidia.com/gpu": "8",
      ...more.allocatable,
    },
    ...(more.unschedulable === undefined ? {} : { unschedulable: more.unschedulable }),
    ...(more.ready === undefined ? {} : { ready: more.ready }),
  });
}

/** A definition of a custom resource. */
export function definitionText(group: string, kind: string, ...versions: string[]) {
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${kind.toLowerCase()}s.${group}` },
    spec: { group, names: { kind }, versions: versions.map((name) => ({ name, served: true })) },
  };
}

/** A pod that runs on a node. */
export function podText(name: string, nodeName: string, requests: Record<string, string>, phase = "Running") {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "default" },
    spec: { nodeName, containers: [{ name: "main", resources: { requests } }] },
    status: { phase },
  };
}

/** Objects as `kubectl get … -o json` prints them. */
export function listText(...items: object[]): string {
  return JSON.stringify({ apiVersion: "v1", kind: "List", items }, null, 4);
}
