import { describe, expect, it } from "vitest";
import { publicReport } from "../expected-values";
import { complete, filesUnder, fixture, onlyRun, read, textFile } from "../support";
import { expectPublicValues, expectSound } from "../support-formats";

const { model: _, ...hardware } = complete;
const summary = fixture("llmperf/example_550_150_summary.json");
const responses = fixture("llmperf/example_550_150_individual_responses.json");

const changed = (change: (record: Record<string, unknown>) => void) => {
  const record = JSON.parse(new TextDecoder().decode(summary[0]?.bytes)) as Record<string, unknown>;
  change(record);
  return [textFile("summary.json", JSON.stringify(record))];
};

describe("a summary of LLMPerf", () => {
  const run = onlyRun(read(summary, hardware));
  const [point] = run.points;

  it("is one load point of a closed loop", () => {
    expect(point).toMatchObject({ loadKind: "concurrency", loadValue: 4, requestsCompleted: 11, requestsFailed: 1 });
  });

  it("is in seconds and becomes milliseconds", () => {
    expect(point?.ttftMs?.mean).toBeGreaterThan(200);
    expect(point?.ttftMs?.mean).toBeLessThan(300);
    expect(point?.e2eMs?.p99).toBeGreaterThan(2000);
  });

  it("has an inter-token latency that includes the first token: an NTPOT, neither TPOT nor ITL", () => {
    expect(point?.ntpotMs?.mean).toBeGreaterThan(20);
    expect(point?.tpotMs).toBeNull();
    expect(point?.itlMs).toBeNull();
  });

  it("has its duration and input throughput from the rate per minute", () => {
    expect(point?.requestRateAchieved).toBeCloseTo(1.1, 9);
    expect(point?.durationS).toBeCloseTo(10, 9);
    expect(point?.outputTokensPerSecond).toBe(110);
    expect(point?.inputTokensPerSecond).toBeCloseTo(605, 9);
    expect(point?.totalTokensPerSecond).toBeCloseTo(715, 9);
  });

  it("says model, lengths, date and version", () => {
    expect(run.configuration).toMatchObject({ model: "example-org/Example-8B-Instruct", server: "vllm" });
    expect(run.workload).toMatchObject({ inputTokens: 550, outputTokens: 150 });
    expect(run.measuredOn).toBe("2023-12-21T05:22:09Z");
    expect(run.toolVersion).toBe("2023-08-31");
  });

  it("of a run in which nothing completed is refused", () => {
    const { runs, problems } = read(changed((record) => Object.assign(record, { results_num_completed_requests: 0 })));
    expect(runs).toEqual([]);
    expect(problems[0]?.message).toContain("no request completed");
  });

  it("without its concurrency says that the load is not known", () => {
    const run = onlyRun(read(changed((record) => Reflect.deleteProperty(record, "num_concurrent_requests"))));
    expect(run.points[0]).toMatchObject({ loadKind: null, loadValue: null });
    expect(run.points[0]?.qualityFlags).toContain("load_unknown");
  });
});

describe("individual responses of LLMPerf", () => {
  it("beside their summary are left out: the summary holds their statistics", () => {
    const result = read(fixture("llmperf"), hardware);
    expect(onlyRun(result).points).toHaveLength(1);
    expect(result.skipped).toEqual([
      {
        file: "example_550_150_individual_responses.json",
        reason: "single responses: example_550_150_summary.json holds their statistics",
      },
    ]);
  });

  it("alone give the same latencies as their summary, and TPOT; throughput and load are not known", () => {
    const [point] = onlyRun(read(responses)).points;
    const [stated] = onlyRun(read(summary, hardware)).points;
    for (const metric of ["ttftMs", "ntpotMs", "e2eMs"] as const) {
      for (const [statistic, value] of Object.entries(stated?.[metric] ?? {})) {
        expect(point?.[metric]?.[statistic as "mean"], `${metric}.${statistic}`).toBeCloseTo(value ?? Number.NaN, 6);
      }
    }
    // 20 ms from token to token, n intervals of which one falls to the last of n − 1.
    expect(point?.tpotMs?.mean).toBeGreaterThan(20);
    expect(point).toMatchObject({ loadKind: null, outputTokensPerSecond: null, durationS: null, requestsFailed: 1 });
    expect(point?.qualityFlags).toEqual([
      "percentiles_from_request_times",
      "load_unknown",
      "percentiles_of_few_requests",
      "requests_failed",
    ]);
  });

  it("with a broken figure are refused, naming it", () => {
    const text = new TextDecoder().decode(responses[0]?.bytes).replace(/"ttft_s": [\d.]+/, '"ttft_s": -1');
    const { problems } = read([textFile("individual.json", text)]);
    expect(problems).toMatchObject([{ file: "individual.json", at: "$[0], ttft_s", value: "-1" }]);
  });
});

describe("damaged LLMPerf files", () => {
  it("are read or refused", () => {
    expectSound([...summary, ...responses]);
  });
});

describe("public LLMPerf reports", () => {
  expectPublicValues("llmperf");

  it("of one run are read once", () => {
    const result = read(filesUnder(publicReport("llmperf")));
    expect(result.problems).toEqual([]);
    expect(result.runs.map((run) => run.points.length)).toEqual([1]);
    expect(result.skipped).toHaveLength(1);
  });
});
