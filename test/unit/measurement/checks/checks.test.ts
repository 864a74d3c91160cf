import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CHECKS, POINT_CHECKS } from "../../../../lib/measurement/checks/all-checks";
import type { CheckedPoint, Evidence, Setup } from "../../../../lib/measurement/checks/check";
import { isDoubt } from "../../../../lib/measurement/checks/doubts";
import {
  checksText,
  doubtReasons,
  examinedInSetup,
  examinedMeasurement,
} from "../../../../lib/measurement/checks/examine";
import { tooFewFor } from "../../../../lib/measurement/checks/statistics";
import { emptyMeasurement, type Measurement } from "../../../../lib/measurement/measurement";
import { flagFromText, type NamedFlag, QUALITY_FLAGS } from "../../../../lib/measurement/quality-flags";
import type { SettingValues } from "../../../../lib/measurement/settings";
import { setup, sound, stats } from "./examples";

interface Example {
  measurement?: Partial<Measurement>;
  evidence?: Evidence;
  setup?: Setup;
}

const layout = (
  tensor: number | null,
  data: number | null,
  server: string,
  label: string | null = null,
  expert: number | null = null,
): Setup => {
  const base = setup();
  const parallelism = { label, tensor, pipeline: null, data, expert, context: null };
  return { ...base, configuration: { ...base.configuration, acceleratorCount: 8, server, parallelism } };
};

/** A model of so many bytes on one H100 of 80 GiB. */
const ofSize = (
  weightBytes: number,
  weightsPrecision: string,
  precision: string | null,
  serverArguments: SettingValues | null = null,
): Setup => {
  const base = setup();
  if (base.model === null || base.accelerator === null) throw new Error("the example knows both");
  const settings = { ...base.configuration.settings, serverArguments };
  return {
    ...base,
    model: { ...base.model, weightBytes, weightsPrecision },
    accelerator: { ...base.accelerator, memoryGib: 80 },
    configuration: { ...base.configuration, acceleratorCount: 1, precision, settings },
  };
};

/** For each check what makes it speak, and what comes close and is right. */
const EXAMPLES: Record<string, { speaks: Example[]; silent: Example[] }> = {
  zero_means_unknown: {
    speaks: [{ measurement: { outputTokensPerSecond: 0, outputTokensMean: 0 } }, { measurement: { durationS: 0 } }],
    silent: [{ measurement: { requestsFailed: 0 } }],
  },
  answers_in_one_piece: {
    speaks: [
      {
        measurement: {
          ttftMs: stats({ mean: 3200, p99: 4300 }),
          tpotMs: null,
          itlMs: null,
          e2eMs: stats({ mean: 3200, p99: 4300 }),
        },
      },
      { measurement: { tpotMs: null, itlMs: null }, evidence: { sawGaps: false } },
    ],
    silent: [
      {
        measurement: {
          outputTokensMean: 1,
          tpotMs: null,
          itlMs: null,
          ttftMs: stats({ mean: 100 }),
          e2eMs: stats({ mean: 100 }),
        },
      },
      { measurement: { ttftMs: stats({ mean: 3000 }) } },
    ],
  },
  tokens_counted_for_a_part: {
    speaks: [{ evidence: { requestsWithOutputCount: 199 } }, { evidence: { requestsWithInputCount: 1 } }],
    silent: [{ evidence: { requestsWithOutputCount: 200, requestsWithInputCount: 200 } }],
  },
  input_rate_not_of_whole_run: {
    speaks: [{ measurement: { inputTokensPerSecond: 1.4e6, totalTokensPerSecond: 5760 } }],
    silent: [{ measurement: { inputTokensPerSecond: 5200 } }],
  },
  percentiles_not_monotonic: {
    speaks: [{ measurement: { tpotMs: stats({ p50: 20, p99: 19 }) } }],
    silent: [{ measurement: { tpotMs: stats({ p50: 20, p99: 20 }) } }],
  },
  mean_above_p99: {
    speaks: [{ measurement: { e2eMs: stats({ mean: 3440, p50: 1190, p99: 2190 }) } }],
    silent: [{ measurement: { itlMs: stats({ mean: 50, p99: 0 }) } }],
  },
  percentile_equals_mean: {
    speaks: [{ measurement: { ttftMs: stats({ mean: 180, p99: 180 }) } }],
    silent: [
      { measurement: { requestsCompleted: 1, ttftMs: stats({ mean: 180, p99: 180 }) } },
      { measurement: { tpotMs: stats({ mean: 12, p99: 12 }) } },
    ],
  },
  percentiles_of_few_requests: {
    speaks: [{ measurement: { requestsCompleted: 99 } }],
    silent: [
      { measurement: { requestsCompleted: 100 } },
      { measurement: { requestsCompleted: 8, ttftMs: stats({ mean: 9, p50: 9 }), tpotMs: null, e2eMs: null } },
    ],
  },
  requests_failed: {
    speaks: [{ measurement: { requestsFailed: 3 } }],
    silent: [{ measurement: { requestsFailed: 1 } }, { measurement: { requestsFailed: null } }],
  },
  many_requests_failed: {
    speaks: [{ measurement: { requestsFailed: 133 } }],
    silent: [{ measurement: { requestsFailed: 20 } }],
  },
  failures_exceed_completed: {
    speaks: [{ measurement: { requestsFailed: 201 } }],
    silent: [{ measurement: { requestsFailed: 200 } }],
  },
  throughput_contradicts_duration: {
    speaks: [{ measurement: { outputTokensPerSecond: 720 } }],
    silent: [{ measurement: { outputTokensPerSecond: 690 } }],
  },
  suspicious_latency_unit: {
    speaks: [{ measurement: { ttftMs: stats({ mean: 0.12 }) } }, { measurement: { e2eMs: stats({ mean: 3e9 }) } }],
    silent: [{ measurement: { ttftMs: stats({ mean: 5 }) } }],
  },
  suspicious_throughput_unit: {
    speaks: [{ measurement: { outputTokensPerSecond: 5 } }],
    silent: [{ measurement: { outputTokensPerSecond: 5, outputTokensMean: 1 } }],
  },
  ttft_above_e2e: {
    speaks: [{ measurement: { ttftMs: stats({ mean: 5000, p99: 9000 }) } }],
    silent: [{ measurement: { ttftMs: stats({ mean: 3200 }) } }],
  },
  latencies_do_not_add_up: {
    speaks: [{ measurement: { e2eMs: stats({ mean: 4500 }) } }],
    silent: [{ measurement: { e2eMs: stats({ mean: 3900 }) } }],
  },
  latencies_contradict_each_other: {
    speaks: [{ measurement: { e2eMs: stats({ mean: 6500 }) } }],
    silent: [{ measurement: { e2eMs: stats({ mean: 6300 }) } }],
  },
  itl_below_tpot: {
    speaks: [{ measurement: { itlMs: stats({ mean: 11.9 }) } }],
    silent: [{ measurement: { itlMs: stats({ mean: 19 }) } }],
  },
  tokens_arrive_in_chunks: {
    speaks: [{ measurement: { itlMs: stats({ mean: 70 }) } }],
    silent: [{ measurement: { itlMs: stats({ mean: 30 }) } }],
  },
  more_in_flight_than_offered: {
    speaks: [{ measurement: { durationS: 25 } }, { measurement: { durationS: null, requestRateAchieved: 8 } }],
    silent: [
      { measurement: { durationS: 28 } },
      // 0.015 requests/s, rounded to two decimals.
      { measurement: { loadValue: 1, durationS: null, requestRateAchieved: 0.02, e2eMs: stats({ mean: 100_000 }) } },
      { measurement: { durationS: 25 }, evidence: { loadCountsSessions: true } },
    ],
  },
  throughput_above_concurrency: {
    speaks: [{ measurement: { outputTokensPerSecond: 8 * 640 } }],
    silent: [{ measurement: { outputTokensPerSecond: 900 } }],
  },
  throughput_inconsistent_with_latency: {
    speaks: [{ measurement: { outputTokensPerSecond: 300 } }, { measurement: { outputTokensPerSecond: 850 } }],
    silent: [{ measurement: { outputTokensPerSecond: 500 } }, { measurement: { outputTokensPerSecond: null } }],
  },
  fewer_requests_than_concurrency: {
    speaks: [
      { measurement: { loadValue: 64 }, evidence: { requestsPlanned: 20 } },
      { measurement: { loadValue: 201 } },
    ],
    silent: [{ measurement: { loadValue: 200 } }],
  },
  rate_above_offered: {
    speaks: [{ measurement: { loadKind: "request_rate", loadValue: 1 } }],
    silent: [
      { measurement: { loadKind: "request_rate", loadValue: 4.5 } },
      { measurement: { loadKind: "request_rate", loadValue: 3, requestsCompleted: 10, durationS: 2 } },
    ],
  },
  sent_at_once: {
    speaks: [{ measurement: { loadKind: "request_rate", loadValue: 5 }, evidence: { sendDurationS: 0.01 } }],
    silent: [
      { measurement: { loadKind: "request_rate", loadValue: 5 }, evidence: { sendDurationS: 39 } },
      { measurement: { loadKind: "max", loadValue: null }, evidence: { sendDurationS: 0.01 } },
    ],
  },
  token_rates_do_not_add_up: {
    speaks: [{ measurement: { totalTokensPerSecond: 11520 } }],
    silent: [{ measurement: { totalTokensPerSecond: 5800 } }],
  },
  output_token_counts_disagree: {
    speaks: [{ evidence: { outputTokensMeanElsewhere: 64 } }],
    silent: [{ evidence: { outputTokensMeanElsewhere: 125 } }],
  },
  output_shorter_than_nominal: {
    speaks: [
      { evidence: { outputTokensAsked: 1024 } },
      { setup: setup({ workload: { dataset: null, inputTokens: 1, outputTokens: 1024 } }) },
    ],
    silent: [{ setup: setup() }],
  },
  output_length_derived: {
    speaks: [{ measurement: { outputTokensMean: 142, qualityFlags: ["nominal_token_lengths"] } }],
    silent: [
      { measurement: { outputTokensMean: 142 } },
      { measurement: { outputTokensMean: 129, qualityFlags: ["nominal_token_lengths"] } },
      { measurement: { outputTokensMean: 300, qualityFlags: ["nominal_token_lengths"] } },
    ],
  },
  input_from_cache: {
    speaks: [{ measurement: { cachedInputShare: 0.3 } }],
    silent: [{ measurement: { cachedInputShare: 0.01 } }],
  },
  cache_hits_on_random_prompts: {
    speaks: [{ measurement: { cachedInputShare: 0.93 } }],
    silent: [
      {
        measurement: { cachedInputShare: 0.93 },
        setup: setup({ workload: { dataset: "shared-prefix", inputTokens: 1, outputTokens: 1 } }),
      },
      { measurement: { cachedInputShare: 0.1 } },
    ],
  },
  speculation_not_stated: {
    speaks: [{ measurement: { acceptanceLength: 2.9 } }],
    silent: [
      { measurement: { acceptanceLength: 1 } },
      {
        measurement: { acceptanceLength: 2.9 },
        setup: setup({ configuration: { ...setup().configuration, speculative: "mtp3" } }),
      },
    ],
  },
  parallelism_exceeds_accelerators: {
    speaks: [
      { setup: layout(8, 4, "vllm") },
      { setup: layout(16, null, "sglang") },
      { setup: layout(null, null, "vllm", "p1x(tp8)+d1x(tp8)") },
      { setup: layout(4, null, "vllm", "tp4-cp4") },
    ],
    silent: [
      { setup: layout(8, null, "vllm", null, 64) },
      { setup: layout(8, 8, "sglang", null, 8) },
      { setup: layout(8, 8, "vllm", "tp8-dp8-ep8-dpattn") },
      { setup: layout(null, null, "vllm", "p1x(tp4)+d1x(tp4)") },
      { setup: layout(null, null, "vllm", "ep64") },
    ],
  },
  accelerators_beyond_parallelism: {
    speaks: [
      { setup: layout(3, null, "vllm") },
      { setup: layout(2, 2, "vllm") },
      { setup: layout(null, null, "vllm", "2x(tp2)") },
    ],
    silent: [
      { setup: layout(2, null, "vllm") },
      { setup: layout(4, 2, "vllm") },
      { setup: layout(8, 8, "sglang") },
      { setup: layout(null, null, "vllm", "4x(tp2)") },
      { setup: layout(null, null, "vllm") },
      { setup: layout(1, 1, "vllm", "tp1-ep8", 8) },
    ],
  },
  weights_exceed_memory: {
    speaks: [{ setup: ofSize(235e9, "fp8", "fp8") }, { setup: ofSize(470e9, "bf16", "fp8") }],
    silent: [
      { setup: ofSize(80e9, "fp8", "fp8") },
      { setup: ofSize(160e9, "bf16", "fp8") },
      { setup: ofSize(235e9, "fp8", null) },
      { setup: ofSize(235e9, "fp8", "fp8", { "cpu-offload-gb": 200 }) },
    ],
  },
  prefill_beats_arithmetic: {
    // 1,979 TFLOP/s ÷ (2 × 8 billion) = 123,688 tokens/s
    speaks: [{ measurement: { inputTokensPerSecond: 124_000 }, setup: setup() }],
    silent: [
      { measurement: { inputTokensPerSecond: 122_000 }, setup: setup() },
      { measurement: { inputTokensPerSecond: 124_000, qualityFlags: ["prefix_caching_on"] }, setup: setup() },
      { measurement: { inputTokensPerSecond: 124_000 }, setup: setup({ model: null }) },
    ],
  },
};

const pointOf = ({ measurement = {}, evidence = {}, setup: at = setup() }: Example): CheckedPoint => ({
  measurement: sound(measurement),
  evidence,
  setup: at,
});

describe("every check", () => {
  it("has examples, and every example a check", () => {
    expect(Object.keys(EXAMPLES).sort()).toEqual(POINT_CHECKS.map(({ flag }) => flag).sort());
  });

  it.each(POINT_CHECKS.map((check) => [check.flag, check] as const))(
    "%s speaks where it should, and not next to it",
    (flag, check) => {
      for (const example of EXAMPLES[flag]?.speaks ?? [])
        expect(check.find(pointOf(example)), JSON.stringify(example)).not.toBeNull();
      for (const example of EXAMPLES[flag]?.silent ?? [])
        expect(check.find(pointOf(example)), JSON.stringify(example)).toBeNull();
      expect(check.find(pointOf({}))).toBeNull();
      expect(check.find({ measurement: emptyMeasurement(), evidence: {}, setup: null })).toBeNull();
    },
  );

  it("asks a question, and says its tolerance and where it comes from", () => {
    for (const { flag, asks, tolerance, source } of POINT_CHECKS) {
      expect(asks, flag).toMatch(/^[A-Z].*\?$/);
      expect(tolerance, flag).not.toBe("");
      expect(source, flag).not.toBe("");
    }
    expect(new Set(POINT_CHECKS.map(({ flag }) => flag)).size).toBe(POINT_CHECKS.length);
    expect(checksText()).toContain("percentiles_not_monotonic");
  });
});

describe("what a check finds", () => {
  const examined = (example: Example) => {
    const { measurement, evidence, setup: at } = pointOf(example);
    return examinedInSetup(examinedMeasurement(measurement, evidence), evidence, at ?? setup());
  };

  it("leaves a sound point as it is", () => {
    const measurement = sound();
    expect(examinedInSetup(examinedMeasurement(measurement, {}), {}, setup())).toBe(measurement);
  });

  it("is not taken for a figure: a 0 that was not counted, and the total made with it", () => {
    expect(examined({ measurement: { outputTokensPerSecond: 0, outputTokensMean: 0, tpotMs: null } })).toMatchObject({
      outputTokensPerSecond: null,
      outputTokensMean: null,
      totalTokensPerSecond: null,
      inputTokensPerSecond: 5120,
    });
  });

  it("is not taken for a figure: times of tokens in answers that came in one piece", () => {
    const found = examined({ measurement: { tpotMs: null, itlMs: null }, evidence: { sawGaps: false } });
    expect(found).toMatchObject({ ttftMs: null, tpotMs: null, itlMs: null, e2eMs: { mean: 3202.6 } });
  });

  it("corrects a rate that is of an instant by tokens ÷ duration", () => {
    const found = examined({ measurement: { inputTokensPerSecond: 1.4e6 } });
    expect(found.inputTokensPerSecond).toBe(5120);
    expect(found.qualityFlags).toEqual(["input_rate_not_of_whole_run"]);
  });

  it("never changes what it was given, and finds the same when asked again", () => {
    const flags = fc.constantFrom(...Object.values(EXAMPLES).flatMap(({ speaks }) => speaks));
    fc.assert(
      fc.property(flags, (example) => {
        const point = pointOf(example);
        const before = structuredClone(point.measurement);
        const once = examined(example);
        expect(pointOf(example).measurement).toEqual(before);
        const again = examinedInSetup(
          examinedMeasurement(once, point.evidence),
          point.evidence,
          point.setup ?? setup(),
        );
        expect(again).toEqual(once);
      }),
    );
  });

  it("names as doubts what their checks say is one", () => {
    const said = CHECKS.filter(({ consequence }) => consequence === "doubt").map(({ flag }) => flag);
    const named = CHECKS.map(({ flag }) => flag).filter(isDoubt);
    expect(named).toEqual(said);
    expect(Object.keys(QUALITY_FLAGS).filter((flag) => isDoubt(flagFromText(flag))).length).toBe(said.length);
  });

  it("says why a point is doubted with the figures, or with the question where only the report could tell", () => {
    const failed = sound({ requestsFailed: 133, qualityFlags: ["many_requests_failed", "no_version"] });
    expect(doubtReasons(failed, null)).toEqual(["133 of 333 requests failed (39.9%)"]);
    const sent = sound({ qualityFlags: ["sent_at_once"] });
    expect(doubtReasons(sent, null)[0]).toContain("Were the requests sent over the time the stated rate takes?");
    const notes: NamedFlag[] = ["requests_failed", "percentiles_of_few_requests", "no_version"];
    expect(notes.filter(isDoubt)).toEqual([]);
    expect(isDoubt("many_requests_failed")).toBe(true);
  });
});

describe("a percentile of too few requests", () => {
  it.each([
    ["p99", 99, true],
    ["p99", 100, false],
    ["p95", 19, true],
    ["p95", 20, false],
    ["p90", 9, true],
    ["p90", 10, false],
    ["p50", 1, false],
    ["mean", 1, false],
  ] as const)("%s of %d requests: %s", (statistic, requestsCompleted, few) => {
    expect(tooFewFor({ requestsCompleted }, "ttft", statistic) !== null).toBe(few);
  });

  it("is not one of ITL, which is taken over the gaps of all answers", () => {
    expect(tooFewFor({ requestsCompleted: 8, outputTokensMean: 128 }, "itl", "p99")).toBeNull();
    expect(
      tooFewFor({ requestsCompleted: 8, outputTokensMean: 128, qualityFlags: ["itl_per_request_mean"] }, "itl", "p99"),
    ).toEqual({ needed: 100, had: 8 });
  });

  it("is not judged where the number of requests is not known", () => {
    expect(tooFewFor({ requestsCompleted: null }, "ttft", "p99")).toBeNull();
  });
});

/** Percentile between neighbours, as numpy takes it. */
function percentile(sorted: readonly number[], share: number): number {
  const position = (sorted.length - 1) * share;
  const low = sorted[Math.floor(position)] ?? 0;
  const high = sorted[Math.ceil(position)] ?? low;
  return low + (high - low) * (position - Math.floor(position));
}

function statisticsOf(values: readonly number[]) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => percentile(sorted, share);
  return stats({
    mean: values.reduce((sum, value) => sum + value, 0) / values.length,
    p50: at(0.5),
    p90: at(0.9),
    p95: at(0.95),
    p99: at(0.99),
  });
}

describe("a true measurement", () => {
  it("of a closed loop is never doubted, however its requests vary", () => {
    const request = fc.record({
      ttftMs: fc.double({ min: 5, max: 5000, noNaN: true }),
      tpotMs: fc.double({ min: 3, max: 60, noNaN: true }),
      tokens: fc.integer({ min: 50, max: 400 }),
    });
    fc.assert(
      fc.property(
        fc.array(request, { minLength: 100, maxLength: 300 }),
        fc.integer({ min: 1, max: 32 }),
        (requests, concurrency) => {
          const busyUntil = new Array<number>(concurrency).fill(0);
          const e2e = requests.map(({ ttftMs, tpotMs, tokens }) => ttftMs + tpotMs * (tokens - 1));
          for (const time of e2e) {
            const next = busyUntil.indexOf(Math.min(...busyUntil));
            busyUntil[next] = (busyUntil[next] ?? 0) + time;
          }
          const durationS = Math.max(...busyUntil) / 1000;
          const tokens = requests.reduce((sum, item) => sum + item.tokens, 0);
          const measurement: Measurement = {
            ...emptyMeasurement(),
            loadKind: "concurrency",
            loadValue: concurrency,
            requestsCompleted: requests.length,
            requestsFailed: 0,
            durationS,
            requestRateAchieved: requests.length / durationS,
            outputTokensPerSecond: tokens / durationS,
            outputTokensMean: tokens / requests.length,
            ttftMs: statisticsOf(requests.map(({ ttftMs }) => ttftMs)),
            tpotMs: statisticsOf(requests.map(({ tpotMs }) => tpotMs)),
            e2eMs: statisticsOf(e2e),
          };
          expect(examinedMeasurement(measurement, {}).qualityFlags.filter(isDoubt)).toEqual([]);
        },
      ),
    );
  });
});
