import { describe, expect, it } from "vitest";
import { fixture, onlyRun, read, textFile } from "../support";

describe("an inference-perf directory", () => {
  const result = read(fixture("inference-perf/run"), {});
  const run = onlyRun(result);

  it("is one run with one load point a stage, in the order of the stages", () => {
    expect(run.points.map((point) => [point.file, point.loadKind, point.loadValue])).toEqual([
      ["stage_0_lifecycle_metrics.json", "request_rate", 1],
      ["stage_1_lifecycle_metrics.json", "request_rate", 4],
      ["stage_2_lifecycle_metrics.json", "request_rate", 10],
    ]);
  });

  it("takes model, server, data set and nominal lengths from config.yaml", () => {
    expect(run.configuration).toMatchObject({ model: "example-org/Example-8B-Instruct", server: "vllm" });
    expect(run.workload).toEqual({ workloadId: null, dataset: "random", inputTokens: 1024, outputTokens: 128 });
    expect(run.seriesKey).toMatch(/^[0-9a-f]{64}$/);
    expect(run.files).toContain("config.yaml");
  });

  it("takes what the report cannot say from iq.yaml beside it", () => {
    expect(run.configuration).toMatchObject({
      accelerator: "h100-sxm-80gb",
      acceleratorCount: 2,
      serverVersion: "0.10.0",
      precision: "fp8",
      parallelism: { label: "tp2", tensor: 2, pipeline: null, data: null, expert: null },
      servingMode: "aggregated",
    });
    expect(run.source).toEqual({ name: "example-lab", url: "https://example.org/benchmarks", licence: "CC-BY-4.0" });
    expect(run.measuredOn).toBe("2026-05-04");
  });

  it("gives latencies in milliseconds, the median as p50, and rates over the whole window", () => {
    expect(run.points[1]).toMatchObject({
      ttftMs: { mean: 120, p50: 114, p90: 180, p95: 216, p99: 300 },
      tpotMs: { mean: 14 },
      requestsCompleted: 240,
      requestsFailed: 2,
      durationS: 64,
      requestRateAchieved: 3.75,
      outputTokensPerSecond: 480,
      totalTokensPerSecond: 4320,
      inputTokensMean: 1024,
      outputTokensMean: 128,
    });
  });

  it("leaves out everything beside the stages and says why", () => {
    const reasons = Object.fromEntries(result.skipped.map(({ file, reason }) => [file, reason]));
    expect(reasons["summary_lifecycle_metrics.json"]).toMatch(/stage files are read/);
    expect(reasons["stage_-1_lifecycle_metrics.json"]).toMatch(/negative/);
    expect(reasons["adapter_chat_lifecycle_metrics.json"]).toMatch(/LoRA/);
    expect(reasons["stage_0_prometheus_metrics.json"]).toMatch(/Prometheus/);
    expect(reasons["summary_session_lifecycle_metrics.json"]).toMatch(/session/);
    expect(reasons["per_request_lifecycle_metrics.json"]).toMatch(/per-request/);
    expect(reasons["validation.json"]).toMatch(/validation/);
    expect(reasons["inference-perf.partial.stage_0.yaml"]).toMatch(/repeats stage_0_lifecycle_metrics\.json/);
    expect(result.skipped).toHaveLength(10);
  });

  it("contributes its good stages when one is cut off, and names the broken one", () => {
    const files = fixture("inference-perf/run").map((file) =>
      file.path === "stage_2_lifecycle_metrics.json" ? { ...file, bytes: file.bytes.slice(0, 900) } : file,
    );
    const { runs, problems } = read(files, {});
    expect(runs.flatMap((found) => found.points.map((point) => point.loadValue))).toEqual([1, 4]);
    expect(problems).toMatchObject([{ file: "stage_2_lifecycle_metrics.json", expected: "JSON" }]);
  });
});

describe("an inference-perf report", () => {
  it("of a fixed number of requests in flight has that concurrency as its load, not the made-up rate", () => {
    const run = onlyRun(read(fixture("inference-perf/concurrent")));
    expect(run.points.map((point) => [point.loadKind, point.loadValue])).toEqual([
      ["concurrency", 8],
      ["concurrency", 32],
    ]);
    expect(run.workload).toMatchObject({ dataset: null, inputTokens: 1024, outputTokens: 128 });
    expect(run.seriesKey).toBeNull();
  });

  it("of v0.1 has p50 under that name and its window from the request rate", () => {
    const [point] = onlyRun(read(fixture("inference-perf/v0.1"))).points;
    expect(point?.ttftMs).toEqual({ mean: 90, p50: 85.5, p90: 135, p95: null, p99: null });
    expect(point?.durationS).toBe(50);
  });

  it("in YAML form without streaming has no TTFT, TPOT or ITL, and lengths from totals", () => {
    const [point] = onlyRun(read(fixture("inference-perf/yaml"))).points;
    expect(point).toMatchObject({
      ttftMs: null,
      tpotMs: null,
      itlMs: null,
      inputTokensMean: 1024,
      outputTokensMean: 128,
    });
    expect(point?.e2eMs?.mean).toBeCloseTo(1614, 9);
    expect(point?.qualityFlags).toContain("output_token_counts_disagree");
  });

  it("with nothing but a summary is one aggregate without a load, marked as such", () => {
    const run = onlyRun(read(fixture("inference-perf/summary-only")));
    expect(run.qualityFlags).toContain("aggregate_over_stages");
    expect(run.points).toMatchObject([{ loadKind: null, loadValue: null, requestsCompleted: 900 }]);
  });

  it("in a directory named by the tool is dated by it, without a change of its points' identity", () => {
    const files = fixture("inference-perf/concurrent").map((file) => ({
      ...file,
      path: `reports-20260504-101112/${file.path}`,
    }));
    const run = onlyRun(read(files));
    expect(run.measuredOn).toBe("2026-05-04T10:11:12");
    expect(run.qualityFlags).toContain("date_from_directory_name");
    expect(run.points.every((point) => point.measuredOn === null)).toBe(true);
  });

  it("of several runs in one directory is told apart by the prefix of its names", () => {
    const files = fixture("inference-perf/concurrent").flatMap((file) => [
      { ...file, path: `a-${file.path}` },
      { ...file, path: `b-${file.path}` },
    ]);
    const { runs } = read(files);
    expect(runs.flatMap((run) => run.files).sort()).toEqual(files.map((file) => file.path).sort());
    expect(runs).toHaveLength(2);
  });

  it("without any successful request is refused with the path of the count", () => {
    const text = JSON.stringify({
      load_summary: { requested_rate: 1 },
      successes: { count: 0, latency: null },
      failures: { count: 9 },
    });
    const { runs, problems } = read([textFile("stage_0_lifecycle_metrics.json", text)]);
    expect(runs).toEqual([]);
    expect(problems).toMatchObject([
      { at: "$.successes.count", value: "0", expected: "at least one successful request" },
    ]);
  });

  it("with two different files for one stage is refused; the same stage in YAML and JSON counts once", () => {
    const [first, second] = fixture("inference-perf/concurrent");
    if (first === undefined || second === undefined) throw new Error("fixture missing");
    const clash = read([first, { ...second, path: "stage_0_lifecycle_metrics.yaml" }]);
    expect(clash.problems).toMatchObject([{ file: "stage_0_lifecycle_metrics.yaml" }]);
    const copy = read([first, { ...first, path: "stage_0_lifecycle_metrics.yaml" }]);
    expect(onlyRun(copy).points).toHaveLength(1);
    expect(copy.skipped).toMatchObject([{ reason: expect.stringMatching(/same stage/) }]);
  });

  it("keeps what config.yaml says unless a flag says otherwise", () => {
    const files = fixture("inference-perf/run");
    const run = onlyRun(read(files, { model: "other-org/Other", inputTokens: 2048, acceleratorCount: 8 }));
    expect(run.configuration).toMatchObject({
      model: "other-org/Other",
      acceleratorCount: 8,
      accelerator: "h100-sxm-80gb",
    });
    expect(run.workload.inputTokens).toBe(2048);
    const side = textFile("iq.yaml", "accelerator: h100-sxm-80gb\naccelerator_count: 2\nmodel: side-org/Side\n");
    const withSide = onlyRun(read([...files.filter((file) => file.path !== "iq.yaml"), side], {}));
    expect(withSide.configuration.model).toBe("example-org/Example-8B-Instruct");
    expect(withSide.qualityFlags).toContain("side_file_contradicts_report");
  });
});
