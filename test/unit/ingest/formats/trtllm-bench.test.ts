import { describe, expect, it } from "vitest";
import { fixture, onlyRun, read, textFile } from "../support";

const textOf = (file: string) => new TextDecoder().decode(fixture(`trtllm-bench/${file}`)[0]?.bytes);

describe("a trtllm-bench report", () => {
  it("completes itself: model, version, precision, parallelism, GPUs and their kind", () => {
    const run = onlyRun(read(fixture("trtllm-bench/streaming.json"), {}));
    expect(run).toMatchObject({ format: "trtllm-bench", toolVersion: "1.0.0" });
    expect(run.configuration).toMatchObject({
      model: "example-org/Example-8B-Instruct",
      accelerator: "h100-sxm-80gb",
      acceleratorCount: 2,
      server: "trtllm",
      serverVersion: "1.0.0",
      precision: "fp8",
      parallelism: { label: "tp2", tensor: 2, pipeline: 1 },
      speculative: "eagle",
    });
  });

  it("has throughput of the whole deployment, never of one GPU or one user", () => {
    const [point] = onlyRun(read(fixture("trtllm-bench/streaming.json"), {})).points;
    expect(point).toMatchObject({
      loadKind: "max",
      loadValue: null,
      requestsCompleted: 1000,
      requestsFailed: null,
      durationS: 20,
      requestRateAchieved: 50,
      outputTokensPerSecond: 3200,
      inputTokensPerSecond: 6400,
      totalTokensPerSecond: 9600,
      inputTokensMean: 128,
      outputTokensMean: 64,
      extras: { avg_num_concurrent_requests: 240.5 },
    });
  });

  it("has the mean under `average`, and no inter-token latency", () => {
    const [point] = onlyRun(read(fixture("trtllm-bench/streaming.json"), {})).points;
    expect(point).toMatchObject({
      ttftMs: { mean: 1200, p50: 1100, p90: 2000, p95: 2200, p99: 2500 },
      tpotMs: { mean: 60, p50: 59, p99: 80 },
      itlMs: null,
      ntpotMs: null,
      e2eMs: { mean: 5000, p50: 4900, p99: 8000 },
    });
  });

  it("without streaming has whole latencies only; of an unquantised engine its type is the precision", () => {
    const run = onlyRun(read(fixture("trtllm-bench/no-streaming.json"), { accelerator: "h100-sxm-80gb" }));
    expect(run.configuration.precision).toBe("bf16");
    expect(run.points[0]).toMatchObject({ ttftMs: null, tpotMs: null, e2eMs: { mean: 5000, p50: null } });
  });

  it("with an issue rate of its own making has no load: it is no rate that was asked for", () => {
    const [point] = onlyRun(read(fixture("trtllm-bench/no-streaming.json"), { accelerator: "h100-sxm-80gb" })).points;
    expect(point).toMatchObject({ loadKind: null, loadValue: null });
    expect(point?.qualityFlags).toContain("load_unknown");
  });

  it("of no request, or with a rate no measurement can have, is refused with its path", () => {
    expect(read(fixture("trtllm-bench/nothing.json"), {}).problems).toMatchObject([
      { at: "$.request_info.num_requests", value: "0" },
    ]);
    const negative = textOf("streaming.json").replace('"p90": 2000.0', '"p90": -2000.0');
    expect(read([textFile("a.json", negative)], {}).problems).toMatchObject([
      { at: "$.streaming_metrics.ttft_percentiles.p90", value: "-2000", expected: "0 or more" },
    ]);
  });
});
