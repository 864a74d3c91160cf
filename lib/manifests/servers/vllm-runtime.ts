import type { Accelerator } from "../../catalogue/catalogue";
import { isTwoDevices, type Runtime, runtimeOf } from "../../catalogue/hosts";
import { ok, type Result } from "../../result";
import type { Deployable } from "../plan/choice";
import type { ServerUser } from "../plan/server-plan";
import { commented } from "../write/commented";
import type { ServerRequest } from "./server";
import { isAtLeast, type Release, type ServerImage } from "./server-image";
import { GAUDI_ROOT, NEURON_ROOT, ROCM_ROOT, rootUser, TPU_USER, VLLM_NON_ROOT, XPU_ROOT } from "./users";
import { cpuPart, cpuRefusal, cpuUser } from "./vllm-cpu";
import { neuronPart, neuronRefusal } from "./vllm-neuron";
import type { RuntimePart } from "./vllm-runtime-part";

/** From here on the GPU image has the user `vllm` (2000, group 0) and works without root. */
const NON_ROOT_USER_SINCE: Release = { major: 0, minor: 23, patch: 0 };

const NOTHING: RuntimePart = { sizes: null, arguments: [], environment: [], notes: [] };

/** What Gaudi's container runtime and its MPI read (Intel's own examples). */
const GAUDI: RuntimePart = {
  ...NOTHING,
  environment: [
    commented(
      { name: "HABANA_VISIBLE_DEVICES", value: "all" },
      { name: "all that the device plugin gave this container" },
    ),
    { name: "OMPI_MCA_btl_vader_single_copy_mechanism", value: "none" },
  ],
};

/** What this request needs on its accelerator, or why it cannot be written. */
export function runtimePart(request: ServerRequest, image: ServerImage): Result<RuntimePart> {
  switch (runtimeOf(request.choice.accelerator)) {
    case "gaudi":
      return ok(GAUDI);
    case "neuron":
      return neuronPart(request, image);
    case "cpu":
      return cpuPart(request);
    default:
      return ok(NOTHING);
  }
}

/** Whether the GPU image can run as a non-root user with a home of its own. */
function hasNonRootUser(release: Release): boolean {
  return isAtLeast(release, NON_ROOT_USER_SINCE);
}

const USERS: Partial<Record<Runtime, ServerUser>> = {
  tpu: TPU_USER,
  rocm: ROCM_ROOT,
  gaudi: GAUDI_ROOT,
  xpu: XPU_ROOT,
  neuron: NEURON_ROOT,
};

/** Who the image's processes run as. @param accelerators of one pod */
export function vllmUser(accelerator: Accelerator, accelerators: number, release: Release): ServerUser {
  const runtime = runtimeOf(accelerator);
  if (runtime === "cpu") return cpuUser(accelerators);
  const fixed = runtime === null ? undefined : USERS[runtime];
  if (fixed !== undefined) return fixed;
  return hasNonRootUser(release)
    ? VLLM_NON_ROOT
    : rootUser("this image runs as root (images from v0.23.0 on have a user of their own)");
}

/**
 * Devices vLLM counts for one accelerator: TensorCores of TPUs (TPU7x has two a chip, so 4 chips serve tensor parallel 8), logical
 * NeuronCores (two a chip, on Trainium2 four, because two of its eight make one: LNC 2).
 */
export function vllmDevicesPerAccelerator({ hardware }: Accelerator): number {
  return hardware?.serverDevices ?? 1;
}

/** What of an accelerator cannot be served well by vLLM in a pod; `null` = nothing known against it. */
export function acceleratorProblem(choice: Deployable): string | null {
  const { accelerator, configuration } = choice;
  const runtime = runtimeOf(accelerator);
  const { name } = accelerator;
  if (runtime === null) {
    return `vLLM is written for NVIDIA, AMD and Intel GPUs, Cloud TPUs, Gaudi, Trainium, Inferentia and processors; for ${name} no device plugin's resource is known, so a pod cannot ask for it.`;
  }
  if (runtime === "neuron") return neuronRefusal(choice);
  if (runtime === "cpu") return cpuRefusal(choice);
  if (isTwoDevices(accelerator)) {
    return `A module of ${name} shows as two devices of half its memory in Kubernetes (amd.com/gpu), and the source does not say which of the two it counted: measure again with the number of devices recorded, or deploy by hand.`;
  }
  if (runtime === "xpu" && configuration.acceleratorCount > 1) {
    return `What vLLM needs of a pod with several ${accelerator.shortName} (paths between the cards, privileges) is documented for single machines only: measure and deploy one card a replica.`;
  }
  return null;
}
