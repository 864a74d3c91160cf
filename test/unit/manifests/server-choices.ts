import type { Accelerator } from "../../../lib/catalogue/catalogue";
import type { Choice } from "../../../lib/manifests/plan/choice";
import { type ChoiceParts, choice, H100, withHardware } from "./choice";

function other(parts: Partial<Accelerator>): Accelerator {
  return withHardware({ ...H100, gkeNodeLabel: null, gkeAcceleratorLabel: null, ...parts });
}

export const MI300X = other({
  id: "mi300x-192gb",
  name: "AMD Instinct MI300X 192GB",
  shortName: "MI300X",
  vendor: "AMD",
  memoryGib: 192,
  kubernetesResource: "amd.com/gpu",
});
export const MI355X = other({ ...MI300X, id: "mi355x-288gb", name: "AMD Instinct MI355X 288GB", shortName: "MI355X" });
export const MI250 = other({ ...MI300X, id: "mi250-128gb", name: "AMD Instinct MI250 128GB", memoryGib: 128 });
export const GAUDI3 = other({
  id: "gaudi3-128gb",
  name: "Intel Gaudi 3 128GB",
  shortName: "Gaudi 3",
  vendor: "Intel",
  memoryGib: 128,
  kubernetesResource: "habana.ai/gaudi",
});
export const ARC_B60 = other({
  id: "intel-arc-pro-b60-24gb",
  name: "Intel Arc Pro B60 24GB",
  shortName: "Arc Pro B60",
  vendor: "Intel",
  memoryGib: 24,
  kubernetesResource: "gpu.intel.com/xe",
});
export const TRAINIUM2 = other({
  id: "trainium2-96gb",
  name: "AWS Trainium2",
  shortName: "Trainium2",
  vendor: "AWS",
  memoryGib: 96,
  kubernetesResource: "aws.amazon.com/neuron",
});
export const B200 = withHardware({
  ...H100,
  id: "b200-sxm-180gb",
  name: "NVIDIA B200",
  shortName: "B200",
  memoryGib: 180,
});

export const XEON_6980P = other({
  id: "xeon-6980p",
  name: "Intel Xeon 6980P (per socket)",
  shortName: "Xeon 6980P",
  vendor: "Intel",
  memoryGib: null,
  kubernetesResource: "cpu",
});

/** A choice measured with a server on some accelerators; the rest as in `choice`. */
export function measuredWith(server: string, version: string | null, parts: ChoiceParts = {}): Choice {
  const tensor = parts.parallelism?.tensor ?? parts.configuration?.acceleratorCount ?? 2;
  return choice({
    ...parts,
    configuration: { server, serverVersion: version, acceleratorCount: tensor, ...parts.configuration },
    parallelism: { label: `tp${tensor}`, tensor, data: null, expert: null, ...parts.parallelism },
  });
}
