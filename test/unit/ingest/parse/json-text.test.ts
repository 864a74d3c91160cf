import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseJsonValues } from "../../../../lib/ingest/parse/json-text";

function valuesOf(text: string): unknown {
  const parsed = parseJsonValues(text);
  if (!parsed.ok) throw new Error(parsed.error.message);
  return parsed.value.map(({ value }) => value);
}

describe("JSON text", () => {
  const member = fc.oneof(fc.string(), fc.constantFrom('a":', '": "', '\\":1', "x", "__proto__", "constructor", ""));
  const value = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      member,
      fc.constantFrom(null, true, 0, -1.5, 1e300),
      fc.array(tie("value"), { maxLength: 3 }),
      fc.array(fc.tuple(member, tie("value")), { maxLength: 3 }).map((entries) => Object.fromEntries(entries)),
    ),
  })).value;
  const container = value.filter((any) => typeof any === "object" && any !== null);

  it("is what JSON.parse makes of it, whatever its strings look like", () => {
    fc.assert(
      fc.property(container, fc.constantFrom(0, 1, "\t"), (any, indent) => {
        const text = JSON.stringify(any, null, indent);
        expect(JSON.stringify(valuesOf(text))).toBe(JSON.stringify([JSON.parse(text)]));
        const two = `\n${text}\n ${text}`;
        expect(JSON.stringify(valuesOf(two))).toBe(JSON.stringify([JSON.parse(text), JSON.parse(text)]));
      }),
      { numRuns: 500 },
    );
  });

  it("that states a key twice is broken, wherever that is and however it is written", () => {
    const key = fc.constantFrom("a", 'b":', "__proto__", "é", "");
    const written = (name: string, escaped: boolean) =>
      escaped && name !== ""
        ? `"${[...name].map((letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`).join("")}"`
        : JSON.stringify(name);
    fc.assert(
      fc.property(
        key,
        fc.boolean(),
        container,
        fc.nat(3),
        fc.constantFrom("", " ", "\n"),
        (name, escaped, any, depth, space) => {
          const inner = JSON.stringify(any);
          const twice = `{"first": ${inner}, ${written(name, escaped)}${space}: 1, "x": {}, ${written(name, false)}:${space}2}`;
          const text = `${'[{"in": '.repeat(depth)}${twice}${"}]".repeat(depth)}`;
          expect(parseJsonValues(text)).toMatchObject({
            ok: false,
            error: { message: expect.stringMatching(/twice/) },
          });
        },
      ),
    );
  });

  it("says the line each value starts on, and of what is wrong", () => {
    expect(parseJsonValues('\n\n{"a":\n1}')).toMatchObject({ ok: true, value: [{ line: 3 }] });
    expect(parseJsonValues('{"a": 1}\n\n[2]')).toMatchObject({ ok: true, value: [{ line: 1 }, { line: 3 }] });
    expect(parseJsonValues('{"a": 1,\n"a": 2}')).toMatchObject({ ok: false, error: { line: 2 } });
    expect(parseJsonValues('{"a": 1\n"b": 2}')).toMatchObject({ ok: false, error: { line: 2 } });
    const deep = (levels: number) => `${"[".repeat(levels)}${"]".repeat(levels)}`;
    expect(parseJsonValues(deep(64))).toMatchObject({ ok: true });
    expect(parseJsonValues(deep(65))).toMatchObject({ ok: false, error: { message: expect.stringMatching(/nested/) } });
    expect(parseJsonValues(deep(100_000))).toMatchObject({ ok: false });
  });

  it("with more keys than any report is refused", () => {
    const text = `{${'"a":1,'.repeat(1_000_000)}"b":2}`;
    expect(parseJsonValues(text)).toEqual({
      ok: false,
      error: { line: 1, message: "has more than 1000000 keys in one piece; split it" },
    });
  });

  it("with more objects and lists than any report is refused; brackets in its texts are none", () => {
    for (const empty of ["{}", "[]"]) {
      expect(parseJsonValues(`[${`${empty},`.repeat(1_000_000)}1]`)).toEqual({
        ok: false,
        error: { line: 1, message: "has more than 1000000 objects and lists in one piece; split it" },
      });
    }
    expect(parseJsonValues(JSON.stringify({ code: '{["'.repeat(600_000) }))).toMatchObject({ ok: true });
  });
});
