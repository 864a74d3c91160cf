import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ColumnMapping, columnMapping, type MappedColumn } from "../../../../lib/ingest/columns/column-mapping";
import { readColumnMapping } from "../../../../lib/ingest/columns/column-mapping-file";
import { columnMappingYaml } from "../../../../lib/ingest/columns/column-mapping-write";
import { convertedNumber, parseUnit, unitsOf, unitText } from "../../../../lib/ingest/columns/column-units";
import { figuresCsvColumns } from "../../../../lib/ingest/figures/figures-columns";
import { DECIMAL_MARKS } from "../../../../lib/ingest/parse/cell-number";
import { parseFile } from "../../../../lib/ingest/parse/parse-file";
import { isColumnsFile, isSideFile } from "../../../../lib/ingest/parse/paths";

function mappingOf(text: string) {
  const parse = parseFile({ path: "dir/iq.columns.yaml", bytes: new TextEncoder().encode(text) });
  if (parse.kind !== "parsed") throw new Error(JSON.stringify(parse));
  return readColumnMapping(parse.file);
}

function byName(a: MappedColumn, b: MappedColumn): number {
  return a.column < b.column ? -1 : 1;
}

const GOOD = `columns:
  users: load_value
  "TTFT (s)": { field: ttft_ms_p95, unit: s }
load_kind: concurrency
`;

describe("a column mapping", () => {
  it("is a side file, also under a longer name and as a form's answer", () => {
    for (const name of [
      "iq.columns.yaml",
      "a/iq.columns.yml",
      "iq.columns.load-test.yaml",
      "a/iq.columns.answers.yaml",
    ]) {
      expect(isColumnsFile(name) && isSideFile(name)).toBe(true);
    }
    for (const name of ["columns.yaml", "iq.column.yaml", "my-iq.columns.yaml", "iq.columns.csv", "iq.yaml"]) {
      expect(isColumnsFile(name)).toBe(false);
    }
  });

  it("gives each column a field and a unit, the field's own where none is said", () => {
    expect(mappingOf(GOOD)).toEqual({
      problems: [],
      mapping: {
        columns: [
          { column: "users", field: "load_value", unit: { name: "requests", perAccelerator: false } },
          { column: "TTFT (s)", field: "ttft_ms_p95", unit: { name: "s", perAccelerator: false } },
        ],
        loadKind: "concurrency",
        decimal: null,
        notMeasured: [],
      },
    });
  });

  it("takes a load of requests/s for a rate where nothing else is said", () => {
    const { mapping } = mappingOf("columns: {QPS: load_value, TTFT: ttft_ms_mean}\nload_kind: request_rate\n");
    expect(mapping?.columns[0]?.unit).toEqual({ name: "requests/s", perAccelerator: false });
  });

  it.each([
    ["an unknown field", GOOD.replace("ttft_ms_p95", "ttft_p95"), 'columns, "TTFT (s)"', "the nearest is ttft_ms_p95"],
    [
      "a unit of something else",
      GOOD.replace("unit: s", "unit: tokens/s"),
      'columns, "TTFT (s)"',
      "one of ms, s, us, ns",
    ],
    ["seconds per token for a first token", GOOD.replace("unit: s", "unit: s/token"), 'columns, "TTFT (s)"', "s/token"],
    [
      "a unit of a name",
      `${GOOD}`.replace("users:", "GPU: { field: accelerator, unit: s }\n  users:"),
      'columns, "GPU"',
      "no unit goes with",
    ],
    [
      "one field twice",
      GOOD.replace("users:", "TTFT2: ttft_ms_p95\n  users:"),
      'columns, "TTFT (s)"',
      '"TTFT2" is read as ttft_ms_p95 already',
    ],
    [
      "a rate as a concurrency",
      GOOD.replace("users: load_value", "users: { field: load_value, unit: requests/min }"),
      'columns, "users"',
      "not a rate",
    ],
    ["an unknown key", `${GOOD}loadkind: max\n`, "loadkind", "did you mean load_kind?"],
    [
      "an unknown kind of load",
      GOOD.replace("concurrency", "users"),
      "load_kind",
      "one of concurrency, request_rate, max",
    ],
    [
      "no kind of load",
      GOOD.replace("load_kind: concurrency", ""),
      "load_kind",
      "one of concurrency, request_rate, max",
    ],
    ["no load", GOOD.replace("users: load_value", "users: ignore"), "columns", "no column is read as the load"],
    ["a load where all is sent at once", GOOD.replace("concurrency", "max"), "load_kind", "no load_value"],
    ["nothing measured", GOOD.replace("ttft_ms_p95, unit: s", "model"), "columns", "no column is read as a latency"],
    ["a column without a meaning", GOOD.replace("users: load_value", "users:"), 'columns, "users"', "a field, or {"],
    ["a list of columns", "columns: [a, b]\n", "", "columns:"],
    ["plain text", "hello\n", "", "columns:"],
    ["decimals of another kind", `${GOOD}decimal: ","\n`, "decimal", "point, comma"],
  ])("with %s is refused, saying where and what is expected", (_, text, at, expected) => {
    const parse = parseFile({ path: "dir/iq.columns.yaml", bytes: new TextEncoder().encode(text) });
    // Prose is no YAML of keys and values at all.
    const file = parse.kind === "parsed" ? parse.file : null;
    if (file === null) throw new Error("expected a file");
    const { mapping, problems } = readColumnMapping(file);
    expect(mapping).toBeNull();
    const [problem] = problems;
    expect(problem).toMatchObject({ file: "dir/iq.columns.yaml", at });
    expect(`${problem?.expected} ${problem?.message}`).toContain(expected);
    expect(problem?.message).toMatch(/^dir\/iq\.columns\.yaml.*[.?]$/);
  });

  it("lists every unknown field at once", () => {
    const { problems } = mappingOf("columns: {a: ttft, b: tpot, c: load_value}\nload_kind: concurrency\n");
    expect(problems.map(({ value }) => value)).toEqual(["ttft", "tpot"]);
  });

  it("comes back from its file as it was written, whatever the columns are called", () => {
    const field = fc.constantFrom(...figuresCsvColumns.filter((name) => name !== "load_kind" && name !== "load_value"));
    const name = fc.oneof(
      fc.string({ minLength: 1, maxLength: 20 }),
      fc.constantFrom("yes", "null", "1", "~", "a: b", "#", "- x", "50%"),
    );
    const text = name.map((value) => value.trim()).filter((value) => value !== "");
    const written = fc.uniqueArray(fc.tuple(text, field), { selector: ([, chosen]) => chosen, maxLength: 8 });
    fc.assert(
      fc.property(
        written,
        fc.nat(),
        fc.option(fc.constantFrom(...DECIMAL_MARKS)),
        fc.array(text, { maxLength: 2 }),
        (pairs, pick, decimal, notMeasured) => {
          const columns = [["the load", "load_value"], ["the metric", "ttft_ms_mean"], ...pairs]
            .filter(([, chosen], index, all) => all.findIndex(([, other]) => other === chosen) === index)
            .filter(([column], index, all) => all.findIndex(([other]) => other === column) === index)
            .map(([column = "", chosen = ""]): MappedColumn => {
              const units =
                chosen === "load_value" ? unitsOf(chosen).filter((unit) => unit.name === "requests") : unitsOf(chosen);
              return { column, field: chosen, unit: units[pick % Math.max(units.length, 1)] ?? null };
            });
          const mapping: ColumnMapping = { columns, loadKind: "concurrency", decimal, notMeasured };
          const samples = new Map(columns.map(({ column }) => [column, [column, "x\n- y", "#"]]));
          const back = mappingOf(columnMappingYaml(mapping, samples));
          // Columns named by whole numbers come first, as such keys do: their order says nothing.
          const sorted = [...(back.mapping?.columns ?? [])].sort(byName);
          expect({ mapping: { ...back.mapping, columns: sorted }, problems: back.problems }).toEqual({
            mapping: { ...mapping, columns: [...columns].sort(byName) },
            problems: [],
          });
        },
      ),
      { numRuns: 100 },
    );
  });

  it("never throws and is never half read, whatever stands in it", () => {
    fc.assert(
      fc.property(
        fc.object({
          key: fc.constantFrom("columns", "load_kind", "decimal", "not_measured", "field", "unit", "a", "__proto__"),
          maxDepth: 3,
        }),
        (value) => {
          const { mapping, problems } = mappingOf(JSON.stringify(value));
          expect(mapping === null).toBe(problems.length > 0);
        },
      ),
    );
  });
});

describe("a unit", () => {
  it.each([
    ["tok/s", "output_tokens_per_second", "tokens/s"],
    ["Tokens per second", "total_tokens_per_second", "tokens/s"],
    ["tok/s/GPU", "output_tokens_per_second", "tokens/s per accelerator"],
    ["tokens/min per chip", "input_tokens_per_second", "tokens/min per accelerator"],
    ["RPS", "request_rate_achieved", "requests/s"],
    ["req/min", "load_value", "requests/min"],
    ["Seconds", "e2e_ms_p50", "s"],
    ["µs", "ttft_ms_mean", "us"],
    ["s/token", "tpot_ms_mean", "s"],
    ["ms per token", "ntpot_ms_p99", "ms"],
    ["min", "duration_s", "min"],
  ])("%s of %s is %s", (text, field, canonical) => {
    const unit = parseUnit(text, field);
    expect(unit === null ? null : unitText(unit)).toBe(canonical);
  });

  it("is told from one of something else", () => {
    for (const [text, field] of [
      ["s", "output_tokens_per_second"],
      ["ms/gpu", "ttft_ms_p95"],
      ["%", "requests_failed"],
      ["ms", "model"],
    ] as const) {
      expect(parseUnit(text, field)).toBeNull();
    }
  });

  it("is converted without a trace of binary fractions", () => {
    const convert = (digits: string, field: string, unit: string, count = 1) => {
      const parsed = parseUnit(unit, field);
      return parsed === null ? null : convertedNumber(digits, field, parsed, count);
    };
    expect(convert("0.07", "ttft_ms_p95", "s")).toBe(70);
    expect(convert("1.1", "ttft_ms_p95", "s")).toBe(1100);
    expect(convert("12500", "tpot_ms_mean", "us/token")).toBe(12.5);
    expect(convert("7e-2", "tpot_ms_mean", "s/token")).toBe(70);
    expect(convert("90", "output_tokens_per_second", "tokens/min")).toBe(1.5);
    expect(convert("1.2", "total_tokens_per_second", "ktok/s")).toBe(1200);
    expect(convert("120.25", "output_tokens_per_second", "tok/s/gpu", 8)).toBe(962);
    expect(convert("5", "duration_s", "min")).toBe(300);
  });

  it("reads back what it is written as", () => {
    for (const field of figuresCsvColumns) {
      for (const unit of unitsOf(field)) expect(parseUnit(unitText(unit), field)).toEqual(unit);
    }
  });
});

describe("columns entered by hand", () => {
  const settings = { loadKind: "concurrency", decimal: null, notMeasured: [] } as const;
  it("are checked as a file is", () => {
    const written = [
      { column: "a", field: "load_value", unit: null },
      { column: "b", field: "ttft_ms_p50", unit: "s" },
      { column: "c", field: "ignore", unit: null },
    ];
    expect(columnMapping(written, settings).faults).toEqual([]);
    expect(columnMapping(written.slice(0, 1), settings).faults).toMatchObject([{ column: null, key: "columns" }]);
  });
});
