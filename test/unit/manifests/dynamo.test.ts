import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import type { SettingValues } from "../../../lib/measurement/settings";
import { shippedCatalogue } from "../shipped-figures";
import { type ChoiceParts, DEFAULT_SETTINGS, withHardware } from "./choice";
import { at, type Json, objectNamed, objectOfKind, objectsIn, refusalOf, yamlOf } from "./read-bundle";
import { danglingReferences } from "./references";
import { measuredWith } from "./server-choices";

const NONE = { autoscaler: "none", monitoring: "none" } as const;

/** DeepSeek R1 with prefill and decode apart, as Dynamo measured it. */
function apart(engine: string, id: string, label: string, parts: ChoiceParts = {}) {
  const [prefill = 0, decode = 0] = parts.configuration
    ? [parts.configuration.prefillAccelerators ?? 0, parts.configuration.decodeAccelerators ?? 0]
    : [];
  const accelerator = shippedCatalogue().accelerators.find((item) => item.id === id);
  if (accelerator === undefined) throw new Error(`no ${id} in the catalogue`);
  return measuredWith(`dynamo-${engine}`, null, {
    ...parts,
    accelerator: withHardware(accelerator),
    model: { id: "deepseek-ai/DeepSeek-R1", weightBytes: 335e9, weightsPrecision: "fp4" },
    options: { platform: "generic", ...NONE, ...parts.options },
    configuration: {
      model: "deepseek-ai/DeepSeek-R1",
      precision: "fp4",
      servingMode: "disaggregated",
      acceleratorCount: prefill + decode,
      nodes: null,
      ...parts.configuration,
    },
    parallelism: { label, tensor: null, pipeline: null, data: null, expert: null },
  });
}

function engineOptions(yaml: string, role: string): Json {
  return parse(String(at(objectNamed(yaml, "ConfigMap", `-${role}`), "data", "engine.yaml"))) as Json;
}

function component(yaml: string, name: string): Json | undefined {
  const components = at(objectOfKind(yaml, "DynamoGraphDeployment"), "spec", "components");
  return (Array.isArray(components) ? components : []).find((item) => at(item, "name") === name);
}

function argumentsOf(yaml: string, name: string): string[] {
  return at(component(yaml, name), "podTemplate", "spec", "containers", 0, "args") as string[];
}

const TRTLLM = apart("trtllm", "b200-sxm-180gb", "p2x(tp1-dp4-ep4)+d1x(tp1-dp8-ep8)", {
  configuration: {
    prefillAccelerators: 8,
    decodeAccelerators: 8,
    serverVersion: "0.8.1.post1",
    settings: {
      ...DEFAULT_SETTINGS,
      serverArguments: null,
      engineOptions: {
        prefill: { max_batch_size: 8, tensor_parallel_size: 4, disable_overlap_scheduler: true },
        decode: {
          max_batch_size: "{floor(concurrency/2)}",
          tensor_parallel_size: 8,
          kv_cache_config: { dtype: "fp8" },
        },
      },
      environment: { prefill: { TRTLLM_ENABLE_PDL: "1" }, decode: { PYTHONSTARTUP: "/tmp/x" } },
      image: "nvcr.io/nvidia/ai-dynamo/tensorrtllm-runtime:0.8.1.post1",
    },
  },
});

const SGLANG_ROLES: SettingValues = {
  prefill: { "tp-size": 4, "dp-size": 4, "ep-size": 4, "disaggregation-mode": "prefill", "mem-fraction-static": 0.84 },
  decode: { "tp-size": 32, "dp-size": 32, "ep-size": 32, "cuda-graph-bs": [1, 2, 4], "disable-radix-cache": true },
};
const SGLANG = apart("sglang", "gb200-nvl72", "p4x(tp4-ep4-dpattn)+d1x(tp32-ep32-dpattn)", {
  configuration: {
    prefillAccelerators: 16,
    decodeAccelerators: 32,
    settings: {
      ...DEFAULT_SETTINGS,
      serverArguments: SGLANG_ROLES,
      environment: {},
      image: "lmsysorg/sglang:v0.5.8-cu130",
    },
  },
});

describe("a measurement with Dynamo", () => {
  test("is deployed by its operator: a frontend, and the workers in the measured number", () => {
    const yaml = yamlOf(TRTLLM);
    expect(at(component(yaml, "Frontend"), "replicas")).toBe(1);
    expect(at(component(yaml, "prefill"), "replicas")).toBe(2);
    expect(at(component(yaml, "decode"), "replicas")).toBe(1);
    const limits = at(component(yaml, "prefill"), "podTemplate", "spec", "containers", 0, "resources", "limits");
    expect(at(limits, "nvidia.com/gpu")).toBe("4");
    const kinds = objectsIn(yaml).map((object) => at(object, "kind"));
    expect(kinds).toEqual(["ConfigMap", "ConfigMap", "DynamoGraphDeployment"]);
    expect(danglingReferences(objectsIn(yaml))).toEqual([]);
    expect(yaml).toContain("kubectl get crd dynamographdeployments.nvidia.com");
  });

  test("gives each kind of worker the options it was measured with", () => {
    const yaml = yamlOf(TRTLLM);
    expect(engineOptions(yaml, "prefill")).toMatchObject({ max_batch_size: 8, tensor_parallel_size: 4 });
    expect(engineOptions(yaml, "decode")).toMatchObject({
      max_batch_size: 32,
      tensor_parallel_size: 8,
      enable_attention_dp: true,
      kv_cache_config: { dtype: "fp8" },
    });
    expect(argumentsOf(yaml, "decode")).toContain("--extra-engine-args=/etc/dynamo/engine.yaml");
    expect(argumentsOf(yaml, "prefill")).toContain("--disaggregation-mode=prefill");
    expect(yaml).toContain("tensorrtllm-runtime:0.8.1.post1");
    expect(JSON.stringify(objectOfKind(yaml, "DynamoGraphDeployment"))).not.toContain('"PYTHONSTARTUP"');
  });

  test("spreads a worker over full machines of a rack, joined by NVLink, with the sizes its arguments say", () => {
    const yaml = yamlOf(SGLANG);
    expect(at(component(yaml, "decode"), "multinode")).toEqual({ nodeCount: 8 });
    expect(at(component(yaml, "prefill"), "multinode")).toBeUndefined();
    expect(argumentsOf(yaml, "decode")).toEqual(
      expect.arrayContaining([
        "--tensor-parallel-size=32",
        "--data-parallel-size=32",
        "--enable-dp-attention",
        "--cuda-graph-bs",
        "1",
        "2",
        "4",
      ]),
    );
    const domain = objectOfKind(yaml, "ComputeDomain");
    const template = at(domain, "spec", "channel", "resourceClaimTemplate", "name");
    const spec = at(component(yaml, "decode"), "podTemplate", "spec");
    expect(at(spec, "resourceClaims", 0, "resourceClaimTemplateName")).toBe(template);
    expect(at(spec, "containers", 0, "resources", "claims")).toEqual([{ name: at(spec, "resourceClaims", 0, "name") }]);
  });

  test("leaves to the operator what it brings: probes, ports, shared memory, access to the API", () => {
    const spec = at(component(yamlOf(SGLANG), "prefill"), "podTemplate", "spec");
    for (const field of ["ports", "startupProbe", "readinessProbe", "livenessProbe", "lifecycle"]) {
      expect(at(spec, "containers", 0, field)).toBeUndefined();
    }
    expect(at(spec, "automountServiceAccountToken")).toBeUndefined();
    expect(JSON.stringify(spec)).not.toContain("/dev/shm");
    expect(at(component(yamlOf(SGLANG), "prefill"), "sharedMemorySize")).toMatch(/^\d+Gi$/);
  });

  test("says that another image stands in where the engine's own was measured, and predicts nothing then", () => {
    const yaml = yamlOf(SGLANG);
    expect(yaml).toContain("sglang-runtime:1.4.0");
    expect(yaml).toContain("Not started as measured, expect another figure");
    expect(yaml).not.toContain("# Predicted");
  });

  test("is refused with options its operator has no room for, and where decoding ahead is not recorded", () => {
    const withOptions = { ...SGLANG, options: { ...SGLANG.options, gateway: "istio" as const, benchmarkJob: true } };
    expect(refusalOf(withOptions)).toMatch(/choose the gateway none .*; no benchmark Job/);
    const drafted = { ...SGLANG, configuration: { ...SGLANG.configuration, speculative: "mtp3" } };
    expect(refusalOf(drafted)).toMatch(/how its workers were told is not recorded/);
  });
});
