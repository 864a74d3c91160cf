import { describe, expect, it } from "vitest";
import { expectAlike, expectedRecords, publicReport } from "../expected-values";
import { filesUnder, fixture, onlyRun, read, textFile } from "../support";

describe("a vllm bench throughput result", () => {
  it("is everything at once; its tokens/s are input and output together", () => {
    const run = onlyRun(read(fixture("vllm-bench-throughput/throughput_in1000_out200.json")));
    expect(run).toMatchObject({ format: "vllm-bench-throughput", configuration: { server: "vllm" } });
    expect(run.points).toMatchObject([
      {
        loadKind: "max",
        loadValue: null,
        requestsCompleted: 100,
        durationS: 50,
        requestRateAchieved: 2,
        totalTokensPerSecond: 2400,
        outputTokensPerSecond: null,
        inputTokensPerSecond: null,
        inputTokensMean: null,
        e2eMs: null,
      },
    ]);
  });

  it("takes the lengths of its file's name only where the tokens counted are exactly those", () => {
    const lengths = (file: string) => onlyRun(read(fixture(`vllm-bench-throughput/${file}`))).workload;
    expect(lengths("throughput_in1000_out200.json")).toMatchObject({ inputTokens: 1000, outputTokens: 200 });
    expect(lengths("other_in4096_out512.json")).toMatchObject({ inputTokens: null, outputTokens: null });
  });

  it("of another batch is no repetition; the same batch again is one", () => {
    const batch = (requests: number, elapsed: number) =>
      JSON.stringify({
        elapsed_time: elapsed,
        num_requests: requests,
        total_num_tokens: requests * 1200,
        requests_per_second: requests / elapsed,
        tokens_per_second: (requests * 1200) / elapsed,
      });
    const files = [100, 1000, 1000].map((requests, index) =>
      textFile(`results/batch-${index}.json`, batch(requests, 50 + index)),
    );
    expect(
      read(files).runs.map(({ points, qualityFlags }) => [
        points[0]?.requestsCompleted,
        qualityFlags.includes("replicate"),
      ]),
    ).toEqual([
      [100, false],
      [1000, false],
      [1000, true],
    ]);
  });

  it("of no request is refused", () => {
    const { runs, problems } = read(fixture("vllm-bench-throughput/nothing.json"));
    expect(runs).toEqual([]);
    expect(problems).toMatchObject([{ value: "0", expected: "at least one completed request" }]);
  });
});

describe("a vllm bench latency result", () => {
  it("has whole latencies only, p95 from its single iterations, and no load: the batch is not in the file", () => {
    const [point] = onlyRun(read(fixture("vllm-bench-latency/latency.json"))).points;
    expect(point).toMatchObject({
      loadKind: null,
      ttftMs: null,
      e2eMs: { mean: 2500, p50: 2500, p90: 3700, p99: 3970 },
    });
    expect(point?.e2eMs?.p95).toBeCloseTo(3850, 9);
    expect(point?.qualityFlags).toEqual(["percentiles_from_request_times", "batch_size_unknown"]);
  });

  it("with its batch size added by hand has that concurrency", () => {
    const [point] = onlyRun(read(fixture("vllm-bench-latency/with-batch-size.json"))).points;
    expect(point).toMatchObject({ loadKind: "concurrency", loadValue: 8, e2eMs: { p95: 2000 } });
  });

  it("without any time, or with a time that is none, is refused", () => {
    expect(read(fixture("vllm-bench-latency/no-times.json")).problems).toMatchObject([
      { expected: "a latency in seconds" },
    ]);
    const text = new TextDecoder().decode(fixture("vllm-bench-latency/latency.json")[0]?.bytes);
    const { problems } = read([textFile("a.json", text.replace("3.0,", '"fast",'))]);
    expect(problems).toMatchObject([{ at: "$.latencies[2]", value: "fast", expected: "a number" }]);
  });
});

describe("public results of vllm bench throughput", () => {
  for (const record of expectedRecords("vllm-bench-throughput")) {
    it(`${record.report}, ${record.place}`, () => {
      const run = onlyRun(read(filesUnder(publicReport(record.report))));
      expectAlike(run.points[0], record.values, record.report);
    });
  }

  it("are read whole, with the lengths in their names", () => {
    const { runs, problems } = read(filesUnder(publicReport("vllm-bench-throughput")));
    expect(problems).toEqual([]);
    expect(runs.flatMap((run) => run.points)).toHaveLength(2);
    expect(runs[0]?.workload).toMatchObject({ inputTokens: 32784, outputTokens: 2048 });
  });
});
