import type { V1NodeSelectorRequirement } from "@kubernetes/client-node";
import type { Accelerator } from "../../domain";
import { isNvidia, isTpu, type Runtime, runtimeOf } from "../hosts";
import { type Outcome, ok, refused } from "../outcome";
import type { Prerequisite } from "../parts";
import { HTTP_PORT } from "../servers/vllm";
import type { NodePlacement, Platform } from "./platform";
import { deviceTolerations } from "./tolerations";

const PRODUCT_LABEL = "nvidia.com/gpu.product";
const MEMORY_LABEL = "nvidia.com/gpu.memory";
const MIB_PER_GIB = 1024;
/** Drivers report somewhat less or more than the catalogue's size. */
const MEMORY_TOLERANCE = 0.1;

/** Values of GPU feature discovery seen in official material; others circulate that no node has. */
const PRODUCTS: Record<string, string> = {
  "h100-sxm-80gb": "NVIDIA-H100-80GB-HBM3",
  "h100-nvl-94gb": "NVIDIA-H100-NVL",
  "h200-sxm-141gb": "NVIDIA-H200",
  "b200-sxm-180gb": "NVIDIA-B200",
  "gb200-nvl72": "NVIDIA-GB200",
  "gb300-nvl72": "NVIDIA-GB300",
  "a100-sxm-80gb": "NVIDIA-A100-SXM4-80GB",
  "a100-sxm-40gb": "NVIDIA-A100-SXM4-40GB",
  "l4-24gb": "NVIDIA-L4",
  "l40s-48gb": "NVIDIA-L40S",
};

/** CUDA compute capability, where the product value is not certain. */
const COMPUTE_CAPABILITY: Record<string, [major: number, minor: number]> = {
  "h100-pcie-80gb": [9, 0],
  "h200-nvl-141gb": [9, 0],
  "gh200-96gb": [9, 0],
  "b300-sxm-288gb": [10, 3],
  "a100-pcie-80gb": [8, 0],
  "a10g-24gb": [8, 6],
  "rtx-3090-24gb": [8, 6],
  "rtx-pro-6000-96gb": [12, 0],
};

function byCapabilityAndMemory(accelerator: Accelerator): V1NodeSelectorRequirement[] {
  const rules: V1NodeSelectorRequirement[] = [];
  const capability = COMPUTE_CAPABILITY[accelerator.id];
  if (capability !== undefined) {
    rules.push({ key: "nvidia.com/gpu.compute.major", operator: "In", values: [String(capability[0])] });
    rules.push({ key: "nvidia.com/gpu.compute.minor", operator: "In", values: [String(capability[1])] });
  }
  if (accelerator.memoryGib !== null) {
    const mib = accelerator.memoryGib * MIB_PER_GIB;
    rules.push({ key: MEMORY_LABEL, operator: "Gt", values: [String(Math.floor(mib * (1 - MEMORY_TOLERANCE)))] });
    rules.push({ key: MEMORY_LABEL, operator: "Lt", values: [String(Math.ceil(mib * (1 + MEMORY_TOLERANCE)))] });
  }
  return rules;
}

const AMD_DEVICE_LABEL = "amd.com/gpu.device-id";

/** PCI device ids of AMD's node labeller: the card itself and its virtual function. */
const AMD_DEVICES: Record<string, string[]> = {
  "mi300x-192gb": ["74a1", "74b5"],
  "mi325x-256gb": ["74a5", "74b9"],
  "mi350x-288gb": ["75a0", "75b0"],
  "mi355x-288gb": ["75a3", "75b3"],
};

function amdPlacement(accelerator: Accelerator): NodePlacement {
  const devices = AMD_DEVICES[accelerator.id];
  const tolerations = deviceTolerations(accelerator);
  if (devices === undefined) return unlabelled(accelerator, "kubectl get nodes -L amd.com/gpu.product-name");
  return {
    affinity: required([{ key: AMD_DEVICE_LABEL, operator: "In", values: devices }]),
    tolerations,
    comment: `label of AMD's node labeller: PCI id of ${accelerator.name} and of its virtual function (kubectl get nodes -L ${AMD_DEVICE_LABEL},amd.com/gpu.product-name)`,
    notes: [],
  };
}

function required(matchExpressions: V1NodeSelectorRequirement[]): NonNullable<NodePlacement["affinity"]> {
  return {
    nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions }] } },
  };
}

/** No node label of this accelerator is certain: its resource alone picks the node. */
function unlabelled(accelerator: Accelerator, check: string): NodePlacement {
  const comment = `no node selector: no node label of ${accelerator.name} is certain, so any node with ${accelerator.kubernetesResource} is taken. Where the cluster has several kinds, add one (${check})`;
  return { tolerations: deviceTolerations(accelerator), comment, notes: [`The manifest has ${comment}.`] };
}

const DEVICE_PREREQUISITES: Record<Exclude<Runtime, "tpu">, Prerequisite> = {
  cuda: {
    what: "Kubernetes 1.30 or later, the NVIDIA device plugin with GPU feature discovery (both in the GPU operator), a default StorageClass.",
    check: `kubectl get nodes -L ${PRODUCT_LABEL}`,
    install: [],
  },
  rocm: {
    what: "Kubernetes 1.30 or later, AMD's device plugin and node labeller (both in the AMD GPU operator), a default StorageClass.",
    check: `kubectl get nodes -L ${AMD_DEVICE_LABEL}`,
    install: [],
  },
  gaudi: {
    what: "Kubernetes 1.30 or later, Gaudi's driver of the image's version, device plugin and runtime class (in the Intel Gaudi base operator), huge pages on the nodes, a default StorageClass.",
    check: "kubectl get runtimeclass habana",
    install: [],
  },
  xpu: {
    what: "Kubernetes 1.30 or later, Intel's GPU device plugin with the xe driver, a default StorageClass.",
    check: 'kubectl get nodes -o custom-columns="NAME:.metadata.name,GPUS:.status.allocatable.gpu\\.intel\\.com/xe"',
    install: [],
  },
  neuron: {
    what: "Kubernetes 1.30 or later, the Neuron device plugin and scheduler extension, a default StorageClass.",
    check:
      'kubectl get nodes -o custom-columns="NAME:.metadata.name,DEVICES:.status.allocatable.aws\\.amazon\\.com/neuron"',
    install: [],
  },
};

/** Any conformant cluster with the vendor's device plugin and node labels, and a Prometheus. */
export const generic: Platform = {
  id: "generic",
  label: "any Kubernetes",
  placement(accelerator): Outcome<NodePlacement> {
    if (isTpu(accelerator)) {
      return refused(`${accelerator.name} exists on Google Cloud only: choose the platform gke.`);
    }
    const runtime = runtimeOf(accelerator);
    if (runtime === null) {
      return refused(`No device plugin's resource is known for ${accelerator.name}, so a pod cannot ask for it.`);
    }
    if (runtime === "rocm") return ok(amdPlacement(accelerator));
    if (!isNvidia(accelerator)) return ok(unlabelled(accelerator, "kubectl get nodes --show-labels"));
    const tolerations = deviceTolerations(accelerator);
    const product = PRODUCTS[accelerator.id];
    if (product !== undefined) {
      return ok({
        nodeSelector: { [PRODUCT_LABEL]: product },
        tolerations,
        comment: "label of NVIDIA's GPU feature discovery; nodes that share GPUs have a suffix",
        notes: [],
      });
    }
    const rules = byCapabilityAndMemory(accelerator);
    const check = `kubectl get nodes -L ${PRODUCT_LABEL}`;
    if (rules.length === 0) {
      const comment = `no node selector: neither product label nor memory of ${accelerator.name} is known. Where the cluster has several kinds of GPU, add one (${check})`;
      return ok({ tolerations, comment, notes: [`The manifest has ${comment}.`] });
    }
    const comment = `the product label of ${accelerator.name} is not certain, so GPUs are picked by compute capability and memory (MiB); other GPUs of the same class match too. Where the cluster has several, use ${PRODUCT_LABEL} (${check})`;
    return ok({
      affinity: required(rules),
      tolerations,
      comment,
      notes: [`Node selection: ${comment}.`],
    });
  },
  podAnnotations: {
    "prometheus.io/scrape": "true",
    "prometheus.io/port": String(HTTP_PORT),
    "prometheus.io/path": "/metrics",
  },
  environment: () => [],
  storageClass: () => null,
  prerequisites: (_options, accelerator) => {
    const runtime = runtimeOf(accelerator);
    return runtime === null || runtime === "tpu" ? [] : [DEVICE_PREREQUISITES[runtime]];
  },
};
