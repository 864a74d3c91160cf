import { describe, expect, test } from "vitest";
import { hostOf, runtimeOf } from "../../../lib/catalogue/hosts";
import { type ChoiceParts, H100, tpu, withHardware } from "./choice";
import { argumentsOf, at, containerOf, notesOf, podOf, refusalOf, yamlOf } from "./read-bundle";
import { ARC_B60, GAUDI3, MI250, MI300X, measuredWith, TRAINIUM2 } from "./server-choices";

const vllm = (version: string | null, parts: ChoiceParts) => measuredWith("vllm", version, parts);

describe("vLLM on AMD GPUs", () => {
  const rocm = vllm("0.23.0", { accelerator: MI300X });

  test("is vLLM's own ROCm image, as root without more than the default rights", () => {
    expect(at(containerOf(rocm), "image")).toBe("vllm/vllm-openai-rocm:v0.23.0");
    expect(at(containerOf(rocm), "resources", "limits", "amd.com/gpu")).toBe("2");
    expect(at(containerOf(rocm), "securityContext", "capabilities")).toEqual({ drop: ["ALL"] });
    expect(at(podOf(rocm), "securityContext")).toEqual({ seccompProfile: { type: "RuntimeDefault" } });
    expect(yamlOf(rocm)).not.toMatch(/nvidia|NVIDIA|CUDA/);
  });

  test("goes to nodes by the device id of AMD's labeller and tolerates their taint", () => {
    expect(at(podOf(rocm), "affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution")).toEqual({
      nodeSelectorTerms: [
        { matchExpressions: [{ key: "amd.com/gpu.device-id", operator: "In", values: ["74a1", "74b5"] }] },
      ],
    });
    expect(at(podOf(rocm), "tolerations")).toContainEqual({
      key: "amd.com/gpu",
      operator: "Exists",
      effect: "NoSchedule",
    });
  });

  test("makes FP8 while loading, as on NVIDIA GPUs", () => {
    expect(argumentsOf(vllm("0.23.0", { accelerator: MI300X, configuration: { precision: "fp8" } }))).toContain(
      "--quantization=fp8",
    );
  });

  test("of an unknown version is a documented default; of one without an image it is refused", () => {
    expect(notesOf(vllm(null, { accelerator: MI300X }))).toContain("recent release in its place");
    expect(refusalOf(vllm("0.6.3.dev116+g151ef4ef", { accelerator: MI300X }))).toMatch(
      /no release with a published image\. vLLM publishes vllm\/vllm-openai-rocm from v0\.14\.0 on/,
    );
    expect(refusalOf(vllm("0.4.3", { accelerator: MI300X }))).toMatch(/older than the oldest image/);
  });

  test("is refused on MI250, of which nobody knows what was counted", () => {
    expect(refusalOf(vllm("0.23.0", { accelerator: MI250 }))).toMatch(/two devices of half its memory/);
  });

  test("is not on GKE", () => {
    expect(refusalOf(vllm("0.23.0", { accelerator: MI300X, options: { platform: "gke" } }))).toMatch(
      /Google Cloud sells no machines with AMD/,
    );
  });
});

describe("vLLM on Gaudi", () => {
  const gaudi = vllm("0.19.0", { accelerator: GAUDI3 });

  test("is the image for the driver, in the vendor's runtime class, with huge pages and SYS_NICE", () => {
    expect(at(containerOf(gaudi), "image")).toMatch(/^vault\.habana\.ai\/gaudi-docker\/1\.24\.0\/.*vllm-0\.19\.0-/);
    expect(at(podOf(gaudi), "runtimeClassName")).toBe("habana");
    expect(at(containerOf(gaudi), "resources", "limits")).toMatchObject({
      "habana.ai/gaudi": "2",
      "hugepages-2Mi": "95000Mi",
    });
    expect(at(containerOf(gaudi), "securityContext", "capabilities")).toEqual({ drop: ["ALL"], add: ["SYS_NICE"] });
    expect(JSON.stringify(at(containerOf(gaudi), "env"))).toContain("HABANA_VISIBLE_DEVICES");
    expect(yamlOf(gaudi)).toContain("Pod Security level privileged");
  });

  test("is refused where no image of the version is known, and says which are", () => {
    for (const version of ["vllm-gaudi-0.17.1rc1", "0.20.0", null]) {
      expect(refusalOf(vllm(version, { accelerator: GAUDI3 }))).toMatch(
        /Images are known for vLLM 0\.17\.1, 0\.19\.0 \(vault/,
      );
    }
  });
});

describe("other accelerators", () => {
  test("Intel GPUs are served one a replica, from the first image on", () => {
    const one = vllm("0.27.1", {
      accelerator: ARC_B60,
      configuration: { acceleratorCount: 1 },
      model: { weightBytes: 8e9 },
    });
    expect(at(containerOf(one), "image")).toBe("vllm/vllm-openai-xpu:v0.27.1");
    expect(at(containerOf(one), "resources", "limits", "gpu.intel.com/xe")).toBe("1");
    expect(notesOf(one)).toContain("no node selector");
    expect(refusalOf(vllm("0.27.1", { accelerator: ARC_B60 }))).toMatch(/several Arc Pro B60.*one card a replica/);
    expect(refusalOf(vllm("0.9.0", { accelerator: ARC_B60, configuration: { acceleratorCount: 1 } }))).toMatch(
      /vllm-openai-xpu from v0\.26\.0/,
    );
  });

  test("a processor has no device a pod could ask for", () => {
    const cpu = { ...H100, name: "Xeon 6980P", kubernetesResource: null };
    expect(refusalOf(vllm("0.23.0", { accelerator: cpu }))).toMatch(
      /for Xeon 6980P no device plugin's resource is known/,
    );
  });

  test("are told apart by their resource, and share machines of their own size", () => {
    expect([H100, MI300X, GAUDI3, ARC_B60, TRAINIUM2, tpu("tpu-v6e", "tpu-v6e-slice", 32)].map(runtimeOf)).toEqual([
      "cuda",
      "rocm",
      "gaudi",
      "xpu",
      "neuron",
      "tpu",
    ]);
    expect(hostOf(MI300X)).toEqual({
      maximumAccelerators: 8,
      cpuPerAccelerator: 8,
      memoryGibPerAccelerator: 64,
      arm: false,
    });
    expect(hostOf(ARC_B60).memoryGibPerAccelerator).toBe(20);
    expect(hostOf(TRAINIUM2).maximumAccelerators).toBe(16);
    expect(hostOf(withHardware({ ...H100, id: "gb200-nvl72" }))).toMatchObject({ maximumAccelerators: 4, arm: true });
  });
});
