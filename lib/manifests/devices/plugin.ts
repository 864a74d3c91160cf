import { commented } from "../commented";
import { runtimeOf } from "../hosts";
import { ok } from "../outcome";
import { NOTHING } from "../parts";
import type { DevicePlanner } from "./devices";

/** What Intel's own example pods ask for, whatever the number of devices; the node must have set them aside. */
const GAUDI_HUGE_PAGES = "95000Mi";

/** Accelerators as an extended resource of the device plugin. */
export const devicePlugin: DevicePlanner = ({ choice, layout, placement }) => {
  const devices = { [choice.accelerator.kubernetesResource ?? ""]: String(layout.accelerators) };
  const gaudi = runtimeOf(choice.accelerator) === "gaudi";
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
    addOn: NOTHING,
  });
};
