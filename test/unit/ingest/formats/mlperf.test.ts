import { describe, expect, it } from "vitest";
import { softwareFacts } from "../../../../lib/ingest/formats/mlperf/mlperf-facts";
import type { HeldFile } from "../../../../lib/ingest/report";
import { publicReport } from "../expected-values";
import { complete, filesUnder, fixture, onlyRun, read, textFile } from "../support";
import { expectPublicValues, expectSound } from "../support-formats";

/** Files of a fixture directory below the names a submission has. */
const below = (name: string): HeldFile[] =>
  fixture(`mlperf/${name}`).map((file) => ({ ...file, path: `${name}/${file.path}` }));
const log = "llama2-70b-99.9/Interactive";
const hardware = { accelerator: "mi300x-192gb", acceleratorCount: 8 };

describe("a summary of MLPerf LoadGen", () => {
  const run = onlyRun(read(below(log), {}));
  const [point] = run.points;

  it("is one load point: the target rate of the Server scenario", () => {
    expect(point).toMatchObject({
      loadKind: "request_rate",
      loadValue: 25.5,
      requestRateAchieved: 25,
      outputTokensPerSecond: 7500.5,
      requestsCompleted: null,
      durationS: null,
    });
    expect(point?.outputTokensMean).toBeCloseTo(300.02, 9);
  });

  it("is in nanoseconds and becomes milliseconds, whatever the case of its lines", () => {
    expect(point?.e2eMs).toEqual({ mean: 9000, p50: 8000.000001, p90: 16000, p95: 20000, p99: 30000 });
    expect(point?.ttftMs).toEqual({ mean: 200, p50: 190, p90: null, p95: null, p99: 430 });
    expect(point?.tpotMs).toMatchObject({ mean: 32, p99: 39.5 });
    expect(point?.itlMs).toBeNull();
  });

  it("has a mean TPOT under LoadGen's own name of it, which is not that of the percentiles", () => {
    const text = new TextDecoder().decode(fixture(`mlperf/${log}/mlperf_log_summary.txt`)[0]?.bytes);
    const asWritten = text.replace(/^Mean time to output token \(ns\)/im, "Mean Time per Output Token (ns)");
    expect(asWritten).not.toBe(text);
    const [written] = onlyRun(read([textFile(`${log}/mlperf_log_summary.txt`, asWritten)], complete)).points;
    expect(written?.tpotMs).toMatchObject({ mean: 32, p99: 39.5 });
  });

  it("does not take TensorRT's version for that of TensorRT-LLM", () => {
    expect(softwareFacts("TensorRT 10.14, CUDA 13.1")).toEqual({ server: "trtllm" });
    expect(softwareFacts("TensorRT-LLM 1.0.0, CUDA 13.1")).toEqual({ server: "trtllm", serverVersion: "1.0.0" });
  });

  it("is completed by the system's description beside it and by the names of its directories", () => {
    expect(run.configuration).toMatchObject({
      model: "meta-llama/Llama-2-70b-chat-hf",
      accelerator: "mi300x-192gb",
      acceleratorCount: 8,
      nodes: 1,
      server: "vllm",
      serverVersion: "0.9.0.2.dev108",
    });
    expect(run.workload).toMatchObject({ workloadId: "mlperf-openorca-interactive", dataset: "mlperf-openorca" });
    expect(run.files).toContain(`${log}/system.json`);
  });

  it("that is INVALID says so", () => {
    const [invalid] = onlyRun(read(below("llama2-70b-99.9/Server"), hardware)).points;
    expect(invalid?.qualityFlags).toContain("result_invalid");
    expect(point?.qualityFlags).not.toContain("result_invalid");
  });

  it("of the Offline scenario has no load value, and inferred tokens say so", () => {
    const [offline] = onlyRun(read(below("llama2-70b-99.9/Offline"), hardware)).points;
    expect(offline).toMatchObject({ loadKind: "max", loadValue: null, outputTokensPerSecond: 9150, e2eMs: null });
    expect(offline?.qualityFlags).toContain("throughput_inferred_by_tool");
  });

  it("in accuracy mode is left out", () => {
    const { runs, skipped } = read(
      [...below("llama2-70b-99.9/accuracy"), ...below("llama2-70b-99.9/Server")],
      hardware,
    );
    expect(runs).toHaveLength(1);
    expect(skipped[0]?.reason).toContain("accuracy mode");
  });

  it("of a benchmark without tokens is refused", () => {
    const text = new TextDecoder().decode(fixture(`mlperf/${log}/mlperf_log_summary.txt`)[0]?.bytes);
    const { problems } = read([textFile("s.txt", text.replaceAll(/Completed tokens per second.*/g, ""))], complete);
    expect(problems[0]?.message).toContain("results of other benchmarks than language models are not read");
  });

  it("without known directory names asks for the model", () => {
    const files = fixture(`mlperf/${log}/mlperf_log_summary.txt`);
    expect(read(files, hardware).problems[0]?.message).toContain("does not say the model");
  });
});

describe("summary_results.json of MLPerf", () => {
  const result = read(fixture("mlperf/summary_results.json"), {});

  it("gives a run for each system, model and scenario that measures tokens/s", () => {
    expect(result.problems).toEqual([]);
    expect(
      result.runs.map(({ workload, configuration, points }) => [
        workload.workloadId,
        configuration.acceleratorCount,
        configuration.server,
        points[0]?.loadKind,
        points[0]?.outputTokensPerSecond,
      ]),
    ).toEqual([
      ["mlperf-openorca-offline", 8, "trtllm", "max", 24000.5],
      ["mlperf-openorca-server", 8, "trtllm", null, 21000],
    ]);
  });

  it("leaves out rows of other benchmarks and of several nodes, where the accelerators may be counted either way", () => {
    expect(result.skipped.map(({ reason }) => reason)).toEqual([
      "1 row of it measure no tokens/s: left out",
      "1 row of it do not say the number of accelerators in all: left out",
    ]);
  });
});

describe("tables exported from the MLPerf results page", () => {
  it("are refused with a word on what to give instead", () => {
    for (const name of ["dashboard.csv", "dashboard-5.csv"]) {
      const { runs, problems } = read(fixture(`mlperf/${name}`), complete);
      expect(runs).toEqual([]);
      expect(problems[0]?.message).toContain("exported from the MLPerf results page; give summary_results.json");
    }
  });

  it("in UTF-16 are asked for as UTF-8", () => {
    const text = new TextDecoder().decode(fixture("mlperf/dashboard.csv")[0]?.bytes);
    const bytes = new Uint8Array(Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, "utf16le")]));
    expect(read([{ path: "mlperf-6.0.csv", bytes }], complete).problems[0]?.message).toContain("UTF-16");
  });
});

describe("damaged MLPerf files", () => {
  it("are read or refused", () => {
    expectSound([...fixture(`mlperf/${log}/mlperf_log_summary.txt`), ...fixture("mlperf/summary_results.json")]);
  });
});

describe("public MLPerf logs", () => {
  expectPublicValues("mlperf");

  it("are read with the description of their system beside them", () => {
    const samples = filesUnder(publicReport("mlperf"));
    const system = samples.find(({ path: name }) => name.endsWith("system.json"));
    for (const scenario of ["Server", "Interactive"]) {
      const name = `v5.1-amd-8xMI300X-llama2-70b-99.9-${scenario}`;
      const files = samples.filter((file) => file.path.startsWith(`${name}/`));
      const beside = system === undefined ? [] : [{ ...system, path: `${name}/system.json` }];
      const run = onlyRun(read([...files, ...beside], {}));
      expect(run.configuration).toMatchObject({ accelerator: "mi300x-192gb", acceleratorCount: 8, server: "vllm" });
      expect(run.workload.workloadId).toBe(`mlperf-openorca-${scenario.toLowerCase()}`);
    }
  });
});
