import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { askedTables, columnAnswersPath } from "../../../../lib/ingest/columns/asked-tables";
import { columnMapping } from "../../../../lib/ingest/columns/column-mapping";
import { columnMappingYaml } from "../../../../lib/ingest/columns/column-mapping-write";
import { suggestMapping } from "../../../../lib/ingest/columns/suggest-mapping";
import { figuresCsvColumns } from "../../../../lib/ingest/figures/figures-columns";
import type { GivenFacts, HeldFile, ReadResult } from "../../../../lib/ingest/report";
import { complete, fixture, onlyRun, read, textFile } from "../support";

const MAPPING = `columns:
  users: load_value
  TTFT: { field: ttft_ms_p95, unit: s }
  tput: { field: output_tokens_per_second, unit: tokens/s per accelerator }
load_kind: concurrency
`;

function table(
  rows: readonly string[],
  more: { mapping?: string; header?: string; given?: GivenFacts } = {},
): ReadResult {
  const text = [more.header ?? "users,TTFT,tput", ...rows].join("\n");
  return read(
    [textFile("t/results.csv", text), textFile("iq.columns.yaml", more.mapping ?? MAPPING)],
    more.given ?? complete,
  );
}

describe("a table with a column mapping", () => {
  const result = read(fixture("csv-with-mapping/load-test"), {});
  const run = onlyRun(result);

  it("becomes runs with every fact its columns state", () => {
    expect(run).toMatchObject({
      format: "csv-with-mapping",
      tool: null,
      source: { name: "results" },
      configuration: {
        model: "example-org/Example-8B-Instruct",
        accelerator: "h100-sxm-80gb",
        acceleratorCount: 2,
        server: "vllm",
        precision: "fp8",
      },
      workload: { inputTokens: 1024, outputTokens: 128 },
    });
    expect(run.points.map((point) => [point.loadKind, point.loadValue])).toEqual([
      ["concurrency", 1],
      ["concurrency", 8],
      ["concurrency", 64],
    ]);
  });

  it("has its units converted once, exactly, and thousands separators understood", () => {
    expect(run.points.map((point) => point.ttftMs?.p95)).toEqual([70, 90, 410]);
    expect(run.points.map((point) => point.tpotMs?.mean)).toEqual([7.5, 8.1, 14.25]);
    expect(run.points.map((point) => point.outputTokensPerSecond)).toEqual([120.4, 1012.7, 4010]);
    expect(run.points.map((point) => point.durationS)).toEqual([300, 300, 300]);
    expect(run.points.map((point) => point.location)).toEqual(["line 2", "line 3", "line 4"]);
  });

  it("keeps the mapping with the table as provenance", () => {
    expect(run.files).toEqual(["results.csv", "iq.columns.yaml"]);
  });

  it("says which rows and columns were not read", () => {
    expect(result.notes).toEqual([
      "results.csv: line 5 holds no measured value and is left out.",
      'results.csv: not read, because iq.columns.yaml does not name them: "Comment".',
    ]);
  });

  it("is multiplied up by the accelerators said beside it, reads decimal commas, and an infinite rate as everything at once", () => {
    const perGpu = onlyRun(read(fixture("csv-with-mapping/per-gpu"), {}));
    expect(perGpu.configuration).toMatchObject({ accelerator: "mi300x-192gb", acceleratorCount: 8 });
    expect(perGpu.points.map((point) => [point.loadKind, point.loadValue, point.outputTokensPerSecond])).toEqual([
      ["request_rate", 0.5, 962],
      ["request_rate", 2, 3840],
      ["max", null, 9684],
    ]);
    expect(perGpu.points.map((point) => [point.ttftMs?.p50, point.e2eMs?.p99])).toEqual([
      [85, 2100],
      [92.5, 2600],
      [1450, 14000],
    ]);
    expect(perGpu.points.every((point) => point.qualityFlags.includes("derived_from_per_gpu"))).toBe(true);
    expect(perGpu.files).toEqual(["sweep.csv", "iq.yaml", "iq.columns.yaml"]);
  });

  it("is read by the first of several mappings all of whose columns it has", () => {
    const several = read(fixture("csv-with-mapping/several"));
    expect(several.problems).toEqual([]);
    expect(several.runs.map((item) => item.files)).toEqual([
      ["locust/stats.csv", "iq.columns.locust.yaml"],
      ["sheet/figures.csv", "iq.columns.sheet.yaml"],
    ]);
    expect(several.runs[1]?.points.map((point) => point.ttftMs?.mean)).toEqual([61, 99.0005]);
  });

  it("is read by the nearest mapping, and by a person's answer before that", () => {
    const csv = textFile("a/b/t.csv", "users,TTFT\n1,2\n");
    const mapping = (unit: string) =>
      `columns: {users: load_value, TTFT: {field: ttft_ms_p50, unit: ${unit}}}\nload_kind: concurrency\n`;
    const far = textFile("iq.columns.yaml", mapping("us"));
    const near = textFile("a/b/iq.columns.yml", mapping("s"));
    const answer = textFile("iq.columns.answers.yaml", mapping("ms"));
    expect(onlyRun(read([csv, far])).points[0]?.ttftMs?.p50).toBe(0.002);
    expect(onlyRun(read([csv, far, near])).points[0]?.ttftMs?.p50).toBe(2000);
    const answered = read([csv, far, near, answer]);
    expect(onlyRun(answered).points[0]?.ttftMs?.p50).toBe(2);
    expect(answered.notes).toEqual([
      "iq.columns.yaml was not used: no table here needs it.",
      "a/b/iq.columns.yml was not used: no table here needs it.",
    ]);
  });

  it("per accelerator asks for their number where nobody says it, and stores nothing until then", () => {
    const { accelerator = "", model = "" } = complete;
    const asked = table(["1,0.5,100"], { given: { accelerator, model } });
    expect(asked.runs).toEqual([]);
    expect(asked.problems).toMatchObject([{ file: "t/results.csv", fact: "accelerator_count" }]);
    expect(onlyRun(table(["1,0.5,100"])).points[0]?.outputTokensPerSecond).toBe(200);
  });

  it("per accelerator takes the number a row states before that of a flag", () => {
    const mapping = MAPPING.replace("columns:", "columns:\n  gpus: accelerator_count");
    const { runs } = table(["1,0.5,100,8x", "2,0.5,100,4"], { mapping, header: "users,TTFT,tput,gpus" });
    expect(runs.map((item) => [item.configuration.acceleratorCount, item.points[0]?.outputTokensPerSecond])).toEqual([
      [8, 800],
      [4, 400],
    ]);
  });

  it("may repeat its unit in the cells, but not contradict it", () => {
    expect(onlyRun(table(["1,0.5 s,100 tok/s"])).points[0]).toMatchObject({
      ttftMs: { p95: 500 },
      outputTokensPerSecond: 200,
    });
    expect(table(["1,500 ms,100"]).problems).toMatchObject([
      { at: "line 2, column TTFT", value: "500 ms", expected: "a number in s, as the mapping says" },
    ]);
  });

  it("takes zeros of what is never zero as not measured, and says so", () => {
    const { runs, notes } = table(["1,0,100", "2,0,0", "3,0.5,100"]);
    expect(runs[0]?.points.map((point) => [point.loadValue, point.ttftMs?.p95 ?? null])).toEqual([
      [1, null],
      [3, 500],
    ]);
    expect(notes).toEqual([
      "t/results.csv: line 3 holds no measured value and is left out.",
      't/results.csv: 2 zeros in "TTFT" are taken as not measured.',
      't/results.csv: 1 zero in "tput" is taken as not measured.',
    ]);
  });

  it.each([
    ["1,fast,100", "line 2, column TTFT", "a number such as 1,234.5"],
    ["1,-0.5,100", "line 2, column TTFT", "0 or more"],
    ["1,1e300,100", "line 2, column TTFT", "a number below"],
    ['1,"0,512",100', "line 2, column TTFT", "decimal: comma"],
    [",0.5,100", "line 2, column users", "the load"],
    ["0,0.5,100", "line 2, column users", "a number above 0"],
    ["1,0.5,100,more", "line 2", "3 cells"],
    ["1,-,n/a", "", "at least one row"],
  ])("with the row %j is refused with line and column", (row, at, expected) => {
    const { runs, problems } = table([row]);
    expect(runs).toEqual([]);
    expect(problems).toMatchObject([{ file: "t/results.csv", at, expected: expect.stringContaining(expected) }]);
  });

  it("in which a comma can be read both ways wants to be told which", () => {
    const options = { header: "users;TTFT;tput" };
    expect(table(["1;1,234;100"], options).problems[0]?.expected).toContain("decimal: point or decimal: comma");
    const told = (mark: string) =>
      onlyRun(table(["1;1,234;100"], { ...options, mapping: `${MAPPING}decimal: ${mark}\n` }));
    expect(told("point").points[0]?.ttftMs?.p95).toBe(1_234_000);
    expect(told("comma").points[0]?.ttftMs?.p95).toBe(1234);
  });

  it("whose mapped column stands twice is refused", () => {
    expect(table(["1,0.5,100,1"], { header: "users,TTFT,tput,TTFT" }).problems).toMatchObject([
      { at: "line 1, column TTFT", expected: "a column of its own" },
    ]);
  });

  it("waits until a broken mapping is mended", () => {
    const broken = table(["1,0.5,100"], { mapping: MAPPING.replace("ttft_ms_p95", "ttft") });
    expect(broken.runs).toEqual([]);
    expect(broken.problems).toMatchObject([{ file: "iq.columns.yaml" }]);
    expect(broken.skipped).toContainEqual({
      file: "t/results.csv",
      reason: "its column mapping iq.columns.yaml has problems: mend that first",
    });
  });

  it("leaves a table in a format of its own to that format", () => {
    const figures =
      "model,accelerator,accelerator_count,load_kind,load_value,ttft_ms_p95\norg/m,mi300x,1,concurrency,1,5\n";
    const mapping = "columns: {load_value: load_value, ttft_ms_p95: ttft_ms_p50}\nload_kind: concurrency\n";
    const own = read([textFile("f.csv", figures), textFile("iq.columns.yaml", mapping)], {});
    expect(onlyRun(own)).toMatchObject({ format: "figures-csv", points: [{ ttftMs: { p50: null, p95: 5 } }] });
    expect(own.notes).toEqual(["iq.columns.yaml was not used: no table here needs it."]);
  });

  it("may be a figures table but for some columns", () => {
    const text = "model,accelerator,accelerator_count,users,TTFT\norg/m,mi300x,1,4,0.5\n";
    const mapping = `columns:
  model: model
  accelerator: accelerator
  accelerator_count: accelerator_count
  users: load_value
  TTFT: { field: ttft_ms_mean, unit: s }
load_kind: concurrency
`;
    const mapped = onlyRun(read([textFile("f.csv", text), textFile("iq.columns.yaml", mapping)], {}));
    expect(mapped).toMatchObject({ format: "csv-with-mapping", points: [{ loadValue: 4, ttftMs: { mean: 500 } }] });
  });
});

describe("a table nobody explains", () => {
  const [unmapped] = fixture("csv-with-mapping/unmapped.csv");
  const bytes = unmapped?.bytes ?? new Uint8Array();

  it("is refused with its columns, its first rows and the next step", () => {
    const { problems, runs } = read([{ path: "unmapped.csv", bytes, named: true }]);
    expect(runs).toEqual([]);
    expect(problems).toHaveLength(1);
    expect(problems[0]?.columns).toEqual({
      header: ["Concurrent users", "TTFT p95 (s)", "Tok/s/GPU", "GPU", "Comment"],
      sample: [
        ["1", "0.41", "120", "H100 SXM", "first"],
        ["8", "0.5", "900", "H100 SXM", ""],
      ],
    });
    expect(problems[0]?.message).toContain('"Concurrent users", "TTFT p95 (s)"');
    expect(problems[0]?.message).toContain("iq columns unmapped.csv -o iq.columns.yaml");
  });

  it("is refused too where it lies among others and looks like results, and only left out where it does not", () => {
    const beside = (csv: HeldFile) => read([...fixture("figures"), csv], {});
    expect(beside({ path: "unmapped.csv", bytes }).problems).toMatchObject([{ file: "unmapped.csv" }]);
    const power = beside(textFile("power.csv", "timestamp,watts\n2026-01-01,300\n"));
    expect(power.problems).toEqual([]);
    expect(power.skipped).toContainEqual({ file: "power.csv", reason: "it is in no format we read" });
  });

  it("without a number in it is nothing to map", () => {
    const { problems } = read([textFile("words.csv", "name,city\na,b\n")]);
    expect(problems[0]?.columns).toBeUndefined();
    expect(problems[0]?.message).toContain("holds no results we can read");
  });

  it("is told which column a mapping lacks to fit it", () => {
    const { problems, notes } = table(["1,0.5,100"], { header: "users,TTFT (s),tput" });
    expect(problems[0]?.message).toContain(
      'iq.columns.yaml does not fit it: the table has no column "TTFT" (nearest in the table: "TTFT (s)").',
    );
    expect(notes).toEqual(["iq.columns.yaml was not used: no table here needs it."]);
  });

  it("is understood with columns that start with a number or a sign", () => {
    const { problems } = read([textFile("stats.csv", "Type,# users,99th pct TTFT,50%\nPOST,4,100,90\n")]);
    expect(problems[0]?.columns?.header).toEqual(["Type", "# users", "99th pct TTFT", "50%"]);
  });

  it("that is a figures table with a slip of the pen is told the right name, and can be mapped as well", () => {
    const text =
      "model,accelerator,accelerator_count,load_kind,load_value,ttft_p95_ms\norg/m,mi300x,1,concurrency,1,5\n";
    const { problems } = read([textFile("f.csv", text)], {});
    expect(problems).toHaveLength(1);
    expect(problems[0]?.message).toContain("unknown column; the nearest known one is ttft_ms_p95");
    expect(problems[0]?.columns?.header).toContain("ttft_p95_ms");
  });

  it("is asked about once for all files with the same columns, and the answer put above them all", () => {
    const { problems } = read([
      { path: "a/one/x.csv", bytes },
      { path: "a/two/y.csv", bytes },
      textFile("b.csv", "users,p95 TTFT ms\n1,5\n"),
    ]);
    const tables = askedTables(problems);
    expect(tables.map(({ files }) => files)).toEqual([["b.csv"], ["a/one/x.csv", "a/two/y.csv"]]);
    expect(tables.map((item) => columnAnswersPath(item, new Set(["iq.columns.answers.yaml"])))).toEqual([
      "iq.columns.2.answers.yaml",
      "a/iq.columns.answers.yaml",
    ]);
  });

  it("is read by its own suggestion, once confirmed", () => {
    const { problems } = read([textFile("u.csv", new TextDecoder().decode(bytes))]);
    const { header = [], sample = [] } = problems[0]?.columns ?? {};
    const { columns, loadKind, decimal } = suggestMapping(header, sample);
    const { mapping, faults } = columnMapping(columns, { loadKind, decimal, notMeasured: [] });
    expect(faults).toEqual([]);
    const run = onlyRun(read([{ path: "u.csv", bytes }, textFile("iq.columns.yaml", columnMappingYaml(mapping))]));
    expect(run.points.map((point) => [point.loadValue, point.ttftMs?.p95, point.outputTokensPerSecond])).toEqual([
      [1, 410, 240],
      [8, 500, 1800],
    ]);
  });
});

describe("any table with any mapping", () => {
  it("is read or refused: no crash, no silence, no number that is none", () => {
    const name = fc.constantFrom("a", "b", "TTFT (s)", "users", "tok/s", "", "__proto__", "constructor");
    const cell = fc.oneof(
      fc.constantFrom(
        "",
        "-",
        "NaN",
        "inf",
        "1",
        "0",
        "-1",
        "1,234",
        "0,5",
        "1e308",
        "1e999",
        "5 ms",
        "x",
        "2026-01-01",
        '"',
        "max",
      ),
      fc.double().map(String),
      fc.string({ maxLength: 6 }),
    );
    const quoted = cell.map((text) => (/[",\n\r;]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text));
    const use = fc.record({
      field: fc.constantFrom(...figuresCsvColumns, "ignore"),
      unit: fc.option(fc.constantFrom("s", "ms", "tokens/min", "tokens/s per accelerator", "requests", "min"), {
        nil: undefined,
      }),
    });
    fc.assert(
      fc.property(
        fc.array(name, { minLength: 2, maxLength: 5 }),
        fc.array(fc.array(quoted, { minLength: 1, maxLength: 5 }), { maxLength: 4 }),
        fc.dictionary(name, use),
        fc.constantFrom("concurrency", "request_rate", "max", undefined),
        fc.constantFrom("point", "comma", undefined),
        (header, rows, columns, loadKind, decimal) => {
          const mapping = JSON.stringify({
            columns: { ...columns, users: { field: "load_value" }, "TTFT (s)": { field: "ttft_ms_p95", unit: "s" } },
            load_kind: loadKind,
            decimal,
          });
          const csv = [[...header, "users", "TTFT (s)"], ...rows].map((row) => row.join(",")).join("\n");
          const { runs, problems } = read([textFile("r.csv", csv), textFile("iq.columns.yaml", mapping)]);
          expect(runs.length + problems.length).toBeGreaterThan(0);
          expect(JSON.stringify(runs)).not.toMatch(/:-\d|Infinity|NaN/);
          for (const point of runs.flatMap((item) => item.points)) {
            for (const value of Object.values(point)) {
              if (typeof value === "number") expect(Number.isFinite(value) && value >= 0).toBe(true);
            }
          }
          for (const problem of problems) expect(problem.message).toMatch(/\S \S/);
        },
      ),
      { numRuns: 300 },
    );
  });
});
