import type { V1NodeSelectorRequirement } from "@kubernetes/client-node";
import type { Accelerator } from "../../catalogue/catalogue";
import {
  ARCHITECTURE_LABEL,
  architectureOf,
  isNeuron,
  isNvidia,
  REPORTED_MEMORY_TOLERANCE,
  type Runtime,
  runtimeOf,
} from "../../catalogue/hosts";
import { AMAZON, soldElsewhere } from "../../catalogue/machines";
import { ok, type Result, refused } from "../../result";
import { MIB_PER_GIB } from "../../units";
import { claimsDevices, type ManifestOptions } from "../options/manifest-options";
import type { Prerequisite } from "../plan/add-on";
import { HTTP_PORT } from "../servers/server";
import { claimsVolume } from "../storage/cache";
import { byInstanceType } from "./instance-types";
import type { NodePlacement, Platform } from "./platform";
import { deviceTolerations } from "./tolerations";

const PRODUCT_LABEL = "nvidia.com/gpu.product";
const MEMORY_LABEL = "nvidia.com/gpu.memory";

function byCapabilityAndMemory(accelerator: Accelerator): V1NodeSelectorRequirement[] {
  // GB300 and B300, GH200 and H100 NVL are alike in both and differ in the machine around them.
  const rules: V1NodeSelectorRequirement[] = [
    { key: ARCHITECTURE_LABEL, operator: "In", values: [architectureOf(accelerator)] },
  ];
  const [major, minor] = accelerator.hardware?.computeCapability?.split(".") ?? [];
  if (major !== undefined && minor !== undefined) {
    rules.push({ key: "nvidia.com/gpu.compute.major", operator: "In", values: [major] });
    rules.push({ key: "nvidia.com/gpu.compute.minor", operator: "In", values: [minor] });
  }
  if (accelerator.memoryGib !== null) {
    const mib = accelerator.memoryGib * MIB_PER_GIB;
    rules.push({
      key: MEMORY_LABEL,
      operator: "Gt",
      values: [String(Math.floor(mib * (1 - REPORTED_MEMORY_TOLERANCE)))],
    });
    rules.push({
      key: MEMORY_LABEL,
      operator: "Lt",
      values: [String(Math.ceil(mib * (1 + REPORTED_MEMORY_TOLERANCE)))],
    });
  }
  return rules;
}

const AMD_DEVICE_LABEL = "amd.com/gpu.device-id";

function amdPlacement(accelerator: Accelerator): NodePlacement {
  const devices = accelerator.hardware?.pciDeviceIds ?? [];
  const tolerations = deviceTolerations(accelerator);
  if (devices.length === 0) return unlabelled(accelerator, "kubectl get nodes -L amd.com/gpu.product-name");
  return {
    affinity: required([{ key: AMD_DEVICE_LABEL, operator: "In", values: devices }]),
    tolerations,
    comment: `label of AMD's node labeller: PCI id of ${accelerator.name} and of its virtual function (kubectl get nodes -L ${AMD_DEVICE_LABEL},amd.com/gpu.product-name)`,
    notes: [],
  };
}

/** Vendor, family and model number: a generation, not a model. */
const CPU_MODEL_LABEL = "feature.node.kubernetes.io/cpu-model";

function processorPlacement(accelerator: Accelerator): Result<NodePlacement> {
  const processor = accelerator.hardware?.cpuModel ?? null;
  if (processor === null) {
    return refused(
      `How many cores ${accelerator.name} has, and how nodes with it are labelled, is not known: use one of the processors in the catalogue.`,
    );
  }
  const comment = `labels of Node Feature Discovery: the generation of ${accelerator.name}. Others of it have fewer or slower cores: the CPUs asked for keep most of them out`;
  return ok({
    nodeSelector: {
      [`${CPU_MODEL_LABEL}.vendor_id`]: processor.vendor,
      [`${CPU_MODEL_LABEL}.family`]: processor.family,
      [`${CPU_MODEL_LABEL}.id`]: processor.model,
    },
    tolerations: [],
    comment,
    notes: [`Node selection: ${comment}.`],
  });
}

function required(matchExpressions: V1NodeSelectorRequirement[]): NonNullable<NodePlacement["affinity"]> {
  return {
    nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions }] } },
  };
}

/** No node label of this accelerator is certain: only its resource picks the node. */
function unlabelled(accelerator: Accelerator, check: string): NodePlacement {
  const comment = `no node selector: no node label of ${accelerator.name} is certain, so any node with ${accelerator.kubernetesResource} is taken. Where the cluster has several kinds, add one (${check})`;
  return { tolerations: deviceTolerations(accelerator), comment, notes: [`The manifest has ${comment}.`] };
}

/** Lists nodes with their Neuron chips. */
export const NEURON_DEVICES_CHECK =
  "kubectl get nodes -o custom-columns='NAME:.metadata.name,CHIPS:.status.allocatable.aws\\.amazon\\.com/neuron'";

/** A prerequisite with room for what the storage asks of the cluster. */
type DevicePrerequisite = Omit<Prerequisite, "what"> & { what: (volume: string) => string };

const DEVICE_PREREQUISITES: Record<Exclude<Runtime, "tpu">, DevicePrerequisite> = {
  cuda: {
    what: (volume) =>
      `Kubernetes 1.30 or later, the NVIDIA device plugin with GPU feature discovery (both in the GPU operator)${volume}.`,
    check: `kubectl get nodes -L ${PRODUCT_LABEL}`,
    install: [],
  },
  rocm: {
    what: (volume) =>
      `Kubernetes 1.30 or later, AMD's device plugin and node labeller (both in the AMD GPU operator)${volume}.`,
    check: `kubectl get nodes -L ${AMD_DEVICE_LABEL}`,
    install: [],
  },
  gaudi: {
    what: (volume) =>
      `Kubernetes 1.30 or later, Gaudi's driver of the image's version, device plugin and runtime class (in the Intel Gaudi base operator), huge pages on the nodes${volume}.`,
    check: "kubectl get runtimeclass habana",
    install: [],
  },
  xpu: {
    what: (volume) => `Kubernetes 1.30 or later, Intel's GPU device plugin with the xe driver${volume}.`,
    check: 'kubectl get nodes -o custom-columns="NAME:.metadata.name,GPUS:.status.allocatable.gpu\\.intel\\.com/xe"',
    install: [],
  },
  cpu: {
    what: (volume) =>
      `Kubernetes 1.30 or later, Node Feature Discovery${volume}, and nodes whose kubelet gives whole cores of one socket to a pod: CPU manager policy static with full-pcpus-only, topology manager policy single-numa-node (for a replica over two sockets: best-effort), one core of each socket reserved for the system.`,
    check: `kubectl get nodes -L ${CPU_MODEL_LABEL}.vendor_id,${CPU_MODEL_LABEL}.family,${CPU_MODEL_LABEL}.id`,
    install: [],
  },
  neuron: {
    what: (volume) =>
      `Kubernetes 1.30 or later on AWS, nodes with the Neuron driver, the Neuron device plugin${volume}.`,
    check: NEURON_DEVICES_CHECK,
    install: [],
  },
};

/** What devices by claims need beside their driver, which the claims themselves ask for. */
function claimPrerequisite({ vendor }: Accelerator): DevicePrerequisite {
  return {
    what: (volume) =>
      `Kubernetes 1.34 or later with ${vendor}'s kernel driver and container toolkit on the nodes${volume}.`,
    check: "kubectl get resourceslices",
    install: [],
  };
}

/** What shows the accelerators to Kubernetes. @param asksForClass whether cache volumes are of the cluster's default class */
export function devicePrerequisites(
  options: ManifestOptions,
  accelerator: Accelerator,
  asksForClass: boolean,
): Prerequisite[] {
  const runtime = runtimeOf(accelerator);
  if (runtime === null || runtime === "tpu") return [];
  const devices = claimsDevices(options) ? claimPrerequisite(accelerator) : DEVICE_PREREQUISITES[runtime];
  // Only what is downloaded needs a volume of its own.
  const volume = asksForClass && claimsVolume(options) ? ", a default StorageClass" : "";
  return [{ ...devices, what: devices.what(volume) }];
}

/** Any conformant cluster with the vendor's device plugin and node labels, and a Prometheus. */
export const generic: Platform<"generic"> = {
  id: "generic",
  label: "any Kubernetes",
  help: "Nodes by the labels of the vendor's operator, the default storage class",
  seller: null,
  isDefault: { for: () => true, words: "" },
  lacks: (accelerator) => soldElsewhere(null, accelerator),
  placement(accelerator, layout): Result<NodePlacement> {
    const elsewhere = soldElsewhere(null, accelerator);
    if (elsewhere !== null) return refused(elsewhere);
    const runtime = runtimeOf(accelerator);
    if (runtime === null) {
      return refused(`No device plugin's resource is known for ${accelerator.name}, so a pod cannot ask for it.`);
    }
    if (runtime === "cpu") return processorPlacement(accelerator);
    if (runtime === "rocm") return ok(amdPlacement(accelerator));
    // Sold by AWS alone, whose nodes are labelled with their type whatever runs Kubernetes on them.
    if (isNeuron(accelerator)) {
      return byInstanceType(AMAZON, accelerator, layout, deviceTolerations(accelerator));
    }
    if (!isNvidia(accelerator)) return ok(unlabelled(accelerator, "kubectl get nodes --show-labels"));
    const tolerations = deviceTolerations(accelerator);
    const product = accelerator.hardware?.productName ?? undefined;
    if (product !== undefined) {
      return ok({
        nodeSelector: { [PRODUCT_LABEL]: product.replaceAll(" ", "-") },
        tolerations,
        comment: "label of NVIDIA's GPU feature discovery; nodes that share GPUs have a suffix",
        notes: [],
      });
    }
    const rules = byCapabilityAndMemory(accelerator);
    const check = `kubectl get nodes -L ${PRODUCT_LABEL}`;
    if (rules.length === 1) {
      const comment = `no node selector: neither product label nor memory of ${accelerator.name} is known. Where the cluster has several kinds of GPU, add one (${check})`;
      return ok({ tolerations, comment, notes: [`The manifest has ${comment}.`] });
    }
    const comment = `the product label of ${accelerator.name} is not certain, so GPUs are picked by the machine's architecture, compute capability and memory (MiB); other GPUs of the same class match too. Where the cluster has several, use ${PRODUCT_LABEL} (${check})`;
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
  prerequisites: (options, accelerator) => devicePrerequisites(options, accelerator, true),
  defaults: { metrics: "prometheus-adapter", monitoring: "none" },
  networkPolicyCheck: () => ({
    what: "A cluster whose network plugin enforces NetworkPolicy (Calico, Cilium or Antrea among its DaemonSets, say; Flannel alone does not); others ignore it:",
    check: "kubectl get daemonsets -A",
  }),
};
