import { isAmdWithFp8 } from "../../catalogue/hosts";
import type { Configuration } from "../../domain";
import { ok, type Result, refused } from "../../result";
import { serverLabel } from "../../words";
import { labelValue } from "../objects/kubernetes-names";
import type { Deployable } from "../plan/choice";
import { shutdown } from "../plan/start-and-stop-times";
import { commented } from "../write/commented";
import { type ModelServer, storageFlagProblem } from "./server";
import type { ServerImage } from "./server-image";
import { sglang, sglangPlan } from "./sglang";
import { mtpTokens } from "./speculative";
import { vllm, vllmPlan } from "./vllm";

/** AMD's ATOM as a plugin of another server. */
type Base = "vllm" | "sglang";

const REPOSITORY = "rocm/atom-dev";
/** Tags that stay: the server they hold, its release, the day they were built. */
const TAG = /^(vllm|sglang)-v(\d{1,2})\.(\d{1,3})\.(\d{1,3})-nightly_\d{8}(?:-[a-z0-9]+)?$/;

/** The image that was measured, or why there is none: what ATOM changes differs from day to day, so no other stands in. */
function atomImage(
  { settings, serverVersion }: Pick<Configuration, "settings" | "serverVersion">,
  base: Base,
): Result<ServerImage> {
  const own =
    settings.image?.startsWith(`${REPOSITORY}:`) === true ? settings.image.slice(REPOSITORY.length + 1) : null;
  const tag = own ?? serverVersion ?? "";
  const match = TAG.exec(tag);
  if (match === null || match[1] !== base) {
    return refused(
      `Measured with ${serverLabel(`${base}-atom`)} ${tag === "" ? "of unknown version" : `"${labelValue(tag)}"`}, whose image has no tag that stays (${REPOSITORY}:${base}-vX.Y.Z-nightly_DATE): measure with one of those, or deploy by hand.`,
    );
  }
  return ok({
    reference: `${REPOSITORY}:${tag}`,
    tag,
    release: { major: Number(match[2]), minor: Number(match[3]), patch: Number(match[4]) },
    asMeasured: true,
    reason: "the image that was measured: the server with AMD's ATOM in it",
  });
}

function refusal(choice: Deployable, base: Base, flag: string): string | null {
  const { configuration, accelerator } = choice;
  if (!isAmdWithFp8(accelerator)) {
    return `ATOM is written for AMD MI300 and later; for ${accelerator.name} no image of it is known.`;
  }
  const image = atomImage(configuration, base);
  if (!image.ok) return image.error;
  const tokens = mtpTokens(configuration, flag);
  return tokens.ok ? null : tokens.error;
}

const ONE_MACHINE =
  "ATOM over several machines is not written: how its plugin is started there is not documented. Choose a configuration of one machine.";

const vllmAtom: ModelServer = {
  ...vllm,
  name: "vllm-atom",
  label: serverLabel("vllm-atom"),
  refusal: (choice) => refusal(choice, "vllm", "--speculative-config"),
  groupRefusal: () => ONE_MACHINE,
  plan(request) {
    const image = atomImage(request.choice.configuration, "vllm");
    if (!image.ok) return image;
    const planned = vllmPlan(request, image.value);
    return planned.ok ? ok({ ...planned.value, server: { ...planned.value.server, name: "vllm-atom" } }) : planned;
  },
};

const sglangAtom: ModelServer = {
  ...sglang,
  name: "sglang-atom",
  label: serverLabel("sglang-atom"),
  refusal: (choice) => refusal(choice, "sglang", "--speculative-num-steps"),
  groupRefusal: () => ONE_MACHINE,
  plan(request) {
    const image = atomImage(request.choice.configuration, "sglang");
    if (!image.ok) return image;
    const problem = storageFlagProblem(request, sglangAtom.label);
    if (problem !== null) return refused(problem);
    const server = sglangPlan(request, image.value);
    const plugin = commented(
      { name: "SGLANG_EXTERNAL_MODEL_PACKAGE", value: "atom.plugin.sglang.models" },
      { name: "makes SGLang take ATOM's models, which are in the image" },
    );
    return ok({
      server: { ...server, name: "sglang-atom", environment: [...server.environment, plugin] },
      stop: shutdown(request.choice, true),
    });
  },
};

/** vLLM and SGLang with AMD's ATOM as a plugin. */
export const ATOM_SERVERS: readonly ModelServer[] = [vllmAtom, sglangAtom];
