import { labelValue } from "./names";

/** A vLLM release, comparable. */
export interface Release {
  major: number;
  minor: number;
  patch: number;
}

export interface ServerImage {
  /** `repository:tag`. */
  reference: string;
  tag: string;
  /** The release inside, for flags that came with a version. */
  release: Release;
  /** True where the tag is the version that was measured. */
  asMeasured: boolean;
  /** Why this tag, one or two sentences. */
  reason: string;
}

export const VLLM_GPU_REPOSITORY = "vllm/vllm-openai";
export const VLLM_TPU_REPOSITORY = "vllm/vllm-tpu";

/**
 * Tags used where the measured version is unknown or has no published image. GPU: pinned by llm-d and the first with a
 * non-root user. TPU: the newest seen in August 2026; the TPU figures shipped here were measured on builds of June 2026.
 */
export const DEFAULT_GPU_RELEASE: Release = { major: 0, minor: 23, patch: 0 };
export const DEFAULT_TPU_RELEASE: Release = { major: 0, minor: 27, patch: 0 };

/** `vllm serve` came with 0.5.2 (vLLM pull request 5090); before, the server had another command. */
const FIRST_RELEASE_WITH_SERVE: Release = { major: 0, minor: 5, patch: 2 };
/** Oldest TPU image named in public recipes. */
const FIRST_TPU_IMAGE: Release = { major: 0, minor: 12, patch: 0 };

/** Optional image name, version, post release, build for one CUDA version (a tag suffix), Python local version. */
const RELEASE =
  /^(?:(?:vllm\/)?vllm-(?:openai|tpu):)?v?(\d{1,3})\.(\d{1,3})(?:\.(\d{1,3}))?(\.post\d+)?(-cu\d{3})?(?:\+cu\d+)?$/;

/** Whether `release` is `minimum` or later. */
export function isAtLeast(release: Release, minimum: Release): boolean {
  return (release.major - minimum.major || release.minor - minimum.minor || release.patch - minimum.patch || 0) >= 0;
}

function versionText(release: Release): string {
  return `v${release.major}.${release.minor}.${release.patch}`;
}

/**
 * The image of the measured vLLM version. Releases have a tag `vX.Y.Z` (also `vX.Y.Z-cu130`: the same release built for
 * one CUDA version). Nightly, commit and fork versions have no lasting tag: a documented default takes their place and
 * `reason` says so.
 */
export function serverImage(serverVersion: string | null, hardware: "gpu" | "tpu"): ServerImage {
  const repository = hardware === "gpu" ? VLLM_GPU_REPOSITORY : VLLM_TPU_REPOSITORY;
  const fallback = hardware === "gpu" ? DEFAULT_GPU_RELEASE : DEFAULT_TPU_RELEASE;
  const oldest = hardware === "gpu" ? FIRST_RELEASE_WITH_SERVE : FIRST_TPU_IMAGE;
  const instead = (why: string): ServerImage => ({
    reference: `${repository}:${versionText(fallback)}`,
    tag: versionText(fallback),
    release: fallback,
    asMeasured: false,
    reason: `${why}; ${versionText(fallback)} is a recent release in its place, so speed may differ from the figures. Change the tag if you know better.`,
  });
  if (serverVersion === null) return instead("The measured vLLM version is not known");
  const match = RELEASE.exec(serverVersion.trim());
  if (!match)
    return instead(`Measured with vLLM "${labelValue(serverVersion)}", which is no release with a published image`);
  const [, major, minor, patch, post = "", cuda = ""] = match;
  const release: Release = { major: Number(major), minor: Number(minor), patch: Number(patch ?? 0) };
  if (!isAtLeast(release, oldest)) {
    return instead(
      `Measured with vLLM ${labelValue(serverVersion)}, older than the oldest image this manifest works with`,
    );
  }
  if (hardware === "tpu" && cuda !== "") return instead(`"${labelValue(serverVersion)}" is no TPU build`);
  const tag = `${versionText(release)}${post}${cuda}`;
  return {
    reference: `${repository}:${tag}`,
    tag,
    release,
    asMeasured: true,
    reason: "the version that was measured",
  };
}
