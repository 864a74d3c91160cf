import { describe, expect, it } from "vitest";
import { fixture, read } from "../support";

describe("a llama-bench report", () => {
  const { runs, problems } = read(fixture("llama-bench/tests.json"), { model: "example-org/Example-8B-Instruct" });

  it("says what was tested, with which build, on which device", () => {
    expect(problems).toEqual([]);
    for (const run of runs) {
      expect(run).toMatchObject({
        format: "llama-bench",
        toolVersion: "b6123",
        configuration: {
          accelerator: "h100-sxm-80gb",
          acceleratorCount: 1,
          server: "llama.cpp",
          serverVersion: "b6123",
          precision: "q4_k-medium",
        },
      });
    }
  });

  it("has tokens/s of the prompt, of what was generated, or of both together, one sequence at a time", () => {
    const [prompt, generation, both] = runs.flatMap((run) => run.points);
    expect(prompt).toMatchObject({ inputTokensPerSecond: 10000, outputTokensPerSecond: null, ttftMs: null });
    // 800 ms for 128 tokens
    expect(generation).toMatchObject({ outputTokensPerSecond: 160, tpotMs: { mean: 6.25, p99: null } });
    expect(generation).toMatchObject({ inputTokensMean: 4096, outputTokensMean: 128 });
    expect(both).toMatchObject({ totalTokensPerSecond: 800, outputTokensPerSecond: null, e2eMs: { mean: 1600 } });
    for (const point of [prompt, generation, both]) {
      expect(point).toMatchObject({ loadKind: "concurrency", loadValue: 1 });
      expect(point?.qualityFlags).toContain("offline_engine");
    }
  });

  it("of no token at all is refused", () => {
    const { runs: none, problems: why } = read(fixture("llama-bench/nothing.jsonl"), {
      model: "example-org/Example-8B-Instruct",
    });
    expect(none).toEqual([]);
    expect(why).toMatchObject([{ expected: "tokens of a prompt, or tokens to generate" }]);
  });
});
