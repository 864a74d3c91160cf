import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { llmdReport } from "../../../../lib/ingest/formats/llm-d-report/llm-d-report";
import { expectAlike, expectedRecords, publicReport } from "../expected-values";
import { filesUnder, fixture, onlyRun, read, textFile } from "../support";

const reports = "llm-d-benchmark-report";

describe("a results folder of llm-d-benchmark", () => {
  const result = read(fixture(`${reports}/results`), {});
  const run = onlyRun(result);

  it("is one run of its v0.2 reports; v0.1 of the same results and session metrics are left out with the reason", () => {
    expect(run.points.map((point) => [point.loadKind, point.loadValue])).toEqual([
      ["request_rate", 2],
      ["request_rate", 8],
    ]);
    const reasons = Object.fromEntries(result.skipped.map(({ file, reason }) => [file, reason]));
    expect(reasons["benchmark_report,_stage_0_lifecycle_metrics.json.yaml"]).toMatch(
      /older form of benchmark_report_v0/,
    );
    expect(reasons["benchmark_report_v0.2,_stage_0_session_lifecycle_metrics.json.yaml"]).toMatch(/session/);
    expect(result.skipped).toHaveLength(3);
  });

  it("sums replicas × accelerators of prefill and decode, and names the layout", () => {
    expect(run.configuration).toMatchObject({
      model: "example-org/Example-8B-Instruct",
      accelerator: "h100-sxm-80gb",
      acceleratorCount: 12,
      prefillAccelerators: 4,
      decodeAccelerators: 8,
      servingMode: "disaggregated",
      parallelism: { label: "p2x(tp2)+d1x(tp8-ep8)", tensor: null },
    });
  });

  it("takes llm-d's image for vLLM without taking its tag for vLLM's version", () => {
    expect(run.configuration).toMatchObject({ server: "vllm", serverVersion: null });
  });

  it("names the tool that measured, its version and its workload", () => {
    expect(run).toMatchObject({ tool: "inference-perf", toolVersion: "0.3.0", measuredOn: "2026-03-05T10:00:00Z" });
    expect(run.workload).toMatchObject({ dataset: "random", inputTokens: 1024, outputTokens: 128 });
  });

  it("counts completed requests as the total less failures", () => {
    expect(run.points[1]).toMatchObject({ requestsCompleted: 480, requestsFailed: 1, durationS: 60 });
  });

  it("of v0.1 alone says the same, its load from the native configuration it carries", () => {
    const older = onlyRun(
      read(
        fixture(`${reports}/results`).filter(({ path: name }) => name.startsWith("benchmark_report,")),
        {},
      ),
    );
    expect(older.points.map((point) => [point.loadKind, point.loadValue, point.ttftMs])).toEqual(
      run.points.map((point) => [point.loadKind, point.loadValue, point.ttftMs]),
    );
    expect(older.configuration).toMatchObject({ acceleratorCount: 12, prefillAccelerators: 4, decodeAccelerators: 8 });
  });
});

describe("an llm-d benchmark report", () => {
  it("of v0.1 made from vLLM's results is in milliseconds, with a limit beside its rate and no failures written", () => {
    const run = onlyRun(read(fixture(`${reports}/v0.1-vllm.yaml`), {}));
    expect(run.configuration).toMatchObject({
      accelerator: "l40s-48gb",
      acceleratorCount: 4,
      server: "vllm",
      serverVersion: "0.9.1",
      precision: "fp8",
      parallelism: { tensor: 4 },
    });
    expect(run.measuredOn).toBe("2026-01-01T10:00:00.000Z");
    const [point] = run.points;
    expect(point).toMatchObject({
      ttftMs: { mean: 80, p50: 76, p90: 120, p95: 144, p99: 200 },
      ntpotMs: null,
      requestsCompleted: 200,
      requestsFailed: null,
      loadKind: "request_rate",
      loadValue: 4,
      inputTokensPerSecond: 2048,
    });
    expect(point?.qualityFlags).toContain("max_concurrency_32");
  });

  it("made from GuideLLM mixes seconds and milliseconds, and calls TPOT inter-token latency", () => {
    const run = onlyRun(read(fixture(`${reports}/guidellm-mixed-units.json`), {}));
    const [point] = run.points;
    expect(run.configuration).toMatchObject({ server: "vllm", serverVersion: "0.11.0", acceleratorCount: 2 });
    expect(point?.ttftMs?.mean).toBe(60);
    expect(point?.e2eMs?.mean).toBeCloseTo(1330, 9);
    expect(point?.tpotMs?.mean).toBeCloseTo(10.1, 9);
    expect(point?.itlMs).toEqual(point?.tpotMs);
    expect(point?.qualityFlags).toEqual(expect.arrayContaining(["itl_per_request_mean", "tpot_weighted_by_tokens"]));
    expect(point).toMatchObject({
      requestsCompleted: 240,
      requestsFailed: 2,
      extras: { incomplete: 8 },
      durationS: 60,
      loadKind: "concurrency",
      loadValue: 8,
    });
    expect(run.workload.dataset).toBe("synthetic");
  });

  it("keeps what it says of sessions beside the figures of their requests", () => {
    const [file] = fixture(`${reports}/v0.2.1-concurrent.json`);
    const report = JSON.parse(new TextDecoder().decode(file?.bytes)) as { results: Record<string, unknown> };
    report.results.session_performance = {
      sessions: { total: 20, failed: 0, session_rate: { units: "sessions/s", mean: 0.5 } },
    };
    const [point] = onlyRun(read([textFile("report.json", JSON.stringify(report))], {})).points;
    expect(point?.extras).toMatchObject({ session_total: 20, session_failed: 0, session_rate_mean: 0.5 });
  });

  it("of a fixed number of requests in flight has that concurrency as its load, not inference-perf's made-up rate", () => {
    const run = onlyRun(read(fixture(`${reports}/v0.2.1-concurrent.json`), {}));
    expect(run.points).toMatchObject([{ loadKind: "concurrency", loadValue: 16 }]);
    // The decode half of a stack alone is a deployment like any other: two replicas of four.
    expect(run.configuration).toMatchObject({
      servingMode: "aggregated",
      acceleratorCount: 8,
      prefillAccelerators: null,
    });
    expect(run.configuration.parallelism).toMatchObject({ tensor: 4, pipeline: null, data: null, expert: null });
  });

  it("with an unbounded concurrency and no rate was sent all at once", () => {
    expect(onlyRun(read(fixture(`${reports}/all-at-once.yaml`), {})).points).toMatchObject([
      { loadKind: "max", loadValue: null },
    ]);
  });

  it("that is a fragment without a scenario has its figures, and asks for everything else", () => {
    const { problems } = read(fixture(`${reports}/fragment.yaml`), {});
    expect(problems.map(({ message }) => message).join(" ")).toMatch(/model.*accelerator/);
    const run = onlyRun(read(fixture(`${reports}/fragment.yaml`)));
    const [point] = run.points;
    expect(point).toMatchObject({ loadKind: null, loadValue: null, ttftMs: { mean: 30, p50: 28.5 } });
    expect(point?.qualityFlags).toContain("load_unknown");
    expect(run.measuredOn).toBeNull();
    expect(run.qualityFlags).toContain("no_date");
  });

  it("without a completed request, or in a unit nobody knows, is refused with the path", () => {
    expect(read(fixture(`${reports}/all-failed.json`)).problems).toMatchObject([
      { at: "$.results.request_performance.aggregate.requests.total", value: "50" },
    ]);
    expect(read(fixture(`${reports}/unknown-unit.json`)).problems).toMatchObject([
      { at: "$.results.request_performance.aggregate.latency.time_to_first_token.units", value: "furlongs" },
    ]);
  });

  it("in two forms beside one another counts once", () => {
    const [file] = fixture(`${reports}/v0.2.1-concurrent.json`);
    if (file === undefined) throw new Error("fixture missing");
    const { runs, skipped } = read([file, { ...file, path: "again.json" }], {});
    expect(runs.flatMap((run) => run.points)).toHaveLength(1);
    expect(skipped).toEqual([{ file: "again.json", reason: "the same report as v0.2.1-concurrent.json" }]);
  });

  it("with accelerators written as -1 by its converter does not take their product for a count", () => {
    const text = new TextDecoder().decode(fixture(`${reports}/v0.1-vllm.yaml`)[0]?.bytes);
    const unset = text.replace("count: 4", "count: 1").replace("tp: 4", "tp: -1").replace("dp: 1", "dp: -1");
    expect(read([textFile("report.yaml", unset)], {}).problems[0]?.message).toMatch(/number of accelerators/);
  });

  it("changed in any place is read or refused, never a crash", () => {
    const names = ["guidellm-mixed-units.json", "v0.2.1-concurrent.json", "all-failed.json"];
    const odd = fc.oneof(
      fc.constantFrom(null, -1, 0, 1e308, "", "inf", "NaN", [], {}, [null], true, "PT", "P"),
      fc.jsonValue({ maxDepth: 1 }),
    );
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.nat(), odd, (name, where, value) => {
        const report: unknown = JSON.parse(new TextDecoder().decode(fixture(`${reports}/${name}`)[0]?.bytes));
        const places: (() => void)[] = [];
        const walk = (node: unknown) => {
          if (typeof node !== "object" || node === null) return;
          for (const [key, member] of Object.entries(node)) {
            places.push(() => Object.assign(node, { [key]: value }));
            walk(member);
          }
        };
        walk(report);
        places[where % places.length]?.();
        const { runs, problems } = read([textFile("report.json", JSON.stringify(report))], {});
        expect(runs.length + problems.length).toBeGreaterThan(0);
        expect(JSON.stringify(runs)).not.toMatch(/:-\d|Infinity|NaN/);
      }),
      { numRuns: 150 },
    );
  });
});

describe("the native result a converted report names", () => {
  it.each([
    ["r/benchmark_report,_stage_0_lifecycle_metrics.json.yaml", "r/stage_0_lifecycle_metrics.json"],
    ["benchmark_report_v0.2,_stage_1_lifecycle_metrics.json.yaml", "stage_1_lifecycle_metrics.json"],
    ["benchmark_report_v0.2_openai-8qps.json.json", "openai-8qps.json"],
    ["benchmark_report,_results.json_3.yaml", "results.json"],
    ["benchmark_report_v0.2,_results.json.yaml", "results.json"],
    ["r/a-inference-perf.partial.stage_2.yaml", "r/a-stage_2_lifecycle_metrics.json"],
    ["my-report.yaml", null],
  ])("of %s is %s", (name, native) => {
    expect(llmdReport.copyOf?.(name)).toBe(native);
  });

  it("is read in its place", () => {
    const [native] = fixture("guidellm/v0.4.json");
    const [converted] = fixture(`${reports}/guidellm-mixed-units.json`);
    if (native === undefined || converted === undefined) throw new Error("fixture missing");
    const given = { accelerator: "h100-sxm-80gb", acceleratorCount: 2 };
    const copy = { ...converted, path: "benchmark_report_v0.2,_results.json_0.yaml" };
    const result = read([copy, { ...native, path: "results.json" }], given);
    expect(onlyRun(result).files).toEqual(["results.json"]);
    expect(result.skipped[0]?.reason).toMatch(/repeats results\.json/);
  });
});

describe("values derived by hand from upstream examples", () => {
  const given = { model: "org/model", accelerator: "h100-sxm-80gb", acceleratorCount: 8 };
  for (const { report, values } of expectedRecords("llm-d-benchmark-report")) {
    it(report, () => {
      const run = onlyRun(read(filesUnder(publicReport(report)), given));
      expectAlike(run.points[0], values, report);
    });
  }

  it("v0.2.1 says what v0.2 says, and both together count once", () => {
    const files = filesUnder(publicReport(reports));
    const { runs, problems, skipped } = read(files, {});
    expect(problems).toEqual([]);
    expect(runs.map((run) => [run.files, run.configuration.acceleratorCount])).toEqual([
      [["br_v0_1_example.yaml"], 17],
      [["br_v0_2_1_example.yaml"], 16],
    ]);
    expect(skipped).toEqual([{ file: "br_v0_2_example.yaml", reason: "the same report as br_v0_2_1_example.yaml" }]);
  });

  it("a fragment beside its stage file is left out: one run of two stages", () => {
    const result = read(filesUnder(publicReport("inference-perf/v0.5-two-stage-run")));
    expect(onlyRun(result).points).toHaveLength(2);
    expect(onlyRun(result).format).toBe("inference-perf");
  });
});
