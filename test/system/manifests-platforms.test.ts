import path from "node:path";
import { describe, expect, test } from "vitest";
import { readCatalogue } from "../../db/store/read-catalogue";
import type { Accelerator } from "../../lib/catalogue/catalogue";
import { type AskedOptions, STORAGES, type StorageKind } from "../../lib/manifests/options/manifest-options";
import type { Choice } from "../../lib/manifests/plan/choice";
import { PLATFORM_IDS, type PlatformId } from "../../lib/manifests/platforms/all";
import { manifestBundle } from "../../lib/manifests/write/manifest-yaml";
import { choice, PLAN, SOURCES } from "../unit/manifests/choice";
import { yamlOf } from "../unit/manifests/read-bundle";
import { hasValidator, validated } from "./validator";

const SECONDS = 1000;
const DATA = path.resolve(import.meta.dirname, "../../data");

interface Case {
  platform: PlatformId;
  storage: StorageKind;
  accelerator: Accelerator;
  count: number;
  namespace: string | null;
  clusterName: string | null;
  autoscaler: "none" | "hpa";
}

const COUNTS = [1, 2, 4, 8];

/**
 * Platforms × storages × accelerators × counts, with namespace, cluster name and autoscaler: the whole product is some 50,000
 * bundles. It is reduced as follows: platform × storage × accelerator stands in full, because these three decide objects
 * together; the count, which decides the machine, and the three switches take turns by mixed arithmetic, so that each pair of
 * values of any two of the seven stands in the list.
 */
function cases(): Case[] {
  const list: Case[] = [];
  for (const [a, accelerator] of readCatalogue(DATA).accelerators.entries()) {
    for (const [p, platform] of PLATFORM_IDS.entries()) {
      for (const [s, storage] of STORAGES.entries()) {
        const turn = a + 2 * p + 3 * s;
        list.push({
          platform,
          storage,
          accelerator,
          count: COUNTS[(a + p + s) % COUNTS.length] ?? 1,
          namespace: turn % 2 === 0 ? "llm" : null,
          clusterName: (a + Math.floor(p / 2) + s) % 2 === 0 ? "prod" : null,
          autoscaler: (Math.floor(a / 2) + p + Math.floor(s / 2)) % 2 === 0 ? "hpa" : "none",
        });
      }
    }
  }
  return list;
}

function built({ accelerator, count, autoscaler, ...asked }: Case): Choice {
  const cores = accelerator.gkeAcceleratorLabel === "tpu7x" ? 2 : 1;
  const options: AskedOptions = {
    platform: asked.platform,
    storage: asked.storage,
    storageSource: SOURCES[asked.storage],
    clusterVersion: { major: 1, minor: 35 },
    namespace: asked.namespace,
    clusterName: asked.clusterName,
    autoscaler,
  };
  return choice({
    accelerator,
    configuration: { acceleratorCount: count },
    parallelism: { label: null, tensor: count * cores },
    model: { weightBytes: 14e9 },
    options,
    choice: { capacity: count === 2 ? PLAN : null },
  });
}

describe("platforms, storages and accelerators", () => {
  test("stand in the list in every pair of values", () => {
    const list = cases();
    const keys = ["platform", "storage", "accelerator", "count", "namespace", "clusterName", "autoscaler"] as const;
    const text = (item: Case, key: (typeof keys)[number]) =>
      key === "accelerator" ? item.accelerator.id : String(item[key]);
    for (const first of keys) {
      for (const second of keys) {
        if (first === second) continue;
        const values = (key: (typeof keys)[number]) => new Set(list.map((item) => text(item, key))).size;
        const pairs = new Set(list.map((item) => `${text(item, first)}|${text(item, second)}`)).size;
        expect([first, second, pairs]).toEqual([first, second, values(first) * values(second)]);
      }
    }
  });

  test(
    "make what a Kubernetes API server accepts, or there is a reason a person can act on",
    () => {
      const texts = new Set<string>();
      const reasons = new Map<string, number>();
      const made = new Map<string, number>();
      for (const item of cases()) {
        const bundle = manifestBundle(built(item));
        if (bundle.ok) {
          texts.add(bundle.value.yaml);
          const key = `${item.platform} ${item.storage}`;
          made.set(key, (made.get(key) ?? 0) + 1);
        } else reasons.set(bundle.error, (reasons.get(bundle.error) ?? 0) + 1);
      }
      for (const reason of reasons.keys()) {
        expect(reason).toMatch(/\.$/);
        expect(reason).not.toMatch(/^Manifests (?:for the platform|with storage)|undefined|null|NaN/);
      }
      // what cannot be: FUSE off GKE, Lustre off GKE and EKS, Mountpoint off EKS
      const impossible = new Set([
        ...PLATFORM_IDS.filter((id) => !id.startsWith("gke")).map((id) => `${id} gcsfuse`),
        ...PLATFORM_IDS.filter((id) => !/^(?:gke|eks)/.test(id)).map((id) => `${id} lustre`),
        ...PLATFORM_IDS.filter((id) => !id.startsWith("eks")).map((id) => `${id} s3`),
      ]);
      for (const platform of PLATFORM_IDS) {
        for (const storage of STORAGES) {
          const key = `${platform} ${storage}`;
          expect([key, (made.get(key) ?? 0) > 0]).toEqual([key, !impossible.has(key)]);
        }
      }
      expect(texts.size).toBeGreaterThan(250);
      const { complaints, summary } = validated(texts);
      expect(complaints).toEqual([]);
      expect(summary).toMatch(/, 0 invalid, 0 of unknown type, 0 skipped; 0 errors, 0 warnings/);
    },
    300 * SECONDS,
  );

  test.skipIf(!hasValidator)(
    "would be noticed with a wrong field in a compute class, a node pool, a node class or a volume",
    () => {
      const bundle = (options: AskedOptions) => yamlOf(choice({ options }));
      const autopilot = bundle({ platform: "gke-autopilot" });
      const karpenter = bundle({ platform: "eks-karpenter", clusterName: "prod" });
      const s3 = bundle({ platform: "eks", storage: "s3", storageSource: "s3://my-models" });
      const image = bundle({
        platform: "generic",
        storage: "oci-image",
        storageSource: SOURCES["oci-image"],
        clusterVersion: { major: 1, minor: 35 },
      });
      const wrong: [string, string, string][] = [
        [autopilot, "driverVersion: latest", "driverVersion: newest"],
        [autopilot, "whenUnsatisfiable: DoNotScaleUp", "whenUnsatisfied: DoNotScaleUp"],
        [autopilot, "machineType: a3-highgpu-2g", "machineType: a3-highgpu-2g\n      machineFamily: a3"],
        [karpenter, "consolidationPolicy: WhenEmpty", "consolidationPolicy: WhenIdle"],
        [karpenter, "instanceStorePolicy: RAID0", "instanceStorePolicy: RAID5"],
        [karpenter, "expireAfter: Never", "expiresAfter: Never"],
        [s3, "volumeHandle:", "volumeHandel:"],
        [image, "pullPolicy: IfNotPresent", "pullPolicy: Sometimes"],
      ];
      const broken = wrong.map(([yaml, from, to]) => yaml.replace(from, to));
      for (const [index, [yaml]] of wrong.entries()) expect(broken[index]).not.toBe(yaml);
      const { refused } = validated(broken);
      expect(wrong.flatMap(([, , to], index) => (refused.has(index) ? [] : [to]))).toEqual([]);
    },
    180 * SECONDS,
  );
});
