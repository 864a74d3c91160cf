import { describe, expect, it } from "vitest";
import { percentile } from "../../../../lib/ingest/formats/percentiles";
import { complete, fixture, onlyRun, read, textFile } from "../support";

describe("a vllm bench serve result", () => {
  it("of today's version is one load point with the percentiles it was told to write", () => {
    const run = onlyRun(read(fixture("vllm-bench-serve/current.json")));
    expect(run).toMatchObject({ format: "vllm-bench-serve", measuredOn: "2026-04-27T17:09:58" });
    expect(run.points).toMatchObject([
      {
        location: "$",
        loadKind: "concurrency",
        loadValue: 64,
        requestsCompleted: 497,
        requestsFailed: 3,
        ttftMs: { mean: 80, p50: 76, p90: 120, p95: 140, p99: 200 },
        tpotMs: { mean: 12, p90: null, p95: null, p99: 30 },
        e2eMs: { mean: 1268, p50: 1250, p90: 1500, p95: 1600, p99: 1800 },
        ntpotMs: null,
        outputTokensPerSecond: 994,
        inputTokensMean: 1000,
        outputTokensMean: 100,
      },
    ]);
  });

  it("does not name the server by its client protocol, whatever that is called", () => {
    const today = onlyRun(read(fixture("vllm-bench-serve/current.json")));
    expect(today.configuration.server).toBeNull();
    expect(today.qualityFlags).toContain("server_software_unknown");
    const asVllm = onlyRun(read(fixture("vllm-bench-serve/2024.json")));
    expect(asVllm.configuration.server).toBeNull();
    expect(asVllm.qualityFlags).toContain("server_software_unknown");
    const given = onlyRun(read(fixture("vllm-bench-serve/2024.json"), { ...complete, server: "SGLang" }));
    expect(given.configuration.server).toBe("sglang");
  });

  it("of 2024 has its totals computed and its failures counted from the planned requests", () => {
    const [point] = onlyRun(read(fixture("vllm-bench-serve/2024.json"))).points;
    expect(point).toMatchObject({
      loadKind: "max",
      loadValue: null,
      requestsFailed: 0,
      inputTokensPerSecond: 2500,
      totalTokensPerSecond: 2750,
      e2eMs: null,
    });
    expect(point?.qualityFlags).toContain("requests_failed_derived");
  });

  it("appended line by line gives one run a workload, a repeated load opening a replicate", () => {
    const { runs, problems } = read(fixture("vllm-bench-serve/append-result.json"), {});
    expect(problems).toEqual([]);
    expect(runs.map((run) => run.points.map((point) => [point.location, point.loadValue]))).toEqual([
      [
        ["line 1", 1],
        ["line 2", 5],
        ["line 3", 10],
      ],
      [["line 4", 5]],
      [["line 5", 1]],
    ]);
    expect(runs.map((run) => run.workload)).toEqual([
      { workloadId: null, dataset: "random", inputTokens: 1000, outputTokens: 100 },
      { workloadId: null, dataset: "random", inputTokens: 1000, outputTokens: 100 },
      { workloadId: null, dataset: "random", inputTokens: 5000, outputTokens: 500 },
    ]);
    expect(runs[0]?.measuredOn).toBe("2026-05-01T10:02:00");
    expect(runs[1]?.qualityFlags).toContain("replicate");
    expect(runs[2]?.points[0]?.qualityFlags).toContain("max_concurrency_32");
  });

  it("of deployments with different labels gives each its own run, though all else is equal", () => {
    const text = new TextDecoder().decode(fixture("vllm-bench-serve/append-result.json")[0]?.bytes);
    const [one, two, three] = text.split("\n");
    const labelled = [one, two?.replace('"plain"', '"prefix-routing"'), three].join("\n");
    const { runs } = read([textFile("r.json", labelled)], {});
    expect(runs.map((run) => run.points.map((point) => point.loadValue))).toEqual([[1, 10], [5]]);
    expect(runs.some((run) => run.qualityFlags.includes("replicate"))).toBe(false);
  });

  it("takes accelerator, count and parallelism from metadata, and flags override them", () => {
    const run = read(fixture("vllm-bench-serve/append-result.json"), {}).runs[0];
    expect(run?.configuration).toMatchObject({
      accelerator: "l40s-48gb",
      acceleratorCount: 4,
      parallelism: { label: "tp4", tensor: 4 },
    });
    const given = { accelerator: "mi300x", acceleratorCount: 1, parallelism: { tensor: 1 } };
    const other = read(fixture("vllm-bench-serve/append-result.json"), given).runs[0];
    expect(other?.configuration).toMatchObject({
      accelerator: "mi300x-192gb",
      acceleratorCount: 1,
      parallelism: { label: "tp1", tensor: 1 },
    });
  });

  it("of a sweep's summary keeps repetitions apart", () => {
    const { runs, problems } = read(fixture("vllm-bench-serve/sweep-summary.json"));
    expect(problems).toEqual([]);
    expect(runs.map((run) => run.points.map((point) => [point.location, point.loadValue]))).toEqual([
      [
        ["$[0]", 8],
        ["$[2]", 32],
      ],
      [
        ["$[1]", 8],
        ["$[3]", 32],
      ],
    ]);
    expect(runs[0]?.configuration.parallelism.label).toBe("tp2");
    expect(runs[0]?.workload).toMatchObject({ dataset: "random", inputTokens: 1000, outputTokens: 100 });
  });

  it("of a sweep's directories is read once, with its summaries, warm-ups and failures left out", () => {
    const { runs, problems, skipped } = read(fixture("vllm-bench-serve/sweep"));
    expect(problems).toEqual([]);
    expect(runs.map((run) => run.points.map((point) => point.loadValue))).toEqual([
      [32, 8],
      [32, 8],
    ]);
    expect(skipped.map(({ file }) => file.slice(file.lastIndexOf("/") + 1)).sort()).toEqual([
      "current.pytorch.json",
      "run=9.failure.json",
      "summary.csv",
      "summary.json",
      "summary.json",
      "warmup.json",
      "warmup.json",
    ]);
  });

  it("with its single requests gets the statistics it does not state from them, by linear interpolation", () => {
    const [point] = onlyRun(read(fixture("vllm-bench-serve/detailed.json"))).points;
    // Stated values stay; 0.1, 0.2, 0.3, 0.4 s interpolate to 370 ms at p90 and 385 ms at p95. The failed request is left out.
    expect(point?.ttftMs?.p99).toBe(397);
    expect(point?.ttftMs?.p90).toBeCloseTo(370, 9);
    expect(point?.ttftMs?.p95).toBeCloseTo(385, 9);
    expect(point?.tpotMs?.mean).toBeCloseTo(30, 9);
    expect(point?.itlMs?.p50).toBeCloseTo(30, 9);
    expect(point?.e2eMs?.mean).toBeCloseTo(310, 9);
    expect(point?.ntpotMs?.mean).toBeCloseTo(310 / 3, 9);
    expect(point?.qualityFlags).toContain("percentiles_from_request_times");
  });

  it("without streaming has no TTFT, TPOT or ITL instead of zeros", () => {
    const [point] = onlyRun(read(fixture("vllm-bench-serve/no-streaming.json"))).points;
    expect(point).toMatchObject({
      ttftMs: null,
      tpotMs: null,
      itlMs: null,
      e2eMs: { mean: 1900, p50: 1880, p99: 2400 },
    });
  });

  it("of a sweep's table alone is read row by row, other server parameters apart", () => {
    const { runs, problems } = read(fixture("vllm-bench-serve/sweep-table"));
    expect(problems).toEqual([]);
    expect(runs.map((run) => run.points.map((point) => [point.location, point.loadValue]))).toEqual([
      [
        ["row 1", 8],
        ["row 3", 32],
      ],
      [["row 2", 8]],
      [["row 4", 8]],
    ]);
    expect(runs.map((run) => run.qualityFlags.includes("replicate"))).toEqual([false, true, false]);
    expect(runs[0]?.points[0]).toMatchObject({ ttftMs: { mean: 60, p50: 56, p99: 120 }, e2eMs: { p99: 1500 } });
    const broken = new TextDecoder()
      .decode(fixture("vllm-bench-serve/sweep-table")[0]?.bytes)
      .replace(",60.0,", ",fast,");
    expect(read([textFile("summary.csv", broken)]).problems).toMatchObject([
      { at: "row 1, $.mean_ttft_ms", value: "fast", expected: "a number" },
    ]);
  });

  it("of directories a sweep named by server parameters is never one curve across them", () => {
    const text = new TextDecoder().decode(fixture("vllm-bench-serve/current.json")[0]?.bytes);
    const path = (seqs: number, load: number) =>
      `SERVE--max_num_seqs=${seqs}-BENCH--max_concurrency=${load}/run=0.json`;
    const at = (seqs: number, load: number) =>
      textFile(path(seqs, load), text.replace('"max_concurrency": 64', `"max_concurrency": ${load}`));
    const { runs } = read([at(64, 8), at(64, 16), at(256, 8)]);
    expect(runs.map((run) => run.points.map((point) => point.loadValue))).toEqual([[8, 16], [8]]);
    expect(runs.some((run) => run.qualityFlags.includes("replicate"))).toBe(false);
  });

  it("of a 2024 fork has the whole latency and the rate under their old names", () => {
    const [point] = onlyRun(read(fixture("vllm-bench-serve/2024-fork.json"))).points;
    expect(point).toMatchObject({ requestRateAchieved: 2.5, e2eMs: { mean: 3600, p50: 3500, p99: 4400 } });
  });

  it("of an embedding model has whole latencies only; waiting in the client is no latency of the server", () => {
    const [point] = onlyRun(read(fixture("vllm-bench-serve/pooling.json"))).points;
    expect(point).toMatchObject({
      ttftMs: null,
      tpotMs: null,
      itlMs: null,
      e2eMs: { mean: 1500, p50: 1400, p99: 2500 },
      outputTokensPerSecond: null,
      inputTokensPerSecond: 5000,
      outputTokensMean: null,
    });
  });

  it("of the client of trtllm-serve names that server and takes whole latencies from `e2els`", () => {
    const run = onlyRun(read(fixture("vllm-bench-serve/trtllm-serve-detailed.json")));
    expect(run).toMatchObject({ tool: "trtllm-serve benchmark_serving", configuration: { server: "trtllm" } });
    expect(run.points[0]?.e2eMs?.mean).toBeCloseTo(325, 9);
    expect(run.points[0]?.ttftMs?.p90).toBeCloseTo(370, 9);
    expect(run.points[0]?.tpotMs?.mean).toBeCloseTo((25 + 25 + 50 + 50) / 4, 9);
  });

  it("of that client without streaming has no first token, though one stands there at −1 s", () => {
    const [point] = onlyRun(read(fixture("vllm-bench-serve/trtllm-serve-no-streaming.json"))).points;
    expect(point).toMatchObject({ ttftMs: null, tpotMs: null, itlMs: null });
    expect(point?.e2eMs?.p99).toBeCloseTo(497, 9);
  });

  it("in which nothing completed is refused", () => {
    const { runs, problems } = read(fixture("vllm-bench-serve/nothing-completed.json"));
    expect(runs).toEqual([]);
    expect(problems).toMatchObject([{ at: "$.completed", value: "0", expected: "at least one completed request" }]);
  });

  it("with NaN where a latency belongs is refused with its path", () => {
    const { runs, problems } = read(fixture("vllm-bench-serve/nan.json"));
    expect(runs).toEqual([]);
    expect(problems).toMatchObject([{ at: "$.p99_ttft_ms", value: "NaN", expected: "a finite number" }]);
  });

  it("with a ramp of rates has no single load", () => {
    const [point] = onlyRun(read(fixture("vllm-bench-serve/ramp-up.json"))).points;
    expect(point).toMatchObject({ loadKind: null, loadValue: null });
    expect(point?.qualityFlags).toContain("ramp_up");
  });

  it("takes an infinite rate written as a bare token, and numbers written as text", () => {
    const text = new TextDecoder().decode(fixture("vllm-bench-serve/current.json")[0]?.bytes);
    const bare = text
      .replace('"request_rate": "inf"', '"request_rate": Infinity')
      .replace('"max_concurrency": 64', '"max_concurrency": "64"');
    expect(onlyRun(read([textFile("r.json", bare)])).points).toMatchObject([
      { loadKind: "concurrency", loadValue: 64 },
    ]);
  });

  it("with one broken line contributes none of its lines", () => {
    const text = new TextDecoder().decode(fixture("vllm-bench-serve/append-result.json")[0]?.bytes);
    const negative = text.replace('"mean_ttft_ms": 60.0', '"mean_ttft_ms": -60.0');
    const { runs, problems } = read([textFile("r.json", negative)], {});
    expect(runs).toEqual([]);
    expect(problems).toMatchObject([{ at: "line 1, $.mean_ttft_ms", value: "-60", expected: "0 or more" }]);
    const cut = read([textFile("r.json", text.slice(0, -20))], {});
    expect(cut.runs).toEqual([]);
    expect(cut.problems).toMatchObject([{ at: "line 5", expected: "JSON" }]);
  });
});

describe("percentiles", () => {
  it("interpolate linearly between neighbours", () => {
    expect(percentile([1, 2, 3, 4], 0.5)).toBe(2.5);
    expect(percentile([1, 2, 3, 4], 0.99)).toBeCloseTo(3.97, 12);
    expect(percentile([7], 0.9)).toBe(7);
  });
});
