import { ok, type Result } from "../../result";
import type { Prerequisite } from "../plan/add-on";
import type { Delivery } from "../plan/start-and-stop-times";
import { inWords, PLATFORMS, platformNames } from "../platforms/all";
import type { Platform } from "../platforms/platform";
import { commented } from "../write/commented";
import { clusterWord } from "../write/shell-commands";
import { mountedPlan } from "./mounted";
import { claimPrerequisite } from "./pvc";
import { folderSource, VOLUME_SOURCE } from "./source";
import type { Storage, StoragePlan, StorageRequest } from "./storage";

/** The smallest file systems sold: FSx for Lustre with 1.2 TiB at 125 MB/s a TiB; Managed Lustre starts far above. */
const DELIVERY: Delivery = { beforeStart: null, whileStarting: [{ what: "read from Lustre", bytesPerSecond: 150e6 }] };

/** Who sells which. */
const OFFERS = [...new Set(PLATFORMS.map(({ lustre }: Platform) => lustre?.name))].flatMap((name) =>
  name === undefined ? [] : [{ name, where: platformNames(({ lustre }) => lustre?.name === name) }],
);

function driver({ options, platform }: StorageRequest): Prerequisite[] {
  const prerequisite = platform.lustre?.driver(clusterWord(options));
  return prerequisite === undefined ? [] : [prerequisite];
}

function plan(request: StorageRequest): Result<StoragePlan> {
  const { name: claim, folder } = folderSource(request.options.storageSource ?? "");
  return ok(
    mountedPlan(folder, {
      delivery: DELIVERY,
      volumes: [
        commented(
          { name: "model", persistentVolumeClaim: { claimName: claim, readOnly: true } },
          { name: "Lustre serves all pods at once (ReadWriteMany); this server only reads" },
        ),
      ],
      addOn: { objects: [], prerequisites: [...driver(request), claimPrerequisite(request, claim, folder)], notes: [] },
    }),
  );
}

/** Weights on a parallel file system, through a claim somebody keeps (Managed Lustre on GKE, FSx for Lustre on EKS), read only. */
export const lustreStorage: Storage = {
  label: "Lustre",
  help: `A claim on ${inWords(
    OFFERS.map(({ name, where }) => `${name} (${where})`),
    "or",
  )}; source CLAIM/folder`,
  source: {
    what: "the PersistentVolumeClaim on Lustre that holds the model, and the path in it",
    pattern: VOLUME_SOURCE,
    example: "lustre-models/llama-3.1-8b",
  },
  problem: ({ lustre }) =>
    lustre === undefined
      ? `Lustre volumes are written for ${inWords(
          OFFERS.map(({ name, where }) => `${where} (${name})`),
          "and",
        )}.`
      : null,
  plan,
};
