import { afterAll, describe, expect, it } from "vitest";
import { expectAlike, expectedRecords, publicReport, selectedPoint } from "../expected-values";
import { faultsOf } from "../report-sets";
import { filesUnder, publicReports, read } from "../support";

/** Load points of each public report, read by itself; for one that holds none, the words it is refused with. */
const FILES: Record<string, number | RegExp> = {
  "aiperf/2025-qwen_concurrency1/profile_export.jsonl": 1,
  "aiperf/2025-qwen_concurrency1/profile_export_aiperf.json": 1,
  "aiperf/2025-qwen_concurrency2/profile_export_aiperf.json": 1,
  "genai-bench/mock_experiment_data.json": /settings of a genai-bench experiment/,
  "genai-bench/mock_run_data.json": 1,
  "guidellm/v0.8.0.dev18-metadata-v2.json": 2,
  "inference-perf/main-2026-06-multimodal-lifecycle.yaml": 1,
  // Configuration beside results: it completes them and measures nothing.
  "inference-perf/v0.5-two-stage-run/config.yaml": /holds no results/,
  "inference-perf/v0.5-two-stage-run/inference-perf.partial.stage_0.yaml": 1,
  "inference-perf/v0.5-two-stage-run/per_request_lifecycle_metrics.json": 1,
  "inference-perf/v0.5-two-stage-run/stage_0_lifecycle_metrics.json": 1,
  "inference-perf/v0.5-two-stage-run/stage_1_lifecycle_metrics.json": 1,
  "inference-perf/v0.5-two-stage-run/summary_lifecycle_metrics.json": 1,
  "inference-perf/v0.5-two-stage-run/validation.json": /the tool's own validation findings/,
  "llm-d-benchmark-report/br_v0_1_example.yaml": 1,
  "llm-d-benchmark-report/br_v0_2_1_example.yaml": 1,
  "llm-d-benchmark-report/br_v0_2_example.yaml": 1,
  "llmperf/2024-01-individual-anyscale_70b.json": 1,
  "llmperf/2024-01-summary-anyscale_70b.json": 1,
  "mlperf/v5.1-amd-8xMI300X-llama2-70b-99.9-Interactive/mlperf_log_summary.txt": 1,
  "mlperf/v5.1-amd-8xMI300X-llama2-70b-99.9-Server/mlperf_log_summary.txt": 1,
  "mlperf/v5.1-amd-8xMI300X-system.json": /description of an MLPerf system/,
  "sglang-bench-serving/2024-12-deepseek-infinity-rate.jsonl": 1,
  "sglang-bench-serving/2024-12-llama405b-online.jsonl": 6,
  "sglang-bench-serving/2024-12-llama70b-online.jsonl": 7,
  "sglang-bench-serving/2025-12-v0.5.5-agg_local.jsonl": 1,
  "sglang-bench-serving/2025-12-v0.5.5-agg_n100_in512_out128_c8.jsonl": 1,
  "sglang-bench-serving/2025-12-v0.5.5-pd_1p1d_n100_in512_out128_c64.jsonl": 1,
  "vllm-bench-serve/2025-04-append-result.json": 12,
  "vllm-bench-serve/2025-06-append-result.json": 9,
  "vllm-bench-serve/2025-09-endpoint_type-only-3p1d_conc64_in2048_out2048_20250923_041515.json": 1,
  "vllm-bench-serve/2026-04-a100-result-long-rate8.json": 1,
  "vllm-bench-serve/2026-04-a100-result-medium-rateinf.json": 1,
  "vllm-bench-serve/2026-04-tpu-result-long-rate1.json": 1,
  "vllm-bench-throughput/2024-11-h100-ip32784_op2048_np8.json": 1,
  "vllm-bench-throughput/2024-11-mi300x-req8_in32784_out2048.json": 1,
};

/** Says where each comes from. */
const NO_REPORT = "README.md";

const reports = filesUnder(publicReports).filter((file) => file.path !== NO_REPORT);
const readings = new Map(reports.map((file) => [file.path, read([{ ...file, named: true }])]));

describe("the public reports", () => {
  afterAll(() => {
    const tally = new Map<string, { files: number; points: number; refused: number }>();
    for (const [name, { runs, problems }] of readings) {
      const format = runs[0]?.format ?? name.split("/")[0] ?? "";
      const row = tally.get(format) ?? { files: 0, points: 0, refused: 0 };
      row.files++;
      row.points += runs.reduce((sum, run) => sum + run.points.length, 0);
      if (problems.length > 0) row.refused++;
      tally.set(format, row);
    }
    for (const [format, { files, points, refused }] of [...tally].sort()) {
      console.log(`${format}: ${files} files, ${points} load points, ${refused} refused as no report`);
    }
  });

  it("are those this test knows, one and all", () => {
    expect([...readings.keys()].sort()).toEqual(Object.keys(FILES).sort());
  });

  it.each(Object.entries(FILES))("%s", (name, expected) => {
    const result = readings.get(name);
    if (result === undefined) throw new Error(`${name} is not among them.`);
    const { runs, problems } = result;
    expect(faultsOf([name], result)).toEqual([]);
    if (typeof expected === "number") {
      expect(problems).toEqual([]);
      expect(runs.flatMap((run) => run.points)).toHaveLength(expected);
    } else {
      expect(runs).toEqual([]);
      expect(problems.map((item) => item.message)).toEqual([expect.stringMatching(expected)]);
    }
  });

  it.each(expectedRecords("").map((record) => [`${record.report}, ${record.place}`, record] as const))(
    "have the values derived by hand: %s",
    (_, { report, place, values }) => {
      const points = readings.get(report)?.runs.flatMap((run) => run.points) ?? [];
      expectAlike(selectedPoint(points, place), values, `${report}, ${place}`);
    },
  );

  it("are read with what lies beside them where they come as directories", () => {
    const pointsOf = (name: string) => {
      const result = read(filesUnder(publicReport(name)));
      expect(result.problems).toEqual([]);
      expect(
        faultsOf(
          filesUnder(publicReport(name)).map((file) => file.path),
          result,
        ),
      ).toEqual([]);
      return result.runs.map((run) => run.points.length);
    };
    expect(pointsOf("inference-perf")).toEqual([1, 2]);
    expect(pointsOf("inference-perf/v0.5-two-stage-run")).toEqual([2]);
    expect(pointsOf("vllm-bench-serve").reduce((sum, count) => sum + count, 0)).toBe(25);
    expect(pointsOf("aiperf")).toEqual([1, 1]);
    expect(pointsOf("llmperf")).toEqual([1]);
    expect(pointsOf("mlperf")).toEqual([1, 1]);
    expect(pointsOf("genai-bench")).toEqual([1]);
  });
});
