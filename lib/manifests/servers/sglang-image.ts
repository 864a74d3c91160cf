import type { Accelerator } from "../../catalogue/catalogue";
import { hostOf, isAmdWithFp8, isBlackwell, isNvidia } from "../../catalogue/hosts";
import type { Configuration } from "../../domain";
import { ok, type Result, refused } from "../../result";
import { labelValue } from "../objects/kubernetes-names";
import { isAtLeast, measuredVersion, type Release, type ServerImage, standIn } from "./server-image";

const REPOSITORY = "lmsysorg/sglang";

/** Pinned by llm-d in summer 2026; used where the measured version is unknown or has no published image. */
const DEFAULT_RELEASE: Release = { major: 0, minor: 5, patch: 13 };
const DEFAULT_POST = ".post1";
/** What flags and metrics here are written for. */
const FIRST_RELEASE: Release = { major: 0, minor: 5, patch: 0 };
/** From here on a release has a tag without a suffix; before, CUDA 12.6 is the build every GPU but Blackwell runs. */
const PLAIN_TAG_SINCE: Release = { major: 0, minor: 5, patch: 3 };
/** From here on a plain tag is for Arm as well; before, builds for Arm say so. */
const ARM_IN_PLAIN_TAG_SINCE: Release = { major: 0, minor: 5, patch: 6 };
const EARLIER_SUFFIX = "-cu126";

/** ROCm build in the tag of a release: `v0.5.9-rocm700-mi30x`. A release that is not here has no ROCm image we know of. */
const ROCM_BUILDS: Record<string, string> = {
  "0.5.6": "rocm700",
  "0.5.6.post1": "rocm700",
  "0.5.6.post2": "rocm700",
  "0.5.7": "rocm700",
  "0.5.9": "rocm700",
  "0.5.11": "rocm720",
  "0.5.12": "rocm720",
  "0.5.13": "rocm720",
  "0.5.13.post1": "rocm720",
};

/** Version, post release, and the suffix of a tag for one CUDA or ROCm version. */
const VERSION =
  /^(?:lmsysorg\/sglang:)?v?(\d{1,3})\.(\d{1,3})\.(\d{1,3})(\.post\d+|rc\d+)?(-cu\d{3}(?:-amd64|-arm64|-b200|-gb200)?(?:-runtime)?|-runtime|-rocm\d{3}-mi3[05]x)?$/;

interface Version {
  release: Release;
  post: string;
  suffix: string;
}

function readVersion(text: string): Version | null {
  const match = VERSION.exec(text.trim());
  if (match === null) return null;
  const [, major, minor, patch, post = "", suffix = ""] = match;
  return { release: { major: Number(major), minor: Number(minor), patch: Number(patch) }, post, suffix };
}

function plainVersion({ release, post }: Omit<Version, "suffix">): string {
  return `${release.major}.${release.minor}.${release.patch}${post}`;
}

function measured(tag: string, release: Release): Result<ServerImage> {
  return ok({
    reference: `${REPOSITORY}:${tag}`,
    tag,
    release,
    asMeasured: true,
    reason: "the version that was measured",
  });
}

/** `mi30x` for MI300X and MI325X, `mi35x` for MI350X and MI355X. */
function rocmFamily(accelerator: Accelerator): string {
  return accelerator.hardware?.architecture === "cdna4" ? "mi35x" : "mi30x";
}

function rocmImage(serverVersion: string | null, accelerator: Accelerator): Result<ServerImage> {
  const family = rocmFamily(accelerator);
  if (serverVersion === null) {
    const build = ROCM_BUILDS[plainVersion({ release: DEFAULT_RELEASE, post: DEFAULT_POST })] ?? "";
    const tag = `v${plainVersion({ release: DEFAULT_RELEASE, post: DEFAULT_POST })}-${build}-${family}`;
    return ok(standIn(REPOSITORY, tag, DEFAULT_RELEASE, "The measured SGLang version is not known"));
  }
  const next = `SGLang's ROCm images are known for ${Object.keys(ROCM_BUILDS).join(", ")}: measure with one of these, or deploy by hand with the image that was measured.`;
  const version = readVersion(serverVersion);
  if (version === null) {
    return refused(
      `Measured with SGLang "${labelValue(serverVersion)}", which is no release with a ROCm image. ${next}`,
    );
  }
  const plain = plainVersion(version);
  if (version.suffix !== "") {
    if (!version.suffix.endsWith(`-${family}`)) {
      return refused(`The measured image "${labelValue(serverVersion)}" is not built for ${accelerator.name}. ${next}`);
    }
    return measured(`v${plain}${version.suffix}`, version.release);
  }
  const build = ROCM_BUILDS[plain];
  if (build === undefined) return refused(`No ROCm image of SGLang ${labelValue(serverVersion)} is known. ${next}`);
  return measured(`v${plain}-${build}-${family}`, version.release);
}

function cudaImage(serverVersion: string | null, accelerator: Accelerator): Result<ServerImage> {
  const instead = (why: string): Result<ServerImage> =>
    ok(standIn(REPOSITORY, `v${plainVersion({ release: DEFAULT_RELEASE, post: DEFAULT_POST })}`, DEFAULT_RELEASE, why));
  if (serverVersion === null) return instead("The measured SGLang version is not known");
  const version = readVersion(serverVersion);
  const named = labelValue(serverVersion);
  if (version === null) return instead(`Measured with SGLang "${named}", which is no release with a published image`);
  const { release, suffix } = version;
  if (!isAtLeast(release, FIRST_RELEASE)) {
    return instead(`Measured with SGLang ${named}, older than the oldest image this manifest works with`);
  }
  if (suffix.startsWith("-rocm") || suffix.includes(hostOf(accelerator).arm ? "-amd64" : "-arm64")) {
    return instead(`"${named}" is no build for machines with ${accelerator.name}`);
  }
  const plain = `v${plainVersion(version)}`;
  const isForArm = /-(?:arm64|gb200)/.test(suffix);
  if (hostOf(accelerator).arm && !isForArm && !isAtLeast(release, ARM_IN_PLAIN_TAG_SINCE)) {
    return instead(`"${named}" is no build for the Arm machines of ${accelerator.shortName} that we know of`);
  }
  if (suffix !== "" || isAtLeast(release, PLAIN_TAG_SINCE)) return measured(`${plain}${suffix}`, release);
  return isBlackwell(accelerator)
    ? instead(`SGLang ${named} has no image with kernels for ${accelerator.name} that we know of`)
    : measured(`${plain}${EARLIER_SUFFIX}`, release);
}

/**
 * The image of the measured SGLang version: `vX.Y.Z[.postN]`, with the suffix of the build where one was measured. On
 * NVIDIA GPUs a documented default takes the place of unknown, nightly and branch builds; on AMD GPUs, where the build
 * decides the speed, only an unknown version gets it.
 */
export function sglangImage(
  configuration: Pick<Configuration, "serverVersion" | "settings">,
  accelerator: Accelerator,
): Result<ServerImage> {
  const serverVersion = measuredVersion(configuration, [REPOSITORY]);
  if (isNvidia(accelerator)) return cudaImage(serverVersion, accelerator);
  if (isAmdWithFp8(accelerator)) return rocmImage(serverVersion, accelerator);
  return refused(
    `SGLang is written for NVIDIA GPUs and AMD MI300 and later; for ${accelerator.name} no image is known: measure with vLLM, or deploy by hand.`,
  );
}
