import type { V1EnvVar, V1Volume } from "@kubernetes/client-node";
import { NOTHING } from "../plan/add-on";
import type { Weights } from "../plan/served-weights";
import { commented } from "../write/commented";
import { shellWord } from "../write/shell-commands";
import { CACHE_PATH } from "./cache";
import type { StoragePlan } from "./storage";

/** Where a volume with weights lies in the container. */
const MODELS_PATH = "/models";

/** Compiled programs, downloaded code, logs of a pod; a few GiB in practice. */
const LOCAL_CACHE_GIB = 10;
/** Logs and what the image writes into itself. */
const CONTAINER_GIB = 2;

/** The repository for a command, or a word to replace. */
export function repositoryWord(weights: Weights): string {
  return shellWord(weights.repository, "REPOSITORY");
}

/** `/models/llama-3.1-8b`. */
export function modelPath(folder: string): string {
  return folder === "" ? MODELS_PATH : `${MODELS_PATH}/${folder}`;
}

const ENVIRONMENT: V1EnvVar[] = [
  { name: "HF_HOME", value: `${CACHE_PATH}/huggingface` },
  commented({ name: "HF_HUB_OFFLINE", value: "1" }, { name: "everything is in the mounted folder: ask no hub" }),
];

const LOCAL_CACHE: V1Volume = commented(
  { name: "cache", emptyDir: { sizeLimit: `${LOCAL_CACHE_GIB}Gi` } },
  { name: "compiled programs, on the node's own disk: the model's volume is read only" },
);

/** What every storage has in common that mounts a folder with weights read only at `/models`, as the volume `model`. */
export function mountedPlan(
  folder: string,
  plan: Pick<StoragePlan, "volumes" | "delivery"> & Partial<StoragePlan>,
): StoragePlan {
  const { volumes, ...rest } = plan;
  return {
    model: modelPath(folder),
    arguments: [],
    environment: ENVIRONMENT,
    volumeMounts: [
      { name: "model", mountPath: MODELS_PATH, readOnly: true },
      { name: "cache", mountPath: CACHE_PATH },
    ],
    podAnnotations: {},
    serviceAccountName: null,
    initContainers: [],
    usesHub: false,
    ephemeralStorageGib: LOCAL_CACHE_GIB + CONTAINER_GIB,
    nodeDiskGib: LOCAL_CACHE_GIB + CONTAINER_GIB,
    sidecarMemoryGib: 0,
    addOn: NOTHING,
    ...rest,
    volumes: [...volumes, LOCAL_CACHE],
  };
}
