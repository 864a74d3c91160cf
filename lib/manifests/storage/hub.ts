import { formatNumber } from "../../format";
import { ok, type Result, refused } from "../../result";
import { gigabytes } from "../plan/served-weights";
import type { Delivery } from "../plan/start-and-stop-times";
import { HUB_BYTES_PER_SECOND, NODE_DISK_BYTES_PER_SECOND } from "../plan/start-and-stop-times";
import { CACHE_PATH, weightsCache } from "./cache";
import type { Storage, StoragePlan, StorageRequest } from "./storage";

const DELIVERY: Delivery = {
  beforeStart: null,
  whileStarting: [
    { what: "downloaded", bytesPerSecond: HUB_BYTES_PER_SECOND },
    { what: "loaded", bytesPerSecond: NODE_DISK_BYTES_PER_SECOND },
  ],
};

/** Where the measured server had its weights on a disk or in a bucket of its own: a new pod would find nothing there. */
const PATH_OR_ADDRESS = /^(?:\/|~|\.{1,2}(?:\/|$)|[A-Za-z]:\\)|:\/\//;

function plan({ choice, options, platform, weights }: StorageRequest): Result<StoragePlan> {
  if (PATH_OR_ADDRESS.test(weights.repository)) {
    return refused(
      `The weights are called ${JSON.stringify(weights.repository)}, a path or an address and no name on the Hugging Face hub (organisation/model): choose a storage that holds them.`,
    );
  }
  if (choice.model === null && !weights.repository.includes("/")) {
    return refused(
      `The weights are called ${JSON.stringify(weights.repository)}, which names no organisation: on the Hugging Face hub models are called organisation/model, and the server would not find it. Name the model or its checkpoint in full when adding the report, or choose a storage that holds them.`,
    );
  }
  const storageClass = platform.storageClass(choice.accelerator);
  const object = storageClass?.object ?? null;
  const minutes = formatNumber(Math.ceil(weights.bytes / HUB_BYTES_PER_SECOND / 60));
  return ok({
    model: weights.repository,
    arguments: [],
    environment: [
      {
        name: "HF_TOKEN",
        valueFrom: { secretKeyRef: { name: "hf-token", key: "token", optional: choice.model?.gated !== true } },
      },
      { name: "HF_HOME", value: `${CACHE_PATH}/huggingface` },
    ],
    volumes: [weightsCache(weights, storageClass)],
    volumeMounts: [{ name: "cache", mountPath: CACHE_PATH }],
    podAnnotations: {},
    serviceAccountName: null,
    initContainers: [],
    usesHub: true,
    delivery: DELIVERY,
    ephemeralStorageGib: 0,
    nodeDiskGib: 0,
    sidecarMemoryGib: 0,
    addOn: {
      objects: object === null ? [] : [object],
      prerequisites: [],
      notes:
        options.autoscaler === "none"
          ? []
          : [
              `Warm start: a container that restarts finds its weights and compiled programs again, but every new pod downloads ${gigabytes(weights.bytes)} first (up to ${minutes} minutes). Where load rises faster than that, keep the weights in a volume all pods share (storage).`,
            ],
    },
  });
}

/** Weights downloaded from the Hugging Face hub into a volume of the pod's own. */
export const hubStorage: Storage = {
  label: "Hugging Face hub",
  help: "Each new pod downloads the weights into a volume of its own",
  source: null,
  problem: () => null,
  plan,
};
