import path from "node:path";
import { describe, expect, it } from "vitest";
import { readCatalogue } from "../../../../db/store/read-catalogue";
import { latencyOf, requestsPerSecondOf } from "../../../../lib/frontier/derive";
import { readReports } from "../../../../lib/ingest/read-reports";
import type { GivenFacts, ReadPoint } from "../../../../lib/ingest/report";
import { isDoubt } from "../../../../lib/measurement/checks/doubts";
import { filesUnder, projectRoot } from "../../ingest/support";

const catalogue = readCatalogue(path.join(projectRoot, "data"));

const GIVEN: GivenFacts = {
  accelerator: "h100-sxm-80gb",
  acceleratorCount: 1,
  server: "vllm",
  serverVersion: "0.11.0",
  precision: "bf16",
  model: "example-org/Example-8B",
};

function runsOf(name: string, given: GivenFacts = GIVEN) {
  const result = readReports(filesUnder(path.join(projectRoot, "test/fixtures/cases", name)), given, catalogue);
  expect(result.problems).toEqual([]);
  return result.runs;
}

function pointOf(name: string, given?: GivenFacts): ReadPoint {
  const [point, ...others] = runsOf(name, given).flatMap(({ points }) => points);
  if (point === undefined || others.length > 0) throw new Error(`${name}: expected one point`);
  return point;
}

/** Reports that were taken at their word before, by the tool's format they are in. */
describe("a report that contradicts itself", () => {
  it("of which many requests failed is kept off rankings", () => {
    const { qualityFlags, requestsFailed } = pointOf("failed-share");
    expect(requestsFailed).toBe(133);
    expect(qualityFlags.filter(isDoubt)).toEqual(["many_requests_failed"]);
  });

  it.each(["one-piece-vllm", "one-piece-inference-perf"])("%s has no time of a first token", (name) => {
    const point = pointOf(name);
    expect(point).toMatchObject({ ttftMs: null, tpotMs: null, itlMs: null });
    expect(point.e2eMs?.mean).toBeGreaterThan(1000);
    expect(point.qualityFlags).toContain("answers_in_one_piece");
  });

  it("with a 0 where tokens were not counted has unknown tokens, and no workload of answers without any", () => {
    const [run] = runsOf("no-tokens-counted");
    expect(run?.points[0]).toMatchObject({
      outputTokensPerSecond: null,
      totalTokensPerSecond: null,
      outputTokensMean: null,
      inputTokensPerSecond: 5120,
    });
    expect(run?.points[0]?.qualityFlags).toContain("zero_means_unknown");
    expect(run?.workload.outputTokens).toBeNull();
  });

  it("that counted the tokens of some answers has no tokens/s", () => {
    const point = pointOf("aiperf-uncounted-answers");
    expect(point).toMatchObject({
      outputTokensPerSecond: null,
      totalTokensPerSecond: null,
      outputTokensMean: null,
    });
    expect(point.inputTokensPerSecond).toBeGreaterThan(0);
    expect(point.qualityFlags).toContain("tokens_counted_for_a_part");
    expect(point.qualityFlags).not.toContain("throughput_contradicts_duration");
  });

  it("of a stage sent at once is kept off rankings", () => {
    expect(pointOf("burst-instead-of-rate").qualityFlags.filter(isDoubt)).toEqual([
      "rate_above_offered",
      "sent_at_once",
    ]);
  });

  it("with more in flight than it states is kept off rankings", () => {
    expect(pointOf("concurrency-exceeded").qualityFlags.filter(isDoubt)).toEqual([
      "more_in_flight_than_offered",
      "throughput_above_concurrency",
    ]);
  });

  it("with fewer requests than were to be in flight says so", () => {
    expect(pointOf("concurrency-above-prompts").qualityFlags).toContain("fewer_requests_than_concurrency");
  });

  it("with an ITL of half its TPOT says so", () => {
    expect(pointOf("itl-half-of-tpot").qualityFlags).toEqual(["itl_below_tpot"]);
  });

  it.each([
    ["mean-above-p99", "mean_above_p99"],
    ["p99-equals-mean", "percentile_equals_mean"],
    ["ttft-above-e2e", "ttft_above_e2e"],
  ] as const)("%s is kept off rankings", (name, flag) => {
    const found = pointOf(name).qualityFlags.filter(isDoubt);
    expect(found).toContain(flag);
  });

  it("whose percentiles are of eight requests says so", () => {
    expect(pointOf("p99-of-eight").qualityFlags).toContain("percentiles_of_few_requests");
  });

  it("of SGLang with two counts of tokens says so, as one of inference-perf does", () => {
    expect(pointOf("sglang-two-counts", { ...GIVEN, server: "sglang" }).qualityFlags).toContain(
      "output_token_counts_disagree",
    );
  });

  it("whose answers were shorter than asked for says so", () => {
    expect(pointOf("short-answers").qualityFlags).toContain("output_shorter_than_nominal");
  });

  it("whose roles do not make the total is kept off rankings", () => {
    expect(pointOf("disaggregated-parts-and-total", {}).qualityFlags.filter(isDoubt)).toContain(
      "token_rates_do_not_add_up",
    );
  });

  it.each([
    ["tp-dp-against-count", { server: "vllm", serverVersion: "0.11.0", precision: "bf16" }],
    ["parallelism-exceeds-accelerators", { ...GIVEN, parallelism: { tensor: 8 } }],
  ] as const)("%s is kept off rankings", (name, given) => {
    expect(pointOf(name, given).qualityFlags.filter(isDoubt)).toEqual(["parallelism_exceeds_accelerators"]);
  });

  it("whose nominal length contradicts its latencies gets the mean they make, and all that rests on it follows", () => {
    const point = pointOf("nominal-length-against-e2e", {});
    expect(point.outputTokensMean).toBe(1024);
    expect(point.outputTokensMeanDerived).toBeCloseTo(918.4, 0);
    expect(point.qualityFlags).toContain("output_length_derived");
    expect(latencyOf(point, "ntpot", "mean").value).toBeCloseTo(8726.4 / 918.4, 2);
    expect(requestsPerSecondOf(point)).toBeCloseTo((52.5 * 8) / 918.4, 3);
  });

  it("of random prompts that came from the prefix cache is kept off rankings, with the share", () => {
    const point = pointOf("warm-prefix-cache");
    expect(point.cachedInputShare).toBe(0.93);
    expect(point.qualityFlags).toContain("input_from_cache");
    expect(point.qualityFlags.filter(isDoubt)).toEqual(["cache_hits_on_random_prompts"]);
  });

  it("of a server that decoded speculatively is another configuration, with its acceptance length", () => {
    const runs = runsOf("speculative-vllm");
    expect(runs.map(({ configuration, points }) => [configuration.speculative, points[0]?.acceptanceLength])).toEqual([
      [null, null],
      ["speculative", 2.9],
    ]);
  });

  it("of two load generators side by side is not two measurements of half the load: both are kept off rankings", () => {
    const points = runsOf("parallel-clients").flatMap((run) => run.points);
    expect(points.map(({ qualityFlags }) => qualityFlags.filter(isDoubt))).toEqual([
      ["ran_beside_another_client"],
      ["ran_beside_another_client"],
    ]);
  });

  it("in AIPerf's CSV has the rate of its count and duration, not the one rounded to two decimals", () => {
    const given = { ...GIVEN, accelerator: "mi355x-288gb", acceleratorCount: 4, concurrency: 1 };
    const point = pointOf("aiperf-csv-rounded-rate", given);
    expect(point.requestRateAchieved).toBeCloseTo(195 / 3542.82, 9);
    expect(point.inputTokensPerSecond).toBeCloseTo(5339, 0);
  });

  it("of GuideLLM whose prompts were divided by an instant gets input tokens ÷ duration", () => {
    for (const point of runsOf("guidellm-impossible-input-rate").flatMap(({ points }) => points)) {
      expect(point.inputTokensPerSecond).toBeLessThanOrEqual(point.totalTokensPerSecond ?? 0);
    }
    const [point] = runsOf("guidellm-impossible-input-rate").flatMap(({ points }) => points);
    expect(point?.inputTokensPerSecond).toBeCloseTo(16, 6);
    expect(point?.qualityFlags).toContain("input_rate_not_of_whole_run");
  });
});
