import { describe, expect, it } from "vitest";
import { publicReport } from "../expected-values";
import { complete, filesUnder, fixture, onlyRun, read, textFile } from "../support";
import { expectPublicValues, expectSound } from "../support-formats";

describe("an experiment of genai-bench", () => {
  const result = read(fixture("genai-bench/experiment"), {});

  it("is completed by its settings: model, server, version, accelerators, date", () => {
    expect(result.problems).toEqual([]);
    expect(result.runs[0]).toMatchObject({
      measuredOn: "2025-09-06T16:54:33",
      toolVersion: "0.0.3",
      configuration: {
        model: "example-org/Example-8B-Instruct",
        accelerator: "h100-sxm-80gb",
        acceleratorCount: 4,
        server: "sglang",
        serverVersion: "0.5.1",
      },
    });
    expect(result.skipped.map(({ file }) => file)).toEqual(["experiment_metadata.json"]);
    expect(result.runs[0]?.files).toContain("experiment_metadata.json");
  });

  it("has a run for each traffic scenario, its concurrencies as load points", () => {
    expect(result.runs.map((run) => [run.workload.dataset, run.workload.inputTokens, run.points.length])).toEqual([
      ["deterministic", 100, 2],
      ["normal", 480, 1],
    ]);
    expect(result.runs[0]?.points.map((point) => point.loadValue)).toEqual([1, 8]);
  });

  it("is in seconds and becomes milliseconds; TPOT leaves the first token out", () => {
    const [point] = result.runs[0]?.points ?? [];
    expect(point?.tpotMs?.mean).toBeCloseTo(18.35, 9);
    expect(point?.ttftMs?.p50).toBeCloseTo(53.5, 9);
    expect(point?.itlMs).toBeNull();
  });

  it("has its input throughput from the tokens and the duration", () => {
    expect(result.runs[0]?.points[0]).toMatchObject({
      durationS: 4,
      requestRateAchieved: 2,
      outputTokensPerSecond: 200,
      inputTokensPerSecond: 207,
      totalTokensPerSecond: 407,
      extras: { scenario: "D(100,100)" },
    });
  });

  it("has NTPOT where every single request is there, and says where it comes from", () => {
    const [point] = result.runs[0]?.points ?? [];
    expect(point?.ntpotMs?.mean).toBeGreaterThan(18);
    expect(point?.qualityFlags).toContain("percentiles_from_request_times");
  });
});

describe("results of genai-bench of 2024", () => {
  const run = onlyRun(read(fixture("genai-bench/2024.json")));

  it("count requests per minute, and their input throughput is one of a single request: it is left out", () => {
    expect(run.points[0]).toMatchObject({
      requestRateAchieved: 2,
      durationS: null,
      inputTokensPerSecond: null,
      totalTokensPerSecond: null,
      outputTokensPerSecond: 200,
      ntpotMs: null,
    });
  });
});

describe("settings of several experiments in one directory", () => {
  it("complete nothing: which result belongs to which is not said", () => {
    const files = fixture("genai-bench/experiment");
    const copy = files.flatMap((file) =>
      file.path === "experiment_metadata.json" ? [{ ...file, path: "experiment_metadata_2.json" }] : [],
    );
    const { runs, problems } = read([...files, ...copy], {});
    expect(runs).toEqual([]);
    expect(problems[0]?.message).toContain("does not say the model");
    expect(read([...files, ...copy], complete).runs).toHaveLength(2);
  });
});

describe("results in which nothing completed", () => {
  it("are refused", () => {
    const text = new TextDecoder()
      .decode(fixture("genai-bench/2024.json")[0]?.bytes)
      .replace('"num_completed_requests": 8', '"num_completed_requests": 0');
    expect(read([textFile("run.json", text)]).problems[0]?.message).toContain("no request completed");
  });
});

describe("damaged results of genai-bench", () => {
  it("are read or refused", () => {
    expectSound(fixture("genai-bench/2024.json"));
  });
});

describe("public genai-bench reports", () => {
  expectPublicValues("genai-bench");

  it("are read as a directory, the settings beside the results", () => {
    const result = read(filesUnder(publicReport("genai-bench")), {});
    const run = onlyRun(result);
    expect(run.configuration).toMatchObject({ server: "sglang", serverVersion: "0.6.0", acceleratorCount: 4 });
    expect(run.measuredOn).toBe("2024-09-06T16:54:33");
  });
});
