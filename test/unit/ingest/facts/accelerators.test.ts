import { describe, expect, it } from "vitest";
import { resolveAccelerator } from "../../../../lib/ingest/facts/accelerators";
import { resolveModel } from "../../../../lib/ingest/facts/models";
import { accelerators, models } from "../support";

describe("an accelerator", () => {
  it.each([
    ["h100-sxm-80gb", "h100-sxm-80gb"],
    ["H100", "h100-sxm-80gb"],
    ["NVIDIA H100 80GB HBM3", "h100-sxm-80gb"],
    ["nvidia-h100-80gb", "h100-sxm-80gb"],
    ["H100_PCIe", "h100-pcie-80gb"],
    ["NVIDIA H100 PCIe", "h100-pcie-80gb"],
    ["NVIDIA L40S", "l40s-48gb"],
    ["AMD Instinct MI300X", "mi300x-192gb"],
    ["A100 80GB", "a100-sxm-80gb"],
    ["TPU v6e", "tpu-v6e"],
    ["Trillium", "tpu-v6e"],
  ])("called %s is %s", (text, id) => {
    expect(resolveAccelerator(text, accelerators)).toMatchObject({ kind: "found", accelerator: { id } });
  });

  it("of which the name fits several is asked back with the candidates", () => {
    expect(resolveAccelerator("A100", accelerators)).toEqual({
      kind: "ambiguous",
      candidates: ["a100-sxm-40gb", "a100-sxm-80gb"],
    });
  });

  it("not in the catalogue is answered with the nearest ids", () => {
    expect(resolveAccelerator("mi300", accelerators)).toMatchObject({
      kind: "unknown",
      nearest: ["mi300x-192gb", expect.anything(), expect.anything()],
    });
    expect(resolveAccelerator("", accelerators)).toMatchObject({ kind: "unknown" });
  });
});

describe("a model", () => {
  it("is taken as given, in the catalogue's spelling where it has one", () => {
    expect(resolveModel("EXAMPLE-org/example-8b-instruct", models)).toBe("example-org/Example-8B-Instruct");
    expect(resolveModel("/models/my model", models)).toBe("/models/my model");
  });

  it("is refused where it can be no name", () => {
    for (const text of ["", "  ", "a\nb", "a\u202eb", "a\u2028b", "a\u2029b", "///", "x".repeat(201)])
      expect(resolveModel(text, models)).toBeNull();
  });
});
