import { describe, expect, it } from "vitest";
import { complete, fixture, onlyRun, read, textFile } from "../support";

describe("a result of SGLang's one-batch benchmarks", () => {
  it("has the batch as its concurrency and rates over the whole batch, not over its phases", () => {
    const { runs, problems } = read(fixture("sglang-one-batch/server.jsonl"));
    expect(problems).toEqual([]);
    expect(runs[0]?.workload).toMatchObject({ inputTokens: 1024, outputTokens: 128 });
    expect(runs[0]?.points[0]).toMatchObject({
      loadKind: "concurrency",
      loadValue: 8,
      requestsCompleted: 8,
      durationS: 4,
      requestRateAchieved: 2,
      outputTokensPerSecond: 256,
      inputTokensPerSecond: 2048,
      totalTokensPerSecond: 2304,
      ttftMs: { mean: 500, p50: null },
      tpotMs: null,
      itlMs: null,
      e2eMs: { mean: 4000, p50: null },
      qualityFlags: ["single_batch", "ttft_of_last_request"],
    });
  });

  it("counts the tokens really served where answers stopped early, and leaves out what is unknown (−1)", () => {
    const { runs } = read(fixture("sglang-one-batch/server.jsonl"));
    const [first, second] = runs.flatMap((run) => run.points);
    expect(second).toMatchObject({ outputTokensPerSecond: 500, outputTokensMean: 125 });
    expect(second?.qualityFlags).toContain("requests_stopped_early");
    expect(first?.extras).toBeUndefined();
    expect(second?.extras).toMatchObject({ acc_length: 2.5, cache_hit_rate: 0.4 });
  });

  it("of the first version has no first token", () => {
    const [point] = onlyRun(read(fixture("sglang-one-batch/first-version.jsonl"))).points;
    expect(point).toMatchObject({ ttftMs: null, outputTokensPerSecond: 64, e2eMs: { mean: 2000 } });
  });

  it("of the engine itself takes a decode step for a gap, and is SGLang's for certain", () => {
    const { runs } = read(fixture("sglang-one-batch/offline.jsonl"));
    expect(runs.map((run) => run.tool)).toEqual(["sglang.bench_one_batch", "sglang.bench_one_batch"]);
    const [first, second] = runs.flatMap((run) => run.points);
    expect(first).toMatchObject({ ttftMs: { mean: 20 }, itlMs: { mean: null, p50: 10 }, e2eMs: { mean: 330 } });
    expect(second?.itlMs).toBeNull();
    expect(first?.qualityFlags).toContain("offline_engine");
  });

  it("as an array names model and tensor parallelism, not the number of accelerators", () => {
    const run = onlyRun(read(fixture("sglang-one-batch/pydantic.json"), { ...complete, acceleratorCount: 8 }));
    expect(run.configuration).toMatchObject({ server: "sglang", parallelism: { label: "tp8", tensor: 8 } });
    expect(run.points.map((point) => point.loadValue)).toEqual([1, 16]);
  });

  it("without a latency is refused with its path", () => {
    const text = new TextDecoder().decode(fixture("sglang-one-batch/first-version.jsonl")[0]?.bytes);
    const { problems } = read([textFile("a.jsonl", text.replace('"latency": 2.0', '"latency": 0'))]);
    expect(problems).toMatchObject([{ at: "$.latency", value: "0", expected: "seconds above 0" }]);
  });
});
