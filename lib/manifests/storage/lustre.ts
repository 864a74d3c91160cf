import { ok } from "../../result";
import { isGke } from "../options/manifest-options";
import type { Prerequisite } from "../plan/bundle-context";
import type { Delivery } from "../plan/start-and-stop-times";
import { commented } from "../write/commented";
import { clusterWord } from "../write/shell-commands";
import { mountedPlan } from "./mounted";
import { claimPrerequisite } from "./pvc";
import { folderSource } from "./source";
import type { Storage, StorageRequest } from "./storage";

/** The smallest file systems sold: FSx for Lustre with 1.2 TiB at 125 MB/s a TiB; Managed Lustre starts far above. */
const DELIVERY: Delivery = { beforeStart: null, whileStarting: [{ what: "read from Lustre", bytesPerSecond: 150e6 }] };

function driver({ options }: StorageRequest): Prerequisite {
  const cluster = clusterWord(options);
  return isGke(options.platform)
    ? {
        what: "The Managed Lustre CSI driver, and the file system in the network and zone of the cluster:",
        check: "kubectl get csidriver lustre.csi.storage.gke.io",
        install: [
          `gcloud container clusters update ${cluster} --location LOCATION --update-addons=LustreCsiDriver=ENABLED`,
        ],
      }
    : {
        what: "The FSx for Lustre CSI driver with a role of its own, and the file system in the subnets of the nodes (Lustre lives in one zone):",
        check: "kubectl get csidriver fsx.csi.aws.com",
        install: [
          `eksctl create addon --cluster ${cluster} --name aws-fsx-csi-driver --auto-apply-pod-identity-associations`,
        ],
      };
}

/** Weights on a parallel file system, through a claim somebody keeps (Managed Lustre on GKE, FSx for Lustre on EKS), read only. */
export const lustreStorage: Storage = (request) => {
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
      addOn: { objects: [], prerequisites: [driver(request), claimPrerequisite(request, claim, folder)], notes: [] },
    }),
  );
};
