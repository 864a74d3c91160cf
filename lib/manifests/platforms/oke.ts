import type { Accelerator } from "../../catalogue/catalogue";
import { isNvidia } from "../../catalogue/hosts";
import { notSold, type Seller, soldElsewhere } from "../../catalogue/machines";
import { claimsDevices, type ManifestOptions } from "../options/manifest-options";
import { type AddOn, NOTHING, type Prerequisite } from "../plan/add-on";
import { claimsVolume } from "../storage/cache";
import { devicePrerequisites, generic } from "./generic";
import { byInstanceType, firstMachines, INSTANCE_TYPE_LABEL, machinesOf } from "./instance-types";
import type { NodesRequest, Platform } from "./platform";
import { deviceTolerations } from "./tolerations";

const ORACLE: Seller = { id: "oci", name: "Oracle Cloud" };
/** Boot volumes of 50 GB, Oracle's default, do not hold the server's image. */
const BOOT_VOLUME_GIB = 150;

/**
 * What shows the node's accelerators to Kubernetes: a cluster add-on, while Oracle's GPU images bring driver and container
 * toolkit (docs.nvidia.com/aicr, "OKE GPU Setup"; AmdGpuPlugin: oracle-quickstart/oci-hpc-oke, terraform).
 */
function devicePlugin(options: ManifestOptions, accelerator: Accelerator): Prerequisite[] {
  if (claimsDevices(options)) return devicePrerequisites(options, accelerator, false);
  const [addOn, resource] = isNvidia(accelerator)
    ? ["NvidiaGpuPlugin", "nvidia\\.com/gpu"]
    : ["AmdGpuPlugin", "amd\\.com/gpu"];
  return [
    {
      what: `OKE with Kubernetes 1.30 or later and the cluster add-on ${addOn} (Oracle's GPU images have the driver):`,
      check: `kubectl get nodes -o custom-columns='NAME:.metadata.name,GPUS:.status.allocatable.${resource}'`,
      install: [`oci ce cluster install-addon --cluster-id CLUSTER_OCID --addon-name ${addOn}`],
    },
  ];
}

/** A node pool of the smallest shape that holds a pod. */
function nodePool(request: NodesRequest): Prerequisite[] {
  const { choice, layout, storage, identity } = request;
  const machines = machinesOf(ORACLE, choice.accelerator, layout);
  if (!machines.ok) return [];
  const { type, accelerators } = machines.value[0];
  const image = `{"sourceType":"IMAGE","imageId":"IMAGE_OCID","bootVolumeSizeInGBs":${BOOT_VOLUME_GIB + storage.nodeDiskGib}}`;
  const subnet = '[{"availabilityDomain":"AVAILABILITY_DOMAIN","subnetId":"SUBNET_OCID"}]';
  return [
    {
      what: `A node pool of ${type} (the tenancy needs a service limit or a capacity reservation for it) with one of OKE's GPU images, a boot volume of at least ${BOOT_VOLUME_GIB + storage.nodeDiskGib} GB and its file system grown to that (oci-growfs in the cloud-init script):`,
      check: `kubectl get nodes -l ${INSTANCE_TYPE_LABEL}=${type}`,
      install: [
        `oci ce node-pool create --cluster-id CLUSTER_OCID --compartment-id COMPARTMENT_OCID --name ${identity.name} --node-shape ${type} --size ${firstMachines(request, accelerators)} --node-source-details '${image}' --placement-configs '${subnet}'`,
      ],
    },
  ];
}

/**
 * Oracle Cloud Infrastructure Kubernetes Engine: nodes by shape, which is the value of their instance type's label
 * (oracle-quickstart/oci-hpc-oke).
 */
export const oke: Platform<"oke"> = {
  id: "oke",
  label: "Oracle OKE",
  help: "Node pools of one GPU shape; nodes by shape, caches on Block Volume (oci-bv)",
  service: "OKE",
  seller: ORACLE,
  lacks: (accelerator) => soldElsewhere(ORACLE, accelerator) ?? notSold(ORACLE, accelerator),
  placement: (accelerator, layout) => byInstanceType(ORACLE, accelerator, layout, deviceTolerations(accelerator)),
  podAnnotations: generic.podAnnotations,
  environment: () => [],
  storageClass: () => ({
    name: "oci-bv",
    object: null,
    comment: "Block Volume by its CSI driver; comes with OKE, as does an older class by FlexVolume",
  }),
  prerequisites: (options, accelerator) => [
    ...devicePlugin(options, accelerator),
    ...(claimsVolume(options)
      ? [{ what: "The Block Volume class of OKE:", check: "kubectl get storageclass oci-bv", install: [] }]
      : []),
  ],
  addOn: (request): AddOn => ({ ...NOTHING, prerequisites: nodePool(request) }),
  defaults: generic.defaults,
  unwrittenRdma: {
    problem:
      "On OKE RDMA over a cluster network needs the host's network, or virtual functions by an annotation of the pod beside their resource (oracle-quickstart/oci-hpc-oke); that is not written: leave it out, or choose the platform generic and add them by hand.",
    network: "RDMA of a cluster network on Oracle Cloud",
    clusters: "OKE has",
  },
  networkPolicyCheck: () => ({
    what: "A cluster that enforces NetworkPolicy (Oracle's guide installs Calico beside OKE's own network plugins, of which flannel does not); others ignore it:",
    check: "kubectl get daemonsets -A",
  }),
};
