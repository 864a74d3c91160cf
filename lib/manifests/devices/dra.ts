import type { V1DeviceConstraint, V1DeviceRequest, V1DeviceSubRequest } from "@kubernetes/client-node";
import type { Accelerator } from "../../catalogue/catalogue";
import { isNeuron, REPORTED_MEMORY_TOLERANCE } from "../../catalogue/hosts";
import { ok, type Result, refused } from "../../result";
import { slug } from "../objects/kubernetes-names";
import { resourceClaimTemplate } from "../objects/resource-claim-template";
import type { Prerequisite } from "../plan/add-on";
import { commented } from "../write/commented";
import type { DevicePlanner } from "./device-plan";
import { neuronConstraint, neuronSelector } from "./neuron";

/** Name of the claim in the pod, and of the request in it. */
const CLAIM_NAME = "accelerators";
const SUBREQUEST_NAME_CHARACTERS = 63;

interface DraDriver {
  deviceClassName: string;
  /** What brings the driver into a cluster; none where its chart has no address that is certain. */
  install: readonly string[];
  /** Where to get it, as the end of a sentence. */
  where: string;
}

/** Drivers by the extended resource of the same hardware. Their device classes come with them and are not emitted. */
const DRIVERS: Record<string, DraDriver> = {
  "nvidia.com/gpu": {
    deviceClassName: "gpu.nvidia.com",
    where: "",
    // Of the driver's release notes; without the override the chart hands out compute domains only.
    install: [
      "helm install dra-driver-nvidia-gpu oci://registry.k8s.io/dra-driver-nvidia/charts/dra-driver-nvidia-gpu --version 0.4.1 --namespace dra-driver-nvidia-gpu --create-namespace --set gpuResourcesEnabledOverride=true",
    ],
  },
  "amd.com/gpu": {
    deviceClassName: "gpu.amd.com",
    where: " (with the AMD GPU operator, or the chart of https://github.com/ROCm/k8s-gpu-dra-driver/releases)",
    install: [],
  },
  "aws.amazon.com/neuron": {
    deviceClassName: "neuron.aws.com",
    where: "",
    install: [
      'helm upgrade --install neuron-helm-chart oci://public.ecr.aws/neuron/neuron-helm-chart --namespace neuron-dra-driver --create-namespace --set "devicePlugin.enabled=false" --set "npd.enabled=false" --set "draDriver.enabled=true"',
    ],
  },
};

/** CEL that picks one kind of accelerator: its product name where that is certain, else its memory or its machines. */
function selectorOf(accelerator: Accelerator, driver: string): Result<{ expression: string; why: string }> {
  if (isNeuron(accelerator)) return ok(neuronSelector(accelerator, driver));
  const product = driver === "gpu.nvidia.com" ? (accelerator.hardware?.productName ?? undefined) : undefined;
  if (product !== undefined) {
    return ok({
      expression: `device.attributes['${driver}'].productName == '${product}'`,
      why: `${accelerator.name}, by the name its driver publishes`,
    });
  }
  if (accelerator.memoryGib === null) {
    return refused(
      `Neither the product name nor the memory of ${accelerator.name} is known, so a claim cannot pick it.`,
    );
  }
  const least = Math.floor(accelerator.memoryGib * (1 - REPORTED_MEMORY_TOLERANCE));
  const most = Math.ceil(accelerator.memoryGib * (1 + REPORTED_MEMORY_TOLERANCE));
  const memory = `device.capacity['${driver}'].memory`;
  return ok({
    expression: `${memory}.compareTo(quantity('${least}Gi')) >= 0 && ${memory}.compareTo(quantity('${most}Gi')) <= 0`,
    why: `the product name of ${accelerator.name} is not certain, so devices are picked by memory: others of that size match too`,
  });
}

/** Claims that ask for chips connected to each other; `[]` where one is asked for. */
function constraintsOf(accelerator: Accelerator, count: number): Result<V1DeviceConstraint[]> {
  if (!isNeuron(accelerator)) return ok([]);
  const constraint = neuronConstraint(accelerator, count, CLAIM_NAME);
  if (!constraint.ok) return constraint;
  return ok(constraint.value === null ? [] : [constraint.value]);
}

function subrequest(accelerator: Accelerator, driver: string, count: number): Result<V1DeviceSubRequest> {
  const selector = selectorOf(accelerator, driver);
  if (!selector.ok) return selector;
  return ok(
    commented(
      {
        name: slug(accelerator.id, SUBREQUEST_NAME_CHARACTERS) || "accelerator",
        deviceClassName: driver,
        allocationMode: "ExactCount",
        count,
        selectors: [{ cel: { expression: selector.value.expression } }],
      },
      { selectors: selector.value.why },
    ),
  );
}

/**
 * Accelerators by Dynamic Resource Allocation: a claim of each pod's own. Where other accelerators meet the same targets with
 * the same flags, the claim lists them in the order of the ranking (`firstAvailable`).
 */
export const dynamicResourceAllocation: DevicePlanner = ({ choice, identity, layout, placement }) => {
  const { accelerator, fallbacks } = choice;
  const driver = DRIVERS[accelerator.kubernetesResource ?? ""];
  if (driver === undefined) {
    return refused(
      `No stable DRA driver is known for ${accelerator.name}: choose the device plugin (device-access plugin).`,
    );
  }
  const constraints = constraintsOf(accelerator, layout.accelerators);
  if (!constraints.ok) return constraints;
  const wanted = [accelerator, ...fallbacks.accelerators];
  const subrequests: V1DeviceSubRequest[] = [];
  const notes = [...fallbacks.notes];
  for (const item of wanted) {
    const request = subrequest(item, driver.deviceClassName, layout.accelerators);
    if (request.ok) subrequests.push(request.value);
    else if (item === accelerator) return request;
    else notes.push(`${item.shortName} meets the targets too, but cannot be in the claim: ${request.error}`);
  }
  const [only] = subrequests;
  const request: V1DeviceRequest =
    subrequests.length === 1 && only !== undefined
      ? { name: CLAIM_NAME, exactly: withoutName(only) }
      : commented(
          { name: CLAIM_NAME, firstAvailable: subrequests },
          {
            firstAvailable:
              "each of these met the targets with these very flags when it was measured; the order is that of the ranking, the count the same because --tensor-parallel-size is",
          },
        );
  const templateName = `${identity.name}-${CLAIM_NAME}`.slice(0, SUBREQUEST_NAME_CHARACTERS).replace(/-+$/, "");
  const prerequisite: Prerequisite = {
    what: `The DRA driver of ${accelerator.vendor}${driver.where}, on nodes without its device plugin:`,
    check: `kubectl get deviceclass ${driver.deviceClassName}`,
    install: driver.install,
  };
  return ok({
    resources: {},
    containerClaims: [{ name: CLAIM_NAME }],
    podClaims: [{ name: CLAIM_NAME, resourceClaimTemplateName: templateName }],
    picksNodes: true,
    // Pods that get devices by claims are not tolerated automatically.
    tolerations: placement.tolerations,
    addOn: {
      objects: [resourceClaimTemplate(identity, templateName, request, constraints.value)],
      prerequisites: [prerequisite],
      notes,
    },
  });
};

function withoutName({ name: _name, ...exactly }: V1DeviceSubRequest): NonNullable<V1DeviceRequest["exactly"]> {
  return exactly;
}
