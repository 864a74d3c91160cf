import { describe, expect, it } from "vitest";
import { fixture, onlyRun, read, textFile } from "../support";

describe("a file of llm-optimizer", () => {
  it("gives tests of different server arguments runs of their own; those that failed are left out", () => {
    const { runs, problems } = read(fixture("llm-optimizer/results.jsonl"), { acceleratorCount: 2 });
    expect(problems).toEqual([]);
    expect(
      runs.map((run) => [run.configuration.parallelism.label, run.points.map((point) => point.loadValue)]),
    ).toEqual([
      ["tp2", [8, 32]],
      ["tp2", [8]],
      ["tp1", [8]],
    ]);
  });

  it("reads its client like a serving benchmark; no rate means everything the concurrency lets through", () => {
    const [point] = read(fixture("llm-optimizer/results.jsonl"), { acceleratorCount: 2 }).runs[0]?.points ?? [];
    expect(point).toMatchObject({
      location: "line 1, $.results",
      loadKind: "concurrency",
      loadValue: 8,
      outputTokensPerSecond: 1000,
      totalTokensPerSecond: 11000,
      ttftMs: { mean: 100, p99: 200 },
      e2eMs: { mean: 1300, p90: 1500 },
    });
  });

  it("of the whole sweep takes model, server and accelerator from its head, and the best tests only once", () => {
    const run = onlyRun(read(fixture("llm-optimizer/results.json"), {}));
    expect(run.points.map((point) => point.location)).toEqual([
      "$.test_results[0].results",
      "$.test_results[1].results",
    ]);
    expect(run.configuration).toMatchObject({
      model: "example-org/Example-8B-Instruct",
      server: "vllm",
      accelerator: "h100-sxm-80gb",
      acceleratorCount: 2,
    });
  });

  it("does not count the GPUs of the machine for a test that spreads over fewer", () => {
    const { problems } = read(fixture("llm-optimizer/results.jsonl"), {});
    expect(problems.map(({ message }) => message).join()).toMatch(/number of accelerators/);
  });

  it("of which every test failed is refused with that reason", () => {
    const { runs, problems } = read(fixture("llm-optimizer/all-failed.json"));
    expect(runs).toEqual([]);
    expect(problems).toMatchObject([{ message: expect.stringMatching(/every test in it failed/) }]);
  });

  it("with a broken figure is refused with its path", () => {
    const text = new TextDecoder().decode(fixture("llm-optimizer/results.json")[0]?.bytes);
    const broken = text
      .slice(text.indexOf('"test_results"'))
      .replace('"mean_ttft_ms": 100.0', '"mean_ttft_ms": "fast"');
    const { problems } = read([textFile("a.json", `{${broken}`)]);
    expect(problems).toMatchObject([{ at: "$.test_results[0].results.mean_ttft_ms", value: "fast" }]);
  });
});
