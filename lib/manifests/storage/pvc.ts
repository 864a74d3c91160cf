import { ok, type Result } from "../../result";
import type { Prerequisite } from "../plan/add-on";
import type { Delivery } from "../plan/start-and-stop-times";
import { commented } from "../write/commented";
import { kubectlFor } from "../write/shell-commands";
import { modelPath, mountedPlan, repositoryWord } from "./mounted";
import { folderSource, VOLUME_SOURCE } from "./source";
import type { Storage, StoragePlan, StorageRequest } from "./storage";

/** What is behind the claim is not known: the slow side of network disks. */
const DELIVERY: Delivery = {
  beforeStart: null,
  whileStarting: [{ what: "read from the volume", bytesPerSecond: 100e6 }],
};

/** A claim somebody keeps: that it is there, for many nodes, and how the weights get into it. */
export function claimPrerequisite({ options, weights }: StorageRequest, claim: string, folder: string): Prerequisite {
  return {
    what: `The PersistentVolumeClaim ${claim}, ReadOnlyMany or ReadWriteMany (ReadWriteOnce would tie all pods to one node), with the files of ${weights.repository} in ${folder === "" ? "it" : `its folder ${folder}`}, brought there by a pod that has it at /models:`,
    check: `${kubectlFor(options)} get pvc ${claim} -o jsonpath='{.status.phase} {.spec.accessModes}'`,
    install: [`hf download ${repositoryWord(weights)} --local-dir ${modelPath(folder)}`],
  };
}

function plan(request: StorageRequest): Result<StoragePlan> {
  const { name: claim, folder } = folderSource(request.options.storageSource ?? "");
  return ok(
    mountedPlan(folder, {
      delivery: DELIVERY,
      volumes: [
        commented(
          { name: "model", persistentVolumeClaim: { claimName: claim, readOnly: true } },
          { name: "shared by all pods and only read: the claim must be ReadOnlyMany or ReadWriteMany" },
        ),
      ],
      addOn: { objects: [], prerequisites: [claimPrerequisite(request, claim, folder)], notes: [] },
    }),
  );
}

/** Weights in a PersistentVolumeClaim somebody keeps, read only. The whole claim is mounted: links between its folders keep working. */
export const pvcStorage: Storage = {
  label: "existing volume (PVC)",
  help: "A claim many nodes can read (ReadOnlyMany, ReadWriteMany); source CLAIM/folder",
  source: {
    what: "the PersistentVolumeClaim that holds the model, and the path in it",
    pattern: VOLUME_SOURCE,
    example: "models/llama-3.1-8b",
  },
  problem: () => null,
  plan,
};
