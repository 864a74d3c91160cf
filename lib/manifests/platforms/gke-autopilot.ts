import type { Accelerator } from "../../domain";
import { ok, refused } from "../../result";
import { isTpu } from "../hardware/hosts";
import { machinesFor, noMachine, platformLacks, podShape } from "../hardware/machines";
import type { ComputeClass, ComputePriority } from "../objects/compute-class";
import { type AddOn, type BundleContext, NOTHING } from "../plan/bundle-context";
import { podsPerReplica, type ReplicaLayout } from "../plan/replica-layout";
import { tpuTopology } from "../servers/vllm-tpu";
import { commented } from "../write/commented";
import { gke } from "./gke";
import { PLATFORM_LABELS } from "./ids";
import { spareNotes } from "./instance-types";
import type { Platform } from "./platform";

const COMPUTE_CLASS_LABEL = "cloud.google.com/compute-class";
/** GKE's boot disks hold system and image; model images and node caches come on top. */
const BOOT_DISK_GIB = 100;

/** The machine of each node: the smallest that holds the pod and what runs beside it. */
function machine({ choice, layout, storage }: BundleContext): ComputePriority {
  const { accelerator } = choice;
  const type = accelerator.gkeAcceleratorLabel ?? "";
  const disk =
    storage.nodeDiskGib === 0
      ? {}
      : {
          storage: commented(
            { bootDiskSize: BOOT_DISK_GIB + storage.nodeDiskGib },
            {
              bootDiskSize: `${BOOT_DISK_GIB} GiB for system and image, ${storage.nodeDiskGib} for what the pod keeps there`,
            },
          ),
        };
  if (isTpu(accelerator)) {
    const topology = tpuTopology(accelerator, layout.accelerators);
    return {
      tpu: { type, count: layout.accelerators, topology: topology.ok ? topology.value : "" },
      ...disk,
      spot: false,
    };
  }
  const pod = podShape(accelerator, layout.accelerators, storage.sidecarMemoryGib);
  const [smallest] = machinesFor("gcp", accelerator, pod);
  return {
    ...(smallest === undefined ? {} : { machineType: smallest.type }),
    gpu: commented(
      { type, count: smallest?.accelerators ?? layout.accelerators, driverVersion: "latest" },
      { driverVersion: "images are built for recent CUDA versions" },
    ),
    ...disk,
    spot: false,
  };
}

function computeClass(context: BundleContext): ComputeClass {
  const { identity, choice } = context;
  const onDemand = machine(context);
  const spotPrice = choice.cost.kind === "known" && choice.cost.price?.kind === "spot";
  const priorities = [onDemand, { ...onDemand, spot: true }];
  if (spotPrice) priorities.reverse();
  return {
    apiVersion: "cloud.google.com/v1",
    kind: "ComputeClass",
    metadata: { name: identity.name, labels: identity.labels },
    spec: commented(
      {
        nodePoolAutoCreation: { enabled: true },
        activeMigration: { optimizeRulePriority: false },
        whenUnsatisfiable: "DoNotScaleUp",
        priorities,
      },
      {
        activeMigration: "moving a running server to a better node costs a model load",
        whenUnsatisfiable: "a node without the accelerator is of no use",
        priorities: spotPrice
          ? "spot first, as the price of this choice is; on demand where there is none"
          : "on demand first, spot where there is none: spot machines are taken back with 30 s notice",
      },
    ),
  };
}

/** GKE Autopilot: nodes come from a ComputeClass of the bundle's own, not from node pools somebody keeps. */
export const gkeAutopilot: Platform = {
  id: "gke-autopilot",
  label: PLATFORM_LABELS["gke-autopilot"],
  placement(accelerator: Accelerator, layout: ReplicaLayout, name: string) {
    const lacks = platformLacks("gke-autopilot", accelerator);
    if (lacks !== null) return refused(lacks);
    if (podsPerReplica(layout) > 1) {
      return refused(
        `One replica takes ${podsPerReplica(layout)} machines side by side, which need a node pool of their own; Autopilot makes its nodes one by one: choose the platform gke.`,
      );
    }
    const standard = gke.placement(accelerator, layout, name);
    if (!standard.ok) return standard;
    let notes: string[] = [];
    if (!isTpu(accelerator)) {
      const pod = podShape(accelerator, layout.accelerators);
      const [smallest] = machinesFor("gcp", accelerator, pod);
      if (smallest === undefined) return refused(noMachine("gcp", "Google Cloud", accelerator, pod));
      notes = spareNotes(accelerator, layout, smallest);
    }
    return ok({
      nodeSelector: { [COMPUTE_CLASS_LABEL]: name },
      tolerations: standard.value.tolerations,
      comment: "the ComputeClass of this bundle; it names the accelerator, so the pod does not do it again",
      notes,
    });
  },
  podAnnotations: gke.podAnnotations,
  environment: gke.environment,
  storageClass: gke.storageClass,
  prerequisites: () => [
    {
      what: "GKE Autopilot 1.30.3 or later (ComputeClasses), with quota for the accelerator in the cluster's region.",
      check: "kubectl get crd computeclasses.cloud.google.com",
      install: [],
    },
  ],
  addOn: (context): AddOn => ({ ...NOTHING, objects: [computeClass(context)] }),
};
