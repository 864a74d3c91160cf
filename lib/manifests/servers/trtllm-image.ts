import type { Accelerator } from "../../catalogue/catalogue";
import { hostOf, isNvidia } from "../../catalogue/hosts";
import type { Configuration } from "../../domain";
import { ok, type Result, refused } from "../../result";
import { labelValue } from "../objects/kubernetes-names";
import { measuredVersion, type Release, type ServerImage, standIn } from "./server-image";

const REPOSITORY = "nvcr.io/nvidia/tensorrt-llm/release";

/** A release and its candidate number; `null` = the release itself, which comes after all of them. */
interface Version {
  release: Release;
  candidate: number | null;
}

export interface TrtllmImage extends ServerImage {
  candidate: number | null;
}

/** Pinned by llm-d in summer 2026; used where the measured version is unknown or has no published image. */
const DEFAULT_VERSION: Version = { release: { major: 1, minor: 3, patch: 0 }, candidate: 18 };
const DEFAULT_TAG = "1.3.0rc18";
/** `trtllm-serve` with the PyTorch backend as its own default. */
const FIRST_VERSION: Version = { release: { major: 1, minor: 0, patch: 0 }, candidate: 0 };
/** NVIDIA's release images are for x86 and Arm from here on. */
const ARM_SINCE: Version = { release: { major: 1, minor: 0, patch: 0 }, candidate: 4 };
/** Requests running and waiting and KV-cache use are exported from here on, with the prefix `trtllm_`. */
const GAUGES_SINCE: Version = { release: { major: 1, minor: 3, patch: 0 }, candidate: 12 };

const VERSION = /^(?:release:)?v?(\d{1,2})\.(\d{1,2})\.(\d{1,2})(?:rc(\d{1,3}))?(\.post\d+)?$/;
/** TensorRT itself is at 8 to 10: submissions name it in place of TensorRT-LLM. */
const TENSORRT = /^(?:8|9|10)\.\d+/;

function isVersionAtLeast(a: Version, b: Version): boolean {
  const difference =
    a.release.major - b.release.major ||
    a.release.minor - b.release.minor ||
    a.release.patch - b.release.patch ||
    (a.candidate ?? Number.MAX_SAFE_INTEGER) - (b.candidate ?? Number.MAX_SAFE_INTEGER);
  return difference >= 0;
}

/** Whether the server exports its load: what autoscalers, endpoint pickers and dashboards read. */
export function exportsLoad({ release, candidate }: TrtllmImage): boolean {
  return isVersionAtLeast({ release, candidate }, GAUGES_SINCE);
}

/**
 * The image of the measured TensorRT-LLM version (`1.3.0rc14`, `1.2.0rc6.post2`). A documented default takes the place of
 * unknown and development builds; versions of TensorRT are refused: they name engines built ahead, another backend.
 */
export function trtllmImage(
  configuration: Pick<Configuration, "serverVersion" | "settings">,
  accelerator: Accelerator,
): Result<TrtllmImage> {
  const serverVersion = measuredVersion(configuration, [REPOSITORY]);
  if (!isNvidia(accelerator)) {
    return refused(`TensorRT-LLM runs on NVIDIA GPUs only; ${accelerator.name} needs another server.`);
  }
  const instead = (why: string): Result<TrtllmImage> =>
    ok({
      ...standIn(REPOSITORY, DEFAULT_TAG, DEFAULT_VERSION.release, why),
      candidate: DEFAULT_VERSION.candidate,
    });
  if (serverVersion === null) return instead("The measured TensorRT-LLM version is not known");
  const text = serverVersion.trim();
  const named = labelValue(serverVersion);
  if (TENSORRT.test(text)) {
    return refused(
      `Measured with an engine built by TensorRT ${named}; the TensorRT-LLM release around it is not recorded, and trtllm-serve here runs the PyTorch backend, which is another engine. Measure with a TensorRT-LLM release and record its version.`,
    );
  }
  const match = VERSION.exec(text);
  if (match === null) {
    return instead(`Measured with TensorRT-LLM "${named}", which is no release with a published image`);
  }
  const [, major, minor, patch, rc, post = ""] = match;
  const release: Release = { major: Number(major), minor: Number(minor), patch: Number(patch) };
  const candidate = rc === undefined ? null : Number(rc);
  if (!isVersionAtLeast({ release, candidate }, FIRST_VERSION)) {
    return instead(`Measured with TensorRT-LLM ${named}, older than the oldest image this manifest works with`);
  }
  if (hostOf(accelerator).arm && !isVersionAtLeast({ release, candidate }, ARM_SINCE)) {
    return instead(
      `Measured with TensorRT-LLM ${named}, of which no image for the Arm machines of ${accelerator.shortName} is known`,
    );
  }
  const tag = `${release.major}.${release.minor}.${release.patch}${rc === undefined ? "" : `rc${rc}`}${post}`;
  return ok({
    reference: `${REPOSITORY}:${tag}`,
    tag,
    release,
    candidate,
    asMeasured: true,
    reason: "the version that was measured",
  });
}
