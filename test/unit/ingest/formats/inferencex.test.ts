import { describe, expect, it } from "vitest";
import { versionOfImage } from "../../../../lib/ingest/formats/inferencex/inferencex-facts";
import { expectSoundWhenDamaged } from "../damage";
import { fixture, onlyRun, read, textFile } from "../support";

describe("a result set of InferenceX", () => {
  const result = read(fixture("inferencex/results_bmk.json"), {});
  const [oneNode, disaggregated, severalNodes] = result.runs;

  it("needs nothing from the person: every row states its configuration", () => {
    expect(result.problems).toEqual([]);
    expect(oneNode).toMatchObject({
      format: "inferencex",
      configuration: {
        model: "example-org/Example-8B-Instruct",
        accelerator: "h100-sxm-80gb",
        acceleratorCount: 8,
        server: "sglang",
        serverVersion: "0.5.9-cu130",
        precision: "fp8",
        speculative: null,
        servingMode: "aggregated",
        parallelism: { label: "tp4-pp2-ep4-dpattn", tensor: 4, pipeline: 2, expert: 4 },
      },
      workload: { dataset: "random", inputTokens: 1024, outputTokens: 1024 },
    });
  });

  it("is in seconds and per accelerator: latencies become ms, throughputs those of the deployment (TP × PP × PCP)", () => {
    expect(oneNode?.points).toMatchObject([
      {
        loadKind: "concurrency",
        loadValue: 64,
        totalTokensPerSecond: 8000,
        outputTokensPerSecond: 4000,
        inputTokensPerSecond: 4000,
        requestRateAchieved: null,
        requestsCompleted: null,
        durationS: null,
        ttftMs: { mean: 200, p90: null, p95: null, p99: 400 },
        tpotMs: { mean: 10, p99: 20 },
        itlMs: { mean: 11 },
        ntpotMs: null,
        e2eMs: { mean: 10400 },
        inputTokensMean: 1024,
        outputTokensMean: 1024,
        qualityFlags: ["derived_from_per_gpu", "nominal_token_lengths"],
        extras: { avg_power_w: 650 },
      },
    ]);
  });

  it("divides output by the decode accelerators and input by the prefill accelerators where they are apart", () => {
    expect(disaggregated).toMatchObject({
      configuration: {
        accelerator: "mi300x-192gb",
        acceleratorCount: 24,
        prefillAccelerators: 8,
        decodeAccelerators: 16,
        server: "dynamo-trtllm",
        serverVersion: "0.8.1.post2",
        speculative: "mtp",
        servingMode: "disaggregated",
        parallelism: { label: "p2x(tp4)+d2x(tp8-ep8-dpattn)", tensor: null },
      },
      points: [{ totalTokensPerSecond: 7200, outputTokensPerSecond: 3600, inputTokensPerSecond: 3600 }],
    });
  });

  it("over several nodes without decode accelerators divides everything by all", () => {
    expect(severalNodes).toMatchObject({
      configuration: { accelerator: "h100-sxm-80gb", acceleratorCount: 16, servingMode: "aggregated" },
      points: [{ loadValue: 128, totalTokensPerSecond: 3200, outputTokensPerSecond: 1600 }],
    });
  });

  it("leaves out the rows of failed runs and says so; alone they are refused", () => {
    expect(result.runs).toHaveLength(3);
    expect(result.skipped[0]?.reason).toContain("1 row of failed runs left out ($[3])");
    const rows = JSON.parse(new TextDecoder().decode(fixture("inferencex/results_bmk.json")[0]?.bytes)) as unknown[];
    expect(read([textFile("agg.json", JSON.stringify(rows[3]))], {}).problems[0]?.message).toContain("the run failed");
  });

  it("is not overruled by flags meant for other reports", () => {
    const flagged = read(fixture("inferencex/results_bmk.json"), {
      accelerator: "l40s-48gb",
      acceleratorCount: 1,
      model: "a/b",
    });
    expect(flagged.runs.map((run) => run.configuration.accelerator)).toEqual([
      "h100-sxm-80gb",
      "mi300x-192gb",
      "h100-sxm-80gb",
    ]);
  });
});

describe("a single result of InferenceX", () => {
  it("of 2025 has neither lengths nor image; the lengths stand in its file's name", () => {
    const run = onlyRun(read(fixture("inferencex/agg_example_1k8k_fp8_vllm.json"), {}));
    expect(run).toMatchObject({
      configuration: { acceleratorCount: 8, server: "vllm", serverVersion: null, speculative: "mtp" },
      workload: { dataset: "random", inputTokens: 1024, outputTokens: 8192 },
      points: [{ totalTokensPerSecond: 800, outputTokensPerSecond: 400, inputTokensPerSecond: null }],
    });
  });

  it("of agentic sessions has measured lengths and system throughput; its ITL is a mean per request, our TPOT", () => {
    const run = onlyRun(read(fixture("inferencex/agentic.json"), {}));
    expect(run).toMatchObject({
      seriesKey: "f".repeat(16),
      workload: { dataset: "example-org/agent-traces", inputTokens: 60000 },
    });
    expect(run.points).toMatchObject([
      {
        loadValue: 8,
        requestsCompleted: 120,
        requestsFailed: 3,
        durationS: 100,
        requestRateAchieved: 1.2,
        totalTokensPerSecond: 72600,
        outputTokensPerSecond: 600,
        inputTokensMean: 60000,
        outputTokensMean: 500,
        ttftMs: { mean: 1500, p50: 1350, p90: 2250, p95: 2700, p99: null },
        tpotMs: { mean: 20, p90: 30 },
        itlMs: null,
        qualityFlags: ["requests_failed"],
        extras: { kv_offloading: "dram" },
      },
    ]);
  });

  it("of the first agentic sessions is flat, per accelerator, and counts users", () => {
    expect(onlyRun(read(fixture("inferencex/agentic-flat.json"), {})).points).toMatchObject([
      {
        loadValue: 8,
        totalTokensPerSecond: 72600,
        outputTokensPerSecond: 600,
        ttftMs: { p50: 1350 },
        tpotMs: { mean: 20 },
        itlMs: null,
      },
    ]);
  });

  it("with prefill and decode on different accelerators is refused", () => {
    expect(read(fixture("inferencex/mixed-hardware.json"), {}).problems).toMatchObject([{ value: "h100, mi300x" }]);
  });
});

describe("rows of the InferenceX dashboard", () => {
  const { runs, problems } = read(fixture("inferencex/api-rows.json"), {});

  it("count the same accelerators twice unless they are disaggregated", () => {
    expect(problems).toEqual([]);
    expect(
      runs.map((run) => [run.measuredOn, run.configuration.acceleratorCount, run.configuration.servingMode]),
    ).toEqual([
      ["2026-02-27", 8, "aggregated"],
      ["2025-10-06", 8, "aggregated"],
      ["2026-02-27", 24, "disaggregated"],
    ]);
    expect(runs.map((run) => run.points[0]?.totalTokensPerSecond)).toEqual([1440, 1440, 4320]);
    expect(runs.map((run) => run.points[0]?.outputTokensPerSecond)).toEqual([720, null, 1440]);
  });

  it("name models by a short name of their own, which is flagged and gives way to what the person says", () => {
    expect(runs[0]?.configuration.model).toBe("deepseek-ai/DeepSeek-R1-0528");
    expect(runs[0]?.qualityFlags).toContain("model_from_short_name");
    const said = read(fixture("inferencex/api-rows.json"), { model: "deepseek-ai/DeepSeek-R1" }).runs[0];
    expect(said?.configuration.model).toBe("deepseek-ai/DeepSeek-R1");
    expect(said?.qualityFlags).not.toContain("model_from_short_name");
  });

  it("name their accelerator for certain, whichever it is: what is given for a whole table does not rename it", () => {
    const text = new TextDecoder().decode(fixture("inferencex/api-rows.json")[0]?.bytes);
    const rows = textFile("rows.json", text.replaceAll('"mi300x"', '"l40s"'));
    const { runs: onL40s } = read([rows], { accelerator: "h100-sxm-80gb" });
    expect(onL40s.map(({ configuration }) => configuration.accelerator)).toContain("l40s-48gb");
  });

  it("that multiplied their accelerators by the experts are of the accelerators of tensor parallelism", () => {
    const [row] = JSON.parse(new TextDecoder().decode(fixture("inferencex/api-rows.json")[0]?.bytes)) as object[];
    const multiplied = { ...row, decode_tp: 8, decode_ep: 8, num_prefill_gpu: 64, num_decode_gpu: 64 };
    const run = onlyRun(read([textFile("rows.json", JSON.stringify([multiplied]))], {}));
    expect(run.configuration).toMatchObject({ acceleratorCount: 8, servingMode: "aggregated" });
    expect(run.points[0]?.totalTokensPerSecond).toBe(1440);
  });

  it("of a model or an accelerator nobody knows ask for it", () => {
    const text = new TextDecoder().decode(fixture("inferencex/api-rows.json")[0]?.bytes);
    const unknown = text.replaceAll('"dsr1"', '"newmodel"').replaceAll('"mi300x"', '"newchip"');
    const messages = read([textFile("rows.json", unknown)], {}).problems.map(({ message }) => message);
    expect(messages[0]).toMatch(/rows\.json, \$\[0\]: the report does not say the model/);
    expect(messages[1]).toContain('accelerator "NEWCHIP" is not in the catalogue');
    const given = read([textFile("rows.json", unknown)], { model: "a/b", accelerator: "h100-sxm-80gb" });
    expect(given.problems).toEqual([]);
  });
});

it("an image's tag is the server's version, its digest is none", () => {
  expect(versionOfImage("lmsysorg#sglang:v0.5.9-rocm700")).toBe("v0.5.9-rocm700");
  expect(versionOfImage("registry:5000/vllm/vllm-openai:v0.11.0")).toBe("v0.11.0");
  expect(versionOfImage("registry:5000/vllm/vllm-openai")).toBeNull();
  expect(versionOfImage("vllm/vllm-openai@sha256:abc")).toBeNull();
  expect(versionOfImage("vllm/vllm-openai:latest")).toBeNull();
  expect(versionOfImage(null)).toBeNull();
});

it("a damaged InferenceX result is read or refused, never half of it", () => {
  const names = [
    "results_bmk.json",
    "agentic.json",
    "agentic-flat.json",
    "api-rows.json",
    "agg_example_1k8k_fp8_vllm.json",
  ];
  expectSoundWhenDamaged(names.flatMap((name) => fixture(`inferencex/${name}`)));
});
