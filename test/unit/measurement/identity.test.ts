import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ConfigurationFacts } from "../../../lib/domain";
import {
  configurationId,
  configurationKey,
  effectiveWorkloadId,
  nominalTokens,
  pointContentIds,
  workloadId,
} from "../../../lib/measurement/identity";
import type { Measurement } from "../../../lib/measurement/measurement";
import { emptyMeasurement } from "../../../lib/measurement/measurement";
import { UNKNOWN_SETTINGS } from "../../../lib/measurement/settings";

const facts: ConfigurationFacts = {
  model: "example-org/Example-8B-Instruct",
  checkpoint: null,
  accelerator: "h100-sxm-80gb",
  acceleratorCount: 8,
  nodes: null,
  server: "vllm",
  serverVersion: "0.10.0",
  precision: "fp8",
  parallelism: { label: "tp8", tensor: 8, pipeline: null, data: null, expert: null, context: null },
  speculative: null,
  speculativeTokens: null,
  servingMode: "aggregated",
  prefillAccelerators: null,
  decodeAccelerators: null,
  settings: UNKNOWN_SETTINGS,
};

describe("a configuration's identity", () => {
  it("is readable and does not depend on the order its facts are written in", () => {
    const reversed = Object.fromEntries(Object.entries(facts).reverse()) as unknown as ConfigurationFacts;
    expect(configurationId(facts)).toMatch(/^h100-sxm-80gb-x8-vllm-[0-9a-f]{8}$/);
    expect(configurationId(reversed)).toBe(configurationId(facts));
    expect(configurationId({ ...facts, server: null })).toMatch(/^h100-sxm-80gb-x8-unknown-server-[0-9a-f]{8}$/);
  });

  it("changes with every single fact", () => {
    const variants: ConfigurationFacts[] = [
      facts,
      { ...facts, model: "example-org/Other" },
      { ...facts, checkpoint: "example-org/Example-8B-FP8" },
      { ...facts, accelerator: "mi300x-192gb" },
      { ...facts, acceleratorCount: 4 },
      { ...facts, nodes: 1 },
      { ...facts, server: null },
      { ...facts, serverVersion: null },
      { ...facts, precision: null },
      { ...facts, parallelism: { ...facts.parallelism, label: null } },
      { ...facts, parallelism: { ...facts.parallelism, tensor: 4 } },
      { ...facts, parallelism: { ...facts.parallelism, expert: 8 } },
      { ...facts, speculative: "mtp3" },
      { ...facts, servingMode: "disaggregated" },
      { ...facts, prefillAccelerators: 4 },
      { ...facts, decodeAccelerators: 4 },
      { ...facts, parallelism: { ...facts.parallelism, context: 2 } },
      { ...facts, speculativeTokens: 3 },
      { ...facts, settings: { ...UNKNOWN_SETTINGS, serverArguments: {} } },
      { ...facts, settings: { ...UNKNOWN_SETTINGS, serverArguments: { "max-num-seqs": 256 } } },
      { ...facts, settings: { ...UNKNOWN_SETTINGS, environment: {} } },
      { ...facts, settings: { ...UNKNOWN_SETTINGS, engineOptions: {} } },
      { ...facts, settings: { ...UNKNOWN_SETTINGS, image: "vllm/vllm-openai:v0.10.0" } },
    ];
    expect(new Set(variants.map(configurationKey)).size).toBe(variants.length);
    expect(new Set(variants.map(configurationId)).size).toBe(variants.length);
  });

  it("stays what it was before settings were recorded, where none are known", () => {
    expect(configurationId(facts)).toBe("h100-sxm-80gb-x8-vllm-41446567");
  });

  it("is safe in a URL and a file name whatever the server is called", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 100 }), (server) => {
        expect(configurationId({ ...facts, server })).toMatch(/^[a-z0-9][a-z0-9.-]*$/);
      }),
    );
  });
});

describe("a workload's id", () => {
  it("is made from data set and nominal lengths", () => {
    expect(workloadId({ dataset: "random", inputTokens: 1024, outputTokens: 1024 })).toBe("random-1024-1024");
    expect(workloadId({ dataset: null, inputTokens: 1000, outputTokens: 100 })).toBe("unspecified-1000-100");
    expect(workloadId({ dataset: "ShareGPT", inputTokens: null, outputTokens: null })).toBe("sharegpt-unknown-unknown");
    expect(effectiveWorkloadId({ workloadId: "given", dataset: null, inputTokens: 1, outputTokens: 1 })).toBe("given");
  });

  it("keeps data sets apart whose names cannot be written in it", () => {
    const named = (dataset: string) => workloadId({ dataset, inputTokens: 1, outputTokens: 1 });
    expect(named("日本")).not.toBe(named("中国"));
    expect(named("a/b")).not.toBe(named("a-b"));
    expect(named("日本")).toMatch(/^[a-z0-9.-]+$/);
  });
});

describe("a nominal length", () => {
  it.each([
    [1000, 1000],
    [786.408, 790],
    [2046.202, 2048],
    [269.81666666666666, 270],
    [103.33333333333333, 100],
    [1023.4, 1024],
    [0.4, 1],
  ])("of a mean of %d tokens is %d", (mean, nominal) => {
    expect(nominalTokens(mean)).toBe(nominal);
  });

  it("is rounded once", () => {
    expect([6.45, 99.5, 99.6, 104.9, 105.1].map(nominalTokens)).toEqual([6, 100, 100, 100, 110]);
  });

  it("is a whole number near its mean", () => {
    fc.assert(
      fc.property(fc.double({ min: 1, max: 1e7, noNaN: true }), (mean) => {
        const nominal = nominalTokens(mean);
        expect(Number.isInteger(nominal)).toBe(true);
        expect(Math.abs(nominal - mean)).toBeLessThanOrEqual(Math.max(0.5, mean * 0.051));
      }),
    );
  });
});

describe("a load point's identity", () => {
  const run = {
    configuration: facts,
    workload: { workloadId: null, dataset: "random", inputTokens: 1, outputTokens: 1 },
    source: { name: "lab" },
    measuredOn: "2026-05-04",
  };
  const point = { ...emptyMeasurement(), loadKind: "concurrency" as const, loadValue: 8, outputTokensPerSecond: 100 };

  const idOf = (owner: typeof run, measured: Measurement & { measuredOn?: string }) =>
    pointContentIds(owner, [measured])[0];

  it("hashes the same JSON on every release, whatever the numbers", () => {
    const number = fc.option(fc.oneof(fc.double({ noNaN: true }), fc.integer(), fc.constantFrom(-0, 1e21, 1e-7)));
    fc.assert(
      fc.property(number, number, (loadValue, mean) => {
        const measured = { ...point, loadValue, ttftMs: { mean, p50: null, p90: 2, p95: null, p99: 1.5 } };
        const owner = [configurationKey(facts), "random-1-1", "lab", "2026-05-04"];
        const figures = ["concurrency", loadValue, null, null, null, null, 100, null, null, null, null];
        const latencies = [[mean, null, 2, null, 1.5], null, null, null, null];
        const json = JSON.stringify([...owner, [...figures, ...latencies]]);
        expect(idOf(run, measured)).toBe(createHash("sha256").update(json).digest("hex").slice(0, 32));
      }),
    );
  });

  it("is the same in any file, with any caveats, and changes with what was measured, when and by whom", () => {
    const id = idOf(run, point);
    expect(id).toMatch(/^[0-9a-f]{32}$/);
    expect(
      idOf(run, {
        ...point,
        qualityFlags: ["replicate"],
        sourceRef: "row 3",
        outputTokensPerSecondDerived: 99,
      }),
    ).toBe(id);
    expect(idOf(run, { ...point, ttftMs: { mean: null, p50: null, p90: null, p95: null, p99: null } })).toBe(id);
    expect(idOf(run, { ...point, outputTokensPerSecond: 101 })).not.toBe(id);
    expect(idOf({ ...run, measuredOn: "2026-05-05" }, point)).not.toBe(id);
    expect(idOf({ ...run, source: { name: "other" } }, point)).not.toBe(id);
  });

  it("stays when a later point gives its run a newer date", () => {
    const dated = { ...point, measuredOn: "2026-05-04" };
    expect(idOf({ ...run, measuredOn: "2026-06-01" }, dated)).toBe(idOf(run, dated));
  });
});
