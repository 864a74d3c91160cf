import { describe, expect, it } from "vitest";
import { curveNames } from "../../../lib/explorer/curve-names";
import { curve, point } from "../frontier/builders";

const accelerators = [{ id: "h100", shortName: "H100" }];
const on = (given: Parameters<typeof curve>[1]) => curve([point({})], { accelerator: "h100", ...given }).configuration;

describe("the name of a curve", () => {
  it("is its hardware where nothing else is on it", () => {
    expect(curveNames([on({ acceleratorCount: 1 }), on({ acceleratorCount: 4 })], accelerators)).toEqual([
      "1× H100",
      "4× H100",
    ]);
  });

  it("says version or precision where two on the same hardware differ by it, and nothing they share", () => {
    const versions = ["0.10.2", "0.11.0"].map((serverVersion) => on({ server: "vllm", serverVersion }));
    expect(curveNames(versions, accelerators)).toEqual(["1× H100 0.10.2", "1× H100 0.11.0"]);
    const precisions = ["fp8", "bf16"].map((precision) => on({ server: "vllm", precision }));
    expect(curveNames(precisions, accelerators)).toEqual(["1× H100 FP8", "1× H100 BF16"]);
    const servers = [on({ server: "vllm", serverVersion: "1" }), on({ server: "sglang", serverVersion: "1" })];
    expect(curveNames(servers, accelerators)).toEqual(["1× H100 vLLM", "1× H100 SGLang"]);
  });
});
