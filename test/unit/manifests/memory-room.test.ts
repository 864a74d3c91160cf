import { describe, expect, test } from "vitest";
import { manifestBundle } from "../../../lib/manifests/write/manifest-yaml";
import { type ChoiceParts, choice, DEFAULT_SETTINGS } from "./choice";
import { argumentsOf, refusalOf, yamlOf } from "./read-bundle";
import { measuredWith } from "./server-choices";

const LLAMA = {
  id: "meta-llama/Llama-3.1-8B-Instruct",
  weightBytes: 16e9,
  weightsPrecision: "bf16",
  contextLengthTokens: 131_072,
  quantisedCheckpoints: [],
};

/** Llama 3.1 8B in FP8 on one L4 of 24 GB. */
function onL4(parts: ChoiceParts = {}): ReturnType<typeof choice> {
  return measuredWith("vllm", "0.23.0", {
    accelerator: { id: "l4-24gb", name: "NVIDIA L4", shortName: "L4", memoryGib: 24, gkeAcceleratorLabel: "nvidia-l4" },
    model: LLAMA,
    ...parts,
    configuration: {
      model: LLAMA.id,
      checkpoint: "RedHatAI/Meta-Llama-3.1-8B-Instruct-FP8",
      precision: "fp8",
      acceleratorCount: 1,
      ...parts.configuration,
    },
  });
}

function lengthOf(one: ReturnType<typeof choice>): number {
  const flag = argumentsOf(one).find((argument) => argument.startsWith("--max-model-len="));
  return Number(flag?.split("=")[1]);
}

const UNKNOWN_LENGTHS = {
  workload: { workloadId: "sharegpt", dataset: "sharegpt", inputTokens: null, outputTokens: null },
};

describe("the longest request", () => {
  test("is one that fits where the lengths are not known and the model's own does not", () => {
    const length = lengthOf(onL4({ choice: UNKNOWN_LENGTHS }));
    // 24 GB × 0.92 × 0.9 − 8 GB of weights − the server's share, at 128 KiB a token: vLLM would not start with 131,072.
    expect(length).toBeGreaterThan(60_000);
    expect(length).toBeLessThan(90_000);
    expect(yamlOf(onL4({ choice: UNKNOWN_LENGTHS }))).toContain("the longest the memory holds");
  });

  test("is left to the model where that fits", () => {
    expect(argumentsOf(choice({ choice: UNKNOWN_LENGTHS })).join(" ")).not.toContain("--max-model-len");
  });

  test("is the model's own on request, which departs from what was measured", () => {
    const asked = choice({ configuration: { settings: DEFAULT_SETTINGS }, options: { context: "model" } });
    expect(lengthOf(asked)).toBe(40_960);
    const yaml = yamlOf(asked);
    expect(yaml).toContain("requests as long as the model and the memory allow");
    expect(yaml).not.toContain("# Predicted");
    expect(yamlOf({ ...asked, options: { ...asked.options, context: "measured" } })).toContain("# Predicted");
  });

  test("says how many of its length the KV cache holds, more with values of one byte", () => {
    const heldBy = (type: string) => {
      const settings = { ...DEFAULT_SETTINGS, serverArguments: { "kv-cache-dtype": type } };
      const yaml = yamlOf(choice({ configuration: { settings } })).replaceAll(/\n\s*#\s*/g, " ");
      return Number(/holds about ([\d,]+) such requests/.exec(yaml)?.[1]?.replaceAll(",", ""));
    };
    expect(heldBy("auto")).toBeGreaterThan(20);
    expect(heldBy("fp8")).toBeGreaterThanOrEqual(heldBy("auto") * 2);
  });
});

describe("weights", () => {
  test("that the accelerators cannot hold are refused, with what they have", () => {
    const large = { ...LLAMA, id: "Qwen/Qwen3-235B-A22B", weightBytes: 470e9 };
    const one = onL4({ model: large, configuration: { model: large.id, checkpoint: "Qwen/Qwen3-235B-A22B-FP8" } });
    expect(refusalOf(one)).toMatch(/^235 GB of weights.*do not fit the 25\.8 GB of memory that 1 × L4 have/);
  });

  test("may lie elsewhere where the server was told so", () => {
    const large = { ...LLAMA, weightBytes: 80e9 };
    const settings = { ...DEFAULT_SETTINGS, serverArguments: { "cpu-offload-gb": 64 } };
    expect(manifestBundle(onL4({ model: large, configuration: { settings } })).ok).toBe(true);
  });
});
