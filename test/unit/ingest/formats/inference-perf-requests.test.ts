import { describe, expect, it } from "vitest";
import { inferencePerfRequests } from "../../../../lib/ingest/formats/inference-perf/inference-perf-requests";
import type { ReadPoint } from "../../../../lib/ingest/report";
import { expectAlike, publicReport } from "../expected-values";
import { filesUnder, fixture, onlyRun, read, textFile } from "../support";

const directory = (name: string) => fixture(`inference-perf/per-request/${name}`);
const onlyPoint = (name: string): ReadPoint | undefined => onlyRun(read(directory(name))).points[0];

describe("a file of single requests of inference-perf, given alone", () => {
  it("pools the loads of the run into one point without a load", () => {
    const run = onlyRun(read(directory("nested")));
    expect(run.qualityFlags).toContain("aggregate_over_stages");
    expect(run.points).toMatchObject([
      { loadKind: null, loadValue: null, requestsCompleted: 3, requestsFailed: 1, durationS: 4 },
    ]);
    expect(run.points[0]?.qualityFlags).toContain("percentiles_from_request_times");
  });

  it("has each latency as the tool defines it", () => {
    const point = onlyPoint("nested");
    // A request of one token has no TTFT: the tool takes it for not streamed.
    expect(point?.ttftMs?.mean).toBeCloseTo(150, 9);
    expect(point?.tpotMs?.mean).toBeCloseTo(150, 9);
    expect(point?.itlMs?.mean).toBeCloseTo((3 * 100 + 8 * 200) / 11, 9);
    expect(point?.ntpotMs?.p50).toBeCloseTo(2000 / 9, 9);
    expect(point?.e2eMs?.p99).toBeCloseTo(1980, 9);
    expect(point).toMatchObject({ outputTokensPerSecond: 3.5, inputTokensPerSecond: 75, totalTokensPerSecond: 78.5 });
  });

  it("says the same in the shapes of v0.2 to v0.4, of v0.5 and of computed metrics", () => {
    const nested = onlyPoint("nested");
    for (const shape of ["flat", "computed"]) {
      const point = onlyPoint(shape);
      for (const field of ["ttftMs", "tpotMs", "itlMs", "ntpotMs", "e2eMs"] as const) {
        expect(point?.[field]?.mean, `${shape} ${field}`).toBeCloseTo(nested?.[field]?.mean ?? 0, 6);
        expect(point?.[field]?.p99, `${shape} ${field}`).toBeCloseTo(nested?.[field]?.p99 ?? 0, 6);
      }
      expect(point?.outputTokensMean).toBe(nested?.outputTokensMean);
    }
  });

  it("of v0.1 knows whole latencies only", () => {
    expect(onlyPoint("v0.1")).toMatchObject({
      ttftMs: null,
      tpotMs: null,
      itlMs: null,
      ntpotMs: null,
      e2eMs: { p50: 1000 },
      outputTokensPerSecond: null,
      inputTokensMean: null,
    });
  });

  it("without streaming has no first token and no gaps", () => {
    expect(onlyPoint("no-streaming")).toMatchObject({ ttftMs: null, tpotMs: null, itlMs: null, e2eMs: { mean: 750 } });
  });

  it("of a run whose configuration has one stage has that stage's load", () => {
    const run = onlyRun(read(directory("one-stage")));
    expect(run.points).toMatchObject([{ loadKind: "request_rate", loadValue: 2.5 }]);
    expect(run.qualityFlags).not.toContain("aggregate_over_stages");
    expect(run.workload).toMatchObject({ dataset: "random", inputTokens: 100, outputTokens: 8 });
    expect(run.files).toEqual(["per_request_lifecycle_metrics.json", "config.yaml"]);
  });

  it("without any success is refused", () => {
    const { runs, problems } = read(directory("all-failed"));
    expect(runs).toEqual([]);
    expect(problems).toMatchObject([{ expected: "at least one successful request" }]);
  });

  it("with a broken record is refused with its place, and with few of a million like it", () => {
    const text = new TextDecoder().decode(directory("nested")[0]?.bytes).replace('"end_time": 2.0', '"end_time": -3.0');
    expect(read([textFile("per_request.json", text)]).problems).toMatchObject([
      { at: "$[1].end_time", value: "-3", expected: "a time after start_time" },
    ]);
    const reader = inferencePerfRequests.reader({ path: "a.json", named: true });
    for (let index = 0; index < 1000; index++) reader.add({ broken: true }, `$[${index}]`);
    expect(reader.finish([]).problems.length).toBeLessThan(50);
  });

  it("beside a summary is left out with that reason", () => {
    const summary = fixture("inference-perf/summary-only");
    const { runs, skipped } = read([...summary, ...directory("nested")]);
    expect(runs.flatMap((run) => run.files)).toEqual(["summary_lifecycle_metrics.json"]);
    expect(skipped).toMatchObject([
      {
        file: "per_request_lifecycle_metrics.json",
        reason: expect.stringMatching(/the summary holds their statistics/),
      },
    ]);
  });
});

describe("what inference-perf writes beside what its client measured", () => {
  it("is refused where it stands alone, with what to give instead", () => {
    for (const [name, reason] of [
      ["prometheus-only", /server-side \(Prometheus\) estimates.*stage_N_lifecycle_metrics/],
      ["sessions-only", /session metrics.*stage_N_lifecycle_metrics/],
    ] as const) {
      const { runs, problems } = read(fixture(`inference-perf/${name}`));
      expect(runs).toEqual([]);
      for (const { message } of problems) expect(message).toMatch(reason);
      expect(problems.length).toBeGreaterThan(0);
    }
  });

  it("of a replayed trace has a placeholder where the rate stands: no load", () => {
    const [point] = onlyRun(read(fixture("inference-perf/trace"))).points;
    expect(point).toMatchObject({ loadKind: null, loadValue: null });
    expect(point?.qualityFlags).toContain("trace_replay");
  });

  it("goodput and rates of images are kept beside the point", () => {
    const [point] = onlyRun(read(fixture("inference-perf/trace"))).points;
    expect(point?.extras).toEqual({
      goodput_percentage: 90,
      request_goodput: 0.9,
      token_goodput: 100,
      images_per_sec: 1.5,
    });
  });
});

describe("the public run with its single requests", () => {
  const files = filesUnder(publicReport("inference-perf/v0.5-two-stage-run"));
  const point = (name: string) =>
    onlyRun(read(files.filter((file) => file.path === name || file.path === "config.yaml"))).points[0];

  it("says from its requests what its own summary says", () => {
    const fromRequests = point("per_request_lifecycle_metrics.json");
    const summary = point("summary_lifecycle_metrics.json");
    for (const field of ["ttftMs", "tpotMs", "itlMs", "ntpotMs", "e2eMs"] as const) {
      for (const statistic of ["mean", "p50", "p90"] as const) {
        expectAlike(fromRequests?.[field]?.[statistic], summary?.[field]?.[statistic], `${field}.${statistic}`);
      }
    }
    for (const field of [
      "requestsCompleted",
      "requestsFailed",
      "durationS",
      "requestRateAchieved",
      "outputTokensPerSecond",
      "inputTokensPerSecond",
      "totalTokensPerSecond",
      "inputTokensMean",
      "outputTokensMean",
      "loadKind",
    ] as const) {
      expectAlike(fromRequests?.[field], summary?.[field], field);
    }
  });

  it("leaves the requests out beside its stages", () => {
    const { skipped, problems } = read(files);
    expect(problems).toEqual([]);
    expect(skipped.map(({ file }) => file)).toContain("per_request_lifecycle_metrics.json");
  });
});
