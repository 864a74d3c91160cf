import type { V1ServiceAccount } from "@kubernetes/client-node";
import { ok, type Result } from "../../result";
import { MIB_PER_GIB } from "../../units";
import type { Prerequisite } from "../plan/add-on";
import { gibibytes } from "../plan/served-weights";
import type { Delivery } from "../plan/start-and-stop-times";
import { platformNames } from "../platforms/all";
import { commented } from "../write/commented";
import { clusterWord } from "../write/shell-commands";
import { mountedPlan, repositoryWord } from "./mounted";
import { folderSource, GCS_SOURCE } from "./source";
import { type Storage, type StoragePlan, type StorageRequest, storageLabels } from "./storage";

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

function serviceAccount(name: string): V1ServiceAccount {
  return {
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: { name, labels: storageLabels(name) },
    automountServiceAccountToken: false,
  };
}

function prerequisites(request: StorageRequest, bucket: string, folder: string): Prerequisite[] {
  const { options, platform, name, weights } = request;
  const url = folder === "" ? `gs://${bucket}` : `gs://${bucket}/${folder}`;
  const principal = `principal://iam.googleapis.com/projects/PROJECT_NUMBER/locations/global/workloadIdentityPools/PROJECT_ID.svc.id.goog/subject/ns/${options.namespace ?? "NAMESPACE"}/sa/${name}`;
  const driver = platform.cloudStorageFuse?.driver(clusterWord(options));
  return [
    ...(driver === undefined ? [] : [{ ...driver, check: `kubectl get csidriver ${DRIVER}` }]),
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

function plan(request: StorageRequest): Result<StoragePlan> {
  const { options, platform, name, weights } = request;
  const { name: bucket, folder } = folderSource(options.storageSource ?? "");
  const cacheGib = Math.ceil(gibibytes(weights.bytes) * CACHE_FACTOR);
  const sidecarGib = cacheGib + SIDECAR_GIB;
  const limits = platform.cloudStorageFuse?.sidecarLimits(sidecarGib) ?? {};
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
}

/**
 * Weights in a Cloud Storage bucket, mounted by GKE's FUSE driver. Files are readable for every user id, so that it does not
 * matter which one the server's image has; the cache is in memory, because boot disks are slower than the bucket.
 */
export const gcsfuseStorage: Storage = {
  label: "Cloud Storage bucket",
  help: "GKE's FUSE driver with a cache in memory; source gs://BUCKET/folder",
  source: {
    what: "the Cloud Storage bucket, and the path in it",
    pattern: GCS_SOURCE,
    example: "gs://my-models/llama-3.1-8b",
  },
  problem: ({ cloudStorageFuse }) =>
    cloudStorageFuse === undefined
      ? `The Cloud Storage FUSE driver is part of ${platformNames((platform) => platform.cloudStorageFuse !== undefined)} only.`
      : null,
  plan,
};
