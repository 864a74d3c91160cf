import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ReadPoint } from "../../../../lib/ingest/report";
import { expectAlike, expectedRecords, publicReport, selectedPoint } from "../expected-values";
import { filesUnder, fixture, onlyRun, read, textFile } from "../support";

const facts = { accelerator: "h100-sxm-80gb", acceleratorCount: 2 };

function loadsOf(points: readonly ReadPoint[]): [string | null, number | null][] {
  return points.map((point) => [point.loadKind, point.loadValue]);
}

/** The JSON text of a fixture, changed. */
function changed(name: string, change: (text: string) => string): ReturnType<typeof textFile> {
  return textFile("changed.json", change(new TextDecoder().decode(fixture(name)[0]?.bytes)));
}

describe("a GuideLLM report of v0.3", () => {
  const run = onlyRun(read(fixture("guidellm/v0.3.json"), {}));
  const [one, all, rated] = run.points;

  it("is one run with one load point a benchmark: one at a time, all at once, a rate", () => {
    expect(loadsOf(run.points)).toEqual([
      ["concurrency", 1],
      ["max", null],
      ["request_rate", 4.5],
    ]);
    expect(run.points.map((point) => point.location)).toEqual([
      "$.benchmarks[0]",
      "$.benchmarks[1]",
      "$.benchmarks[2]",
    ]);
  });

  it("has the model from its worker, lengths from its data, and the user's labels as hints", () => {
    expect(run.configuration).toMatchObject({
      model: "example-org/Example-8B-Instruct",
      accelerator: "h100-sxm-80gb",
      acceleratorCount: 2,
      parallelism: { tensor: 2 },
      server: null,
    });
    expect(run.workload).toMatchObject({ dataset: "synthetic", inputTokens: 256, outputTokens: 128 });
    expect(run.toolVersion).toBeNull();
    expect(run.measuredOn).toBe("2026-01-01T10:00:00.500Z");
  });

  it("gives request latency, written in seconds, in milliseconds like the others", () => {
    expect(one?.ttftMs).toEqual({ mean: 40, p50: 38, p90: 60, p95: 72, p99: 100 });
    expect(one?.e2eMs?.mean).toBeCloseTo(1056, 9);
  });

  it("has TPOT from the inter-token latency, the same as ITL with a caveat, and no NTPOT", () => {
    expect(one?.tpotMs).toEqual({ mean: 8, p50: 7.6, p90: 12, p95: 14.4, p99: 20 });
    expect(one?.itlMs).toEqual(one?.tpotMs);
    expect(one?.qualityFlags).toEqual(expect.arrayContaining(["itl_per_request_mean", "tpot_weighted_by_tokens"]));
    expect(one?.ntpotMs).toBeNull();
  });

  it("has input tokens/s from the total, as the version writes none", () => {
    expect(rated).toMatchObject({ outputTokensPerSecond: 512, totalTokensPerSecond: 1536, inputTokensPerSecond: 1024 });
  });

  it("counts requests cut off at the end neither as completed nor as failed", () => {
    expect(rated).toMatchObject({ requestsCompleted: 240, requestsFailed: 3, extras: { incomplete: 5 } });
    expect(all).toMatchObject({ requestsCompleted: 480, requestsFailed: 0, extras: { incomplete: 64 } });
  });
});

describe("a GuideLLM report of v0.4 and later", () => {
  it("has NTPOT from its time per output token, which counts from the start of the request", () => {
    const run = onlyRun(read(fixture("guidellm/v0.4.json"), facts));
    expect(loadsOf(run.points)).toEqual([
      ["concurrency", 8],
      ["concurrency", 32],
    ]);
    expect(run.workload).toMatchObject({ dataset: "synthetic", inputTokens: 1024, outputTokens: 128 });
    expect(run.points[0]?.ntpotMs?.mean).toBeCloseTo(10.390625, 6);
    expect(run.points[0]).toMatchObject({ durationS: 60, inputTokensMean: 1024, outputTokensMean: 128 });
    expect(run.points[1]).toMatchObject({ requestsCompleted: 600, requestsFailed: 2, inputTokensPerSecond: 10240 });
  });

  it("of 0.6 has its own version, the model from the backend's arguments and the data set by name", () => {
    const run = onlyRun(read(fixture("guidellm/v0.6.json"), facts));
    expect(run.toolVersion).toBe("0.6.0");
    expect(run.configuration.model).toBe("example-org/Example-8B-Instruct");
    expect(run.workload.dataset).toBe("chat-prompts");
  });

  it("sent all at once with a limit the user set is a closed loop of that many, and says that it rose at first", () => {
    const [point] = onlyRun(read(fixture("guidellm/v0.6.json"), facts)).points;
    expect(point).toMatchObject({ loadKind: "concurrency", loadValue: 64 });
    expect(point?.qualityFlags).toContain("ramp_up");
  });

  it("of 0.8 is read from `config`, with groups that are null, and its labels", () => {
    const run = onlyRun(read(fixture("guidellm/v0.8.json"), { acceleratorCount: 1 }));
    expect(run.configuration).toMatchObject({ accelerator: "l40s-48gb", precision: "fp8" });
    expect(run.toolVersion).toBe("0.8.0");
    expect(run.workload).toMatchObject({ dataset: "synthetic", inputTokens: 1024, outputTokens: 128 });
  });

  it("keeps the user's limit beside a rate as a caveat, and takes no notice of the tool's default of 10240", () => {
    const { points } = onlyRun(read(fixture("guidellm/v0.8.json"), { acceleratorCount: 1 }));
    expect(loadsOf(points)).toEqual([
      ["request_rate", 2],
      ["request_rate", 4],
    ]);
    expect(points[0]?.qualityFlags).toContain("max_concurrency_16");
    expect(points[0]?.qualityFlags).not.toContain("max_concurrency_10240");
  });

  it("whose data set shares a prefix or has several turns keeps the measured input length", () => {
    const file = changed("guidellm/v0.4.json", (text) =>
      text.replace(
        "prompt_tokens=1024,output_tokens=128",
        "prompt_tokens=700,output_tokens=128,turns=3,prefix_tokens=9",
      ),
    );
    expect(onlyRun(read([file], facts)).workload).toMatchObject({
      dataset: "synthetic-shared-prefix-multi-turn",
      inputTokens: 1024,
      outputTokens: 128,
    });
  });

  it("without a load we know keeps its figures and says so", () => {
    const file = changed("guidellm/v0.6.json", (text) => text.replaceAll('"type_": "throughput"', '"type_": "replay"'));
    const [point] = onlyRun(read([file], facts)).points;
    expect(point).toMatchObject({ loadKind: null, loadValue: null });
    expect(point?.qualityFlags).toContain("load_unknown");
  });
});

describe("a GuideLLM report in YAML", () => {
  it("is read like JSON; a load measured twice in it opens a second run", () => {
    const { runs, problems } = read(fixture("guidellm/v0.2.yaml"), facts);
    expect(problems).toEqual([]);
    expect(runs.map((run) => loadsOf(run.points))).toEqual([
      [
        ["concurrency", 8],
        ["concurrency", 32],
      ],
      [["concurrency", 8]],
    ]);
    expect(runs[1]?.qualityFlags).toContain("replicate");
    expect(runs[0]?.workload).toMatchObject({ inputTokens: 512, outputTokens: 128 });
  });
});

describe("a GuideLLM table", () => {
  const measured = ({ file: _file, location: _location, measuredOn: _on, ...point }: ReadPoint) => point;

  it("of v0.3 says what its JSON form says, median and list of percentiles included", () => {
    const table = onlyRun(read(fixture("guidellm/v0.3.csv"), {}));
    const report = onlyRun(read(fixture("guidellm/v0.3.json"), {}));
    expect(table.points.map(measured)).toEqual(report.points.map(measured));
    expect(table.configuration).toEqual(report.configuration);
    expect(table.workload).toEqual(report.workload);
    expect(table.measuredOn).toBe("2026-01-01T10:00:00");
    expect(table.points.map((point) => point.location)).toEqual(["line 2", "line 3", "line 4"]);
  });

  it("beside its JSON form is left out with the reason, whatever the order", () => {
    const both = [...fixture("guidellm/v0.3.csv"), ...fixture("guidellm/v0.3.json")];
    for (const files of [both, both.toReversed()]) {
      const result = read(files, {});
      expect(onlyRun(result).files).toEqual(["v0.3.json"]);
      expect(result.skipped).toEqual([
        { file: "v0.3.csv", reason: "every benchmark of it stands in v0.3.json already" },
      ]);
    }
  });

  it("with three header rows is read by group, name and statistic; a sweep's rates come from its profile", () => {
    const run = onlyRun(read(fixture("guidellm/v0.5.csv"), facts));
    expect(loadsOf(run.points)).toEqual([
      ["concurrency", 1],
      ["max", null],
      ["request_rate", 5],
      ["request_rate", 9],
    ]);
    expect(run.points[2]).toMatchObject({
      location: "line 6",
      ttftMs: { mean: 90, p50: 85.5, p90: 135, p95: 162, p99: 225 },
      tpotMs: { mean: 12 },
      requestsCompleted: 300,
      requestsFailed: 3,
      extras: { incomplete: 5 },
      durationS: 60,
      requestRateAchieved: 5,
      outputTokensPerSecond: 640,
      inputTokensPerSecond: 5120,
      totalTokensPerSecond: 5760,
      inputTokensMean: 1024,
      outputTokensMean: 128,
    });
    expect(run.points[2]?.e2eMs?.mean).toBeCloseTo(1614, 9);
    expect(run.points[2]?.ntpotMs?.mean).toBeCloseTo(1614 / 128, 6);
    expect(run).toMatchObject({ toolVersion: "0.5.0", measuredOn: "2026-01-01T10:00:00" });
    expect(run.configuration.model).toBe("example-org/Example-8B-Instruct");
    expect(run.workload).toMatchObject({ dataset: "synthetic", inputTokens: 1024, outputTokens: 128 });
  });

  it("with a row of other width than its header is refused: nobody can tell which column is missing", () => {
    const text = new TextDecoder().decode(fixture("guidellm/v0.5.csv")[0]?.bytes);
    const lines = text.trimEnd().split(/\r?\n/);
    const cut = [...lines.slice(0, -1), lines.at(-1)?.replace(/,0,"\{""version/, ',"{""version')].join("\n");
    const { runs, problems } = read([textFile("benchmarks.csv", cut)], facts);
    expect(runs).toEqual([]);
    expect(problems).toMatchObject([{ file: "benchmarks.csv", at: "line 7" }]);
    expect(problems[0]?.message).toMatch(/give the JSON form/);
  });
});

describe("a GuideLLM report with a trap in it", () => {
  it("without streaming has no TTFT, TPOT or ITL, though zeros are written with a count", () => {
    const [point] = onlyRun(read(fixture("guidellm/no-streaming.json"), { acceleratorCount: 1 })).points;
    expect(point).toMatchObject({ ttftMs: null, tpotMs: null, itlMs: null, ntpotMs: null });
    expect(point?.e2eMs?.mean).toBeGreaterThan(0);
    expect(point?.qualityFlags).not.toContain("itl_per_request_mean");
  });

  it("of which one benchmark completed no request keeps the others, and says which is left out", () => {
    const { runs, problems, skipped } = read(fixture("guidellm/nothing-completed.json"), facts);
    expect(problems).toEqual([]);
    expect(runs.flatMap((run) => run.points)).toHaveLength(1);
    expect(skipped[0]?.reason).toContain("$.benchmarks[1].metrics.request_totals.successful: no request completed");
  });

  it("of v0.1 is refused with the version it needs", () => {
    const { runs, problems } = read(fixture("guidellm/v0.1.json"), facts);
    expect(runs).toEqual([]);
    expect(problems).toMatchObject([{ expected: "a report of GuideLLM 0.2 or later" }]);
    expect(problems[0]?.message).toMatch(/GuideLLM 0\.1/);
  });

  it("with a negative or unreadable figure is refused with its path", () => {
    const file = changed("guidellm/v0.4.json", (text) => text.replace('"mean": 60.0', '"mean": -60.0'));
    expect(read([file], facts).problems).toMatchObject([
      { at: "$.benchmarks[0].metrics.time_to_first_token_ms.successful.mean", expected: "0 or more" },
    ]);
  });

  it("changed in any place is read or refused, never a crash", () => {
    const odd = fc.oneof(
      fc.constantFrom(null, -1, 0, 1e308, "", "inf", "NaN", [], {}, [null], true),
      fc.jsonValue({ maxDepth: 1 }),
    );
    const names = ["guidellm/v0.3.json", "guidellm/v0.6.json", "guidellm/v0.8.json"];
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.nat(), odd, (name, where, value) => {
        const report: unknown = JSON.parse(new TextDecoder().decode(fixture(name)[0]?.bytes));
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
        const { runs, problems } = read([textFile("report.json", JSON.stringify(report))], facts);
        expect(runs.length + problems.length).toBeGreaterThan(0);
        expect(JSON.stringify(runs)).not.toMatch(/:-\d|Infinity|NaN/);
      }),
      { numRuns: 100 },
    );
    fc.assert(
      fc.property(
        fc.constantFrom("guidellm/v0.3.csv", "guidellm/v0.5.csv"),
        fc.nat(),
        fc.string(),
        (name, at, text) => {
          const table = new TextDecoder().decode(fixture(name)[0]?.bytes);
          const cut = at % table.length;
          const { runs, problems } = read(
            [textFile("t.csv", table.slice(0, cut) + text + table.slice(cut + 3))],
            facts,
          );
          expect(runs.length + problems.length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe("values derived by hand from a public GuideLLM report", () => {
  for (const { report, place, values } of expectedRecords("guidellm")) {
    it(`${report}, ${place}`, () => {
      const run = onlyRun(read(filesUnder(publicReport(report)), { ...facts, model: "e2e-mock-model" }));
      expect(run.configuration.model).toBe("e2e-mock-model");
      expectAlike(selectedPoint(run.points, place), values, report);
    });
  }
});
