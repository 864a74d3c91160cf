import { describe, expect, it } from "vitest";
import type { ReadPoint } from "../../../../lib/ingest/report";
import { complete, onlyRun, read, textFile } from "../support";

const point = (name: string, value: unknown): ReadPoint => {
  const [only] = onlyRun(read([textFile(name, JSON.stringify(value))], complete)).points;
  if (only === undefined) throw new Error("expected a point");
  return only;
};

const CLIENT = {
  date: "20260801-101500",
  model_id: "example-org/Example-8B-Instruct",
  num_prompts: 200,
  request_rate: "inf",
  max_concurrency: 16,
  duration: 40,
  completed: 200,
  failed: 0,
  total_input_tokens: 204_800,
  total_output_tokens: 25_600,
  request_throughput: 5,
  output_throughput: 640,
  mean_ttft_ms: 180,
  mean_tpot_ms: 23.8,
  mean_e2el_ms: 3202.6,
};

const metric = (avg: number, unit: string) => ({ avg, unit });

describe("what a report says beside latencies and throughput", () => {
  it("is read off vLLM's client: goodput, acceptance length, input from the cache", () => {
    expect(
      point("r.json", {
        ...CLIENT,
        request_goodput: 4.5,
        spec_decode_num_drafts: 8800,
        spec_decode_acceptance_length: 2.9,
        prefix_cache_queries: 1000,
        prefix_cache_hits: 250,
      }),
    ).toMatchObject({ goodputRequestsPerSecond: 4.5, acceptanceLength: 2.9, cachedInputShare: 0.25 });
    expect(point("r.json", { ...CLIENT, "request_goodput:": 4.5 }).goodputRequestsPerSecond).toBe(4.5);
  });

  it("stays unknown where a client writes null or what cannot be", () => {
    expect(
      point("r.json", { ...CLIENT, request_goodput: null, accept_length: null, prefix_cache_hit_rate: 93 }),
    ).toMatchObject({ goodputRequestsPerSecond: null, acceptanceLength: null, cachedInputShare: null });
  });

  it("is read off inference-perf: goodput and cached prompt tokens", () => {
    const stats = (mean: number) => ({ mean });
    expect(
      point("stage_0_lifecycle_metrics.json", {
        benchmark_time_seconds: 60,
        load_summary: { count: 240, send_duration: 60, requested_rate: 4, achieved_rate: 4 },
        successes: {
          count: 240,
          latency: { request_latency: stats(1.9), time_to_first_token: stats(0.12) },
          throughput: { output_tokens_per_sec: 480, requests_per_sec: 4 },
          prompt_tokens: { total: 2000, cached: 500, uncached: 1500, mean: 8 },
          output_len: stats(120),
          goodput_metrics: { request_goodput: 3.5, goodput_percentage: 87.5 },
        },
        failures: { count: 0 },
      }),
    ).toMatchObject({ goodputRequestsPerSecond: 3.5, cachedInputShare: 0.25 });
  });

  it("is read off AIPerf: goodput with its targets, cached input, power, energy by token", () => {
    expect(
      point("profile_export_aiperf.json", {
        aiperf_version: "0.14.0",
        was_cancelled: false,
        error_summary: [],
        input_config: {
          endpoint: { model_names: ["example-org/Example-8B-Instruct"] },
          loadgen: { concurrency: 16 },
          input: { goodput: { time_to_first_token: 370 } },
        },
        request_count: metric(200, "requests"),
        request_throughput: metric(5, "requests/sec"),
        benchmark_duration: metric(40, "sec"),
        output_token_throughput: metric(640, "tokens/sec"),
        request_latency: metric(3202.6, "ms"),
        goodput: metric(4.5, "requests/sec"),
        total_usage_prompt_tokens: metric(204_800, "tokens"),
        total_usage_prompt_cache_read_tokens: metric(51_200, "tokens"),
        total_gpu_power: metric(900, "W"),
        total_gpu_energy: metric(25_600, "J"),
      }),
    ).toMatchObject({
      goodputRequestsPerSecond: 4.5,
      cachedInputShare: 0.25,
      powerWattsMean: 900,
      joulesPerOutputToken: 1,
      extras: { goodput_targets: "time_to_first_token:370" },
    });
  });

  it("is read off AIPerf's aggregate of several runs: how many, and the spread of their throughput", () => {
    const over = (mean: number, unit: string, cv = 0.01) => ({ mean, std: mean * cv, cv, unit });
    const aggregate = {
      metadata: { aggregation_type: "confidence", num_profile_runs: 5, num_successful_runs: 4, confidence_level: 0.95 },
      metrics: {
        request_throughput_avg: over(5, "requests/sec"),
        output_token_throughput_avg: over(640, "tokens/sec", 0.048),
        time_to_first_token_avg: over(180, "ms"),
        time_to_first_token_p99: over(420, "ms"),
        request_latency_avg: over(3202.6, "ms"),
      },
    };
    const path = "example-openai-chat-concurrency_16/aggregate/profile_export_aiperf_aggregate.json";
    expect(point(path, aggregate)).toMatchObject({
      loadKind: "concurrency",
      loadValue: 16,
      repeats: 4,
      repeatsRelativeSpread: 0.048,
      outputTokensPerSecond: 640,
      ttftMs: { mean: 180, p99: 420 },
    });
  });

  it("is read off InferenceX: power of all accelerators and energy by token, unless said to be invalid", () => {
    const row = {
      hw: "h100-sxm-80gb",
      infmax_model_prefix: "example",
      model: "example-org/Example-8B-Instruct",
      framework: "vllm",
      precision: "fp8",
      tp: 8,
      conc: 16,
      isl: 1024,
      osl: 128,
      tput_per_gpu: 100,
      output_tput_per_gpu: 50,
      input_tput_per_gpu: 50,
      mean_ttft: 0.18,
      avg_power_w: 350,
      joules_per_output_token: 12.9,
    };
    const given = { ...complete, acceleratorCount: 8 };
    const powerOf = (more: object) =>
      onlyRun(read([textFile("agg_x.json", JSON.stringify({ ...row, ...more }))], given)).points[0];
    expect(powerOf({})).toMatchObject({ powerWattsMean: 2800, joulesPerOutputToken: 12.9 });
    expect(powerOf({ avg_total_gpu_power_w: 2790 })).toMatchObject({ powerWattsMean: 2790 });
    expect(powerOf({ power_valid: 0 })).toMatchObject({ powerWattsMean: null, joulesPerOutputToken: null });
  });
});
