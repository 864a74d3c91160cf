import { isNvlinkRack } from "../../catalogue/hosts";
import { type AddOn, NOTHING } from "./add-on";
import type { BundleContext } from "./bundle-context";

const RELEASE = "1.4.0";

/** What a deployment by Dynamo's operator needs of the cluster. */
export function dynamoAddOn({ server, choice }: BundleContext): AddOn {
  if (server.operator === undefined) return NOTHING;
  return {
    objects: [],
    prerequisites: [
      {
        what: "Dynamo's platform with its operator, one that serves DynamoGraphDeployment v1beta1; workers over several machines also need Grove or the LeaderWorkerSet controller:",
        check: "kubectl get crd dynamographdeployments.nvidia.com -o jsonpath='{.spec.versions[*].name}'",
        install: [
          `helm install dynamo-platform https://helm.ngc.nvidia.com/nvidia/ai-dynamo/charts/dynamo-platform-${RELEASE}.tgz --namespace dynamo-system --create-namespace`,
        ],
      },
      ...(isNvlinkRack(choice.accelerator)
        ? [
            {
              what: `NVIDIA's DRA driver with ComputeDomains (Kubernetes 1.34 or later): ${choice.accelerator.shortName} of one rack reach each other over NVLink through it only:`,
              check: "kubectl get crd computedomains.resource.nvidia.com",
              install: [],
            },
          ]
        : []),
    ],
    notes: [],
  };
}
