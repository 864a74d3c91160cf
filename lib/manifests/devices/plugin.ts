import { hostOf, isCpu, isNeuron, runtimeOf } from "../../catalogue/hosts";
import { ok, refused } from "../../result";
import { NOTHING } from "../plan/add-on";
import { commented } from "../write/commented";
import type { DevicePlanner } from "./device-plan";
import { CHART_NEURON_SCHEDULER, neuronGroupProblem } from "./neuron";

/** What Intel's own example pods ask for, whatever the number of devices; the node must have set them aside. */
const GAUDI_HUGE_PAGES = "95000Mi";

/** Accelerators as an extended resource of the device plugin. */
export const devicePlugin: DevicePlanner = ({ choice, platform, layout, placement }) => {
  // A processor's share is CPU and memory, which the server itself asks for.
  const devices: Record<string, string> = isCpu(choice.accelerator)
    ? {}
    : { [choice.accelerator.kubernetesResource ?? ""]: String(layout.accelerators) };
  const problem = isNeuron(choice.accelerator) ? neuronGroupProblem(choice.accelerator, layout.accelerators) : null;
  if (problem !== null) return refused(problem);
  const gaudi = runtimeOf(choice.accelerator) === "gaudi";
  const { accelerators } = layout;
  // One chip needs no neighbour, and all chips of the largest machine are connected anyway.
  const part =
    isNeuron(choice.accelerator) && accelerators > 1 && accelerators < hostOf(choice.accelerator).maximumAccelerators;
  const scheduler = part ? (platform.neuronScheduler ?? CHART_NEURON_SCHEDULER) : null;
  const hugePages: Record<string, string> = commented(
    { "hugepages-2Mi": GAUDI_HUGE_PAGES },
    { "hugepages-2Mi": "as in Intel's own example pods; set aside on the node (vm.nr_hugepages)" },
  );
  return ok({
    resources: gaudi ? { ...hugePages, ...devices } : devices,
    containerClaims: [],
    podClaims: [],
    picksNodes: false,
    tolerations: placement.tolerations,
    ...(gaudi ? { runtimeClassName: "habana" } : {}),
    ...(scheduler === null ? {} : { schedulerName: scheduler.name }),
    addOn: scheduler === null ? NOTHING : { ...NOTHING, prerequisites: [scheduler.prerequisite] },
  });
};
