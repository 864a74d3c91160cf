import type { Accelerator } from "../../catalogue/catalogue";
import { hostOf, type Runtime, runtimeOf } from "../../catalogue/hosts";
import type { Configuration } from "../../domain";
import { ok, type Result, refused } from "../../result";
import { labelValue } from "../objects/kubernetes-names";
import { isAtLeast, measuredVersion, type Release, type ServerImage, standIn } from "./server-image";

const VLLM_GPU_REPOSITORY = "vllm/vllm-openai";
const VLLM_TPU_REPOSITORY = "vllm/vllm-tpu";
const VLLM_ROCM_REPOSITORY = "vllm/vllm-openai-rocm";
const VLLM_XPU_REPOSITORY = "vllm/vllm-openai-xpu";
const VLLM_CPU_REPOSITORY = "vllm/vllm-openai-cpu";

/**
 * Tags used where the measured version is unknown or has no published image. GPU: pinned by llm-d and the first with a
 * non-root user; ROCm images have the same number. TPU: the newest seen in August 2026; the TPU figures shipped here were
 * measured on builds of June 2026.
 */
const DEFAULT_GPU_RELEASE: Release = { major: 0, minor: 23, patch: 0 };
const DEFAULT_TPU_RELEASE: Release = { major: 0, minor: 27, patch: 0 };

/** `vllm serve` came with 0.5.2 (vLLM pull request 5090); before, the server had another command. */
const FIRST_RELEASE_WITH_SERVE: Release = { major: 0, minor: 5, patch: 2 };
/** Before, the image was for x86 alone (vLLM issue 22206). */
const FIRST_ARM_IMAGE: Release = { major: 0, minor: 10, patch: 2 };
/** Oldest TPU image named in public recipes. */
const FIRST_TPU_IMAGE: Release = { major: 0, minor: 12, patch: 0 };
/** vLLM publishes its own ROCm images since January 2026; AMD's rocm/vllm images before are deprecated. */
const FIRST_ROCM_IMAGE: Release = { major: 0, minor: 14, patch: 0 };
const FIRST_XPU_IMAGE: Release = { major: 0, minor: 26, patch: 0 };
/** Oldest tag of the processor image seen in public manifests, for x86 and Arm alike; llm-d pins 0.21. */
const FIRST_CPU_IMAGE: Release = { major: 0, minor: 18, patch: 1 };
const DEFAULT_CPU_RELEASE: Release = { major: 0, minor: 21, patch: 0 };

interface VllmImages {
  repository: string;
  oldest: Release;
  fallback: Release;
  /** Whether another release may replace a measured version that has no image. */
  standsIn: boolean;
}

const VLLM_IMAGES: Partial<Record<Runtime, VllmImages>> = {
  cuda: {
    repository: VLLM_GPU_REPOSITORY,
    oldest: FIRST_RELEASE_WITH_SERVE,
    fallback: DEFAULT_GPU_RELEASE,
    standsIn: true,
  },
  tpu: { repository: VLLM_TPU_REPOSITORY, oldest: FIRST_TPU_IMAGE, fallback: DEFAULT_TPU_RELEASE, standsIn: true },
  rocm: {
    repository: VLLM_ROCM_REPOSITORY,
    oldest: FIRST_ROCM_IMAGE,
    fallback: DEFAULT_GPU_RELEASE,
    standsIn: false,
  },
  cpu: { repository: VLLM_CPU_REPOSITORY, oldest: FIRST_CPU_IMAGE, fallback: DEFAULT_CPU_RELEASE, standsIn: false },
  xpu: { repository: VLLM_XPU_REPOSITORY, oldest: FIRST_XPU_IMAGE, fallback: FIRST_XPU_IMAGE, standsIn: false },
};

/**
 * vLLM for Gaudi by release, where a build number pins the image: it carries the Gaudi software, and the node's driver must
 * be of the same version (compatibility matrix of the vLLM Gaudi plugin).
 */
const GAUDI_IMAGES: Record<string, { software: string; path: string }> = {
  "0.17.1": { software: "1.24.0", path: "1.24.0/ubuntu24.04/habanalabs/vllm-0.17.1-ptfork-2.10.0:1.24.0-1007" },
  "0.19.0": { software: "1.24.0", path: "1.24.0/ubuntu24.04/habanalabs/vllm-0.19.0-ptfork-2.10.0:1.24.0-1007" },
};
const GAUDI_REGISTRY = "vault.habana.ai/gaudi-docker";

/**
 * AWS's images of vLLM for Neuron by release; each carries one Neuron SDK, and the tag names both (Amazon ECR Public,
 * neuron/pytorch-inference-vllm-neuronx). Releases from 0.21 on are for Trainium2 and later.
 */
const NEURON_TAGS: Record<string, string> = {
  "0.9.1": "0.9.1-neuronx-py311-sdk2.26.1-ubuntu22.04",
  "0.11.0": "0.11.0-neuronx-py312-sdk2.27.0-ubuntu24.04",
  "0.13.0": "0.13.0-neuronx-py312-sdk2.28.0-ubuntu24.04",
  "0.16.0": "0.16.0-neuronx-py312-sdk2.30.0-ubuntu24.04",
  "0.21.0": "0.21.0.1.0.0-neuronx-py313-sdk2.31.0-ubuntu24.04",
  "0.24.0": "0.24.0.1.1.0-neuronx-py313-sdk2.32.0-ubuntu24.04",
};
const NEURON_REPOSITORY = "public.ecr.aws/neuron/pytorch-inference-vllm-neuronx";
/** A release, the plugin's own version, or a whole tag. */
const NEURON_VERSION =
  /^(?:(?:public\.ecr\.aws\/neuron\/)?pytorch-inference-vllm-neuronx:)?v?(\d{1,2})\.(\d{1,3})\.(\d{1,3})(?:\.\d{1,2}){0,3}(-neuronx-py3\d{1,2}-sdk\d{1,2}(?:\.\d{1,3}){1,2}-ubuntu\d{2}\.04)?$/;

const OWN_REPOSITORIES = [
  VLLM_GPU_REPOSITORY,
  VLLM_TPU_REPOSITORY,
  VLLM_ROCM_REPOSITORY,
  VLLM_XPU_REPOSITORY,
  VLLM_CPU_REPOSITORY,
  NEURON_REPOSITORY,
];

/** Optional image name, version, post release, build for one CUDA version (a tag suffix), one of several machines, Python local version. */
const RELEASE =
  /^(?:(?:vllm\/)?vllm-(?:openai|openai-rocm|openai-xpu|openai-cpu|tpu|gaudi):)?v?(\d{1,3})\.(\d{1,3})(?:\.(\d{1,3}))?(\.post\d+)?(-cu\d{3})?(?:-x86_64|-arm64)?(?:\+(?:cu\d+|cpu|rocm\d*|xpu))?$/;

/** `v0.23.0`. */
function versionText(release: Release): string {
  return `v${release.major}.${release.minor}.${release.patch}`;
}

interface Version {
  release: Release;
  post: string;
  cuda: string;
}

/** Reads `0.23.0`, `v0.19.0-cu130`, `vllm-tpu:v0.12.0`; `null` for nightly, commit and fork builds. */
function readVersion(text: string): Version | null {
  const match = RELEASE.exec(text.trim());
  if (match === null) return null;
  const [, major, minor, patch, post = "", cuda = ""] = match;
  return { release: { major: Number(major), minor: Number(minor), patch: Number(patch ?? 0) }, post, cuda };
}

function gaudiImage(serverVersion: string | null): Result<ServerImage> {
  const known = Object.keys(GAUDI_IMAGES).join(", ");
  const next = `Images are known for vLLM ${known} (${GAUDI_REGISTRY}); measure with one of these, or deploy by hand with the image that was measured.`;
  if (serverVersion === null) {
    return refused(`The vLLM version measured on Gaudi is not recorded, and image and driver must match it. ${next}`);
  }
  const version = /^(?:vllm-gaudi-)?v?(\d+)\.(\d+)\.(\d+)$/.exec(serverVersion.trim());
  const release = version && { major: Number(version[1]), minor: Number(version[2]), patch: Number(version[3]) };
  const image = release && GAUDI_IMAGES[`${release.major}.${release.minor}.${release.patch}`];
  if (!release || !image) {
    return refused(`No image of vLLM "${labelValue(serverVersion)}" for Gaudi is known. ${next}`);
  }
  return ok({
    reference: `${GAUDI_REGISTRY}/${image.path}`,
    tag: `${versionText(release)}-gaudi-${image.software}`,
    release,
    asMeasured: true,
    reason: `the version that was measured; built for Gaudi software ${image.software}, which the node's driver must match`,
  });
}

function neuronImage(serverVersion: string | null): Result<ServerImage> {
  const known = Object.keys(NEURON_TAGS).join(", ");
  const next = `Images are known for vLLM ${known} (${NEURON_REPOSITORY}); measure with one of these or record the image's whole tag, or deploy by hand.`;
  if (serverVersion === null) {
    return refused(`The vLLM version measured on Neuron is not recorded, and its compiler comes with it. ${next}`);
  }
  const text = serverVersion.trim();
  const match = NEURON_VERSION.exec(text);
  const [, major, minor, patch, build] = match ?? [];
  const release: Release = { major: Number(major), minor: Number(minor), patch: Number(patch) };
  const plain = `${release.major}.${release.minor}.${release.patch}`;
  const whole = build !== undefined;
  const tag = whole ? text.slice(text.lastIndexOf(":") + 1) : NEURON_TAGS[plain];
  if (match === null || tag === undefined) {
    return refused(`No image of vLLM "${labelValue(serverVersion)}" for Neuron is known. ${next}`);
  }
  return ok({
    reference: `${NEURON_REPOSITORY}:${tag}`,
    tag,
    release,
    asMeasured: true,
    reason: whole
      ? "the image that was measured"
      : "the version that was measured; the Neuron SDK is the one AWS published it with, the measured one is not recorded",
  });
}

/**
 * The image of the measured vLLM version. Releases have a tag `vX.Y.Z` (also `vX.Y.Z-cu130`: the same release built for
 * one CUDA version). An unknown version gets a documented default, and `reason` says so; so do, on NVIDIA GPUs and TPUs,
 * nightly, commit and fork versions, which have no lasting tag. Elsewhere a version without an image is refused: those
 * backends still change too much from release to release for figures to carry over.
 */
export function serverImage(
  configuration: Pick<Configuration, "serverVersion" | "settings">,
  accelerator: Accelerator,
): Result<ServerImage> {
  const serverVersion = measuredVersion(configuration, OWN_REPOSITORIES);
  const runtime = runtimeOf(accelerator);
  if (runtime === "gaudi") return gaudiImage(serverVersion);
  if (runtime === "neuron") return neuronImage(serverVersion);
  const images = runtime === null ? undefined : VLLM_IMAGES[runtime];
  if (images === undefined) return refused(`No vLLM image for ${accelerator.name} is known.`);
  const { repository, oldest, fallback } = images;
  const instead = (why: string, mayStandIn: boolean): Result<ServerImage> =>
    mayStandIn
      ? ok(standIn(repository, versionText(fallback), fallback, why))
      : refused(
          `${why}. vLLM publishes ${repository} from ${versionText(oldest)} on: measure with one of those releases, or deploy by hand with the image that was measured.`,
        );
  if (serverVersion === null) return instead("The measured vLLM version is not known", true);
  const version = readVersion(serverVersion);
  const named = labelValue(serverVersion);
  if (version === null) {
    return instead(`Measured with vLLM "${named}", which is no release with a published image`, images.standsIn);
  }
  const { release, post, cuda } = version;
  if (!isAtLeast(release, oldest)) {
    return instead(
      `Measured with vLLM ${named}, older than the oldest image this manifest works with`,
      images.standsIn,
    );
  }
  if (runtime === "cuda" && hostOf(accelerator).arm && !isAtLeast(release, FIRST_ARM_IMAGE)) {
    return instead(
      `Measured with vLLM ${named} on the Arm machines of ${accelerator.shortName}, for which images are published from ${versionText(FIRST_ARM_IMAGE)} on`,
      true,
    );
  }
  if (runtime !== "cuda" && cuda !== "") {
    return instead(`"${named}" is no ${runtime === "tpu" ? "TPU" : accelerator.vendor} build`, images.standsIn);
  }
  const tag = `${versionText(release)}${post}${cuda}`;
  return ok({
    reference: `${repository}:${tag}`,
    tag,
    release,
    asMeasured: true,
    reason: "the version that was measured",
  });
}
