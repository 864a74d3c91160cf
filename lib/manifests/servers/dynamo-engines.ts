import type { Configuration } from "../../domain";
import { serverLabel } from "../../words";
import { labelValue } from "../objects/kubernetes-names";
import type { ReplicaLayout } from "../plan/replica-layout";
import type { Argument } from "../plan/served-weights";
import type { ServerPlan, ServerSignals, ServingRole } from "../plan/server-plan";
import type { LengthFlag } from "./length-flags";
import { VLLM_LENGTH } from "./length-flags";
import type { ArgumentSpelling } from "./measured-settings";
import type { ModelServer } from "./server";
import { isAtLeast, type Release, type ServerImage, standIn } from "./server-image";
import { SGLANG_LENGTH, SGLANG_SIGNALS, sglang, sglangParallelArguments } from "./sglang";
import { sglangSpelling } from "./sglang-spelling";
import { TRTLLM_SIGNALS, trtllm } from "./trtllm";
import { VLLM_SIGNALS, vllm } from "./vllm";
import { vllmParallelArguments } from "./vllm-layout";
import { vllmSpelling } from "./vllm-spelling";

export type EngineId = "vllm" | "sglang" | "trtllm";

/** What differs between the engines in Dynamo's workers. */
export interface DynamoEngine {
  id: EngineId;
  label: string;
  /** The engine on its own, for layouts and weights. */
  server: ModelServer;
  engineType: ServerPlan["engineType"];
  repository: string;
  modelFlag: string;
  length: LengthFlag;
  signals: ServerSignals;
  /** Whether the engine reads its options from a file. */
  hasOptionsFile: boolean;
  layoutArguments(layout: ReplicaLayout): Argument[];
  roleArguments(role: ServingRole | null): Argument[];
  spelling(image: ServerImage): ArgumentSpelling;
}

const REGISTRY = "nvcr.io/nvidia/ai-dynamo";
/** The newest whose operator serves DynamoGraphDeployment v1beta1. */
const DEFAULT_TAG = "1.4.0";
const DEFAULT_RELEASE: Release = { major: 1, minor: 4, patch: 0 };
/** Releases of Dynamo in its images' tags; engines have versions of their own. */
const TAG = /^(\d{1,2})\.(\d{1,2})\.(\d{1,2})(?:\.post\d+|-rc\d+(?:\.pre\d+)?|-dev\.\d+)?$/;

/** The engine's release in Dynamo 1.4, for the spelling of its switches. */
const ENGINE_RELEASES: Record<EngineId, Release> = {
  vllm: { major: 0, minor: 23, patch: 0 },
  sglang: { major: 0, minor: 5, patch: 13 },
  trtllm: { major: 1, minor: 3, patch: 0 },
};

/**
 * The image of a worker: the recorded one where it is Dynamo's own, the measured release of Dynamo, or a stand-in. Images of the
 * engine alone, into which the measurement installed Dynamo, cannot be pulled by anybody.
 */
export function dynamoImage(
  configuration: Pick<Configuration, "serverVersion" | "settings">,
  engine: DynamoEngine,
): ServerImage {
  const { serverVersion, settings } = configuration;
  const own =
    settings.image?.startsWith(`${engine.repository}:`) === true
      ? settings.image.slice(engine.repository.length + 1)
      : null;
  // Of the other engines the version is the engine's, not Dynamo's.
  const text = own ?? (engine.id === "trtllm" ? serverVersion : null);
  const match = TAG.exec(text ?? "");
  if (text === null || match === null) {
    const what = settings.image ?? serverVersion;
    return standIn(
      engine.repository,
      DEFAULT_TAG,
      ENGINE_RELEASES[engine.id],
      what === null
        ? "The measured version of Dynamo is not known"
        : `Measured with "${labelValue(what)}", which is no image of Dynamo`,
    );
  }
  const release = { major: Number(match[1]), minor: Number(match[2]), patch: Number(match[3]) };
  return {
    reference: `${engine.repository}:${text}`,
    tag: text,
    release: ENGINE_RELEASES[engine.id],
    asMeasured: true,
    reason: isAtLeast(release, DEFAULT_RELEASE)
      ? "the version that was measured"
      : "the version that was measured, older than the operator that serves this object: where its workers do not register, take the operator of that release and its own object",
  };
}

const NIXL: Argument[] = [
  {
    value: "--disaggregation-transfer-backend=nixl",
    origin: "choice",
    why: "hands the KV cache over; Dynamo's images bring it",
  },
  { value: "--disaggregation-bootstrap-port=12345", origin: "run", why: "where decode workers meet a prefill worker" },
];

const KV_TRANSFER: Argument = {
  value: `--kv-transfer-config=${JSON.stringify({ kv_connector: "NixlConnector", kv_role: "kv_both" })}`,
  origin: "choice",
  why: "decode workers read the KV cache out of the prefill workers' memory",
};

export const ENGINES: Record<EngineId, DynamoEngine> = {
  vllm: {
    id: "vllm",
    label: serverLabel("dynamo-vllm"),
    server: vllm,
    engineType: "vllm",
    repository: `${REGISTRY}/vllm-runtime`,
    modelFlag: "--model",
    length: VLLM_LENGTH,
    signals: VLLM_SIGNALS,
    hasOptionsFile: false,
    layoutArguments: vllmParallelArguments,
    roleArguments: (role) => (role === null ? [] : [KV_TRANSFER]),
    spelling: (image) => vllmSpelling(image),
  },
  sglang: {
    id: "sglang",
    label: serverLabel("dynamo-sglang"),
    server: sglang,
    engineType: "sglang",
    repository: `${REGISTRY}/sglang-runtime`,
    modelFlag: "--model-path",
    length: SGLANG_LENGTH,
    signals: SGLANG_SIGNALS,
    hasOptionsFile: false,
    layoutArguments: sglangParallelArguments,
    roleArguments: (role) => [
      { value: "--host=0.0.0.0", origin: "run" },
      { value: "--skip-tokenizer-init", origin: "run", why: "Dynamo's frontend makes tokens of text" },
      ...(role === null ? [] : NIXL),
    ],
    spelling: (image) => sglangSpelling(image),
  },
  trtllm: {
    id: "trtllm",
    label: serverLabel("dynamo-trtllm"),
    server: trtllm,
    engineType: "trtllm-serve",
    repository: `${REGISTRY}/tensorrtllm-runtime`,
    modelFlag: "--model-path",
    length: {
      name: "--max-seq-len",
      unknown: "If the model does not start for want of KV cache, set it to the longest request you expect",
    },
    signals: TRTLLM_SIGNALS,
    hasOptionsFile: true,
    layoutArguments: () => [],
    roleArguments: () => [],
    spelling: () => ({ off: () => null, knows: () => false }),
  },
};
