import type { V1ServiceAccount } from "@kubernetes/client-node";
import { ok } from "../../result";
import type { Prerequisite } from "../plan/bundle-context";
import { gibibytes } from "../plan/served-weights";
import type { Delivery } from "../plan/start-and-stop-times";
import { commented } from "../write/commented";
import { clusterWord } from "../write/shell-commands";
import { mountedPlan, repositoryWord } from "./mounted";
import { folderSource } from "./source";
import { type Storage, type StorageRequest, storageLabels } from "./storage";

const DRIVER = "gcsfuse.csi.storage.gke.io";
/** One reader without parallel downloads; with them and enough network several times that. */
const DELIVERY: Delivery = {
  beforeStart: null,
  whileStarting: [{ what: "read from the bucket", bytesPerSecond: 200e6 }],
};

/** Room in the cache above the weights: a file being replaced, tokenizer and configuration. */
const CACHE_FACTOR = 1.1;
/** The sidecar's own memory beside its cache. */
const SIDECAR_GIB = 2;
/** On Autopilot a sidecar has a limit; the default (a quarter CPU) would be the bottleneck. */
const AUTOPILOT_SIDECAR_CPU = "4";
const MIB_PER_GIB = 1024;

function serviceAccount(name: string): V1ServiceAccount {
  return {
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: { name, labels: storageLabels(name) },
    automountServiceAccountToken: false,
  };
}

function prerequisites(request: StorageRequest, bucket: string, folder: string): Prerequisite[] {
  const { options, name, weights } = request;
  const url = folder === "" ? `gs://${bucket}` : `gs://${bucket}/${folder}`;
  const principal = `principal://iam.googleapis.com/projects/PROJECT_NUMBER/locations/global/workloadIdentityPools/PROJECT_ID.svc.id.goog/subject/ns/${options.namespace ?? "NAMESPACE"}/sa/${name}`;
  const driver: Prerequisite =
    options.platform === "gke-autopilot"
      ? {
          what: "The Cloud Storage FUSE driver, part of every Autopilot cluster.",
          check: `kubectl get csidriver ${DRIVER}`,
          install: [],
        }
      : {
          what: "The Cloud Storage FUSE driver and Workload Identity Federation on cluster and node pool:",
          check: `kubectl get csidriver ${DRIVER}`,
          install: [
            `gcloud container clusters update ${clusterWord(options)} --location LOCATION --update-addons=GcsFuseCsiDriver=ENABLED`,
          ],
        };
  return [
    driver,
    {
      what: `The files of ${weights.repository} in the bucket, in the region of the cluster:`,
      check: `gcloud storage ls ${url}/config.json`,
      install: [
        `hf download ${repositoryWord(weights)} --local-dir model`,
        `gcloud storage cp --recursive 'model/*' ${url}/`,
      ],
    },
    {
      what: "The service account of the pods may read the bucket:",
      check: `gcloud storage buckets get-iam-policy gs://${bucket}`,
      install: [
        `gcloud storage buckets add-iam-policy-binding gs://${bucket} --role roles/storage.objectViewer --member '${principal}'`,
      ],
    },
  ];
}

/**
 * Weights in a Cloud Storage bucket, mounted by GKE's FUSE driver. Files are readable for every user id, so that it does not
 * matter which one the server's image has; the cache is in memory, because boot disks are slower than the bucket.
 */
export const gcsfuseStorage: Storage = (request) => {
  const { options, name, weights } = request;
  const { name: bucket, folder } = folderSource(options.storageSource ?? "");
  const cacheGib = Math.ceil(gibibytes(weights.bytes) * CACHE_FACTOR);
  const sidecarGib = cacheGib + SIDECAR_GIB;
  const limits: Record<string, string> =
    options.platform === "gke-autopilot"
      ? { "gke-gcsfuse/cpu-limit": AUTOPILOT_SIDECAR_CPU, "gke-gcsfuse/memory-limit": `${sidecarGib}Gi` }
      : {
          "gke-gcsfuse/cpu-limit": "0",
          "gke-gcsfuse/memory-limit": "0",
          "gke-gcsfuse/ephemeral-storage-limit": "0",
        };
  const mountOptions = [
    "implicit-dirs",
    ...(folder === "" ? [] : [`only-dir:${folder}`]),
    "file-mode=444",
    "dir-mode=555",
    `file-cache:max-size-mb:${cacheGib * MIB_PER_GIB}`,
    "file-cache:enable-parallel-downloads:true",
    "metadata-cache:ttl-secs:-1",
    "file-system:kernel-list-cache-ttl-secs:-1",
  ].join(",");
  return ok(
    mountedPlan("", {
      delivery: DELIVERY,
      serviceAccountName: name,
      podAnnotations: commented(
        { "gke-gcsfuse/volumes": "true", ...limits, "gke-gcsfuse/memory-request": `${sidecarGib}Gi` },
        {
          "gke-gcsfuse/volumes": "GKE adds the sidecar that mounts the bucket",
          "gke-gcsfuse/memory-request": `the file cache below is in memory: ${cacheGib} GiB and ${SIDECAR_GIB} GiB for the sidecar itself`,
        },
      ),
      sidecarMemoryGib: sidecarGib,
      volumes: [
        {
          name: "model",
          csi: {
            driver: DRIVER,
            readOnly: true,
            volumeAttributes: commented(
              { bucketName: bucket, mountOptions, skipCSIBucketAccessCheck: "true" },
              {
                mountOptions:
                  "readable for every user id (444, 555), weights fetched in parallel into the cache, listings kept: the model does not change under a running server",
              },
            ),
          },
        },
        commented(
          { name: "gke-gcsfuse-cache", emptyDir: { medium: "Memory", sizeLimit: `${cacheGib}Gi` } },
          {
            name: `the sidecar's file cache, in memory as boot disks are slower than the bucket: ${weights.bytesBasis} × ${CACHE_FACTOR}`,
          },
        ),
      ],
      addOn: {
        objects: [serviceAccount(name)],
        prerequisites: prerequisites(request, bucket, folder),
        notes: [],
      },
    }),
  );
};
