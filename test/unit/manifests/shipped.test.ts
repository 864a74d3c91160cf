import { describe, expect, test } from "vitest";
import { bundleRefusal } from "../../../lib/manifests/write/manifest-yaml";
import { countShipped, shippedChoices, shippedTable } from "./shipped-configurations";

const SECONDS = 1000;
const choices = shippedChoices({ autoscaler: "none", monitoring: "none" });
const counts = countShipped(choices);

function made(server: string, accelerator: string): number {
  return counts.find((count) => count.server === server && count.accelerator === accelerator)?.made ?? 0;
}

describe("the configurations that come with the program", () => {
  if (process.env.PRINT_SHIPPED !== undefined) console.log(shippedTable(counts));

  test(
    "get manifests, or a reason a person can act on",
    () => {
      for (const { choice, label } of choices) {
        const refusal = bundleRefusal(choice);
        if (refusal === null) continue;
        expect(refusal.length, label).toBeGreaterThan(40);
        expect(refusal, label).toMatch(/^[A-Z0-9].*\.$/s);
      }
    },
    60 * SECONDS,
  );

  test("are served by each server on each kind of accelerator it is written for", () => {
    expect(made("vllm", "nvidia.com/gpu")).toBeGreaterThan(100);
    expect(made("vllm", "google.com/tpu")).toBeGreaterThan(2);
    expect(made("vllm", "amd.com/gpu")).toBeGreaterThan(10);
    expect(made("sglang", "nvidia.com/gpu")).toBeGreaterThan(50);
    expect(made("sglang", "amd.com/gpu")).toBeGreaterThan(10);
    expect(made("trtllm", "nvidia.com/gpu")).toBeGreaterThan(50);
  });

  test("are written for more than two thirds", () => {
    const written = counts.reduce((sum, count) => sum + count.made, 0);
    expect(written / choices.length).toBeGreaterThan(0.7);
    expect(made("vllm-atom", "amd.com/gpu")).toBeGreaterThan(25);
    expect(made("sglang-atom", "amd.com/gpu")).toBeGreaterThan(5);
    expect(made("dynamo-trtllm", "nvidia.com/gpu")).toBeGreaterThan(150);
    expect(made("dynamo-sglang", "nvidia.com/gpu")).toBeGreaterThan(90);
  });

  test("are refused where the image that was measured does not exist", () => {
    expect(made("vllm", "habana.ai/gaudi")).toBe(0);
    expect(made("vllm", "gpu.intel.com/xe")).toBe(0);
    expect(made("atom", "amd.com/gpu")).toBe(0);
  });
});
