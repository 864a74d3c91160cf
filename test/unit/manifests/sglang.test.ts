import { describe, expect, test } from "vitest";
import type { ChoiceParts } from "./choice";
import { argumentsOf, at, containerOf, notesOf, objectOfKind, podOf, refusalOf, yamlOf } from "./read-bundle";
import { ARC_B60, B200, MI300X, MI355X, measuredWith } from "./server-choices";

const sglang = (parts: ChoiceParts = {}, version: string | null = "0.5.9") => measuredWith("sglang", version, parts);
const DEEPSEEK: ChoiceParts = {
  configuration: { model: "deepseek-ai/DeepSeek-R1-0528", acceleratorCount: 8, precision: "fp8" },
  model: { weightsPrecision: "fp8", weightBytes: 671e9, contextLengthTokens: 163840 },
};

describe("SGLang", () => {
  test("is started in full, listens to probes and clients, and exports its metrics", () => {
    const container = containerOf(sglang());
    expect(at(container, "command")).toEqual(["python3", "-m", "sglang.launch_server"]);
    expect(at(container, "name")).toBe("sglang");
    expect(argumentsOf(sglang())).toEqual([
      "--model-path=Qwen/Qwen3-32B",
      "--served-model-name=Qwen/Qwen3-32B",
      "--host=0.0.0.0",
      "--port=8000",
      "--tensor-parallel-size=2",
      "--context-length=3072",
      "--reasoning-parser=qwen3",
      "--tool-call-parser=qwen25",
      "--enable-metrics",
    ]);
    for (const probe of ["startupProbe", "readinessProbe", "livenessProbe"]) {
      expect(at(container, probe, "httpGet", "path")).toBe("/health");
    }
  });

  test("gives its name to the label, the container and nothing else", () => {
    const deployment = objectOfKind(yamlOf(sglang()), "Deployment");
    expect(at(deployment, "metadata", "labels", "app.kubernetes.io/name")).toBe("sglang");
    expect(at(deployment, "spec", "selector", "matchLabels", "app.kubernetes.io/name")).toBe("sglang");
    expect(yamlOf(sglang())).not.toContain("vllm");
  });

  test("is scaled by its own gauge", () => {
    expect(yamlOf(sglang())).toContain("seriesQuery: 'sglang:num_running_reqs{");
  });

  test("drains after SIGTERM by itself: the pod sleeps only until it has left the load balancers", () => {
    const slow = sglang({ operatingPoint: { e2eMs: { mean: 100_000, p50: null, p90: null, p95: null, p99: null } } });
    expect(at(containerOf(slow), "lifecycle", "preStop", "sleep", "seconds")).toBe(30);
    expect(at(podOf(slow), "terminationGracePeriodSeconds")).toBe(30 + 200 + 30);
  });

  test("loads the checkpoint that was measured under the model's name, and quantises only where it must", () => {
    const named = argumentsOf(sglang({ configuration: { checkpoint: "Qwen/Qwen3-32B-FP8", precision: "fp8" } }));
    expect(named).toContain("--model-path=Qwen/Qwen3-32B-FP8");
    expect(named).toContain("--served-model-name=Qwen/Qwen3-32B");
    expect(named.join(" ")).not.toContain("quantization");
    expect(argumentsOf(sglang({ configuration: { precision: "fp8" } }))).toContain("--quantization=fp8");
    expect(refusalOf(sglang({ configuration: { precision: "fp4" } }))).toMatch(
      /SGLang needs a pre-quantised checkpoint/,
    );
    expect(refusalOf(sglang({ accelerator: MI300X, configuration: { precision: "fp8" } }))).toMatch(
      /SGLang needs a pre-quantised checkpoint/,
    );
  });

  test("runs code of a model's repository only where its recipe does, and says so", () => {
    expect(argumentsOf(sglang(DEEPSEEK))).toContain("--trust-remote-code");
    expect(notesOf(sglang(DEEPSEEK))).toContain("runs code from the model's repository");
    expect(argumentsOf(sglang()).join(" ")).not.toContain("trust-remote-code");
  });

  test("refuses diffusion models, whose algorithm is not recorded", () => {
    expect(refusalOf(sglang({ configuration: { model: "inclusionAI/LLaDA2.1-mini" } }))).toMatch(/--dllm-algorithm/);
  });
});

describe("SGLang's image", () => {
  const imageOf = (version: string | null, parts: ChoiceParts = {}) => at(containerOf(sglang(parts, version)), "image");

  test.each([
    ["0.5.9", "v0.5.9"],
    ["0.5.6.post2", "v0.5.6.post2"],
    ["v0.5.12-cu130", "v0.5.12-cu130"],
    ["v0.5.9-cu129-amd64", "v0.5.9-cu129-amd64"],
    ["0.5.1.post1", "v0.5.1.post1-cu126"],
  ])("of %s is %s", (version, tag) => {
    expect(imageOf(version)).toBe(`lmsysorg/sglang:${tag}`);
  });

  test.each([null, "main branch", "nightly-dev-20260402-d7256eb6", "0.5.8+", "0.4.9", "v0.5.9-rocm700-mi30x"])(
    "of %s is a documented default, and says so",
    (version) => {
      expect(imageOf(version)).toBe("lmsysorg/sglang:v0.5.13.post1");
      expect(notesOf(sglang({}, version))).toContain("recent release in its place");
    },
  );

  test("of releases built for CUDA 12.6 is not given to Blackwell", () => {
    expect(imageOf("0.5.1.post1", { accelerator: B200 })).toBe("lmsysorg/sglang:v0.5.13.post1");
  });

  test("on AMD GPUs is the ROCm build of the family, or there is none", () => {
    const version = "0.5.7";
    expect(imageOf(version, { accelerator: MI300X })).toBe("lmsysorg/sglang:v0.5.7-rocm700-mi30x");
    expect(imageOf(version, { accelerator: MI355X })).toBe("lmsysorg/sglang:v0.5.7-rocm700-mi35x");
    expect(imageOf("v0.5.12-rocm700-mi30x", { accelerator: MI300X })).toBe("lmsysorg/sglang:v0.5.12-rocm700-mi30x");
    expect(refusalOf(sglang({ accelerator: MI355X }, "v0.5.12-rocm700-mi30x"))).toMatch(
      /not built for AMD Instinct MI355X/,
    );
    expect(refusalOf(sglang({ accelerator: MI300X }, "0.5.8"))).toMatch(
      /No ROCm image of SGLang 0\.5\.8.*measure with one/,
    );
    expect(refusalOf(sglang({ accelerator: MI300X }, "main branch"))).toMatch(/no release with a ROCm image/);
    expect(refusalOf(sglang({ accelerator: ARC_B60 }))).toMatch(/SGLang is written for NVIDIA GPUs and AMD MI300/);
  });
});

describe("SGLang's parallelism", () => {
  const shape = (label: string, count: number, sizes: { tensor: number; data?: number; expert?: number }) =>
    sglang({
      configuration: { acceleratorCount: count },
      parallelism: { label, data: null, expert: null, ...sizes },
    });

  test("with data-parallel attention shares the accelerators of tensor parallel", () => {
    const args = argumentsOf(shape("tp8-dp8-ep8", 8, { tensor: 8, data: 8, expert: 8 }));
    expect(args).toEqual(
      expect.arrayContaining([
        "--tensor-parallel-size=8",
        "--data-parallel-size=8",
        "--enable-dp-attention",
        "--expert-parallel-size=8",
      ]),
    );
    expect(argumentsOf(shape("tp8-dp4", 8, { tensor: 8, data: 4 }))).toContain("--data-parallel-size=4");
  });

  test("without it makes whole replicas inside one server", () => {
    const args = argumentsOf(shape("tp2-dp4", 8, { tensor: 2, data: 4 }));
    expect(args).toEqual(expect.arrayContaining(["--tensor-parallel-size=2", "--data-parallel-size=4"]));
    expect(args).not.toContain("--enable-dp-attention");
  });

  test("spreads experts over a divisor of the tensor-parallel ranks", () => {
    expect(argumentsOf(shape("tp8-ep2", 8, { tensor: 8, expert: 2 }))).toContain("--expert-parallel-size=2");
    expect(refusalOf(shape("tp8-ep3", 8, { tensor: 8, expert: 3 }))).toMatch(/divisor of its 8 .* size 3/);
  });

  test("is refused where sizes are missing or make no sense", () => {
    expect(refusalOf(shape("tp8-ep8-dpattn", 8, { tensor: 8, expert: 8 }))).toMatch(
      /how|into how many ranks \(--dp-size\)/,
    );
    expect(refusalOf(shape("tp4-dp4", 8, { tensor: 4, data: 4 }))).toMatch(/make 16, but 8 accelerators/);
    expect(refusalOf(shape("tp8-dp3", 8, { tensor: 8, data: 3 }))).toMatch(
      /evenly by data-parallel attention; 3 ranks/,
    );
  });
});

describe("multi-token prediction", () => {
  const mtp = (speculative: string, server = "sglang", version = "0.5.9", model = "deepseek-ai/DeepSeek-R1-0528") =>
    measuredWith(server, version, {
      ...DEEPSEEK,
      configuration: { ...DEEPSEEK.configuration, model, speculative },
      options: { autoscaler: "none" },
      accelerator: { memoryGib: 141 },
    });

  test("is written out where the number of tokens was recorded and the model is known to have it", () => {
    expect(argumentsOf(mtp("mtp3"))).toEqual(
      expect.arrayContaining([
        "--speculative-algorithm=EAGLE",
        "--speculative-num-steps=3",
        "--speculative-eagle-topk=1",
        "--speculative-num-draft-tokens=4",
      ]),
    );
    expect(argumentsOf(mtp("mtp1", "vllm", "0.19.0"))).toContain(
      '--speculative-config={"method":"mtp","num_speculative_tokens":1}',
    );
    expect(yamlOf(mtp("mtp3", "trtllm", "1.2.0rc6.post2"))).toMatch(
      /speculative_config:\n +decoding_type: MTP\n +num_nextn_predict_layers: 3/,
    );
  });

  test("is refused otherwise, with what is missing", () => {
    expect(refusalOf(mtp("mtp"))).toMatch(/how many tokens it predicts ahead is not recorded.*--speculative-num-steps/);
    expect(refusalOf(mtp("eagle3"))).toMatch(/exact --speculative-num-steps is not recorded/);
    expect(refusalOf(mtp("mtp3", "sglang", "0.5.9", "moonshotai/Kimi-K2.5"))).toMatch(
      /certain for DeepSeek V3 and R1 only/,
    );
    expect(refusalOf(mtp("mtp3", "vllm", "0.10.0"))).toMatch(/before 0\.11\.0/);
    expect(refusalOf(mtp("mtp3", "trtllm", "1.3.0rc14"))).toMatch(/other names from 1\.3 on/);
    const standIn = sglang({
      ...DEEPSEEK,
      configuration: { ...DEEPSEEK.configuration, precision: "fp4", speculative: "mtp3" },
      model: { ...DEEPSEEK.model, quantisedCheckpoints: [{ precision: "fp4", checkpoint: "nvidia/DeepSeek-R1-FP4" }] },
    });
    expect(refusalOf(standIn)).toMatch(/whether nvidia\/DeepSeek-R1-FP4 has the layers.*Name the checkpoint/);
  });
});
