import path from "node:path";
import { describe, expect, test } from "vitest";
import { readCatalogue } from "../../../db/store/read-catalogue";
import type { Accelerator } from "../../../lib/catalogue/catalogue";
import { defaultPlatform } from "../../../lib/manifests/platforms/all";
import { manifestBundle } from "../../../lib/manifests/write/manifest-yaml";
import type { ChoiceParts } from "./choice";
import { argumentsOf, at, containerOf, notesOf, objectOfKind, podOf, refusalOf, yamlOf } from "./read-bundle";
import { measuredWith } from "./server-choices";

const CATALOGUE = readCatalogue(path.resolve(import.meta.dirname, "../../../data")).accelerators;
const of = (id: string): Accelerator => {
  const found = CATALOGUE.find((item) => item.id === id);
  if (found === undefined) throw new Error(`${id} is not in the catalogue`);
  return found;
};
const TRAINIUM2 = of("trainium2-96gb");
const TRAINIUM = of("trainium1-32gb");
const INFERENTIA2 = of("inferentia2-32gb");

/** Logical NeuronCores of a chip, as AWS documents them. */
const CORES: Record<string, number> = { "trainium2-96gb": 4, "trainium1-32gb": 2, "inferentia2-32gb": 2 };

function neuron(accelerator: Accelerator, version: string | null, chips: number, parts: ChoiceParts = {}) {
  const tensor = chips * (CORES[accelerator.id] ?? 1);
  return measuredWith("vllm", version, {
    ...parts,
    accelerator,
    options: { autoscaler: "none", ...parts.options, platform: parts.options?.platform ?? "eks" },
    configuration: { acceleratorCount: chips, ...parts.configuration },
    parallelism: { label: `tp${tensor}`, tensor, ...parts.parallelism },
  });
}

const environmentOf = (choice: ReturnType<typeof neuron>) =>
  new Map(
    (at(containerOf(choice), "env") as { name: string; value?: string }[]).map((item) => [item.name, item.value]),
  );

describe("vLLM on AWS Neuron", () => {
  test("is AWS's image of the measured release, by the Neuron SDK it was published with", () => {
    expect(at(containerOf(neuron(TRAINIUM2, "0.24.0", 16)), "image")).toBe(
      "public.ecr.aws/neuron/pytorch-inference-vllm-neuronx:0.24.0.1.1.0-neuronx-py313-sdk2.32.0-ubuntu24.04",
    );
    expect(at(containerOf(neuron(INFERENTIA2, "0.16.0", 12)), "image")).toBe(
      "public.ecr.aws/neuron/pytorch-inference-vllm-neuronx:0.16.0-neuronx-py312-sdk2.30.0-ubuntu24.04",
    );
    expect(yamlOf(neuron(INFERENTIA2, "0.16.0", 12))).toMatch(/the measured one is\s+(?:# )?not recorded/);
  });

  test("takes a whole tag for what it is", () => {
    const tag = "0.16.0-neuronx-py312-sdk2.31.1-ubuntu24.04";
    const choice = neuron(TRAINIUM, `public.ecr.aws/neuron/pytorch-inference-vllm-neuronx:${tag}`, 16);
    expect(at(containerOf(choice), "image")).toBe(`public.ecr.aws/neuron/pytorch-inference-vllm-neuronx:${tag}`);
    expect(yamlOf(choice)).toContain("the image that was measured");
  });

  test("is refused without a version, or with one AWS published no image of that is known", () => {
    for (const version of [null, "0.20.0", "nightly"]) {
      expect(refusalOf(neuron(TRAINIUM2, version, 16))).toMatch(/Images are known for vLLM 0\.9\.1, .*0\.24\.0/);
    }
  });

  test("releases from 0.21 on are for Trainium2", () => {
    expect(refusalOf(neuron(INFERENTIA2, "0.21.0", 1))).toMatch(/for Trainium2 and later; AWS Inferentia2/);
  });

  test("counts logical cores for tensor parallelism and chips for the device plugin", () => {
    const choice = neuron(TRAINIUM2, "0.24.0", 4);
    expect(argumentsOf(choice)).toContain("--tensor-parallel-size=16");
    expect(at(containerOf(choice), "resources", "limits", "aws.amazon.com/neuron")).toBe("4");
    expect(at(containerOf(choice), "resources", "requests", "aws.amazon.com/neuron")).toBe("4");
    expect(argumentsOf(neuron(INFERENTIA2, "0.16.0", 6))).toContain("--tensor-parallel-size=12");
    expect(refusalOf(neuron(TRAINIUM2, "0.24.0", 4, { parallelism: { tensor: 4, label: "tp4" } }))).toMatch(
      /16 cores were measured as one server/,
    );
  });

  test("is compiled for the batch of the operating point and the length of the workload, and says so", () => {
    const choice = neuron(TRAINIUM2, "0.24.0", 16, { operatingPoint: { loadValue: 6 } });
    expect(argumentsOf(choice)).toEqual(expect.arrayContaining(["--max-num-seqs=8", "--max-model-len=3072"]));
    expect(notesOf(choice)).toContain("compiled for a batch of 8 requests of at most 3,072 tokens");
  });

  test("is refused where the batch or the length to compile for is not known", () => {
    const unknown = { operatingPoint: { loadKind: "max", loadValue: null } } as const;
    expect(refusalOf(neuron(TRAINIUM2, "0.24.0", 16, unknown))).toMatch(/--max-num-seqs.*is not known/);
    const workload = neuron(TRAINIUM2, "0.24.0", 16).workload;
    expect(
      refusalOf(neuron(TRAINIUM2, "0.24.0", 16, { choice: { workload: { ...workload, inputTokens: null } } })),
    ).toMatch(/--max-model-len.*are not known/);
  });

  test("keeps compiled programs under a name of their shape, because the server asks for nothing else", () => {
    const path = (load: number) =>
      environmentOf(neuron(INFERENTIA2, "0.16.0", 12, { operatingPoint: { loadValue: load } })).get(
        "NEURON_COMPILED_ARTIFACTS",
      );
    expect(path(4)).toBe("/cache/neuron/0.16.0-neuronx-py312-sdk2.30.0-ubuntu24.04/tp24-seqs8-len3072");
    expect(path(40)).not.toBe(path(4));
  });

  test("the settings are those of the release", () => {
    const old = neuron(TRAINIUM, "0.9.1", 16);
    expect(environmentOf(old).get("VLLM_NEURON_FRAMEWORK")).toBe("neuronx-distributed-inference");
    expect(argumentsOf(old)).not.toContain("--no-enable-prefix-caching");
    const plugin = neuron(TRAINIUM, "0.16.0", 16);
    expect(environmentOf(plugin).has("VLLM_NEURON_FRAMEWORK")).toBe(false);
    expect(argumentsOf(plugin)).toContain("--no-enable-prefix-caching");
    const own = neuron(TRAINIUM2, "0.24.0", 16);
    expect(argumentsOf(own)).not.toContain("--no-enable-prefix-caching");
    expect(environmentOf(own).get("VLLM_NEURON_COMPILATION_TIMEOUT")).toBe(
      environmentOf(own).get("VLLM_ENGINE_READY_TIMEOUT_S"),
    );
    expect(environmentOf(own).has("NEURON_COMPILED_ARTIFACTS")).toBe(false);
  });

  test("may compile for as long as AWS's own example allows", () => {
    const probe = at(containerOf(neuron(TRAINIUM2, "0.24.0", 16)), "startupProbe") as Record<string, number>;
    expect((probe.failureThreshold ?? 0) * (probe.periodSeconds ?? 0)).toBeGreaterThanOrEqual(170 * 30);
  });

  test("says that a new pod of the autoscaler compiles first", () => {
    const scaled = neuron(TRAINIUM2, "0.24.0", 16, { options: { autoscaler: "hpa" } });
    expect(notesOf(scaled)).toContain("compiles its programs before it serves");
    expect(notesOf(neuron(TRAINIUM2, "0.24.0", 16))).not.toContain("compiles its programs before it serves");
  });

  test("several chips of a machine are picked by the scheduler that knows which are connected", () => {
    const part = neuron(TRAINIUM2, "0.24.0", 4);
    expect(at(podOf(part), "schedulerName")).toBe("my-scheduler");
    expect(yamlOf(part)).toContain('--set "scheduler.enabled=true"');
    for (const whole of [
      neuron(TRAINIUM2, "0.24.0", 16),
      neuron(INFERENTIA2, "0.16.0", 12),
      neuron(TRAINIUM2, "0.24.0", 1),
    ]) {
      expect(at(podOf(whole), "schedulerName")).toBeUndefined();
    }
    expect(at(podOf(neuron(TRAINIUM2, "0.24.0", 4, { options: { platform: "openshift" } })), "schedulerName")).toBe(
      "neuron-scheduler",
    );
    expect(refusalOf(neuron(TRAINIUM, "0.16.0", 2))).toMatch(/connects 1, 4, 8 or 16 chips of AWS Trainium/);
    expect(at(podOf(neuron(INFERENTIA2, "0.16.0", 2)), "schedulerName")).toBe("my-scheduler");
  });

  test("claims by DRA ask for connected chips of the machines that have them", () => {
    const choice = neuron(TRAINIUM2, "0.24.0", 4, { options: { deviceAccess: "dra" } });
    expect(at(objectOfKind(yamlOf(choice), "ResourceClaimTemplate"), "spec", "spec", "devices")).toMatchObject({
      requests: [
        {
          exactly: {
            deviceClassName: "neuron.aws.com",
            count: 4,
            selectors: [
              {
                cel: {
                  expression: "device.attributes['neuron.aws.com'].instanceType in ['trn2.3xlarge', 'trn2.48xlarge']",
                },
              },
            ],
          },
        },
      ],
      constraints: [{ requests: ["accelerators"], matchAttribute: "resource.aws.com/devicegroup4_id" }],
    });
    expect(at(podOf(choice), "schedulerName")).toBeUndefined();
    expect(refusalOf(neuron(INFERENTIA2, "0.16.0", 2, { options: { deviceAccess: "dra" } }))).toMatch(
      /documented to connect chips of Trainium/,
    );
  });

  test("stands on AWS alone, by the machines it is sold in", () => {
    expect(defaultPlatform(TRAINIUM2).id).toBe("eks");
    for (const platform of ["gke", "gke-autopilot", "aks"] as const) {
      expect(refusalOf(neuron(TRAINIUM2, "0.24.0", 16, { options: { platform } }))).toMatch(
        /exists on AWS only: choose the platform eks/,
      );
    }
    for (const platform of ["eks", "openshift", "generic"] as const) {
      expect(at(podOf(neuron(TRAINIUM2, "0.24.0", 16, { options: { platform } })), "nodeSelector")).toEqual({
        "node.kubernetes.io/instance-type": "trn2.48xlarge",
      });
    }
    const yaml = yamlOf(neuron(TRAINIUM2, "0.24.0", 16));
    expect(yaml).toContain("neuron-helm-chart");
    expect(yaml).not.toMatch(/nvidia|NVIDIA/);
  });

  test("Karpenter makes nodes by the chip's own labels", () => {
    const choice = neuron(INFERENTIA2, "0.16.0", 12, { options: { platform: "eks-karpenter", clusterName: "prod" } });
    expect(at(objectOfKind(yamlOf(choice), "NodePool"), "spec", "template", "spec", "requirements")).toEqual(
      expect.arrayContaining([
        { key: "karpenter.k8s.aws/instance-accelerator-name", operator: "In", values: ["inferentia2"] },
        { key: "karpenter.k8s.aws/instance-accelerator-count", operator: "In", values: ["12"] },
      ]),
    );
    expect(yamlOf(choice)).not.toMatch(/nvidia|NVIDIA/);
  });

  test("what its compiler would need to know and no measurement says is refused", () => {
    const refused = (configuration: NonNullable<ChoiceParts["configuration"]>, parts: ChoiceParts = {}) =>
      refusalOf(neuron(TRAINIUM2, "0.24.0", 16, { ...parts, configuration }));
    expect(refused({ speculative: "mtp1" })).toMatch(/draft model is compiled with the server/);
    expect(refused({ precision: "int8" })).toMatch(/quantises by settings of its compiler/);
    expect(refused({ model: "openai/gpt-oss-120b", precision: null })).toMatch(/--hf-overrides/);
    expect(refused({}, { parallelism: { label: "tp32-pp2", tensor: 32, pipeline: 2 } })).toMatch(
      /tensor parallelism alone; measured with pipeline 2/,
    );
    expect(refusalOf(neuron(TRAINIUM2, "0.16.0", 16, { configuration: { precision: "fp8" } }))).toMatch(
      /choose a configuration at 16 bits\.$/,
    );
    const checkpoint = "nvidia/Llama-3.3-70B-Instruct-FP8";
    const fp8 = neuron(TRAINIUM2, "0.24.0", 16, { configuration: { precision: "fp8", checkpoint } });
    expect(argumentsOf(fp8)[0]).toBe(checkpoint);
  });

  test("one replica over several machines, or prefill and decode apart, is refused", () => {
    expect(refusalOf(neuron(TRAINIUM2, "0.24.0", 32, { configuration: { nodes: 2 } }))).toMatch(
      /over several machines is written for NVIDIA GPUs and Cloud TPUs/,
    );
    expect(refusalOf(neuron(TRAINIUM2, "0.24.0", 16, { configuration: { servingMode: "disaggregated" } }))).toMatch(
      /Prefill and decode apart are written for vLLM on NVIDIA GPUs/,
    );
  });

  test("is the same for the same choice", () => {
    expect(manifestBundle(neuron(TRAINIUM2, "0.24.0", 16))).toEqual(manifestBundle(neuron(TRAINIUM2, "0.24.0", 16)));
  });
});
