import path from "node:path";
import { describe, expect, test } from "vitest";
import { readCatalogue } from "../../db/store/read-catalogue";
import type { Accelerator } from "../../lib/catalogue/catalogue";
import { type AskedOptions, DEVICE_ACCESSES, type StorageKind } from "../../lib/manifests/options/manifest-options";
import { PLATFORM_IDS } from "../../lib/manifests/platforms/all";
import { vllmDevicesPerAccelerator } from "../../lib/manifests/servers/vllm-runtime";
import { STORAGE_KINDS } from "../../lib/manifests/storage/all";
import { manifestBundle } from "../../lib/manifests/write/manifest-yaml";
import { measuredWith } from "../unit/manifests/server-choices";
import { shippedChoices } from "../unit/manifests/shipped-configurations";
import { validated } from "./validator";

const SECONDS = 1000;
const DATA = path.resolve(import.meta.dirname, "../../data");
const VERSIONS: Record<string, (string | null)[]> = {
  vllm: [null, "0.14.0", "0.16.0", "0.19.0", "0.24.0"],
  sglang: [null, "0.5.7", "v0.5.12-rocm700-mi35x", "0.5.13.post1"],
  trtllm: [null, "1.2.0rc6.post2", "1.3.0rc14"],
};
/** Not the whole product: speculative decoding changes flags only, so one set of options shows it. */
const OPTIONS: [options: AskedOptions, speculative: string | null][] = [
  [{ platform: "generic" }, null],
  [{ platform: "generic", autoscaler: "none", monitoring: "none" }, "mtp1"],
  [{ platform: "gke", autoscaler: "none", monitoring: "none" }, null],
];

/** All of so many accelerators as one server, counted as vLLM counts devices. */
function tensorOver(accelerator: Accelerator, count: number) {
  const tensor = count * vllmDevicesPerAccelerator(accelerator);
  return { label: `tp${tensor}`, tensor };
}

function made(choices: Iterable<Parameters<typeof manifestBundle>[0]>): { texts: Set<string>; served: Set<string> } {
  const texts = new Set<string>();
  const served = new Set<string>();
  for (const choice of choices) {
    const bundle = manifestBundle(choice);
    if (!bundle.ok) {
      expect(bundle.error).toMatch(/^\S.{40,}\.$/s);
      continue;
    }
    texts.add(bundle.value.yaml);
    served.add(`${choice.configuration.server} ${choice.accelerator.kubernetesResource}`);
  }
  return { texts, served };
}

describe("what a Kubernetes API server would say of every server", () => {
  test(
    "accepts every server, accelerator, count, version and speculative decoding that is not refused",
    () => {
      const choices = readCatalogue(DATA).accelerators.flatMap((accelerator) =>
        Object.entries(VERSIONS).flatMap(([server, versions]) =>
          versions.flatMap((version) =>
            [1, 8].flatMap((count) =>
              OPTIONS.map(([options, speculative]) =>
                measuredWith(server, version, {
                  accelerator,
                  options,
                  configuration: {
                    acceleratorCount: count,
                    speculative,
                    model: speculative === null ? "Qwen/Qwen3-32B" : "deepseek-ai/DeepSeek-V3",
                  },
                  parallelism: tensorOver(accelerator, count),
                  model: { weightBytes: 8e9 },
                }),
              ),
            ),
          ),
        ),
      );
      const { texts, served } = made(choices);
      expect([...served].sort()).toEqual([
        "sglang amd.com/gpu",
        "sglang nvidia.com/gpu",
        "trtllm nvidia.com/gpu",
        "vllm amd.com/gpu",
        "vllm aws.amazon.com/neuron",
        "vllm cpu",
        "vllm google.com/tpu",
        "vllm gpu.intel.com/xe",
        "vllm habana.ai/gaudi",
        "vllm nvidia.com/gpu",
      ]);
      const { complaints, summary } = validated(texts);
      expect(complaints).toEqual([]);
      expect(summary).toMatch(/, 0 invalid, \d+ of unknown type, 0 skipped; 0 errors, 0 warnings/);
    },
    240 * SECONDS,
  );

  test(
    "accepts Neuron chips on every platform that has them, with every storage and both ways to devices",
    () => {
      const neuron = readCatalogue(DATA).accelerators.filter((item) => item.vendor === "AWS");
      const choices = neuron.flatMap((accelerator) =>
        PLATFORM_IDS.flatMap((platform) =>
          Object.entries(STORAGE_KINDS).flatMap(([storage, { source }]) =>
            DEVICE_ACCESSES.flatMap((deviceAccess) =>
              [1, 4, 12, 16].map((count) =>
                measuredWith("vllm", "0.16.0", {
                  accelerator,
                  options: {
                    platform,
                    storage: storage as StorageKind,
                    storageSource: source?.example ?? null,
                    deviceAccess,
                    clusterVersion: { major: 1, minor: 35 },
                    clusterName: count === 4 ? "prod" : null,
                  },
                  configuration: { acceleratorCount: count },
                  parallelism: tensorOver(accelerator, count),
                  model: { weightBytes: 8e9 },
                }),
              ),
            ),
          ),
        ),
      );
      const { texts } = made(choices);
      expect(neuron.map((item) => item.id)).toEqual(["inferentia2-32gb", "trainium1-32gb", "trainium2-96gb"]);
      expect(texts.size).toBeGreaterThan(100);
      const { complaints, summary } = validated(texts);
      expect(complaints).toEqual([]);
      expect(summary).toMatch(/, 0 invalid, \d+ of unknown type, 0 skipped; 0 errors, 0 warnings/);
    },
    120 * SECONDS,
  );

  test(
    "accepts every configuration that comes with the program, or there is a reason",
    () => {
      const { texts } = made(
        [...shippedChoices({ autoscaler: "none", monitoring: "none" }), ...shippedChoices()].map((item) => item.choice),
      );
      expect(texts.size).toBeGreaterThan(400);
      const { complaints, summary } = validated(texts);
      expect(complaints).toEqual([]);
      expect(summary).toMatch(/, 0 invalid, \d+ of unknown type, 0 skipped; 0 errors, 0 warnings/);
    },
    240 * SECONDS,
  );
});
