import { describe, expect, it } from "vitest";
import { expectAlike, expectedRecords, publicReport, selectedPoint } from "../expected-values";
import { complete, filesUnder, fixture, onlyRun, read, textFile } from "../support";

const name = (file: string) => `sglang-bench-serving/${file}`;
const textOf = (file: string) => new TextDecoder().decode(fixture(name(file))[0]?.bytes);

describe("a file of sglang.bench_serving", () => {
  it("of 2024 is one run with a point a line, its rates and lengths computed from totals and duration", () => {
    const run = onlyRun(read(fixture(name("sglang_1214_300_1024_1024.jsonl"))));
    expect(run).toMatchObject({ format: "sglang-bench-serving", tool: "sglang.bench_serving", measuredOn: null });
    expect(run.points.map((point) => [point.location, point.loadKind, point.loadValue])).toEqual([
      ["line 1", "request_rate", 1],
      ["line 2", "request_rate", 2],
      ["line 3", "max", null],
    ]);
    expect(run.points[0]).toMatchObject({
      requestRateAchieved: 1,
      outputTokensPerSecond: 500,
      inputTokensPerSecond: 512,
      totalTokensPerSecond: 1012,
      inputTokensMean: 512,
      outputTokensMean: 500,
      ttftMs: { mean: null, p50: 90, p99: null },
      tpotMs: null,
      itlMs: { mean: null, p50: 14 },
      ntpotMs: null,
      e2eMs: { mean: 8300, p50: 7900 },
    });
  });

  it("named by the tool itself tells how many requests were planned, hence how many failed", () => {
    const own = onlyRun(read(fixture(name("sglang_1214_300_1024_1024.jsonl"))));
    expect(own.points.map((point) => point.requestsFailed)).toEqual([0, 4, 0]);
    expect(own.points[0]?.qualityFlags).toContain("requests_failed_derived");
    const renamed = onlyRun(read([textFile("sweep.jsonl", textOf("sglang_1214_300_1024_1024.jsonl"))]));
    expect(renamed.points.map((point) => point.requestsFailed)).toEqual([null, null, null]);
  });

  it("has random lengths drawn down to a share of the longest: the nominal length is the middle", () => {
    const run = onlyRun(read(fixture(name("sglang_1214_300_1024_1024.jsonl"))));
    expect(run.workload).toMatchObject({ dataset: "random", inputTokens: 512, outputTokens: 512 });
    const fixed = onlyRun(read(fixture(name("v0.5-server-info.jsonl"))));
    expect(fixed.workload).toMatchObject({ dataset: "random", inputTokens: 1000, outputTokens: 100 });
  });

  it("with real prompts does not take the random lengths written beside them", () => {
    const text = textOf("sglang_1214_300_1024_1024.jsonl").replaceAll('"random"', '"sharegpt"');
    const { runs } = read([textFile("a.jsonl", text)]);
    expect(runs[0]?.workload).toMatchObject({ dataset: "sharegpt", inputTokens: 512, outputTokens: 500 });
  });

  it("of v0.5 takes model, version, parallelism and speculative decoding from the server's own word", () => {
    const given = { accelerator: "h100-sxm-80gb", acceleratorCount: 4 };
    const run = onlyRun(read(fixture(name("v0.5-server-info.jsonl")), given));
    expect(run.configuration).toMatchObject({
      model: "example-org/Example-8B-Instruct",
      server: "sglang",
      serverVersion: "0.5.5.post3",
      precision: "fp8",
      parallelism: { label: "tp4", tensor: 4, pipeline: 1, data: 1, expert: 1 },
      speculative: "eagle3-3steps",
      servingMode: "aggregated",
    });
    expect(run.points.map((point) => point.loadValue)).toEqual([8, 32]);
    expect(run.points[0]).toMatchObject({
      ttftMs: { mean: 100, p50: 90, p90: 150, p95: 170, p99: 200 },
      tpotMs: { mean: 12.1, p90: null },
      itlMs: { mean: 12, p95: 25, p99: 40 },
      totalTokensPerSecond: 11000,
      extras: { concurrency: 7.2 },
    });
    expect(JSON.stringify(run)).not.toContain("not-a-real-key");
  });

  it("of a prefill/decode deployment names both pools and never their number of accelerators", () => {
    const { runs, problems } = read(fixture(name("disaggregated.jsonl")), { accelerator: "h100-sxm-80gb" });
    expect(runs).toEqual([]);
    expect(problems.map(({ message }) => message).join()).toMatch(/number of accelerators/);
    const run = onlyRun(read(fixture(name("disaggregated.jsonl"))));
    expect(run.configuration).toMatchObject({
      servingMode: "disaggregated",
      serverVersion: "0.5.6",
      parallelism: { label: "p2x(tp2)+d1x(tp4)", tensor: null },
    });
  });

  it("of servers with different settings gives each its own run", () => {
    const other = textOf("v0.5-server-info.jsonl").replace(
      '"attention_backend": "fa3"',
      '"attention_backend": "triton"',
    );
    const { runs } = read([textFile("a.jsonl", other)]);
    expect(runs.map((run) => run.points.map((point) => point.loadValue))).toEqual([[8], [32]]);
  });

  it("of the refactored client is read by the names of its data class", () => {
    const [point] = onlyRun(read(fixture(name("refactored.jsonl")))).points;
    expect(point).toMatchObject({
      loadKind: "concurrency",
      loadValue: 16,
      inputTokensMean: 1000,
      outputTokensMean: 100,
    });
  });

  it("without streaming has no first token and no gaps, whatever stands there", () => {
    const [point] = onlyRun(read(fixture(name("no-streaming.jsonl")))).points;
    expect(point).toMatchObject({ ttftMs: null, tpotMs: null, itlMs: null, e2eMs: { mean: 1300, p99: 1800 } });
  });

  it("with answers of one token keeps their first token, though there are no gaps", () => {
    const text = textOf("no-streaming.jsonl").replace('"total_output_tokens": 4000', '"total_output_tokens": 40');
    const [point] = onlyRun(read([textFile("a.jsonl", text)])).points;
    expect(point).toMatchObject({ ttftMs: { mean: 1300 }, itlMs: null, tpotMs: null });
  });

  it("of a replayed trace has no single load", () => {
    const [point] = onlyRun(read(fixture(name("trace.jsonl")))).points;
    expect(point).toMatchObject({ loadKind: null, loadValue: null });
    expect(point?.qualityFlags).toContain("trace_replay");
  });

  it("with single requests has the missing percentiles computed and the failed ones counted", () => {
    const [point] = onlyRun(read(fixture(name("output-details.jsonl")))).points;
    expect(point?.requestsFailed).toBe(1);
    expect(point?.ttftMs?.p90).toBeCloseTo(370, 9);
    expect(point?.itlMs?.p99).toBeCloseTo(49.3, 9);
    expect(point?.e2eMs?.mean).toBe(310);
    expect(point?.ntpotMs?.mean).toBeCloseTo(310 / 3, 9);
    expect(point?.qualityFlags).toContain("percentiles_from_request_times");
  });

  it("run twice by the same command keeps the second as a replicate, and the same line only once", () => {
    const text = textOf("v0.5-server-info.jsonl");
    const again = text.replaceAll('"mean_ttft_ms": 100.0', '"mean_ttft_ms": 101.0');
    const { runs } = read([textFile("a.jsonl", `${text}${text}${again}`)]);
    expect(runs.map((run) => run.points.length)).toEqual([2, 2]);
    expect(runs[1]?.qualityFlags).toContain("replicate");
  });

  it("in which a line completed nothing keeps the other lines, and says which is left out", () => {
    const { runs, problems, skipped } = read(fixture(name("nothing-completed.jsonl")));
    expect(problems).toEqual([]);
    expect(runs.flatMap((run) => run.points)).toHaveLength(1);
    expect(skipped[0]?.reason).toContain("line 2, $.completed: no request completed");
  });
});

describe("public results of sglang.bench_serving", () => {
  for (const record of expectedRecords("sglang-bench-serving")) {
    it(`${record.report}, ${record.place}`, () => {
      const { runs, problems } = read(filesUnder(publicReport(record.report)));
      expect(problems).toEqual([]);
      const point = selectedPoint(
        runs.flatMap((run) => run.points),
        record.place,
      );
      expectAlike(point, record.values, record.report);
    });
  }

  it("are read whole", () => {
    const { runs, problems } = read(filesUnder(publicReport("sglang-bench-serving")));
    expect(problems).toEqual([]);
    expect(runs.flatMap((run) => run.points)).toHaveLength(17);
  });

  it("name model, version and parallelism where the server was asked", () => {
    const given = { accelerator: complete.accelerator ?? "", acceleratorCount: 1 };
    const run = onlyRun(read(filesUnder(publicReport("sglang-bench-serving/2025-12-v0.5.5-agg_local.jsonl")), given));
    expect(run.configuration).toMatchObject({
      model: "Qwen/Qwen2.5-3B-Instruct",
      serverVersion: "0.5.5.post3",
      parallelism: { label: "tp1" },
    });
  });
});
