import type { V1StorageClass, V1Toleration } from "@kubernetes/client-node";
import type { Accelerator } from "../../domain";
import { hostOf, isTpu } from "../hosts";
import type { ReplicaLayout } from "../layout";
import { podMonitoring } from "../objects/pod-monitoring";
import { type Outcome, ok, refused } from "../outcome";
import { tpuTopology } from "../servers/vllm-tpu";
import type { NodePlacement, Platform } from "./platform";

const GPU_LABEL = "cloud.google.com/gke-accelerator";
const TPU_LABEL = "cloud.google.com/gke-tpu-accelerator";
const TPU_TOPOLOGY_LABEL = "cloud.google.com/gke-tpu-topology";

/** Machines that attach Hyperdisk only: A3 Ultra, A4, A4X, G4, TPU v6e and TPU7x. GKE's default class is Persistent Disk. */
const HYPERDISK_ONLY = new Set([
  "nvidia-h200-141gb",
  "nvidia-b200",
  "nvidia-gb200",
  "nvidia-gb300",
  "nvidia-rtx-pro-6000",
  "tpu-v6e-slice",
  "tpu7x",
]);
const HYPERDISK_CLASS = "inference-quickstart-hyperdisk-balanced";

/** Sold in machines of this many accelerators only; a smaller pod leaves the rest to others. */
const WHOLE_MACHINES: Record<string, string> = {
  "nvidia-h200-141gb": "a3-ultragpu-8g (8 GPUs)",
  "nvidia-b200": "a4-highgpu-8g (8 GPUs)",
  "nvidia-gb200": "a4x-highgpu-4g (4 GPUs)",
};

function tolerations(accelerator: Accelerator): V1Toleration[] {
  const list: V1Toleration[] = [
    { key: isTpu(accelerator) ? "google.com/tpu" : "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" },
  ];
  if (hostOf(accelerator).arm) {
    list.push({ key: "kubernetes.io/arch", operator: "Equal", value: "arm64", effect: "NoSchedule" });
  }
  return list;
}

function gpuPlacement(accelerator: Accelerator, label: string, accelerators: number): NodePlacement {
  const notes: string[] = [];
  const machine = WHOLE_MACHINES[label];
  if (machine !== undefined && accelerators < hostOf(accelerator).maximumAccelerators) {
    notes.push(
      `GKE sells ${accelerator.shortName} as ${machine}; this pod uses ${accelerators}. Other pods can share the machine in Standard clusters, else you pay for all of it.`,
    );
  }
  const mega = label === "nvidia-h100-80gb";
  if (mega) notes.push("On A3 Mega machines the label value is nvidia-h100-mega-80gb instead of nvidia-h100-80gb.");
  return {
    nodeSelector: { [GPU_LABEL]: label },
    tolerations: tolerations(accelerator),
    comment: mega ? "A3 High machines; on A3 Mega the value is nvidia-h100-mega-80gb" : "GKE's own label",
    notes,
  };
}

/** Google Kubernetes Engine: its node labels, Google Managed Prometheus, the custom metrics adapter for Cloud Monitoring. */
export const gke = {
  id: "gke",
  label: "Google Kubernetes Engine",
  placement(accelerator: Accelerator, layout: ReplicaLayout): Outcome<NodePlacement> {
    const label = accelerator.gkeAcceleratorLabel;
    if (label === null) {
      return refused(`No GKE node label is known for ${accelerator.name}: choose the platform generic.`);
    }
    if (!isTpu(accelerator)) return ok(gpuPlacement(accelerator, label, layout.accelerators));
    const topology = tpuTopology(accelerator, layout.accelerators);
    if (topology.kind === "refused") return topology;
    return ok({
      nodeSelector: { [TPU_LABEL]: label, [TPU_TOPOLOGY_LABEL]: topology.value },
      tolerations: tolerations(accelerator),
      comment: "one host with all its chips",
      notes: [],
    });
  },
  podsMetricName: (prometheusName) => `prometheus.googleapis.com|${prometheusName}|gauge`,
  podAnnotations: {},
  environment(accelerator, layout) {
    if (isTpu(accelerator) || layout.accelerators === 1) return [];
    return [
      { name: "NCCL_TUNER_PLUGIN", value: "none" },
      { name: "NCCL_NET_PLUGIN", value: "" },
    ];
  },
  storageClass(accelerator) {
    if (!HYPERDISK_ONLY.has(accelerator.gkeAcceleratorLabel ?? "")) return null;
    const object: V1StorageClass = {
      apiVersion: "storage.k8s.io/v1",
      kind: "StorageClass",
      metadata: { name: HYPERDISK_CLASS, labels: { "app.kubernetes.io/managed-by": "inference-quickstart" } },
      provisioner: "pd.csi.storage.gke.io",
      parameters: { type: "hyperdisk-balanced" },
      reclaimPolicy: "Delete",
      volumeBindingMode: "WaitForFirstConsumer",
      allowVolumeExpansion: true,
    };
    return { object, comment: "these machines attach Hyperdisk only, GKE's default class is Persistent Disk" };
  },
  podMonitoring,
  prerequisites: () => [
    "GKE 1.30 or later with a node pool of that accelerator (or node auto-provisioning), and managed collection of Google Managed Prometheus (on by default).",
    "The custom metrics adapter, once a cluster, for the autoscaler; its service account needs roles/monitoring.viewer:",
    "  kubectl apply -f https://raw.githubusercontent.com/GoogleCloudPlatform/k8s-stackdriver/master/custom-metrics-stackdriver-adapter/deploy/production/adapter_new_resource_model.yaml",
  ],
} as const satisfies Platform;
