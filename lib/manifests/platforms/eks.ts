import type { V1StorageClass } from "@kubernetes/client-node";
import type { Accelerator } from "../../catalogue/catalogue";
import { isNeuron } from "../../catalogue/hosts";
import { AMAZON, notSold, soldElsewhere } from "../../catalogue/machines";
import { claimsDevices, type ManifestOptions } from "../options/manifest-options";
import { type AddOn, NOTHING, type Prerequisite } from "../plan/add-on";
import { claimsVolume } from "../storage/cache";
import { clusterWord } from "../write/shell-commands";
import { AMAZON_RDMA, amazonNetworkPolicyCheck, FSX_LUSTRE, mountpointForS3 } from "./amazon";
import { generic, NEURON_DEVICES_CHECK } from "./generic";
import { byInstanceType, firstMachines, INSTANCE_TYPE_LABEL, machinesOf } from "./instance-types";
import type { NamedStorageClass, NodesRequest, Platform } from "./platform";
import { deviceTolerations } from "./tolerations";

const GP3_CLASS = "inference-quickstart-gp3";

const GP3: V1StorageClass = {
  apiVersion: "storage.k8s.io/v1",
  kind: "StorageClass",
  metadata: { name: GP3_CLASS, labels: { "app.kubernetes.io/managed-by": "inference-quickstart" } },
  provisioner: "ebs.csi.aws.com",
  // 3,000 IOPS, which every gp3 volume has, carry up to 750 MiB/s
  parameters: { type: "gp3", throughput: "500" },
  reclaimPolicy: "Delete",
  volumeBindingMode: "WaitForFirstConsumer",
  allowVolumeExpansion: true,
};

/** EBS volumes for caches: EKS has no default class any more, and its old one is gp2. */
export const EKS_STORAGE_CLASS: NamedStorageClass = {
  name: GP3_CLASS,
  object: GP3,
  comment:
    "gp3 at 500 MiB/s instead of 125: weights are read back from it; clusters made since 1.30 have no default class",
};

function ebsDriver(cluster: string): Prerequisite {
  return {
    what: "The EBS CSI driver with a role of its own (Pod Identity), for the cache volumes:",
    check: "kubectl get csidriver ebs.csi.aws.com",
    install: [
      `aws eks create-addon --cluster-name ${cluster} --addon-name eks-pod-identity-agent`,
      `eksctl create addon --cluster ${cluster} --name aws-ebs-csi-driver --auto-apply-pod-identity-associations`,
    ],
  };
}

/** What shows the node's accelerators to Kubernetes; `[]` where devices come by claims, whose driver is listed elsewhere. */
function devicePlugin(options: ManifestOptions, accelerator: Accelerator): Prerequisite[] {
  if (claimsDevices(options)) return [];
  return [isNeuron(accelerator) ? NEURON_PLUGIN : NVIDIA_PLUGIN];
}

const NEURON_PLUGIN: Prerequisite = {
  what: "The Neuron device plugin (AL2023 accelerated and Bottlerocket images have the driver):",
  check: NEURON_DEVICES_CHECK,
  install: [
    'helm upgrade --install neuron-helm-chart oci://public.ecr.aws/neuron/neuron-helm-chart --set "npd.enabled=false"',
  ],
};

const NVIDIA_PLUGIN: Prerequisite = {
  what: "The NVIDIA device plugin (the AL2023 NVIDIA image has the driver, Bottlerocket's NVIDIA image has both):",
  check: "kubectl get nodes -o custom-columns='NAME:.metadata.name,GPUS:.status.allocatable.nvidia\\.com/gpu'",
  install: [
    "helm repo add nvdp https://nvidia.github.io/k8s-device-plugin",
    // Its DaemonSet goes to nodes that feature discovery has labelled, which comes with gfd.
    "helm upgrade --install nvidia-device-plugin nvdp/nvidia-device-plugin -n kube-system --set gfd.enabled=true",
  ],
};

/** What both kinds of EKS cluster need. */
export function eksPrerequisites(options: ManifestOptions, accelerator: Accelerator): Prerequisite[] {
  return [...devicePlugin(options, accelerator), ...(claimsVolume(options) ? [ebsDriver(clusterWord(options))] : [])];
}

/** Root disk of a node: system, the server's image twice (compressed and unpacked), logs, and what the storage keeps there. */
export const NODE_DISK_GIB = 100;

/** Node group of the smallest machine that holds a pod, with as many as there are pods for to begin with. */
function nodeGroup(context: NodesRequest): Prerequisite[] {
  const { choice, layout, options, storage, identity } = context;
  const machines = machinesOf(AMAZON, choice.accelerator, layout);
  if (!machines.ok) return [];
  const [smallest] = machines.value;
  return [
    {
      what: `A managed node group of ${smallest.type} or another machine ${claimsDevices(options) ? "with an accelerator the claim names" : "the pod names"}, with a disk of at least ${NODE_DISK_GIB + storage.nodeDiskGib} GiB (20 GiB, EKS's default, does not hold the image):`,
      check: `kubectl get nodes -l ${INSTANCE_TYPE_LABEL}=${smallest.type}`,
      install: [
        `eksctl create nodegroup --cluster ${clusterWord(options)} --name ${identity.name} --node-type ${smallest.type} --nodes ${firstMachines(context, smallest.accelerators)} --node-volume-size ${NODE_DISK_GIB + storage.nodeDiskGib}`,
      ],
    },
  ];
}

/** Why no EKS cluster can have this accelerator; `null` where it can. */
export function eksLacks(accelerator: Accelerator): string | null {
  return soldElsewhere(AMAZON, accelerator) ?? notSold(AMAZON, accelerator);
}

/** Amazon EKS with managed node groups. */
export const eks: Platform<"eks"> = {
  id: "eks",
  label: "Amazon EKS",
  help: "Managed node groups; nodes by instance type, caches on gp3 (EBS CSI driver)",
  service: "EKS",
  seller: AMAZON,
  isDefault: { for: isNeuron, words: "for AWS chips" },
  lacks: eksLacks,
  placement: (accelerator, layout) => byInstanceType(AMAZON, accelerator, layout, deviceTolerations(accelerator)),
  podAnnotations: generic.podAnnotations,
  environment: () => [],
  storageClass: () => EKS_STORAGE_CLASS,
  prerequisites: eksPrerequisites,
  addOn: (request): AddOn => ({ ...NOTHING, prerequisites: nodeGroup(request) }),
  defaults: { metrics: "prometheus-adapter", monitoring: "none" },
  unwrittenRdma: AMAZON_RDMA,
  networkPolicyCheck: amazonNetworkPolicyCheck,
  lustre: FSX_LUSTRE,
  s3Driver: mountpointForS3,
};
