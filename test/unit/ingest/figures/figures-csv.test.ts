import { readFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { figuresRows } from "../../../../lib/export/figures-csv-write";
import { figuresCsvColumns } from "../../../../lib/ingest/figures/figures-columns";
import { pointContentIds } from "../../../../lib/measurement/identity";
import { latencyField, METRICS, STATISTICS } from "../../../../lib/measurement/latency";
import { emptyMeasurement, type Measurement } from "../../../../lib/measurement/measurement";
import { fixture, onlyRun, projectRoot, read, textFile } from "../support";
import { figuresTable } from "./figures-table";

const HEADER = "model,accelerator,accelerator_count,load_kind,load_value,output_tokens_per_second";
const table = (...rows: string[]) => textFile("dir/my-figures.csv", [HEADER, ...rows].join("\n"));

describe("a figures table", () => {
  const { runs, problems } = read(fixture("figures"), {});

  it("groups its rows into runs by configuration, workload, source and series", () => {
    expect(problems).toEqual([]);
    expect(runs.map((run) => run.points.map((point) => point.loadValue))).toEqual([[1, 8], [2.5], [null]]);
    expect(runs[0]).toMatchObject({
      seriesKey: "sweep-1",
      measuredOn: "2026-05-05",
      source: { name: "example-lab", url: "https://example.org/benchmarks", licence: "CC-BY-4.0" },
      configuration: { accelerator: "h100-sxm-80gb", parallelism: { label: "tp2", tensor: 2 } },
    });
    expect(runs[0]?.points.map((point) => point.measuredOn)).toEqual(["2026-05-04", "2026-05-05"]);
  });

  it("keeps measured and derived throughput apart", () => {
    const [measured, derived] = runs[0]?.points ?? [];
    expect(measured).toMatchObject({ outputTokensPerSecond: 90, outputTokensPerSecondDerived: null });
    // Little's law: 8 × 128 ÷ (70 ms + 12.8 ms × 127)
    expect(derived?.outputTokensPerSecond).toBeNull();
    expect(derived?.outputTokensPerSecondDerived).toBeCloseTo((8 * 128) / 1.6956, 9);
    expect(derived?.qualityFlags).toEqual(["wip_run", "consumer_gpu", "nominal_token_lengths", "est_throughput"]);
  });

  it("keeps its rows in their order, and the day of each, where the days of a series alternate", () => {
    const header = `${HEADER},series,measured_on,input_tokens,output_tokens`;
    const days = ["2026-05-02", "2026-05-02", "2026-05-01", "2026-05-02", "2026-05-01"];
    const rows = days.map((day, index) => `org/m,h100-sxm-80gb,1,concurrency,${index + 1},90,s,${day},128,128`);
    const run = onlyRun(read([textFile("days.csv", [header, ...rows].join("\n"))], {}));
    expect(run.points.map((point) => [point.loadValue, point.measuredOn])).toEqual(
      days.map((day, index) => [index + 1, day]),
    );
    expect(run.measuredOn).toBe("2026-05-02");
  });

  it("says of each row what is wrong with facts that several rows share", () => {
    const header = `${HEADER},input_tokens,output_tokens`;
    const rows = [1, 2, 3].map((load) => `org/m,no-such-thing,1,concurrency,${load},90,128,128`);
    const { problems } = read([textFile("wrong.csv", [header, ...rows].join("\n"))], {});
    expect(problems.map(({ at }) => at)).toEqual([2, 3, 4].map((line) => `line ${line}, column accelerator`));
  });

  it("resolves accelerators by alias and keeps a workload's own name", () => {
    expect(runs[1]).toMatchObject({
      configuration: { accelerator: "mi300x-192gb", server: null },
      workload: { workloadId: "example-chat", dataset: null, inputTokens: null, outputTokens: null },
    });
    expect(runs[2]?.configuration.accelerator).toBe("tpu-v6e");
  });

  it("takes its file's name as the source where neither row nor flags name one", () => {
    const rows = "example-org/Example-8B-Instruct,mi300x,1,max,,100";
    expect(onlyRun(read([table(rows)], {})).source.name).toBe("my-figures");
    expect(onlyRun(read([table(rows)], { sourceName: "lab" })).source.name).toBe("lab");
  });

  it("lets flags fill empty cells and never change filled ones", () => {
    const run = onlyRun(
      read([table("example-org/Example-8B-Instruct,mi300x,1,max,,100")], {
        precision: "FP8",
        accelerator: "l40s",
        acceleratorCount: 8,
      }),
    );
    expect(run.configuration).toMatchObject({ accelerator: "mi300x-192gb", acceleratorCount: 1, precision: "fp8" });
  });

  it("reads a row whatever the order of columns, with semicolons, CRLF, a byte-order mark and empty rows", () => {
    const plain = onlyRun(read([table("org/m,mi300x,1,concurrency,4,100.5")], {}));
    const shuffled =
      "\ufeffload_value;output_tokens_per_second;load_kind;accelerator_count;accelerator;model\r\n4;100.5;concurrency;1;MI300X;org/m\r\n;;;;;\r\n";
    const other = onlyRun(read([textFile("x/my-figures.csv", shuffled)], {}));
    expect(other.configuration).toEqual(plain.configuration);
    const ids = [plain, other].map((run) => pointContentIds(run, run.points));
    expect(ids[0]).toEqual(ids[1]);
  });

  it.each([
    ["org/m,mi300x,1,concurrency,4,-1", "line 2, column output_tokens_per_second", "0 or more"],
    ["org/m,mi300x,1,concurrency,4,NaN", "line 2, column output_tokens_per_second", "a number"],
    ['org/m,mi300x,1,concurrency,4,"1,024"', "line 2, column output_tokens_per_second", "no thousands separators"],
    ["org/m,mi300x,1,concurrency,4,1e300", "line 2, column output_tokens_per_second", "a number below"],
    ["org/m,mi300x,0,concurrency,4,1", "line 2, column accelerator_count", "a whole number, 1 or more"],
    ["org/m,mi300x,1,concurrency,0,1", "line 2, column load_value", "a number above 0"],
    ["org/m,mi300x,1,concurrency,,1", "line 2, column load_value", "the load"],
    ["org/m,mi300x,1,max,4,1", "line 2, column load_value", "an empty cell"],
    ["org/m,mi300x,1,qps,4,1", "line 2, column load_kind", "one of concurrency, request_rate, max"],
    ["org/m,mi300x,1,concurrency,4,", "line 2", "at least one measured value"],
    ["org/m,mi999,1,concurrency,4,1", "line 2, column accelerator", "a catalogue id"],
    ["org/m,a100,1,concurrency,4,1", "line 2, column accelerator", "one of a100-sxm-40gb, a100-sxm-80gb"],
    ["org/m,mi300x,1,concurrency,4", "line 2", "6 cells"],
    ['org/m,"mi300x,1,concurrency,4,1', "line", "CSV"],
  ])("refuses %s, naming line, column and what was expected", (row, at, expected) => {
    const result = read([table(row)], {});
    expect(result.runs).toEqual([]);
    expect(result.problems[0]?.at).toContain(at);
    expect(result.problems[0]?.expected).toContain(expected);
  });

  it("says where an accelerator is added that nobody knows yet", () => {
    const text =
      "model,accelerator,accelerator_count,load_kind,load_value,ttft_ms_p50\norg/m,z9000,1,concurrency,1,5\n";
    const [problem] = read([textFile("a.csv", text)], {}).problems;
    expect(problem?.message).toMatch(/"z9000" is not in the catalogue; nearest: \S+, .*added with iq catalogue add/);
  });

  it("names a misspelt column's nearest known one, and each missing column once", () => {
    const misspelt = read([textFile("a.csv", `${HEADER},ttft_p95_ms\norg/m,mi300x,1,max,,1,2`)], {});
    expect(misspelt.problems).toMatchObject([
      { at: "line 1, column ttft_p95_ms", expected: "a known column, e.g. ttft_ms_p95" },
    ]);
    const missing = read([textFile("a.csv", "model,load_kind,output_tokens_per_second\norg/m,max,1\norg/n,max,2")], {});
    expect(missing.problems.map((item) => item.at)).toEqual([
      "line 1, no column accelerator",
      "line 1, no column accelerator_count",
    ]);
    expect(missing.problems[0]?.message).toContain("--accelerator");
  });

  it("contributes nothing when one row is wrong, and lists no more problems than a person reads", () => {
    const rows = Array.from({ length: 200 }, () => "org/m,mi300x,1,concurrency,4,x");
    const result = read([table("org/m,mi300x,1,concurrency,4,1", ...rows)], {});
    expect(result.runs).toEqual([]);
    expect(result.problems).toHaveLength(51);
    expect(result.problems.at(-1)?.message).toContain("150 more problems");
  });

  it("as documented is understood, and every column is documented", () => {
    const page = readFileSync(path.join(projectRoot, "docs/figures-format.md"), "utf8");
    const example = /```csv\n([\s\S]*?)```/.exec(page)?.[1] ?? "";
    expect(onlyRun(read([textFile("example.csv", example)], {})).points).toHaveLength(2);
    for (const name of figuresCsvColumns) expect(page).toContain(`\`${name}\``);
    const side = /```yaml\n([\s\S]*?)```/.exec(page)?.[1] ?? "";
    const withSide = read(
      [textFile("a.csv", "model,load_kind,output_tokens_per_second\norg/m,max,1"), textFile("iq.yaml", side)],
      {},
    );
    expect(onlyRun(withSide).configuration).toMatchObject({ serverVersion: "0.10.0", acceleratorCount: 2 });
  });
});

describe("a written figures table", () => {
  it("reads back as the same runs with the same identities", () => {
    const runs = [...read(fixture("figures"), {}).runs, ...read(fixture("inference-perf/run"), {}).runs];
    const back = read([textFile("export.csv", figuresTable(runs.flatMap(figuresRows)))], {});
    expect(back.problems).toEqual([]);
    expect(back.runs.map((run) => run.configuration)).toEqual(runs.map((run) => run.configuration));
    const idsOf = (all: typeof runs) => all.flatMap((run) => pointContentIds(run, run.points));
    expect(idsOf(back.runs)).toEqual(idsOf(runs));
  });

  it("keeps every value and every text, whatever they hold", () => {
    const value = fc.option(fc.double({ min: 1e-6, max: 1e12, noNaN: true }), { nil: null });
    const text = fc
      .string({ minLength: 1, maxLength: 40 })
      .map((word) => word.replace(/\p{C}/gu, "").trim())
      .filter((word) => word !== "");
    fc.assert(
      fc.property(fc.array(value, { minLength: 25, maxLength: 25 }), text, text, (values, reference, sourceName) => {
        const [run] = read(fixture("figures"), {}).runs;
        if (run === undefined) throw new Error("fixture missing");
        const measurement: Measurement = {
          ...emptyMeasurement(),
          loadKind: "request_rate",
          loadValue: 2,
          totalTokensPerSecond: 5,
          inputTokensMean: 1000.5,
          outputTokensMean: 127.5,
          sourceRef: reference,
        };
        for (const [row, metric] of METRICS.entries()) {
          const statistics = { mean: null, p50: null, p90: null, p95: null, p99: null };
          for (const [column, statistic] of STATISTICS.entries()) {
            Object.assign(statistics, { [statistic]: values[row * STATISTICS.length + column] ?? null });
          }
          if (Object.values(statistics).some((known) => known !== null)) measurement[latencyField(metric)] = statistics;
        }
        const written = figuresTable(
          figuresRows({ ...run, source: { ...run.source, name: sourceName }, points: [measurement] }),
        );
        const back = onlyRun(read([textFile("export.csv", written)], {}));
        expect(back.source.name).toBe(sourceName);
        const { qualityFlags: _, ...expected } = measurement;
        expect(back.points[0]).toMatchObject(expected);
      }),
      { numRuns: 60 },
    );
  });
});
