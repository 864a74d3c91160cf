import type { V1NodeSelectorRequirement } from "@kubernetes/client-node";
import type { Accelerator } from "../../domain";
import { isTpu } from "../hosts";
import { type Outcome, ok, refused } from "../outcome";
import { HTTP_PORT } from "../servers/vllm";
import type { NodePlacement, Platform } from "./platform";

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

const TOLERATIONS = [{ key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" }];

/** Any conformant cluster with the NVIDIA device plugin, GPU feature discovery and a Prometheus. */
export const generic = {
  id: "generic",
  label: "any Kubernetes",
  placement(accelerator): Outcome<NodePlacement> {
    if (isTpu(accelerator)) {
      return refused(`${accelerator.name} exists on Google Cloud only: choose the platform gke.`);
    }
    const product = PRODUCTS[accelerator.id];
    if (product !== undefined) {
      return ok({
        nodeSelector: { [PRODUCT_LABEL]: product },
        tolerations: TOLERATIONS,
        comment: "label of NVIDIA's GPU feature discovery; nodes that share GPUs have a suffix",
        notes: [],
      });
    }
    const rules = byCapabilityAndMemory(accelerator);
    const check = `kubectl get nodes -L ${PRODUCT_LABEL}`;
    if (rules.length === 0) {
      const comment = `no node selector: neither product label nor memory of ${accelerator.name} is known. Where the cluster has several kinds of GPU, add one (${check})`;
      return ok({ tolerations: TOLERATIONS, comment, notes: [`The manifest has ${comment}.`] });
    }
    const comment = `the product label of ${accelerator.name} is not certain, so GPUs are picked by compute capability and memory (MiB); other GPUs of the same class match too. Where the cluster has several, use ${PRODUCT_LABEL} (${check})`;
    return ok({
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: rules }] },
        },
      },
      tolerations: TOLERATIONS,
      comment,
      notes: [`Node selection: ${comment}.`],
    });
  },
  // The custom metrics API allows no colon; the adapter rule in the header renames.
  podsMetricName: (prometheusName) => prometheusName.replace(":", "_"),
  podAnnotations: {
    "prometheus.io/scrape": "true",
    "prometheus.io/port": String(HTTP_PORT),
    "prometheus.io/path": "/metrics",
  },
  environment: () => [],
  storageClass: () => null,
  podMonitoring: () => null,
  prerequisites: (metric) => [
    "Kubernetes 1.30 or later, the NVIDIA device plugin with GPU feature discovery (both in the GPU operator), a default StorageClass.",
    "A Prometheus that scrapes the pods (they carry prometheus.io/* annotations; with the Prometheus operator make a PodMonitor for the port http), and prometheus-adapter with this rule for the autoscaler:",
    "  rules:",
    "    custom:",
    `      - seriesQuery: '${metric}{namespace!="",pod!=""}'`,
    "        resources: {overrides: {namespace: {resource: namespace}, pod: {resource: pod}}}",
    `        name: {matches: "", as: "${metric.replace(":", "_")}"}`,
    "        metricsQuery: 'sum(<<.Series>>{<<.LabelMatchers>>}) by (<<.GroupBy>>)'",
  ],
} as const satisfies Platform;
