import path from "node:path";
import { describe, expect, test } from "vitest";
import { readCatalogue } from "../../../db/store/read-catalogue";
import { defaultPlatform } from "../../../lib/manifests/platforms/all";
import type { ChoiceParts } from "./choice";
import { argumentsOf, at, containerOf, podOf, refusalOf, yamlOf } from "./read-bundle";
import { measuredWith } from "./server-choices";

const CATALOGUE = readCatalogue(path.resolve(import.meta.dirname, "../../../data")).accelerators;
const PROCESSORS = CATALOGUE.filter((item) => item.kubernetesResource === "cpu");
const XEON = PROCESSORS.find((item) => item.id === "xeon-6980p");

function on(sockets: number, version: string | null, parts: ChoiceParts = {}) {
  return measuredWith("vllm", version, {
    accelerator: XEON ?? {},
    ...parts,
    options: { autoscaler: "none", platform: "generic", ...parts.options },
    configuration: { acceleratorCount: sockets, ...parts.configuration },
    parallelism: { label: `tp${sockets}`, tensor: sockets, ...parts.parallelism },
  });
}

const environmentOf = (choice: ReturnType<typeof on>) =>
  new Map(
    (at(containerOf(choice), "env") as { name: string; value?: string }[]).map((item) => [item.name, item.value]),
  );

describe("vLLM on processors", () => {
  test("is vLLM's own image, of the release or of one machine's build", () => {
    expect(at(containerOf(on(1, "0.28.0")), "image")).toBe("vllm/vllm-openai-cpu:v0.28.0");
    expect(at(containerOf(on(1, "vllm/vllm-openai-cpu:v0.28.0-x86_64")), "image")).toBe("vllm/vllm-openai-cpu:v0.28.0");
    expect(at(containerOf(on(1, "0.21.0+cpu")), "image")).toBe("vllm/vllm-openai-cpu:v0.21.0");
    expect(refusalOf(on(1, "0.9.2"))).toMatch(/vllm-openai-cpu from v0\.18\.1 on/);
  });

  test("asks for cores and memory of its own, and for no device", () => {
    const resources = at(containerOf(on(1, "0.28.0")), "resources") as Record<string, Record<string, string>>;
    // 256 threads but one core; 64 GB of weights + 40 GiB of KV cache + 16 GiB for the process + 4 GiB of shared memory
    expect(resources.requests).toEqual({ cpu: "254", memory: "120Gi" });
    expect(resources.limits).toEqual(resources.requests);
    expect(at(podOf(on(1, "0.28.0")), "tolerations")).toBeUndefined();
    expect(yamlOf(on(1, "0.28.0"))).toContain("64 GB of weights + 40 GiB of KV cache + 16 GiB for the process");
  });

  test("one tensor-parallel rank a socket, with KV cache and threads of its own", () => {
    const two = on(2, "0.28.0");
    expect(argumentsOf(two)).toContain("--tensor-parallel-size=2");
    expect(environmentOf(two).get("VLLM_CPU_KVCACHE_SPACE")).toBe("40");
    expect(environmentOf(two).get("VLLM_CPU_OMP_THREADS_BIND")).toBe("auto");
    expect(at(containerOf(two), "resources", "requests")).toEqual({ cpu: "508", memory: "188Gi" });
    expect(refusalOf(on(2, "0.28.0", { parallelism: { label: "tp1-dp2", tensor: 1, data: 2 } }))).toMatch(
      /one tensor-parallel rank a socket/,
    );
    expect(refusalOf(on(4, "0.28.0", { configuration: { nodes: 1 } }))).toMatch(/a machine has at most 2/);
  });

  test("admits as many requests at once as were in flight, where its default is too small", () => {
    const loaded = (sockets: number, loadValue: number) =>
      argumentsOf(on(sockets, "0.28.0", { operatingPoint: { loadValue } })).find((arg) =>
        arg.startsWith("--max-num-seqs"),
      );
    expect(loaded(1, 64)).toBeUndefined();
    expect(loaded(1, 150)).toBe("--max-num-seqs=192");
    expect(loaded(2, 150)).toBeUndefined();
  });

  test("memory is bound to sockets only where there are several: the rest keeps the ordinary rights", () => {
    const [one, two] = [on(1, "0.28.0"), on(2, "0.28.0")];
    expect(at(containerOf(one), "securityContext", "capabilities")).toEqual({ drop: ["ALL"] });
    expect(at(podOf(one), "securityContext", "seccompProfile", "type")).toBe("RuntimeDefault");
    expect(at(containerOf(two), "securityContext", "capabilities")).toEqual({ drop: ["ALL"], add: ["SYS_NICE"] });
    expect(at(podOf(two), "securityContext", "seccompProfile", "type")).toBe("Unconfined");
    expect(yamlOf(two)).toMatch(/Pod\s+(?:# )?Security level privileged/);
  });

  test("goes to nodes by the labels of Node Feature Discovery", () => {
    expect(at(podOf(on(1, "0.28.0")), "nodeSelector")).toEqual({
      "feature.node.kubernetes.io/cpu-model.vendor_id": "Intel",
      "feature.node.kubernetes.io/cpu-model.family": "6",
      "feature.node.kubernetes.io/cpu-model.id": "173",
    });
  });

  test("every processor of the catalogue gets a manifest, in whole cores", () => {
    expect(PROCESSORS.length).toBeGreaterThan(0);
    for (const accelerator of PROCESSORS) {
      expect(defaultPlatform(accelerator).id).toBe("generic");
      const cpu = Number(at(containerOf(on(1, "0.28.0", { accelerator })), "resources", "requests", "cpu"));
      expect([accelerator.id, cpu % 2, cpu >= 110]).toEqual([accelerator.id, 0, true]);
    }
  });

  test("clouds sell other processors, and nothing is claimed", () => {
    for (const platform of ["gke", "gke-autopilot", "eks", "eks-karpenter", "aks"] as const) {
      expect(refusalOf(on(1, "0.28.0", { options: { platform } }))).toMatch(/choose the platform/);
    }
    expect(refusalOf(on(1, "0.28.0", { options: { deviceAccess: "dra" } }))).toMatch(/no device that could be claimed/);
  });

  test("what vLLM does not document for processors is refused", () => {
    expect(refusalOf(on(1, "0.28.0", { configuration: { speculative: "mtp1" } }))).toMatch(/speculative decoding/);
    expect(refusalOf(on(1, "0.28.0", { configuration: { servingMode: "disaggregated" } }))).toMatch(
      /Prefill and decode apart are written for vLLM on NVIDIA GPUs/,
    );
    expect(refusalOf(on(4, "0.28.0", { configuration: { nodes: 2 } }))).toMatch(
      /over several machines is written for NVIDIA GPUs and Cloud TPUs/,
    );
    for (const server of ["sglang", "trtllm"]) {
      expect(
        refusalOf(
          measuredWith(server, null, {
            accelerator: XEON ?? {},
            configuration: { acceleratorCount: 1 },
            parallelism: { label: "tp1", tensor: 1 },
          }),
        ),
      ).toMatch(/Xeon 6980P/);
    }
  });
});
