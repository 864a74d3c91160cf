import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { JsonElements } from "../../../../lib/ingest/parse/json-elements";
import { parseFile } from "../../../../lib/ingest/parse/parse-file";
import { elementsOf } from "../../../../lib/ingest/parse/parsed-file";
import { inPieces, PIECES } from "../pieces";
import { textFile } from "../support";

const LEFT_OUT = new Set(["requests", "generated_texts", "response_chunks"]);

/** Elements of a text that comes in pieces, or what is wrong with it. */
function elements(pieces: readonly string[]): { texts: [location: string, text: string][]; broken: string | null } {
  const texts: [string, string][] = [];
  const reader = new JsonElements((text, location) => texts.push([location, text.trim()]), LEFT_OUT);
  for (const piece of pieces) reader.push(piece);
  reader.end();
  return { texts, broken: reader.broken === null ? null : `line ${reader.broken.line}: ${reader.broken.message}` };
}

function values(pieces: readonly string[]): { location: string; value: unknown }[] {
  const { texts, broken } = elements(pieces);
  expect(broken).toBeNull();
  return texts.map(([location, text]) => ({ location, value: JSON.parse(text) as unknown }));
}

/** The same where the file is held whole. */
function heldValues(text: string): { location: string; value: unknown }[] {
  const parse = parseFile(textFile("a.json", text));
  if (parse.kind !== "parsed") throw new Error(JSON.stringify(parse));
  return elementsOf(parse.file);
}

const record = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 4, noNullPrototype: true });
const written = fc.tuple(
  fc.array(fc.oneof(record, fc.array(fc.jsonValue())), { minLength: 1 }),
  fc.constantFrom(0, 1, 3),
);

describe("JSON that arrives in pieces", () => {
  it("gives the elements of an array as they are where it is held whole, wherever it is cut", () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue({ maxDepth: 3 })), fc.constantFrom(0, 1, 3), PIECES, (list, indent, sizes) => {
        const text = JSON.stringify(list, null, indent);
        expect(values(inPieces(text, sizes))).toEqual(heldValues(text));
      }),
    );
  });

  it("gives the values that stand one after the other, wherever it is cut", () => {
    fc.assert(
      fc.property(written, fc.constantFrom("\n", "\r\n", " ", "\n\n"), PIECES, ([list, indent], between, sizes) => {
        const objects = list.filter((value) => !Array.isArray(value));
        const text = ["", ...objects.map((value) => JSON.stringify(value, null, indent)), ""].join(between);
        const found = values(inPieces(text, sizes));
        expect(found.map(({ value }) => value)).toEqual(objects.map((value) => JSON.parse(JSON.stringify(value))));
        expect(found).toEqual(values([text]));
      }),
    );
  });

  it("names the line each value starts on", () => {
    const text = '{"a": 1}\n{\n"b": "x\\ny"\n}\n\n{"c": 3}';
    for (let size = 1; size < text.length; size++) {
      expect(values(inPieces(text, [size])).map(({ location }) => location)).toEqual(["line 1", "line 2", "line 6"]);
    }
  });

  it("leaves out lists of single requests, and nothing else of that name", () => {
    const report = {
      benchmarks: [
        { metrics: { successful: [1] }, requests: { successful: [{ text: "]}" }, {}], errored: [], total: 3 } },
        { requests: [[{ requests: [1] }]], generated_texts: ['a"', "b\\"], response_chunks: [], name: "requests" },
        { requests: { total: 100, input_length: { mean: 3, values: { deep: [1, 2] } } } },
      ],
      config: { requests: null },
    };
    const kept = {
      benchmarks: [
        { metrics: { successful: [1] }, requests: { successful: [], errored: [], total: 3 } },
        { requests: [], generated_texts: [], response_chunks: [], name: "requests" },
        { requests: { total: 100, input_length: { mean: 3, values: { deep: [1, 2] } } } },
      ],
      config: { requests: null },
    };
    const text = JSON.stringify(report, null, 1);
    for (let size = 1; size <= text.length; size++) {
      expect(values(inPieces(text, [size])), `pieces of ${size}`).toEqual([{ location: "line 1", value: kept }]);
      const reader = new JsonElements(() => {}, LEFT_OUT);
      for (const piece of inPieces(text, [size])) reader.push(piece);
      expect([...reader.emptied]).toEqual(["requests", "generated_texts"]);
    }
  });

  it("leaves out spare lists only of elements that are too large with them, wherever it is cut", () => {
    const small = { itls: [[1, 2]], ttfts: [1] };
    const large = {
      before: 1,
      itls: [
        [1, 2, 3, "]"],
        [4, 5, 6],
      ],
      a: { itls: [7, 8, 9, 10, 11, 12, 13] },
      ttfts: [1],
      itl: [],
    };
    const text = JSON.stringify([small, large, small]);
    for (let size = 1; size <= 20; size++) {
      const found: unknown[] = [];
      const reader = new JsonElements((element) => found.push(JSON.parse(element)), LEFT_OUT, new Set(["itls"]), 60);
      for (const piece of inPieces(text, [size])) reader.push(piece);
      reader.end();
      expect(reader.broken, `pieces of ${size}`).toBeNull();
      expect(found[0]).toEqual(small);
      expect(found[2]).toEqual(small);
      expect(found[1]).toMatchObject({ before: 1, itls: [], ttfts: [1], itl: [] });
      expect([...reader.emptied]).toEqual(["itls"]);
    }
  });

  it("is broken where it is broken, wherever it is cut", () => {
    const broken = [
      "{",
      '{"a": "b',
      '{"a": "b\\"}',
      "[1, 2",
      "[1,,2]",
      "[,1]",
      "[1,]",
      "[{}{}]",
      '["a" "b"]',
      '["a"1]',
      "[}",
      "]",
      "}",
      "[] []",
      "[] x",
      "{} x",
      "{} 1",
      '"a"',
      "1",
      "{}}",
      `${"[".repeat(70)}${"]".repeat(70)}`,
    ];
    for (const text of broken) {
      const whole = elements([text]);
      expect(whole.broken, text).not.toBeNull();
      for (let size = 1; size <= text.length; size++) expect(elements(inPieces(text, [size])), text).toEqual(whole);
    }
  });

  it("is the same wherever it is cut, whatever it is", () => {
    const text = fc.oneof(
      fc.string({ unit: fc.constantFrom("{", "}", "[", "]", '"', "\\", ",", ":", " ", "\n", "a", "1"), maxLength: 40 }),
      fc.json().map((json) => json.slice(1)),
      fc.string(),
    );
    fc.assert(
      fc.property(text, PIECES, (whole, sizes) => {
        expect(elements(inPieces(whole, sizes))).toEqual(elements([whole]));
      }),
      { numRuns: 1000 },
    );
  });
});
