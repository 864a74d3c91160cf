import { describe, expect, it } from "vitest";
import { effectiveWorkloadId } from "../../../../lib/measurement/identity";
import { fixture, onlyRun, read } from "../support";
import { expectSound } from "../support-formats";

const onOne = { accelerator: "h100-sxm-80gb", acceleratorCount: 1 };
const MODEL = "example-org/Example-8B-Instruct";

describe("llama-bench as a table", () => {
  it("of CSV is the same as its JSON", () => {
    const { runs, problems } = read(fixture("llama-bench/results.csv"), { ...onOne, model: MODEL });
    expect(problems).toEqual([]);
    expect(runs[0]?.configuration).toMatchObject({
      server: "llama.cpp",
      serverVersion: "b5163",
      precision: "q4_k-medium",
    });
    const points = runs.flatMap((run) => run.points);
    expect(points).toMatchObject([
      { inputTokensMean: 512, inputTokensPerSecond: 8000, outputTokensPerSecond: null },
      { outputTokensMean: 128, outputTokensPerSecond: 125, tpotMs: { mean: 8 } },
    ]);
  });

  it("as it prints it has the mean rate of each test and no time of one", () => {
    const { runs, problems } = read(fixture("llama-bench/printed.md"), { ...onOne, model: MODEL });
    expect(problems).toEqual([]);
    const points = runs.flatMap((run) => run.points);
    expect(points).toMatchObject([
      { inputTokensPerSecond: 7340.2, location: "line 4" },
      { outputTokensPerSecond: 120.6, tpotMs: null },
      { totalTokensPerSecond: 612.1, inputTokensMean: 1024, outputTokensMean: 128 },
    ]);
    expect(runs[0]?.toolVersion).toBe("b5163");
  });
});

describe("what trtllm-bench prints", () => {
  it("is read as its report would be", () => {
    const run = onlyRun(
      read(fixture("trtllm-bench/printed.log"), { accelerator: "h100-sxm-80gb", acceleratorCount: 2 }),
    );
    expect(run.configuration).toMatchObject({
      model: MODEL,
      server: "trtllm",
      serverVersion: "1.2.0",
      precision: "fp8",
      parallelism: { tensor: 2, pipeline: 1 },
    });
    expect(run.workload).toMatchObject({ inputTokens: 2048, outputTokens: 128 });
    expect(run.points[0]).toMatchObject({
      requestsCompleted: 3000,
      outputTokensPerSecond: 5530.7382,
      totalTokensPerSecond: 94022.5497,
      ttftMs: { mean: 22667.0339 },
      tpotMs: { mean: 182.9639, p50: 204.0463, p90: 206.3863, p95: 206.5064, p99: 206.5821 },
      loadKind: null,
    });
  });
});

describe("an EvalScope sweep", () => {
  it("is one run of its loads, with the percentiles and options beside each summary", () => {
    const { runs, problems, skipped } = read(fixture("evalscope"), onOne);
    expect(problems).toEqual([]);
    expect(new Set(runs.map((run) => effectiveWorkloadId(run.workload)))).toEqual(new Set(["random-512-100"]));
    expect(runs.map((run) => run.configuration.model)).toEqual([MODEL, MODEL]);
    const points = runs.flatMap((run) => run.points).sort((a, b) => Number(a.loadValue) - Number(b.loadValue));
    expect(points).toMatchObject([
      {
        loadKind: "concurrency",
        loadValue: 2,
        ttftMs: { mean: 200, p50: 200, p90: 240, p95: 260, p99: 300 },
        durationS: 20,
      },
      { loadKind: "concurrency", loadValue: 8, tpotMs: { mean: 16, p99: 24 }, outputTokensPerSecond: 350 },
    ]);
    expect(skipped).toHaveLength(4);
  });
});

describe("Ollama's statistics", () => {
  it("of API answers are one request at a time, without the time to load the model", () => {
    const run = onlyRun(read(fixture("ollama/answers.jsonl"), { ...onOne, model: MODEL }));
    expect(run).toMatchObject({ measuredOn: "2026-08-04", configuration: { server: "ollama" } });
    expect(run.points[0]).toMatchObject({
      loadKind: "concurrency",
      loadValue: 1,
      requestsCompleted: 2,
      outputTokensMean: 224,
      inputTokensMean: 33,
      tpotMs: { mean: 15, p50: 15 },
      ttftMs: null,
    });
    expect(run.points[0]?.e2eMs?.mean).toBeCloseTo(5538.47, 1);
  });

  it("as printed are the same", () => {
    const run = onlyRun(read(fixture("ollama/verbose.txt"), { ...onOne, model: MODEL }));
    expect(run.points[0]).toMatchObject({ outputTokensMean: 259, tpotMs: { mean: 10 } });
    expect(run.points[0]?.e2eMs?.mean).toBeCloseTo(2669, 6);
  });
});

describe("tables of text-generation-benchmark", () => {
  it("are a static batch a row, blank steps those above", () => {
    const run = onlyRun(read(fixture("tgi-benchmark/benchmark.md"), onOne));
    expect(run.configuration).toMatchObject({ model: MODEL, server: "tgi" });
    expect(effectiveWorkloadId(run.workload)).toBe("random-512-64");
    expect(run.points).toMatchObject([
      { loadValue: 1, ttftMs: { mean: 33.5, p50: 33.4, p90: 34, p99: 35 }, outputTokensPerSecond: 95.24 },
      { loadValue: 8, tpotMs: { mean: 12.75, p99: 13 }, outputTokensPerSecond: 627.45 },
    ]);
  });
});

describe("an AIPerf sweep's aggregate", () => {
  it("alone has a point a load, and asks for the model it does not say", () => {
    expect(read(fixture("aiperf/aggregate"), onOne).problems[0]?.fact).toBe("model");
    const { runs } = read(fixture("aiperf/aggregate"), { ...onOne, model: MODEL });
    expect(runs.map((run) => effectiveWorkloadId(run.workload))).toEqual(["synthetic-512-100"]);
    expect(runs.flatMap((run) => run.points)).toMatchObject([
      { loadKind: "concurrency", loadValue: 2, ttftMs: { mean: 50, p50: 47.5, p99: 80 }, outputTokensPerSecond: 190 },
      { loadValue: 8, tpotMs: { mean: 12 } },
    ]);
  });

  it("beside the runs it sums up is left out", () => {
    const sweep = fixture("aiperf/aggregate").map((file) => ({
      ...file,
      path: `out/aggregate/sweep_aggregate/${file.path}`,
    }));
    const own = fixture("aiperf/2026.json").map((file) => ({ ...file, path: `out/aggregate/run_1/${file.path}` }));
    const result = read([...sweep, ...own], { ...onOne, model: MODEL });
    expect(result.problems).toEqual([]);
    expect(result.runs.flatMap(({ files }) => files)).toEqual(["out/aggregate/run_1/2026.json"]);
    expect(result.skipped.map(({ reason }) => reason)).toContain("sums up runs that are read themselves");
  });
});

describe("a summary of MLPerf Endpoints", () => {
  it("is nanoseconds, with model, data set and load of the settings beside it", () => {
    const run = onlyRun(read(fixture("mlperf-endpoints/run"), onOne));
    expect(run).toMatchObject({
      toolVersion: "0.1.0",
      configuration: { model: MODEL },
      workload: { dataset: "open-orca" },
    });
    expect(run.points[0]).toMatchObject({
      loadKind: "concurrency",
      loadValue: 16,
      requestsCompleted: 150,
      requestsFailed: 2,
      durationS: 10,
      outputTokensPerSecond: 1200,
      inputTokensPerSecond: 3000,
      ttftMs: { mean: 12, p50: 10, p90: 15, p95: 18, p99: 20 },
      tpotMs: { mean: 8, p50: 7, p90: 9, p95: null, p99: 11 },
      e2eMs: { mean: 900, p50: 800, p99: 1200 },
    });
  });
});

describe.each([
  "trtllm-bench/printed.log",
  "llama-bench/printed.md",
  "llama-bench/results.csv",
  "ollama",
  "tgi-benchmark",
  "evalscope",
  "mlperf-endpoints/run",
  "aiperf/aggregate",
])("damaged files of %s", (name) => {
  it("are read or refused", () => expectSound(fixture(name), 60));
});
