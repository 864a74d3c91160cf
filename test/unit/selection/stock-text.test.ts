import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { namerOf } from "@/lib/explorer/name-stock";
import { formatStockItem, parseStockItem } from "@/lib/selection/stock";
import { readStockFromNodes } from "@/lib/selection/stock-from-nodes";
import { readStockText, stockPartForAddress } from "@/lib/selection/stock-text";
import { shippedCatalogue } from "../shipped-figures";

const nameAccelerator = namerOf(shippedCatalogue().accelerators);
const read = (text: string) => readStockText(text, nameAccelerator);

describe("a stock in words", () => {
  it.each([
    ["16 H100, 8 L40S", ["h100-sxm-80gb:16", "l40s-48gb:8"]],
    ["16x H100 and 8 × L40S", ["h100-sxm-80gb:16", "l40s-48gb:8"]],
    ["2x8 H100 SXM; MI300X: 4", ["h100-sxm-80gb:2x8", "mi300x-192gb:4"]],
    ["h100-sxm-80gb:2x8\nh100-sxm-80gb:1x8", ["h100-sxm-80gb:3x8"]],
  ])("%j", (text, expected) => {
    expect(read(text)).toMatchObject({ problems: [] });
    expect(read(text).items.map(formatStockItem)).toEqual(expected);
  });

  it("says what it does not understand, and what may be meant", () => {
    expect(read("H100").problems).toEqual(["“H100” is no number of accelerators: write 16 H100 or 2x8 H100."]);
    expect(read("8 H1000").problems[0]).toMatch(/^“H1000” is no accelerator of the catalogue\. Nearest: .+/);
    expect(read("8 A100").problems[0]).toMatch(/^“A100” may be several accelerators: a100-.+/);
    expect(read("8 A100").items).toEqual([]);
  });

  it("is written in an address as it is read from there", () => {
    expect(stockPartForAddress("16 H100")).toBe("H100:16");
    expect(stockPartForAddress("h100-sxm-80gb:2x8")).toBe("h100-sxm-80gb:2x8");
    const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/);
    fc.assert(
      fc.property(name, fc.integer({ min: 1, max: 999 }), fc.option(fc.integer({ min: 1, max: 72 })), (id, n, each) => {
        const item = { accelerator: id, count: n * (each ?? 1), perMachine: each };
        expect(parseStockItem(formatStockItem(item))).toEqual(item);
      }),
    );
  });

  it("never throws, whatever is typed", () => {
    fc.assert(fc.property(fc.string(), (text) => void [read(text), readStockFromNodes(text, nameAccelerator)]));
  });
});

describe("a stock from the nodes of a cluster", () => {
  const node = (labels: Record<string, string>, allocatable: Record<string, string>, unschedulable = false) => ({
    kind: "Node",
    metadata: { name: "n", labels },
    spec: { unschedulable },
    status: { allocatable },
  });
  const H100 = { "nvidia.com/gpu.product": "NVIDIA-H100-80GB-HBM3" };
  const from = (items: unknown[]) => readStockFromNodes(JSON.stringify({ kind: "List", items }), nameAccelerator);

  it("is one machine a node, by the product's label; nodes that take no pods or have nothing are passed over", () => {
    const { items, problems } = from([
      node(H100, { "nvidia.com/gpu": "8", cpu: "96" }),
      node(H100, { "nvidia.com/gpu": "8" }),
      node(H100, { "nvidia.com/gpu": "8" }, true),
      node({}, { cpu: "4" }),
      node({ "cloud.google.com/gke-tpu-accelerator": "tpu-v6e-slice" }, { "google.com/tpu": "4" }),
    ]);
    expect(problems).toEqual([]);
    expect(items.map(formatStockItem)).toEqual(["h100-sxm-80gb:2x8", "tpu-v6e:1x4"]);
  });

  it("says what the nodes do not say", () => {
    expect(from([node({}, { "nvidia.com/gpu": "8" })]).problems[0]).toMatch(/says by no label which it is/);
    expect(from([node({}, { cpu: "8" })]).problems).toEqual(["None of these nodes has an accelerator to give."]);
    expect(readStockFromNodes("{", nameAccelerator).problems[0]).toMatch(/^This is no list of nodes/);
  });
});
