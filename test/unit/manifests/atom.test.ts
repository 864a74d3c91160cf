import { describe, expect, test } from "vitest";
import { DEFAULT_SETTINGS } from "./choice";
import { at, containerOf, refusalOf, yamlOf } from "./read-bundle";
import { MI300X, measuredWith } from "./server-choices";

function withAtom(base: string, tag: string) {
  return measuredWith(`${base}-atom`, null, {
    accelerator: MI300X,
    configuration: { acceleratorCount: 1, settings: { ...DEFAULT_SETTINGS, image: `rocm/atom-dev:${tag}` } },
    options: { autoscaler: "none", monitoring: "none" },
  });
}

describe("a server with ATOM", () => {
  test.each([
    ["vllm", "vllm-v0.19.0-nightly_20260516", "vllm serve"],
    ["sglang", "sglang-v0.5.10-nightly_20260520", "python3 -m sglang.launch_server"],
  ])("is %s in the image that was measured", (base, tag, command) => {
    const container = containerOf(withAtom(base, tag));
    expect(at(container, "image")).toBe(`rocm/atom-dev:${tag}`);
    expect((at(container, "command") as string[]).join(" ")).toBe(command);
    expect(yamlOf(withAtom(base, tag))).toContain("# Predicted");
  });

  test("loads ATOM's models into SGLang", () => {
    expect(JSON.stringify(at(containerOf(withAtom("sglang", "sglang-v0.5.10-nightly_20260520")), "env"))).toContain(
      '"SGLANG_EXTERNAL_MODEL_PACKAGE","value":"atom.plugin.sglang.models"',
    );
  });

  test.each([
    ["vllm", "vllm-latest"],
    ["vllm", "sglang-v0.5.10-nightly_20260520"],
  ])("is refused where its image has no tag that stays, or is another server's: %s %s", (base, tag) => {
    expect(refusalOf(withAtom(base, tag))).toMatch(/no tag that stays/);
  });
});
