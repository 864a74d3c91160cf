import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseAllDocuments, stringify } from "yaml";
import { parseYamlValues } from "../../../../lib/ingest/parse/yaml-text";
import { read, textFile } from "../support";

const times = (count: number, unit: (index: number) => string) =>
  Array.from({ length: count }, (_, i) => unit(i)).join("");

describe("a YAML text", () => {
  it("says what the parser says, keys stated twice at the line it says", () => {
    const word = fc.constantFrom("a", "b", "1", '"a"', "true", "~", "k: v", "[a, b]", "{a: 1, a: 2}", "{a: 1, b: 2}");
    const key = fc.constantFrom("a", "b", "c", "1", '"1"', "'a'", "true");
    const line = fc.tuple(fc.constantFrom("", "  ", "- ", "  - "), key, word);
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
        const text = lines.map(([indent, name, value]) => `${indent}${name}: ${value}\n`).join("");
        const [document] = parseAllDocuments(text, { logLevel: "silent" });
        const [error] = document?.errors ?? [];
        const parsed = parseYamlValues(text);
        if (error === undefined) {
          expect(parsed).toEqual({ ok: true, value: document === undefined ? [] : [document.toJS()] });
        } else {
          expect(parsed.ok).toBe(false);
          const known = document?.errors.map(({ linePos }) => linePos?.[0].line);
          if (!parsed.ok) expect(known).toContain(parsed.error.line);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("may be any value that is written as YAML", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        expect(parseYamlValues(stringify(value))).toEqual({
          ok: true,
          value: [JSON.parse(JSON.stringify(value))],
        });
      }),
    );
  });

  it("with a key twice among very many is broken at its line", () => {
    const text = `runs:\n${times(20_000, (index) => `  run-${index}: 1\n`)}  run-7: 2\n`;
    expect(parseYamlValues(text)).toEqual({ ok: false, error: { line: 20_002, message: "is not valid YAML here" } });
  });

  it.each([
    [
      "the log of a server",
      times(40_000, (index) => `2026-05-04 10:00:00,${index} INFO: ready\n`),
      1001,
      /keys at its top/,
    ],
    ["times of requests", times(40_000, (index) => `request-${index}: 3ms\n`), 1001, /keys at its top/],
    ["a dictionary of runs", `runs:\n${times(60_000, (index) => `  r${index}: {a: 1}\n`)}`, 14_287, /words and marks/],
    ["a list of maps", times(60_000, () => "- a: 1\n  b: 2\n"), 23_530, /words and marks/],
    ["aliases", `a: &a 1\nb:\n${times(300, () => "  - *a\n")}`, 103, /aliases/],
    ["keys on one line", "a: ".repeat(50_000), 1, /keys at its top/],
    ["brackets", "[".repeat(50_000), 1, /nested deeper than 64 levels/],
    ["maps in maps", "{a: ".repeat(50_000), 1, /nested deeper than 64 levels/],
    ["dashes", "- ".repeat(50_000), 1, /nested deeper than 64 levels/],
    ["question marks", "? ".repeat(50_000), 1, /nested deeper than 64 levels/],
    ["more than any report", `a: |\n${" x\n".repeat(1_500_000)}`, 1, /larger than a report in YAML form/],
  ])("that is more than a report is refused before it is parsed: %s", (_what, text, line, message) => {
    expect(parseYamlValues(text)).toEqual({ ok: false, error: { line, message: expect.stringMatching(message) } });
  });

  it("that is a log says so where it was named, and is merely left out beside reports", () => {
    const log = textFile(
      "server.log",
      times(2000, (index) => `request-${index}: 3ms\n`),
    );
    const [problem] = read([{ ...log, named: true }]).problems;
    expect(problem?.message).toMatch(
      /in no format we read; as YAML, its text has more than 1000 keys at its top.*line 1001/,
    );
    const beside = read([log, textFile("x.json", "{}")]);
    expect(beside.skipped).toContainEqual({ file: "server.log", reason: expect.stringMatching(/keys at its top/) });
  });

  it("that was meant as a report or a side file is a problem wherever it lies", () => {
    for (const key of ["load_summary", "model_id", "benchmarks"]) {
      const files = [textFile("a/x.yaml", `${key}: 1\n b: [\n`), textFile("a/y.txt", "prose")];
      expect(read(files).problems, key).toContainEqual(expect.objectContaining({ file: "a/x.yaml", expected: "YAML" }));
    }
    const side = read([textFile("a/iq.yaml", "source_name: me\n b: [\n"), textFile("a/y.txt", "prose")]);
    expect(side.problems[0]).toMatchObject({
      file: "a/iq.yaml",
      at: "line 1",
      message: expect.stringMatching(/cannot be read/),
    });
  });
});
