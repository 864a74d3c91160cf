import type { V1PersistentVolume, V1PersistentVolumeClaim } from "@kubernetes/client-node";
import { ok, type Result } from "../../result";
import { suffixed } from "../objects/kubernetes-names";
import type { Prerequisite } from "../plan/add-on";
import { gibibytes } from "../plan/served-weights";
import type { Delivery } from "../plan/start-and-stop-times";
import { platformNames } from "../platforms/all";
import { commented } from "../write/commented";
import { clusterWord } from "../write/shell-commands";
import { mountedPlan, repositoryWord } from "./mounted";
import { folderSource, S3_SOURCE } from "./source";
import { type Storage, type StoragePlan, type StorageRequest, storageLabels } from "./storage";

const DRIVER = "s3.csi.aws.com";
const WRITTEN_FOR = platformNames(({ s3Driver }) => s3Driver !== undefined);
/** One sequential reader of Mountpoint; several files at once give several times that. */
const DELIVERY: Delivery = {
  beforeStart: null,
  whileStarting: [{ what: "read from the bucket", bytesPerSecond: 200e6 }],
};

function volume(request: StorageRequest, volumeName: string, claim: string, size: string): V1PersistentVolume {
  const { options, name } = request;
  const { name: bucket, folder } = folderSource(options.storageSource ?? "");
  return {
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name: volumeName, labels: storageLabels(name) },
    spec: commented(
      {
        capacity: { storage: size },
        accessModes: ["ReadOnlyMany"],
        persistentVolumeReclaimPolicy: "Retain",
        storageClassName: "",
        ...(options.namespace === null ? {} : { claimRef: { namespace: options.namespace, name: claim } }),
        mountOptions: commented(
          ["read-only", "allow-other", ...(folder === "" ? [] : [`prefix ${folder}/`])],
          [undefined, "the server's user is not the one that mounts"],
        ),
        csi: { driver: DRIVER, volumeHandle: volumeName, volumeAttributes: { bucketName: bucket } },
      },
      {
        capacity: "Kubernetes wants a size, the driver does not use it",
        storageClassName:
          options.namespace === null
            ? "the driver provisions nothing: the claim names this volume (with a namespace of its own, the volume the claim too)"
            : "the driver provisions nothing: claim and volume name each other",
      },
    ),
  };
}

function volumeClaim(
  request: StorageRequest,
  volumeName: string,
  claim: string,
  size: string,
): V1PersistentVolumeClaim {
  return {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name: claim, labels: storageLabels(request.name) },
    spec: {
      accessModes: ["ReadOnlyMany"],
      storageClassName: "",
      volumeName,
      resources: { requests: { storage: size } },
    },
  };
}

function prerequisites({ options, platform, weights }: StorageRequest): Prerequisite[] {
  const { name: bucket, folder } = folderSource(options.storageSource ?? "");
  const url = folder === "" ? `s3://${bucket}` : `s3://${bucket}/${folder}`;
  const driver = platform.s3Driver?.(clusterWord(options));
  return [
    ...(driver === undefined ? [] : [driver]),
    {
      what: `The files of ${weights.repository} in the bucket, in the region of the cluster:`,
      check: `aws s3 ls ${url}/config.json`,
      install: [`hf download ${repositoryWord(weights)} --local-dir model`, `aws s3 cp --recursive model ${url}/`],
    },
  ];
}

function plan(request: StorageRequest): Result<StoragePlan> {
  const { options, name, weights } = request;
  const claim = suffixed(name, "model");
  // Volumes belong to no namespace: two namespaces with the same choice must not meet.
  const volumeName = options.namespace === null ? claim : `${options.namespace}-${claim}`;
  const size = `${gibibytes(weights.bytes)}Gi`;
  return ok(
    mountedPlan("", {
      delivery: DELIVERY,
      volumes: [{ name: "model", persistentVolumeClaim: { claimName: claim, readOnly: true } }],
      addOn: {
        objects: [volume(request, volumeName, claim, size), volumeClaim(request, volumeName, claim, size)],
        prerequisites: prerequisites(request),
        notes: [],
      },
    }),
  );
}

/**
 * Weights in an S3 bucket, mounted by Mountpoint's CSI driver: every server reads a folder, and the driver's role reads the
 * bucket, so no key comes near the pod. vLLM's own streamer (`--load-format=runai_streamer` with `s3://`) was turned down: it is
 * in its CUDA images only, from some release on, and needs credentials inside the pod.
 */
export const s3Storage: Storage = {
  label: "S3 bucket",
  help: `Mountpoint for S3 on ${WRITTEN_FOR}; source s3://BUCKET/folder`,
  source: {
    what: "the S3 bucket, and the path in it",
    pattern: S3_SOURCE,
    example: "s3://my-models/llama-3.1-8b",
  },
  problem: ({ s3Driver }) =>
    s3Driver === undefined
      ? `The Mountpoint for S3 driver is written for ${WRITTEN_FOR}; elsewhere mount the bucket as a PersistentVolumeClaim (pvc).`
      : null,
  plan,
};
