import { describe, expect, test } from "vitest";
import { decideBundle } from "../../../lib/manifests/plan/decide-bundle";
import { shippedCatalogue } from "../shipped-figures";
import { choice, withHardware } from "./choice";
import { at, containerOf, podOf, yamlOf } from "./read-bundle";
import { measuredWith } from "./server-choices";
import { shippedChoices } from "./shipped-configurations";

function onAccelerator(id: string, server: string, version: string, parts: Parameters<typeof measuredWith>[2] = {}) {
  const accelerator = shippedCatalogue().accelerators.find((item) => item.id === id);
  if (accelerator === undefined) throw new Error(`no ${id} in the catalogue`);
  return measuredWith(server, version, {
    accelerator: withHardware(accelerator),
    model: { weightBytes: 16e9 },
    ...parts,
    configuration: { acceleratorCount: 1, ...parts.configuration },
  });
}

describe("machines of another architecture", () => {
  test.each([
    ["gh200-96gb", "vllm", "0.8.5"],
    ["gb200-nvl72", "vllm", "0.10.1"],
    ["gh200-96gb", "sglang", "0.5.2"],
    ["gb200-nvl72", "trtllm", "1.0.0rc3"],
  ])("%s gets no image of %s %s, which was for x86 alone: a later one stands in and says so", (id, server, version) => {
    const yaml = yamlOf(onAccelerator(id, server, version, { options: { autoscaler: "none", monitoring: "none" } }));
    expect(String(at(containerOf(onAccelerator(id, server, version)), "image"))).not.toContain(version);
    expect(yaml.replaceAll(/\n\s*#\s*/g, " ")).toMatch(/Arm machines.*a recent release in its place/);
  });

  test.each([
    ["gh200-96gb", "vllm", "0.10.2"],
    ["h100-sxm-80gb", "vllm", "0.8.5"],
    ["gb200-nvl72", "sglang", "v0.5.5-cu129-arm64"],
  ])("%s keeps the image of %s %s, which was measured", (id, server, version) => {
    expect(String(at(containerOf(onAccelerator(id, server, version)), "image"))).toContain(version);
  });

  test("are told apart where compute capability and memory do not: B300 and GB300, GH200 and H100 NVL", () => {
    const archOf = (id: string) => {
      const pod = podOf(onAccelerator(id, "vllm", "0.23.0", { options: { platform: "generic" } }));
      const rules = at(pod, "affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution");
      return JSON.stringify(at(rules, "nodeSelectorTerms", 0, "matchExpressions", 0));
    };
    expect(archOf("b300-sxm-288gb")).toBe('{"key":"kubernetes.io/arch","operator":"In","values":["amd64"]}');
    expect(archOf("gh200-96gb")).toBe('{"key":"kubernetes.io/arch","operator":"In","values":["arm64"]}');
  });

  test("are picked by a selector where devices come by claims", () => {
    const pod = podOf(choice({ options: { deviceAccess: "dra" } }));
    expect(at(pod, "nodeSelector")).toEqual({ "kubernetes.io/arch": "amd64" });
  });

  test("never get an image whose tag names the other one, whatever was measured on them", () => {
    for (const { choice: one, label } of shippedChoices({ autoscaler: "none", monitoring: "none" })) {
      const bundle = decideBundle(one);
      if (!bundle.ok) continue;
      const other = one.accelerator.hardware?.hostArchitecture === "arm64" ? /amd64/ : /arm64/;
      expect(bundle.value.server.image.reference, label).not.toMatch(other);
    }
  }, 60_000);
});

describe("RDMA", () => {
  const onTwo = (version: string) =>
    measuredWith("vllm", version, {
      model: { id: "meta-llama/Llama-3.1-405B-Instruct", weightBytes: 811.8e9 },
      configuration: { model: "meta-llama/Llama-3.1-405B-Instruct", acceleratorCount: 16, nodes: 2 },
      parallelism: { label: "tp8-pp2", tensor: 8, pipeline: 2 },
      options: { platform: "generic", rdmaResource: "rdma/ib" },
    });

  test("asks for nodes that let pods lock memory, and says how to see it", () => {
    const yaml = yamlOf(onTwo("0.23.0"));
    expect(yaml).toContain("chroot /host systemctl show containerd --property=LimitMEMLOCK");
    expect(yaml.replaceAll(/\n#\s*/g, " ")).toContain("NCCL goes over TCP in silence");
    expect(yaml).not.toContain("IPC_LOCK");
  });

  test("lets root lock memory past the limit", () => {
    expect(yamlOf(onTwo("0.22.0"))).toMatch(/add:\n\s+- IPC_LOCK/);
    expect(yamlOf(choice())).not.toMatch(/IPC_LOCK|LimitMEMLOCK/);
  });
});
