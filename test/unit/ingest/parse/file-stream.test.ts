import { describe, expect, it } from "vitest";
import { ADAPTERS, detectFormat } from "../../../../lib/ingest/formats/detect-format";
import { fileStream } from "../../../../lib/ingest/parse/file-stream";
import { isMeantAsJson, type ParseOutcome, parseFile } from "../../../../lib/ingest/parse/parse-file";
import type { ParsedFile } from "../../../../lib/ingest/parse/parsed-file";
import { wholeOf } from "../../../../lib/ingest/parse/steps";
import { reportsReader } from "../../../../lib/ingest/read-reports";
import { bytesInPieces } from "../pieces";
import { reportSets } from "../report-sets";
import { catalogue, complete, fixture, textFile } from "../support";

const SIZES = [7, 64, 1, 500];

function streamed(path: string, text: string, sizes: readonly number[] = SIZES): ParseOutcome {
  const stream = fileStream({ path, named: true }, ADAPTERS);
  for (const piece of bytesInPieces(text, sizes)) if (!stream.push(piece)) break;
  return stream.end("0".repeat(64));
}

/** What its adapter makes of a file by itself. */
function readingOf(file: ParsedFile): unknown {
  const adapter = detectFormat(file);
  return JSON.parse(JSON.stringify({ format: adapter?.format ?? null, ...adapter?.read([file], []) }));
}

describe("a file read piece by piece", () => {
  const files = reportSets()
    .filter(({ files: [first, ...others] }) => others.length === 0 && first?.named === true)
    .flatMap(({ name, files: [file] }) => (file === undefined ? [] : [{ name, file }]))
    .filter(({ file }) => {
      const text = Buffer.from(file.bytes).toString("utf8");
      return /^\s*[[{]/.test(text) && isMeantAsJson(file.path, text);
    });

  it.each(files.map(({ name, file }) => [name, file] as const))("says what it says held whole: %s", (_, file) => {
    const whole = parseFile({ ...file, sha256: "0".repeat(64) });
    const pieces = streamed(file.path, new TextDecoder().decode(file.bytes));
    if (whole.kind !== "parsed" || pieces.kind !== "parsed") throw new Error(JSON.stringify([whole, pieces]));
    expect(readingOf(pieces.file)).toEqual(readingOf(whole.file));
  });

  it("is refused where a list was left out of it that its format does not name", () => {
    const [report] = fixture("vllm-bench-serve/current.json");
    const result = (rest: object) =>
      JSON.stringify({ ...JSON.parse(new TextDecoder().decode(report?.bytes)), ...rest });
    const read = (text: string) => {
      const reader = reportsReader(complete, catalogue, 1);
      const large = streamed("big.json", text);
      const runs = wholeOf(reader.addDirectory("", [large]));
      return { runs: runs.length, problems: reader.finish().problems.map(({ message }) => message) };
    };
    expect(read(result({ generated_texts: ["a", "b"], requests: [] }))).toEqual({ runs: 1, problems: [] });
    expect(read(result({ requests: [{ ttft: 1 }] }))).toEqual({
      runs: 0,
      problems: [
        expect.stringMatching(/too large to be held, and what it lists under "requests" is left out.*split it/),
      ],
    });
  });

  it("keeps no record of a format that reads them one by one", () => {
    const record = { start_time: 1, end_time: 2, error: null, request: "{}", response: "", info: { output_tokens: 3 } };
    const parse = streamed("per_request.json", JSON.stringify(Array.from({ length: 100 }, () => record)));
    expect(parse).toMatchObject({ kind: "parsed", file: { kind: "records", format: "inference-perf" } });
  });

  it("is refused with the place where it is broken", () => {
    const problemOf = (text: string) => {
      const parse = streamed("big.json", text);
      return parse.kind === "broken" ? parse.problem : parse;
    };
    expect(problemOf('[{"a": 1},\n{"b": 2')).toMatchObject({ at: "line 2" });
    expect(problemOf('[{"a": 1}, {"b": tru}]')).toMatchObject({ at: "$[1]" });
    expect(problemOf('{"a": 1}\n{"b": 1, "b": 2}\n')).toMatchObject({ at: "line 2" });
    expect(problemOf('[{"a": 1}\n {"b": 2}]')).toMatchObject({ at: "line 2" });
    expect(problemOf('{"a": 1} and more')).toMatchObject({ at: "line 1" });
    expect(problemOf("")).toMatchObject({ kind: "unreadable" });
    expect(problemOf(`${"[".repeat(100)}`)).toMatchObject({ at: "line 1" });
  });

  it("is refused where it is no UTF-8", () => {
    const stream = fileStream({ path: "big.json", named: true }, ADAPTERS);
    expect(stream.push(new TextEncoder().encode('[{"a": "'))).toBe(true);
    expect(stream.push(Uint8Array.of(0xff, 0xfe))).toBe(false);
    expect(stream.end("")).toMatchObject({ kind: "broken", problem: { expected: "UTF-8 text" } });
  });

  it("may begin with a byte-order mark, and hold what Python writes for no number", () => {
    const parse = streamed("big.json", '\uFEFF[{"a": NaN, "b": -Infinity}]', [1]);
    expect(parse).toMatchObject({
      kind: "parsed",
      file: { documents: [{ location: "$", value: [{ a: "NaN", b: "-inf" }] }] },
    });
    const whole = parseFile(textFile("big.json", '\uFEFF[{"a": NaN, "b": -Infinity}]'));
    expect(whole).toMatchObject({ file: { documents: [{ location: "$", value: [{ a: "NaN", b: "-inf" }] }] } });
  });
});
