import { describe, expect, test } from "vitest";
import { type AskedOptions, STORAGES, type StorageKind } from "../../../lib/manifests/options/manifest-options";
import { type ChoiceParts, choice } from "./choice";
import {
  argumentsOf,
  at,
  containerOf,
  notesOf,
  objectOfKind,
  objectsIn,
  podOf,
  refusalOf,
  yamlOf,
} from "./read-bundle";

const DIGEST = `sha256:${"a".repeat(64)}`;

/** Each storage where it can be, with a source. */
const ASKED: Record<StorageKind, AskedOptions> = {
  hub: { platform: "generic" },
  pvc: { platform: "generic", storageSource: "models/qwen/3-32b" },
  gcsfuse: { platform: "gke", storageSource: "gs://my-models/qwen/3-32b" },
  lustre: { platform: "gke", storageSource: "lustre-models/qwen/3-32b" },
  s3: { platform: "eks", storageSource: "s3://my-models/qwen/3-32b" },
  "oci-image": {
    platform: "generic",
    clusterVersion: { major: 1, minor: 35 },
    storageSource: `registry.example.org/models/qwen:1.0@${DIGEST}#qwen/3-32b`,
  },
};

function stored(storage: StorageKind, more: AskedOptions = {}, parts: ChoiceParts = {}) {
  return choice({ ...parts, options: { ...ASKED[storage], storage, ...more } });
}

/** The pod's volume of that name. */
function volume(storage: StorageKind, name: string, more: AskedOptions = {}) {
  const volumes = at(podOf(stored(storage, more)), "volumes");
  if (!Array.isArray(volumes)) throw new Error("no volumes");
  return volumes.find((item) => at(item, "name") === name);
}

describe("weights from the hub", () => {
  test.each(["/mnt/models/llama", "./llama", "~/llama", "s3://models/llama", "http://models.example/llama"])(
    "are not looked for there when they were on a disk or in a bucket: %s",
    (checkpoint) => {
      const parts: ChoiceParts = { configuration: { checkpoint } };
      expect(refusalOf(stored("hub", {}, parts))).toMatch(
        /a path or an address .* choose a storage that holds them\.$/,
      );
      expect(argumentsOf(stored("pvc", {}, parts))[0]).toBe("/models/qwen/3-32b");
    },
  );
});

describe("weights from a volume", () => {
  const MOUNTED = STORAGES.filter((storage) => storage !== "hub");

  test("are loaded from their folder, under the model's own name", () => {
    const paths: Record<string, string> = {
      pvc: "/models/qwen/3-32b",
      lustre: "/models/qwen/3-32b",
      "oci-image": "/models/qwen/3-32b",
      // the folder is mounted, not the bucket
      gcsfuse: "/models",
      s3: "/models",
    };
    for (const storage of MOUNTED) {
      const args = argumentsOf(stored(storage));
      expect(args[0]).toBe(paths[storage]);
      expect(args).toContain("--served-model-name=Qwen/Qwen3-32B");
    }
  });

  test("are mounted read only, beside a cache of the pod's own for compiled programs", () => {
    for (const storage of MOUNTED) {
      const mounts = at(containerOf(stored(storage)), "volumeMounts");
      expect(mounts).toContainEqual({ name: "model", mountPath: "/models", readOnly: true });
      expect(mounts).toContainEqual({ name: "cache", mountPath: "/cache" });
      expect(volume(storage, "cache")).toEqual({ name: "cache", emptyDir: { sizeLimit: "10Gi" } });
      expect(at(containerOf(stored(storage)), "resources", "requests", "ephemeral-storage")).toBe("12Gi");
    }
  });

  test("need no hub: no token is read, and nothing is asked of it", () => {
    for (const storage of MOUNTED) {
      const yaml = yamlOf(stored(storage));
      expect(at(containerOf(stored(storage)), "env")).toContainEqual({ name: "HF_HUB_OFFLINE", value: "1" });
      expect(yaml).not.toContain("HF_TOKEN");
      expect(yaml).not.toContain("create secret generic hf-token");
      expect(yaml).toContain("hf download Qwen/Qwen3-32B --local-dir ");
    }
  });

  test("give a start-up budget from the rate they are read at", () => {
    const model = { weightBytes: 600e9 };
    const accelerator = { memoryGib: 400 };
    const seconds = (storage: StorageKind) =>
      Number(at(containerOf(stored(storage, {}, { model, accelerator })), "startupProbe", "failureThreshold")) * 10;
    // 600 GB at 100 and then 200 MB/s; at 100; at 150; at 200 MB/s; each with 600 s to compile
    expect(seconds("hub")).toBe(9600);
    expect(seconds("pvc")).toBe(6600);
    expect(seconds("lustre")).toBe(4620);
    for (const storage of ["gcsfuse", "s3", "oci-image"] satisfies StorageKind[]) expect(seconds(storage)).toBe(3600);
    expect(yamlOf(stored("gcsfuse", {}, { model, accelerator }))).toMatch(
      /600 GB of weights read from the bucket at 200\s/,
    );
  });
});

describe("the hub", () => {
  test("says what a new pod costs where an autoscaler makes them", () => {
    expect(notesOf(stored("hub"))).toMatch(/every new pod downloads 64 GB first \(up to 11 minutes\)/);
    expect(notesOf(stored("hub", { autoscaler: "none" }))).not.toContain("Warm start");
  });
});

describe("a claim", () => {
  test("is mounted whole and checked for what many nodes need", () => {
    expect(volume("pvc", "model")).toEqual({
      name: "model",
      persistentVolumeClaim: { claimName: "models", readOnly: true },
    });
    const yaml = yamlOf(stored("pvc", { namespace: "llm" }));
    expect(yaml).toContain("kubectl -n llm get pvc models -o jsonpath='{.status.phase} {.spec.accessModes}'");
    expect(yaml).toMatch(/ReadOnlyMany or ReadWriteMany/);
  });

  test("on Lustre names the driver of the cloud it is on", () => {
    expect(yamlOf(stored("lustre"))).toContain("kubectl get csidriver lustre.csi.storage.gke.io");
    expect(yamlOf(stored("lustre", { platform: "eks" }))).toContain("kubectl get csidriver fsx.csi.aws.com");
    expect(refusalOf(stored("lustre", { platform: "aks" }))).toMatch(/GKE \(Managed Lustre\) and EKS/);
  });
});

describe("a Cloud Storage bucket", () => {
  test("is mounted by the sidecar, readable for every user id, with a bounded cache in memory", () => {
    const model = volume("gcsfuse", "model");
    expect(at(model, "csi", "driver")).toBe("gcsfuse.csi.storage.gke.io");
    expect(at(model, "csi", "volumeAttributes", "bucketName")).toBe("my-models");
    const options = String(at(model, "csi", "volumeAttributes", "mountOptions")).split(",");
    // 64 GB are 60 GiB; a tenth more
    expect(options).toEqual([
      "implicit-dirs",
      "only-dir:qwen/3-32b",
      "file-mode=444",
      "dir-mode=555",
      "file-cache:max-size-mb:67584",
      "file-cache:enable-parallel-downloads:true",
      "metadata-cache:ttl-secs:-1",
      "file-system:kernel-list-cache-ttl-secs:-1",
    ]);
    expect(volume("gcsfuse", "gke-gcsfuse-cache")).toEqual({
      name: "gke-gcsfuse-cache",
      emptyDir: { medium: "Memory", sizeLimit: "66Gi" },
    });
  });

  test("the scheduler knows the cache, and Autopilot gets the limits it insists on", () => {
    const annotations = (platform: "gke" | "gke-autopilot") =>
      at(
        objectOfKind(yamlOf(stored("gcsfuse", { platform })), "Deployment"),
        "spec",
        "template",
        "metadata",
        "annotations",
      );
    expect(annotations("gke")).toMatchObject({
      "gke-gcsfuse/volumes": "true",
      "gke-gcsfuse/memory-limit": "0",
      "gke-gcsfuse/memory-request": "68Gi",
    });
    expect(annotations("gke-autopilot")).toMatchObject({
      "gke-gcsfuse/cpu-limit": "4",
      "gke-gcsfuse/memory-limit": "68Gi",
      "gke-gcsfuse/memory-request": "68Gi",
    });
  });

  test("is read by a service account of the bundle's own, to which the header gives access", () => {
    const yaml = yamlOf(stored("gcsfuse", { namespace: "llm" }));
    const account = String(at(objectOfKind(yaml, "ServiceAccount"), "metadata", "name"));
    expect(at(podOf(stored("gcsfuse")), "serviceAccountName")).toBe(account);
    expect(yaml).toContain(`/subject/ns/llm/sa/${account}'`);
    expect(yaml).toContain("--role roles/storage.objectViewer");
  });

  test("exists on GKE only", () => {
    expect(refusalOf(stored("gcsfuse", { platform: "eks" }))).toMatch(/part of GKE only/);
  });
});

describe("an S3 bucket", () => {
  test("is a volume and a claim that name each other", () => {
    const yaml = yamlOf(stored("s3", { namespace: "llm" }));
    const claim = objectOfKind(yaml, "PersistentVolumeClaim");
    const persistent = objectOfKind(yaml, "PersistentVolume");
    const claimName = String(at(claim, "metadata", "name"));
    const volumeName = String(at(persistent, "metadata", "name"));
    expect(volumeName).toBe(`llm-${claimName}`);
    expect(at(claim, "spec", "volumeName")).toBe(volumeName);
    expect(at(claim, "metadata", "namespace")).toBe("llm");
    expect(at(persistent, "metadata", "namespace")).toBeUndefined();
    expect(at(persistent, "spec", "claimRef")).toEqual({ namespace: "llm", name: claimName });
    expect(at(persistent, "spec", "mountOptions")).toEqual(["read-only", "allow-other", "prefix qwen/3-32b/"]);
    expect(at(persistent, "spec", "csi")).toEqual({
      driver: "s3.csi.aws.com",
      volumeHandle: volumeName,
      volumeAttributes: { bucketName: "my-models" },
    });
    expect(volume("s3", "model")).toEqual({
      name: "model",
      persistentVolumeClaim: { claimName, readOnly: true },
    });
  });

  test("elsewhere than on EKS is refused, with what to do instead", () => {
    expect(refusalOf(stored("s3", { platform: "gke" }))).toMatch(/mount the bucket as a PersistentVolumeClaim/);
  });
});

describe("a container image", () => {
  const reference = `registry.example.org/models/qwen:1.0@${DIGEST}`;

  test("named by digest is pulled once a node", () => {
    expect(volume("oci-image", "model")).toEqual({ name: "model", image: { reference, pullPolicy: "IfNotPresent" } });
    expect(notesOf(stored("oci-image"))).not.toContain("tag");
  });

  test("named by tag is asked for at every start, and the manifest says why that is a risk", () => {
    const tagged = { storageSource: "localhost:5000/qwen:1.0" };
    expect(at(volume("oci-image", "model", tagged), "image", "pullPolicy")).toBe("Always");
    expect(notesOf(stored("oci-image", tagged))).toMatch(/named by a tag, which can move/);
    expect(argumentsOf(stored("oci-image", tagged))[0]).toBe("/models");
  });

  test("is pulled before the container starts: the rollout waits for it, the startup probe does not", () => {
    const deployment = objectOfKind(yamlOf(stored("oci-image")), "Deployment");
    // 1,800 s startup budget, 1,200 s for node and image, 64 GB at 100 MB/s in whole minutes
    expect(at(deployment, "spec", "progressDeadlineSeconds")).toBe(1800 + 1200 + 660);
  });

  test("makes nodes with room for two copies of it", () => {
    const asked = { ...ASKED["oci-image"], platform: "gke-autopilot" } satisfies AskedOptions;
    const computeClass = objectOfKind(yamlOf(stored("oci-image", asked)), "ComputeClass");
    expect(at(computeClass, "spec", "priorities", 0, "storage", "bootDiskSize")).toBe(100 + 12 + 2 * 60);
  });

  test("needs Kubernetes 1.35, where image volumes are on", () => {
    expect(refusalOf(stored("oci-image", { clusterVersion: { major: 1, minor: 34 } }))).toMatch(
      /from Kubernetes 1\.35/,
    );
  });
});

describe("objects a storage brings", () => {
  test("carry the bundle's name", () => {
    for (const storage of ["gcsfuse", "s3"] satisfies StorageKind[]) {
      const objects = objectsIn(yamlOf(stored(storage)));
      const instance = at(objects.at(-1), "metadata", "labels", "app.kubernetes.io/instance");
      for (const object of objects) {
        expect(at(object, "metadata", "labels", "app.kubernetes.io/instance")).toBe(instance);
      }
    }
  });
});
