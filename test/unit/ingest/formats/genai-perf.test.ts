import { describe, expect, it } from "vitest";
import { expectSoundWhenDamaged } from "../damage";
import { fixture, onlyRun, read, textFile } from "../support";

const hardware = { accelerator: "h100-sxm-80gb", acceleratorCount: 1 };
const given = { ...hardware, model: "example-org/Example-8B-Instruct" };

describe("a GenAI-Perf export", () => {
  it("of 2025 is one load point: `avg` is the mean, its inter-token latency our TPOT, and there is no ITL", () => {
    const run = onlyRun(read(fixture("genai-perf/nested.json"), hardware));
    expect(run).toMatchObject({
      format: "genai-perf",
      tool: "genai-perf",
      configuration: { model: "example-org/Example-8B-Instruct", server: null },
      workload: { dataset: "synthetic", inputTokens: 550, outputTokens: 200 },
    });
    expect(run.points).toMatchObject([
      {
        loadKind: "concurrency",
        loadValue: 8,
        requestsCompleted: 120,
        requestsFailed: null,
        durationS: 60,
        requestRateAchieved: 2,
        outputTokensPerSecond: 402,
        inputTokensPerSecond: 1100,
        totalTokensPerSecond: 1502,
        inputTokensMean: 550,
        outputTokensMean: 201,
        ttftMs: { mean: 120, p50: 110, p90: 180, p95: 200, p99: 260 },
        tpotMs: { mean: 14.4, p50: 14, p90: 16, p95: 17, p99: 19 },
        itlMs: null,
        ntpotMs: null,
        e2eMs: { mean: 3000, p99: 3900 },
      },
    ]);
  });

  it("of 2024 has its options in a flat list and no count of requests", () => {
    const run = onlyRun(read(fixture("genai-perf/flat.json"), hardware));
    expect(run.workload).toMatchObject({ dataset: "synthetic", inputTokens: 550, outputTokens: 201 });
    expect(run.points).toMatchObject([
      {
        loadKind: "request_rate",
        loadValue: 2.5,
        requestsCompleted: null,
        durationS: null,
        outputTokensPerSecond: 402,
      },
    ]);
  });

  it("without streaming has no TTFT and no TPOT, although figures stand there", () => {
    const [point] = onlyRun(read(fixture("genai-perf/no-streaming.json"), hardware)).points;
    expect(point).toMatchObject({ ttftMs: null, tpotMs: null, itlMs: null, e2eMs: { mean: 3000 } });
  });

  it("with a unit that is no time, or a rate per user, is refused by the place of the unit", () => {
    const { runs, problems } = read(fixture("genai-perf/unknown-units.json"), hardware);
    expect(runs).toEqual([]);
    expect(problems.map(({ at, value }) => [at, value])).toEqual([
      ["$.output_token_throughput.unit", "tokens/sec/user"],
      ["$.time_to_first_token.unit", "ticks"],
    ]);
  });

  it("of several models does not say which was measured", () => {
    const text = new TextDecoder().decode(fixture("genai-perf/nested.json")[0]?.bytes);
    const two = text.replace('"example-org/Example-8B-Instruct"', '"example-org/Example-8B-Instruct", "b/b"');
    expect(read([textFile("p.json", two)], hardware).problems[0]?.message).toContain("does not say the model");
  });
});

describe("a GenAI-Perf CSV", () => {
  it("has thousands separators, percentiles in falling order, a second block, and its load only in the folder's name", () => {
    const run = onlyRun(read(fixture("genai-perf/csv"), given));
    expect(run.points).toMatchObject([
      {
        loadKind: "concurrency",
        loadValue: 64,
        requestsCompleted: 1200,
        durationS: 75,
        requestRateAchieved: 16,
        outputTokensPerSecond: 3216,
        totalTokensPerSecond: 12016,
        ttftMs: { mean: 1120.5, p50: 1110, p90: 2180, p95: 2200, p99: 2260 },
        tpotMs: { mean: 14.4, p50: 14, p90: 16, p95: 17, p99: 19 },
        e2eMs: { mean: 4000, p99: 4900 },
        qualityFlags: ["load_from_directory_name"],
      },
    ]);
  });

  it("of early 2024 is in nanoseconds and pools the gaps between tokens: an ITL, no TPOT", () => {
    const [point] = onlyRun(read(fixture("genai-perf/early-2024.csv"), given)).points;
    expect(point).toMatchObject({
      loadKind: null,
      ttftMs: { mean: 120.5, p50: 111, p99: 226 },
      tpotMs: null,
      itlMs: { mean: 14.4, p50: 14, p99: 60 },
      e2eMs: { mean: 3000, p99: 3900 },
      outputTokensPerSecond: 402,
      outputTokensMean: 201,
    });
    expect(point?.qualityFlags).toContain("load_unknown");
  });

  it("names line and column of a cell that is no number", () => {
    const text = new TextDecoder()
      .decode(fixture("genai-perf/early-2024.csv")[0]?.bytes)
      .replace("Throughput (per sec),2.00", "Throughput (per sec),fast");
    expect(read([textFile("p.csv", text)], given).problems).toMatchObject([
      { at: "line 7, column avg", value: "fast" },
    ]);
  });

  it("beside its JSON is left out, as is the raw profile", () => {
    const result = read(fixture("genai-perf/both"), hardware);
    expect(onlyRun(result).points).toHaveLength(1);
    expect(result.skipped.map(({ file }) => file.split("/").at(-1)).sort()).toEqual([
      "profile_export.json",
      "profile_export_genai_perf.csv",
    ]);
  });
});

it("a damaged GenAI-Perf export is read or refused, never half of it", () => {
  expectSoundWhenDamaged(
    ["nested.json", "flat.json", "csv", "early-2024.csv"].flatMap((name) => fixture(`genai-perf/${name}`)),
  );
});
