import type { V1StorageClass, V1Toleration } from "@kubernetes/client-node";
import type { Accelerator } from "../../catalogue/catalogue";
import { hostOf, isTpu, runtimeOf } from "../../catalogue/hosts";
import { machinesWith, soldElsewhere } from "../../catalogue/machines";
import { ok, type Result, refused } from "../../result";
import { claimsDevices } from "../options/manifest-options";
import type { Prerequisite } from "../plan/add-on";
import { podsPerReplica, type ReplicaLayout, replicaAccelerators } from "../plan/replica-layout";
import { tpuTopology } from "../servers/vllm-tpu";
import { GOOGLE_CLOUD, GOOGLE_GATEWAYS, GOOGLE_RDMA, googleNetworkPolicyCheck, MANAGED_LUSTRE } from "./google-cloud";
import type { NodePlacement, Platform } from "./platform";
import { deviceTolerations } from "./tolerations";

const GPU_LABEL = "cloud.google.com/gke-accelerator";
const TPU_LABEL = "cloud.google.com/gke-tpu-accelerator";
const TPU_TOPOLOGY_LABEL = "cloud.google.com/gke-tpu-topology";

/**
 * Accelerators whose machines attach Persistent Disk, GKE's default class: N1, A2, A3 High, G2 and TPU v5e. All later families
 * (A3 Ultra, A4, A4X, G4, TPU v6e, TPU7x) attach Hyperdisk only, so an accelerator that is not here is taken to be of those.
 */
const ON_PERSISTENT_DISK = new Set([
  "nvidia-tesla-p4",
  "nvidia-tesla-p100",
  "nvidia-tesla-v100",
  "nvidia-tesla-t4",
  "nvidia-tesla-a100",
  "nvidia-a100-80gb",
  "nvidia-h100-80gb",
  "nvidia-l4",
  "tpu-v5-lite-podslice",
]);
const HYPERDISK_CLASS = "inference-quickstart-hyperdisk-balanced";

/** The smallest machine of an accelerator that is sold several together only; a smaller pod leaves the rest to others. */
function wholeMachine(accelerator: Accelerator): string | undefined {
  const [smallest] = machinesWith(GOOGLE_CLOUD, accelerator);
  if (smallest === undefined || smallest.accelerators === 1) return undefined;
  return `${smallest.type} (${smallest.accelerators} GPUs)`;
}

function tolerations(accelerator: Accelerator): V1Toleration[] {
  const list = deviceTolerations(accelerator);
  if (hostOf(accelerator).arm) {
    list.push({ key: "kubernetes.io/arch", operator: "Equal", value: "arm64", effect: "NoSchedule" });
  }
  return list;
}

function gpuPlacement(accelerator: Accelerator, label: string, accelerators: number): NodePlacement {
  const notes: string[] = [];
  const machine = wholeMachine(accelerator);
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

/** Why GKE has no nodes with this accelerator, or none that can be named; `null` where it has. */
export function gkeLacks(accelerator: Accelerator): string | null {
  const elsewhere = soldElsewhere(GOOGLE_CLOUD, accelerator);
  if (elsewhere !== null) return elsewhere;
  const runtime = runtimeOf(accelerator);
  if (runtime !== "cuda" && runtime !== "tpu") {
    return `Google Cloud sells no machines with ${accelerator.name}: choose the platform your cluster with them is (generic for one of your own).`;
  }
  return accelerator.gkeAcceleratorLabel === null
    ? `No GKE node label is known for ${accelerator.name}: choose the platform generic.`
    : null;
}

/** GKE's managed driver brings its own device plugin, which hands out what claims would. */
const CLAIM_NODES: Prerequisite = {
  what: "GKE 1.34 or later with a node pool of that accelerator made with gpu-driver-version=disabled and the node label gke-no-default-nvidia-gpu-device-plugin=true, and NVIDIA's driver installed on it by yourself; on Container-Optimized OS the DRA driver below also needs --set nvidiaDriverRoot=/home/kubernetes/bin/nvidia.",
  check: "kubectl get nodes -l gke-no-default-nvidia-gpu-device-plugin=true",
  install: [],
};

/** Google Kubernetes Engine: its node labels, Google Managed Prometheus, the custom metrics adapter for Cloud Monitoring. */
export const gke: Platform<"gke"> = {
  id: "gke",
  label: "Google Kubernetes Engine",
  help: "Standard cluster with node pools you keep; nodes by GKE's accelerator label",
  service: "GKE",
  seller: GOOGLE_CLOUD,
  isDefault: {
    for: (accelerator) => accelerator.gkeAcceleratorLabel !== null,
    words: "where the accelerator has a GKE node label",
  },
  lacks: gkeLacks,
  placement(accelerator: Accelerator, layout: ReplicaLayout): Result<NodePlacement> {
    const lacks = gkeLacks(accelerator);
    if (lacks !== null) return refused(lacks);
    const label = accelerator.gkeAcceleratorLabel ?? "";
    if (!isTpu(accelerator)) return ok(gpuPlacement(accelerator, label, layout.accelerators));
    const topology = tpuTopology(accelerator, replicaAccelerators(layout));
    if (!topology.ok) return topology;
    return ok({
      nodeSelector: { [TPU_LABEL]: label, [TPU_TOPOLOGY_LABEL]: topology.value },
      tolerations: tolerations(accelerator),
      comment:
        podsPerReplica(layout) === 1
          ? "one host with all its chips"
          : `a slice of ${podsPerReplica(layout)} hosts; each pod takes all chips of its host`,
      notes: [],
    });
  },
  podAnnotations: {},
  groupTopology: {
    label: "cloud.google.com/gke-nodepool",
    comment: "a node pool for each replica: its machines are placed together (a TPU slice is a node pool)",
    prerequisite: (machines, replicas, autoscales) =>
      `A node pool of ${machines} machines for each replica, ${replicas} in all${autoscales ? " and one more for each the autoscaler adds" : ""}; for GPUs with compact placement:`,
  },
  environment(accelerator, layout) {
    if (isTpu(accelerator) || replicaAccelerators(layout) === 1) return [];
    return [
      { name: "NCCL_TUNER_PLUGIN", value: "none" },
      { name: "NCCL_NET_PLUGIN", value: "" },
    ];
  },
  storageClass(accelerator) {
    const label = accelerator.gkeAcceleratorLabel;
    if (label === null || ON_PERSISTENT_DISK.has(label)) return null;
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
    return {
      name: HYPERDISK_CLASS,
      object,
      comment: "these machines attach Hyperdisk only, GKE's default class is Persistent Disk",
    };
  },
  prerequisites: (options, accelerator) => [
    claimsDevices(options)
      ? CLAIM_NODES
      : {
          what: "GKE 1.30 or later with a node pool of that accelerator (or node auto-provisioning) and, for GPUs, GKE's managed driver.",
          check: `kubectl get nodes -L ${isTpu(accelerator) ? `${TPU_LABEL},${TPU_TOPOLOGY_LABEL}` : GPU_LABEL}`,
          install: [],
        },
  ],
  defaults: { metrics: "gmp", monitoring: "gmp" },
  unwrittenRdma: GOOGLE_RDMA,
  gateways: GOOGLE_GATEWAYS,
  hasManagedPrometheus: true,
  networkPolicyCheck: googleNetworkPolicyCheck,
  cloudStorageFuse: {
    driver: (clusterName) => ({
      what: "The Cloud Storage FUSE driver and Workload Identity Federation on cluster and node pool:",
      install: [
        `gcloud container clusters update ${clusterName} --location LOCATION --update-addons=GcsFuseCsiDriver=ENABLED`,
      ],
    }),
    sidecarLimits: () => ({
      "gke-gcsfuse/cpu-limit": "0",
      "gke-gcsfuse/memory-limit": "0",
      "gke-gcsfuse/ephemeral-storage-limit": "0",
    }),
  },
  lustre: MANAGED_LUSTRE,
};
