import { notSold, type Seller, soldElsewhere } from "../../catalogue/machines";
import { claimsDevices } from "../options/manifest-options";
import { type AddOn, NOTHING, type Prerequisite } from "../plan/add-on";
import { claimsVolume } from "../storage/cache";
import { clusterWord } from "../write/shell-commands";
import { devicePrerequisites, generic } from "./generic";
import { byInstanceType, firstMachines, INSTANCE_TYPE_LABEL, machinesOf } from "./instance-types";
import type { NodesRequest, Platform } from "./platform";
import { deviceTolerations } from "./tolerations";

const AZURE: Seller = { id: "azure", name: "Azure" };
/** The taint Azure's own guides put on GPU node pools. */
const SKU_TAINT = "sku=gpu:NoSchedule";
/** Node pool names have at most twelve letters and digits. */
const NODE_POOL_NAME = "gpu";
/** Azure's default of 128 GiB holds system and image; what the storage keeps on the node comes on top. */
const NODE_DISK_GIB = 128;

function nodePool(context: NodesRequest): Prerequisite[] {
  const { choice, layout, options, storage } = context;
  const machines = machinesOf(AZURE, choice.accelerator, layout);
  if (!machines.ok) return [];
  const { type, accelerators } = machines.value[0];
  const daemons = claimsDevices(options) ? "DRA driver's" : "device plugin's";
  return [
    {
      what: `A node pool of ${type} (quota for the size is asked for per region), tainted ${SKU_TAINT}, which the ${daemons} or operator's DaemonSets must tolerate:`,
      check: `kubectl get nodes -l ${INSTANCE_TYPE_LABEL}=${type}`,
      install: [
        `az aks nodepool add --resource-group GROUP --cluster-name ${clusterWord(options)} --name ${NODE_POOL_NAME} --node-count ${firstMachines(context, accelerators)} --node-vm-size ${type} --node-osdisk-size ${NODE_DISK_GIB + storage.nodeDiskGib} --node-taints ${SKU_TAINT}`,
      ],
    },
  ];
}

/** Azure Kubernetes Service. */
export const aks: Platform<"aks"> = {
  id: "aks",
  label: "Azure AKS",
  help: "Node pools of one GPU size tainted sku=gpu, caches on Premium SSD",
  service: "AKS",
  seller: AZURE,
  lacks: (accelerator) => soldElsewhere(AZURE, accelerator) ?? notSold(AZURE, accelerator),
  placement: (accelerator, layout) =>
    byInstanceType(AZURE, accelerator, layout, [
      { key: "sku", operator: "Equal", value: "gpu", effect: "NoSchedule" },
      ...deviceTolerations(accelerator),
    ]),
  podAnnotations: generic.podAnnotations,
  environment: () => [],
  storageClass: () => ({
    name: "managed-csi-premium",
    object: null,
    comment: "Premium SSD; comes with AKS, whose default class is Standard SSD",
  }),
  prerequisites: (options, accelerator) => [
    ...devicePrerequisites(options, accelerator, false),
    ...(claimsVolume(options)
      ? [{ what: "The disk class of AKS:", check: "kubectl get storageclass managed-csi-premium", install: [] }]
      : []),
  ],
  addOn: (request): AddOn => ({ ...NOTHING, prerequisites: nodePool(request) }),
  defaults: { metrics: "prometheus-adapter", monitoring: "none" },
  networkPolicyCheck: (clusterName) => ({
    what: "A cluster that enforces NetworkPolicy (created with --network-policy); others ignore it:",
    check: `az aks show --name ${clusterName} --resource-group GROUP --query networkProfile.networkPolicy`,
  }),
};
