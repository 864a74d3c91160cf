import { describe, expect, it } from "vitest";
import { aiperf } from "../../../../lib/ingest/formats/aiperf/aiperf";
import { latencyField, METRICS } from "../../../../lib/measurement/latency";
import { expectSoundWhenDamaged } from "../damage";
import { expectAlike, expectedRecords, publicReport } from "../expected-values";
import { filesUnder, fixture, onlyRun, read, textFile } from "../support";

const LATENCY_FIELDS = METRICS.map(latencyField);
const SWEEP = "aiperf/sweep";
const hardware = { acceleratorCount: 1 };
const given = { accelerator: "h100-sxm-80gb", acceleratorCount: 1 };

/** One form of the sweep's single load point: `json`, `csv` or `jsonl`, alone in its folder but for the requests as sent. */
function form(extension: string) {
  return fixture(SWEEP).filter(({ path: name }) => name.endsWith(`.${extension}`) || name.endsWith("inputs.json"));
}

describe("an AIPerf export", () => {
  const json = onlyRun(read(form("json"), hardware));

  it("is one load point with the options, the accelerator of its telemetry and the start of the run", () => {
    expect(json).toMatchObject({
      format: "aiperf",
      tool: "aiperf",
      measuredOn: "2025-11-24T16:00:00.400000",
      configuration: { model: "example-org/Example-8B-Instruct", accelerator: "h100-sxm-80gb", acceleratorCount: 1 },
      workload: { dataset: "synthetic", inputTokens: 102, outputTokens: 21 },
    });
    expect(json.points).toMatchObject([
      {
        loadKind: "concurrency",
        loadValue: 4,
        requestsCompleted: 40,
        requestsFailed: 1,
        durationS: 15.886,
        ntpotMs: null,
      },
    ]);
  });

  it("does not tell how many accelerators served, though its telemetry lists some", () => {
    expect(read(form("json"), {}).problems.map(({ message }) => message)).toEqual([
      expect.stringContaining("does not say the number of accelerators"),
    ]);
  });

  it("as single requests has the same figures as its own summary", () => {
    const [stated] = json.points;
    const [computed] = onlyRun(read(form("jsonl"), given)).points;
    for (const field of LATENCY_FIELDS) {
      for (const [statistic, value] of Object.entries(stated?.[field] ?? {})) {
        expect(computed?.[field]?.[statistic as "mean"], `${field} ${statistic}`).toBeCloseTo(Number(value), 9);
      }
    }
    expect(computed).toMatchObject({
      loadKind: "concurrency",
      loadValue: 4,
      requestsCompleted: 40,
      requestsFailed: 1,
      inputTokensMean: stated?.inputTokensMean,
      outputTokensMean: stated?.outputTokensMean,
      qualityFlags: [
        "percentiles_from_request_times",
        "load_from_directory_name",
        "percentiles_of_few_requests",
        "requests_failed",
        "throughput_inconsistent_with_latency",
      ],
    });
    expect(computed?.outputTokensPerSecond).toBeCloseTo(Number(stated?.outputTokensPerSecond), 4);
  });

  it("as single requests takes the model from the requests as sent, whose prompts are not kept", () => {
    const run = onlyRun(read(form("jsonl"), given));
    expect(run.configuration.model).toBe("example-org/Example-8B-Instruct");
    expect(run.measuredOn).toBe("2025-11-24T16:00:00.400Z");
    expect(run.files.some((file) => file.endsWith("inputs.json"))).toBe(false);
  });

  it("as CSV has the same figures to two decimals, the GPUs behind them left out", () => {
    const [stated] = json.points;
    const [rounded] = onlyRun(read(form("csv"), { ...given, model: "a/b" })).points;
    for (const field of LATENCY_FIELDS) {
      for (const [statistic, value] of Object.entries(stated?.[field] ?? {})) {
        expect(rounded?.[field]?.[statistic as "mean"], `${field} ${statistic}`).toBeCloseTo(Number(value), 1);
      }
    }
    expect(rounded).toMatchObject({ loadKind: "concurrency", loadValue: 4, requestsCompleted: 40, requestsFailed: 1 });
  });

  it("in all forms at once counts once: JSON before single requests before CSV", () => {
    const result = read(fixture(SWEEP), hardware);
    expect(onlyRun(result).points.map(({ file }) => file.split("/").at(-1))).toEqual(["profile_export_aiperf.json"]);
    const withoutJson = read(
      fixture(SWEEP).filter(({ path: name }) => !name.endsWith("aiperf.json")),
      given,
    );
    expect(onlyRun(withoutJson).points.map(({ file }) => file.split("/").at(-1))).toEqual(["profile_export.jsonl"]);
    const renamed = fixture(SWEEP).map((file) => ({
      ...file,
      path: file.path.replace("profile_export.jsonl", "requests.jsonl"),
    }));
    expect(onlyRun(read(renamed, hardware)).points).toHaveLength(1);
  });

  it("of 2026 says its own version, its units, its phases and that it was stopped", () => {
    const run = onlyRun(read(fixture("aiperf/2026.json"), given));
    expect(run).toMatchObject({ toolVersion: "0.13.0", measuredOn: "2026-06-01T10:00:00Z" });
    expect(run.points).toMatchObject([
      {
        loadKind: "request_rate",
        loadValue: 5,
        requestsFailed: 0,
        durationS: 100,
        ttftMs: { mean: 120, p50: 110, p90: 180, p95: 200, p99: 260 },
        tpotMs: { mean: 9, p50: 8.8, p90: null, p95: null, p99: 14 },
        itlMs: null,
        e2eMs: { mean: 2000, p99: 2900 },
        totalTokensPerSecond: 3500,
        qualityFlags: ["run_cancelled", "max_concurrency_64"],
        extras: { goodput: 4.5 },
      },
    ]);
  });

  it("of a run in which every request failed is refused", () => {
    expect(read(fixture("aiperf/all-failed.json"), given).problems[0]?.message).toContain("no request completed");
  });

  it("without the load in options or folder has none", () => {
    const files = form("jsonl").map((file) => ({ ...file, path: file.path.split("/").at(-1) ?? "" }));
    expect(onlyRun(read(files, given)).points).toMatchObject([{ loadKind: null, loadValue: null }]);
  });
});

describe("single requests of AIPerf", () => {
  const lines = () =>
    new TextDecoder().decode(form("jsonl").find(({ path: name }) => name.endsWith("l"))?.bytes).split("\n");

  it("can be read one by one, without holding the file", () => {
    const reader = aiperf.records?.reader({ path: "run-concurrency4/profile_export.jsonl", named: true });
    for (const [index, line] of lines().entries()) if (line !== "") reader?.add(JSON.parse(line), `line ${index + 1}`);
    const [draft] = reader?.finish([]).drafts ?? [];
    expect(draft?.points).toMatchObject([{ requestsCompleted: 40, loadValue: 4, ttftMs: { mean: 45.175 } }]);
  });

  it("are recognised by the first, also where it failed", () => {
    expect(aiperf.records?.sniff(JSON.parse(lines().at(-2) ?? ""))).toBe(true);
    expect(aiperf.records?.sniff({ metadata: { request_start_ns: 1 }, payload: {} })).toBe(false);
    expect(aiperf.records?.sniff([])).toBe(false);
  });

  it("name line and path of what is no time, and few of many such lines", () => {
    const broken = lines().map((line) =>
      line.replace('"time_to_first_token": {"value": ', '"time_to_first_token": {"value": -'),
    );
    const { runs, problems } = read([textFile("p.jsonl", broken.join("\n"))], { ...given, model: "a/b" });
    expect(runs).toEqual([]);
    expect(problems[0]).toMatchObject({ at: "line 2, $.metrics.time_to_first_token.value", expected: "0 or more" });
  });

  it("of which none succeeded are refused", () => {
    const failed = lines().filter((line) => line.includes("RequestCancellationError"));
    expect(read([textFile("p.jsonl", failed.join("\n"))], given).problems[0]?.message).toContain(
      "no request completed",
    );
  });
});

it("a damaged AIPerf export is read or refused, never half of it", () => {
  const reports = [
    ...fixture(SWEEP).filter(({ path: name }) => !name.endsWith("inputs.json")),
    ...fixture("aiperf/2026.json"),
  ];
  expectSoundWhenDamaged(reports);
});

describe("public AIPerf exports", () => {
  for (const { report, values } of expectedRecords("aiperf")) {
    it(`${report} has the values derived by hand`, () => {
      const [point] = onlyRun(read(filesUnder(publicReport(report)), given)).points;
      expectAlike(point, values, report);
    });
  }

  it("are read from their folders, single requests beside a summary left out", () => {
    const { runs, problems, skipped } = read(filesUnder(publicReport("aiperf")), given);
    expect(problems).toEqual([]);
    expect(runs.flatMap((run) => run.points.map(({ loadValue }) => loadValue))).toEqual([1, 2]);
    expect(skipped.map(({ file }) => file)).toEqual(["2025-qwen_concurrency1/profile_export.jsonl"]);
  });

  it("as single requests are a load point of their own", () => {
    const file = publicReport("aiperf/2025-qwen_concurrency1/profile_export.jsonl");
    const [point] = onlyRun(read(filesUnder(file), { ...given, model: "Qwen/Qwen3-0.6B" })).points;
    expect(point).toMatchObject({ requestsCompleted: 3, inputTokensMean: 100, outputTokensMean: 200 });
    // (31.742934 + 31.274152 + 30.201074) / 3
    expect(point?.ttftMs?.mean).toBeCloseTo(31.07272, 9);
    expect(point?.tpotMs?.mean).toBeCloseTo(point?.itlMs?.mean ?? 0, 9);
  });

  it("ask for the accelerator where the catalogue lacks the one in the telemetry", () => {
    const { problems } = read(filesUnder(publicReport("aiperf/2025-qwen_concurrency2")), hardware);
    expect(problems[0]?.message).toContain("NVIDIA RTX 6000 Ada Generation");
  });
});
