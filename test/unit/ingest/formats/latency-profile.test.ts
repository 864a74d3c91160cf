import { describe, expect, it } from "vitest";
import { expectSoundWhenDamaged } from "../damage";
import { fixture, onlyRun, read, textFile } from "../support";

describe("a result of AI-Hypercomputer's inference-benchmark", () => {
  it("is one load point: its normalised time is NTPOT, TPOT and p95 are never written", () => {
    const run = onlyRun(read(fixture("latency-profile/benchmark-vllm-5.0qps.json"), {}));
    expect(run).toMatchObject({
      format: "latency-profile",
      measuredOn: "2025-04-01T10:15:30",
      configuration: {
        model: "example-org/Example-8B-Instruct",
        server: "vllm",
        accelerator: "h100-sxm-80gb",
        acceleratorCount: 2,
      },
    });
    expect(run.points).toMatchObject([
      {
        loadKind: "request_rate",
        loadValue: 5,
        requestsCompleted: 490,
        requestsFailed: 10,
        durationS: 100,
        requestRateAchieved: 4.9,
        outputTokensPerSecond: 980,
        inputTokensPerSecond: 2450,
        totalTokensPerSecond: 3430,
        inputTokensMean: 500,
        outputTokensMean: 200,
        ttftMs: { mean: 100, p50: 90, p90: 150, p95: null, p99: 200 },
        tpotMs: null,
        itlMs: { mean: 14 },
        ntpotMs: { mean: 15, p99: 30 },
        e2eMs: { mean: 3000, p99: 6000 },
      },
    ]);
  });

  it("at an infinite rate without streaming has everything sent at once, and zeros that were not measured", () => {
    expect(onlyRun(read(fixture("latency-profile/benchmark-vllm-infqps.json"), {})).points).toMatchObject([
      { loadKind: "max", loadValue: null, ttftMs: null, itlMs: null, e2eMs: { mean: 3000 } },
    ]);
  });

  it("of 2024 lacks much, and names without a unit are not trusted", () => {
    const run = onlyRun(read(fixture("latency-profile/2024.json"), {}));
    expect(run.measuredOn).toBe("2025-04-01T10:15:30.000Z");
    expect(run.points).toMatchObject([
      {
        requestsFailed: 0,
        ntpotMs: null,
        inputTokensPerSecond: null,
        totalTokensPerSecond: null,
        e2eMs: { mean: 3000 },
      },
    ]);
  });

  it("of several models counts failures by their errors, says that the load was shared, and leaves the pool out", () => {
    const { runs, problems, skipped } = read(fixture("latency-profile/two-models"), {});
    expect(problems).toEqual([]);
    expect(runs.map((run) => [run.configuration.model, run.points[0]?.requestsFailed])).toEqual([
      ["example-org/Example-8B-Instruct", 12],
      ["example-org/Other", 0],
    ]);
    expect(runs[0]?.points[0]?.qualityFlags).toContain("load_shared_by_several_models");
    expect(skipped).toMatchObject([{ file: "benchmark-vllm-10.0qps-weighted.json" }]);
  });

  it("of deployments with different labels gives each a run of its own", () => {
    const text = new TextDecoder().decode(fixture("latency-profile/benchmark-vllm-5.0qps.json")[0]?.bytes);
    const labelled = (name: string) =>
      textFile(`${name}.json`, text.replace('"backend"', `"deployment": "${name}", "backend"`));
    const { runs } = read([labelled("plain"), labelled("cached")], {});
    expect(runs.map((run) => run.points.length)).toEqual([1, 1]);
    expect(runs.some((run) => run.qualityFlags.includes("replicate"))).toBe(false);
  });

  it("in which nothing completed is refused", () => {
    expect(read(fixture("latency-profile/nothing-completed.json"), {}).problems).toMatchObject([
      { at: "$.metrics.num_prompts_succeeded", expected: "at least one completed request" },
    ]);
  });
});

it("a damaged result of inference-benchmark is read or refused, never half of it", () => {
  const names = ["benchmark-vllm-5.0qps.json", "benchmark-vllm-infqps.json", "2024.json"];
  expectSoundWhenDamaged(names.flatMap((name) => fixture(`latency-profile/${name}`)));
});
