import type { V1Volume } from "@kubernetes/client-node";
import { BYTES_PER_GIB } from "../../units";
import type { StorageKind } from "../options/manifest-options";
import type { Weights } from "../plan/served-weights";
import { commented } from "../write/commented";

/** Where weights that are downloaded and compiled programs lie in the container. */
export const CACHE_PATH = "/cache";

/** Whether each pod gets a volume of its own of the platform's storage class: where it downloads the weights itself. */
export function claimsVolume({ storage }: { storage: StorageKind }): boolean {
  return storage === "hub";
}

/** Weights, their temporary copies while downloading, and compiled programs. */
const CACHE_WEIGHT_FACTOR = 1.3;
const CACHE_EXTRA_GIB = 20;
const CACHE_STEP_GIB = 10;

/** Volume of a pod's own for downloaded weights and compiled programs, of the size they need. */
export function weightsCache(weights: Weights, storageClass: { name: string; comment: string } | null): V1Volume {
  const neededGib = (weights.bytes / BYTES_PER_GIB) * CACHE_WEIGHT_FACTOR + CACHE_EXTRA_GIB;
  const cacheGib = Math.ceil(neededGib / CACHE_STEP_GIB) * CACHE_STEP_GIB;
  return commented(
    {
      name: "cache",
      ephemeral: {
        volumeClaimTemplate: {
          spec: commented(
            {
              accessModes: ["ReadWriteOnce"],
              ...(storageClass === null ? {} : { storageClassName: storageClass.name }),
              resources: {
                requests: commented(
                  { storage: `${cacheGib}Gi` },
                  {
                    storage: `${weights.bytesBasis} × ${CACHE_WEIGHT_FACTOR} + ${CACHE_EXTRA_GIB} GiB for compiled programs`,
                  },
                ),
              },
            },
            storageClass === null ? {} : { storageClassName: storageClass.comment },
          ),
        },
      },
    },
    { name: "one volume a pod: a shared ReadWriteOnce claim would tie all replicas to one node" },
  );
}
