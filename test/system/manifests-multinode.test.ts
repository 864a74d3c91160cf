import path from "node:path";
import { describe, expect, test } from "vitest";
import { readCatalogue } from "../../db/store/read-catalogue";
import { completeOptions } from "../../lib/manifests/options/complete-options";
import {
  type AskedOptions,
  AUTOSCALERS,
  DEVICE_ACCESSES,
  GATEWAYS,
  MONITORINGS,
} from "../../lib/manifests/options/manifest-options";
import type { Choice } from "../../lib/manifests/plan/choice";
import { PLATFORM_IDS, platformOf } from "../../lib/manifests/platforms/all";
import { manifestBundle } from "../../lib/manifests/write/manifest-yaml";
import { choice } from "../unit/manifests/choice";
import { measuredWith } from "../unit/manifests/server-choices";
import { shippedChoices } from "../unit/manifests/shipped-configurations";
import { validated } from "./validator";

const SECONDS = 1000;
const DATA = path.resolve(import.meta.dirname, "../../data");
/** Where the network card of prefill and decode servers is an extended resource. */
const WITH_RDMA = PLATFORM_IDS.filter((platform) => platformOf({ platform }).unwrittenRdma === undefined);
/** Each option once with every platform, the others as they come: each is written beside the group, not into it. */
const OPTIONS: readonly AskedOptions[] = PLATFORM_IDS.flatMap((platform): AskedOptions[] => [
  ...AUTOSCALERS.map((autoscaler) => ({ platform, autoscaler })),
  ...GATEWAYS.map((gateway) => ({ platform, gateway, networkPolicy: true })),
  ...MONITORINGS.map((monitoring) => ({ platform, monitoring, benchmarkJob: true })),
  ...DEVICE_ACCESSES.map((deviceAccess) => ({ platform, deviceAccess, rdmaResource: "rdma/ib", namespace: "llm" })),
]);

const SPREADS: [server: string, version: string | null, label: string, sizes: Record<string, number>, nodes: number][] =
  [
    ["vllm", null, "tp8-pp2", { tensor: 8, pipeline: 2 }, 2],
    ["vllm", "0.12.0", "tp16", { tensor: 16 }, 2],
    ["vllm", "0.23.0", "tp1-dp32-ep32", { tensor: 1, data: 32, expert: 32 }, 4],
    ["sglang", "0.5.13.post1", "tp16", { tensor: 16 }, 2],
    ["sglang", null, "tp32-dp32-dpattn", { tensor: 32, data: 32 }, 4],
  ];

function made(choices: Iterable<Choice>): { texts: Set<string>; kinds: Set<string>; platforms: Set<string> } {
  const texts = new Set<string>();
  const kinds = new Set<string>();
  const platforms = new Set<string>();
  for (const one of choices) {
    const bundle = manifestBundle(one);
    if (!bundle.ok) {
      expect(bundle.error).toMatch(/^\S.{30,}\.$/s);
      continue;
    }
    texts.add(bundle.value.yaml);
    for (const kind of bundle.value.yaml.matchAll(/^kind: (\S+)$/gm)) kinds.add(kind[1] ?? "");
    platforms.add(one.options.platform);
  }
  return { texts, kinds, platforms };
}

/** The choice as if one prefill and three decode servers of SGLang had been measured. */
function withSglang(one: Choice): Choice {
  const { configuration } = one;
  return {
    ...one,
    configuration: {
      ...configuration,
      server: "sglang",
      serverVersion: "0.5.13.post1",
      acceleratorCount: 16,
      prefillAccelerators: 4,
      decodeAccelerators: 12,
      parallelism: { ...configuration.parallelism, label: "p1x(tp4)+d3x(tp4)" },
    },
  };
}

describe("what a Kubernetes API server would say of more than one machine", () => {
  test(
    "accepts every replica over several machines with every option, on every platform",
    () => {
      const { texts, kinds, platforms } = made(
        SPREADS.flatMap(([server, version, label, sizes, nodes]) =>
          OPTIONS.map((options) =>
            measuredWith(server, version, {
              options,
              configuration: { acceleratorCount: nodes * 8, nodes },
              parallelism: { label, ...sizes },
              model: { weightBytes: 64e9 },
            }),
          ),
        ),
      );
      // Autopilot makes nodes one at a time.
      expect([...platforms].sort()).toEqual(PLATFORM_IDS.filter((id) => id !== "gke-autopilot").sort());
      expect(kinds).toContain("LeaderWorkerSet");
      expect(kinds).not.toContain("StatefulSet");
      expect(texts.size).toBeGreaterThan(200);
      const { complaints, summary } = validated(texts);
      expect(complaints).toEqual([]);
      expect(summary).toMatch(/, 0 invalid, .*; 0 errors, 0 warnings/);
    },
    300 * SECONDS,
  );

  test(
    "accepts every slice of several hosts of every Cloud TPU",
    () => {
      const tpus = readCatalogue(DATA).accelerators.filter((item) => item.kubernetesResource === "google.com/tpu");
      const { texts, kinds } = made(
        tpus.flatMap((accelerator) =>
          [8, 16, 32, 64].flatMap((chips) =>
            [1, 2].flatMap((ranks) =>
              (["none", "hpa"] as const).map((autoscaler) =>
                choice({
                  accelerator,
                  configuration: {
                    accelerator: accelerator.id,
                    acceleratorCount: chips,
                    nodes: null,
                    serverVersion: "0.22.0",
                  },
                  parallelism: { label: `tp${chips * ranks}`, tensor: chips * ranks },
                  options: { platform: "gke", autoscaler },
                }),
              ),
            ),
          ),
        ),
      );
      expect(kinds).toContain("LeaderWorkerSet");
      expect(texts.size).toBeGreaterThan(12);
      expect(validated(texts).complaints).toEqual([]);
    },
    120 * SECONDS,
  );

  test(
    "accepts prefill and decode apart, with every gateway, for every shipped configuration that was measured so",
    () => {
      const options: AskedOptions[] = WITH_RDMA.flatMap((platform) =>
        GATEWAYS.flatMap((gateway) =>
          DEVICE_ACCESSES.map(
            (deviceAccess) =>
              ({
                platform,
                gateway,
                deviceAccess,
                autoscaler: "none",
                monitoring: "none",
                rdmaResource: "rdma/ib",
                networkPolicy: true,
              }) as AskedOptions,
          ),
        ),
      );
      const measured = shippedChoices()
        .map((item) => item.choice)
        .filter((one) => one.configuration.servingMode === "disaggregated" && one.configuration.server === "vllm");
      // No shipped configuration was measured apart with SGLang itself: the same ones stand in with equal sides.
      const [like] = measured;
      const sglang = like === undefined ? [] : [withSglang(like)];
      const { texts, platforms } = made(
        options.flatMap((asked) =>
          [...measured, ...sglang].map((one) => ({ ...one, options: completeOptions(asked, one.accelerator) })),
        ),
      );
      expect([...platforms].sort()).toEqual([...WITH_RDMA].sort());
      // 6 configurations × 3 platforms × 3 gateways (not none, not gke) × 2 ways to devices
      expect(texts.size).toBe(108);
      expect([...texts].filter((text) => text.includes("--kv-connector=sglang"))).toHaveLength(18);
      expect(validated(texts).complaints).toEqual([]);
    },
    300 * SECONDS,
  );
});
